#pragma once

#include <string>
#include <string_view>

namespace trawl::app::cli {

// The completions for bash, zsh or fish, made from the command table. File names are left to the shell.
std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();

} // namespace trawl::app::cli
