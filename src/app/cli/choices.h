#pragma once

#include "app/cli/command_table.h"

namespace trawl::app::cli {

// What options may be, from the tables of the units.
Choices row_formats();
Choices finding_formats();
Choices coverage_formats();
Choices kind_names();
Choices level_names();
Choices diagnostic_formats();
Choices colour_choices();
Choices shell_names();
Choices command_names();

} // namespace trawl::app::cli
