#pragma once

#include <vector>

#include "base/diagnostic.h"
#include "detect/rules/event_catalogue.h"
#include "detect/rules/rule.h"

namespace trawl::detect::rules {

// Says what is doubtful about the condition of a rule (DETECTIONS 6).
void lint_condition(const Rule& rule, const EventCatalogue& catalogue, std::vector<base::Diagnostic>& diagnostics);

// The same condition gives the same text.
std::string condition_key(const query::plan::Expression& expression);

} // namespace trawl::detect::rules
