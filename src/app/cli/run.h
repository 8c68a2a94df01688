#pragma once

#include <string>
#include <vector>

namespace trawl::app::cli {

// Runs the program; `words` are the command line without the program's name. Gives the exit status.
int run(const std::vector<std::string>& words);

} // namespace trawl::app::cli
