#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
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
// goes to `diagnostics` (codes L001…) with the file that the span is in: the lists file, or a file of entries; entries
// are checked against their type.
Lists read_lists(const std::string& path, std::vector<base::Diagnostic>& diagnostics);
// The same from text; `folder` is where `file:` entries are looked up.
Lists parse_lists(std::string_view yaml, const std::string& name, const std::string& folder,
    std::vector<base::Diagnostic>& diagnostics);

std::optional<ListType> list_type_named(std::string_view name);

// What is wrong with an entry of a list of this type; empty when nothing is.
std::string entry_problem(ListType type, std::string_view entry);

// Reads a file of entries, one a line; blank lines and `#` comments are left out, bad entries reported and left out.
std::vector<std::string> read_list_entries(
    const std::string& path, ListType type, std::vector<base::Diagnostic>& diagnostics);

} // namespace trawl::query
