#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "detect/rules/yaml_node.h"

namespace trawl::detect::rules {

// Parsed documents as bytes: the built-in rules are kept so in the program, because reading YAML at each start takes ten
// times as long.
void append_compact(std::string& out, const std::vector<YamlDocument>& documents);

// Reads them back. Top-level members named in `left_out` are passed over. Damaged bytes give no documents.
std::vector<YamlDocument> read_compact(std::string_view bytes, const std::vector<std::string_view>& left_out);

} // namespace trawl::detect::rules
