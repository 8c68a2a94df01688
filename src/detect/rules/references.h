#pragma once

#include <vector>

#include "base/diagnostic.h"
#include "detect/rules/draft.h"

namespace trawl::detect::rules {

// Makes the drafts of all files a rule set: double ids are settled, correlations get their bases, filters are added.
RuleSet resolve(Drafts drafts, std::vector<base::Diagnostic>& diagnostics);

} // namespace trawl::detect::rules
