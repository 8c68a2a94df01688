#pragma once

#include "detect/rules/rule.h"
#include "detect/rules/yaml_node.h"

namespace trawl::detect::rules {

// Adds to rule.hints what lint says of the document's text: what is missing, and how its selections are joined.
void read_hints(const YamlDocument& document, Rule& rule);

} // namespace trawl::detect::rules
