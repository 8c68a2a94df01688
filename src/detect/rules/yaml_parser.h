#pragma once

#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "detect/rules/yaml_node.h"

namespace trawl::detect::rules {

// Reads the documents of a YAML file. A document that cannot be read is left out with an error in `diagnostics` (E501
// syntax, E502 a key twice, E503 too deep or too large); the others are read. Aliases and `<<` are resolved within
// bounds.
std::vector<YamlDocument> parse_yaml(std::string_view text, std::vector<base::Diagnostic>& diagnostics);

} // namespace trawl::detect::rules
