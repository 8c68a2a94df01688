#pragma once

#include <string>

#include "event/finding.h"

namespace trawl::deliver::html {

// One finding: a line that says what, who, from where and when, and unfolds into everything else.
std::string finding_card(const event::Finding& finding);

} // namespace trawl::deliver::html
