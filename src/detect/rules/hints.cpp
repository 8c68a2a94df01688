#include "detect/rules/hints.h"
namespace trawl::detect::rules {
void read_hints(const YamlDocument&, std::string_view, Rule&) {}
}
