#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"

namespace trawl::query {

enum class ListType : std::uint8_t { cidr, ip, string, glob, regex, number };
enum class NonAddress : std::uint8_t { ignore, outside };

// A named list as the user bound it (CONTRACT, "Lists").
struct NamedList {
    std::string name;
    ListType type = ListType::string;
    std::vector<std::string> values;
    NonAddress nonip = NonAddress::ignore;
    bool is_default = false; // From the built-in pack; counts as unbound for queries and users' rules.
};

// Named lists by name. Ordered, so that what is made of it is deterministic.
using Lists = std::map<std::string, NamedList, std::less<>>;

// The article's placeholder names, which never compare as text while unbound (E201).
bool is_reserved_list_name(std::string_view name);

// Reads a lists file. `file:` entries are read relative to its folder: one entry a line, `#` comments. What is wrong
// goes to `diagnostics` with file and line (codes L001…); entries are checked against their type.
Lists read_lists(const std::string& path, std::vector<base::Diagnostic>& diagnostics);
// The same from text; `folder` is where `file:` entries are looked up.
Lists parse_lists(std::string_view yaml, const std::string& name, const std::string& folder,
    std::vector<base::Diagnostic>& diagnostics);

} // namespace trawl::query
