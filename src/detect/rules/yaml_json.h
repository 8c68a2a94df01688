#pragma once

#include <string>

#include "detect/rules/yaml_node.h"

namespace trawl::detect::rules {

// Appends a node as JSON text: scalars by YAML's core schema, quoted ones as strings, map keys as strings.
void append_json(std::string& out, const YamlNode& node);

// Puts `changes` over `base`, map by map: members of `changes` win, `__absent__` deletes a member of the base; a member
// of the base alone stays. Everything but maps is replaced whole.
YamlNode merge_over(const YamlNode& base, const YamlNode& changes);

} // namespace trawl::detect::rules
