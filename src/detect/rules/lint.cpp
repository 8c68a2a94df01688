#include "detect/rules/rule.h"
namespace trawl::detect {
std::vector<base::Diagnostic> lint(const RuleSet& rules) { std::vector<base::Diagnostic> all; for (const Rule& r : rules.rules) all.insert(all.end(), r.hints.begin(), r.hints.end()); return all; }
}
