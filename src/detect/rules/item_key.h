#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "detect/rules/problems.h"
#include "detect/rules/yaml_node.h"
#include "query/plan/expression.h"

namespace trawl::detect::rules {

// What the values of a detection item are.
enum class ItemKind : std::uint8_t {
    text,       // texts with wildcards (numbers and booleans by their text)
    regex,      // re
    cidr,       // cidr
    presence,   // exists
    field,      // fieldref
    order,      // lt lte gt gte
    time_part,  // minute hour day week month year, also with lt lte gt gte
    element,    // any: maps for one element of an array
    ports,      // overlaps
    port_width, // portwidth_gt
    world,      // world
    wider,      // wider
};

// Where in the field's value a text is looked for.
enum class TextForm : std::uint8_t { whole, contains, starts_with, ends_with };

enum class Encoding : std::uint8_t { base64, base64_offset, utf16_little, utf16_big, utf16_marked, dashes };

// The key of a detection item: a field and its modifiers.
struct ItemKey {
    std::string field; // Empty: keywords, the whole record.
    base::Span span;
    ItemKind kind = ItemKind::text;
    TextForm form = TextForm::whole;
    std::vector<Encoding> encodings; // In their order.
    bool all = false;
    bool cased = false;
    bool negated = false;
    bool cut_api_version = false;
    bool expand = false;
    bool ignore_case = false;  // Of re.
    bool multi_line = false;
    bool dot_all = false;
    bool has_order = false;    // `order` says which.
    query::plan::Test order = query::plan::Test::less;
    std::string time_part;
};

// Reads "field|modifier|…". False when it is wrong (E512, E513; told).
bool read_item_key(const YamlNode& node, ItemKey& key, Problems& problems);

} // namespace trawl::detect::rules
