#pragma once

#include <string>

#include "app/cli/command_table.h"

namespace trawl::app::cli {

// What `trawl --help` prints.
std::string overview();
// What `trawl COMMAND --help` prints; for a group of commands its members.
std::string help_of(const Command& command);
// docs/CLI.md.
std::string markdown();
// "trawl scan [OPTIONS] PATH…"
std::string usage_of(const Command& command);
// "-r, --rules PATH"
std::string spelled(const Option& option);

} // namespace trawl::app::cli
