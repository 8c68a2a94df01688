#pragma once

#include <string>

#include "event/finding.h"

namespace trawl::deliver::html {

// Whether the report is about one account, which then goes without saying.
enum class Accounts { one, several };

// One finding: a line that says what, who, from where and when, and unfolds into everything else.
std::string finding_card(const event::Finding& finding, Accounts accounts);

} // namespace trawl::deliver::html
