#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace trawl::detect::rules {

// What a scalar is by YAML's core schema. Quoted scalars are always text.
enum class ScalarType : std::uint8_t { null, boolean, integer, real, text };

// A node of a rule file: YAML without its styles, but with the place of each node in the file.
struct YamlNode {
    enum class Kind : std::uint8_t { null, scalar, sequence, map };

    Kind kind = Kind::null;
    bool is_quoted = false;
    base::Span span;             // In the file. Of containers: their first character.
    std::string text;            // Of a scalar.
    std::vector<YamlNode> items; // Of a sequence; of a map: key, value, key, value …

    bool is_null() const { return kind == Kind::null; }
    bool is_scalar() const { return kind == Kind::scalar; }
    bool is_sequence() const { return kind == Kind::sequence; }
    bool is_map() const { return kind == Kind::map; }

    // Entries of a map.
    std::size_t size() const { return items.size() / 2; }
    const YamlNode& key(std::size_t at) const { return items[2 * at]; }
    const YamlNode& value(std::size_t at) const { return items[2 * at + 1]; }
    // The value of a map's key, or nullptr.
    const YamlNode* find(std::string_view name) const;

    ScalarType type() const;
    // The number of an integer or real scalar.
    double number() const;
};

// One document of a file.
struct YamlDocument {
    base::Span span; // In the file, without the `---` lines.
    YamlNode root;
};

} // namespace trawl::detect::rules
