#pragma once

#include <string>
#include <string_view>

#include "app/cli/command_table.h"

namespace trawl::app::cli {

// "did you mean scan?" for a mistyped word: a few wrong letters, two in the wrong order, or a beginning. Else nothing.
std::string did_you_mean(std::string_view word, const Choices& choices);

} // namespace trawl::app::cli
