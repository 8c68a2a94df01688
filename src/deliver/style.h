#pragma once

#include <cstddef>
#include <string_view>

#include "event/finding.h"

namespace trawl::deliver {

enum class Colours { off, on };

// How a table is laid out.
struct TableStyle {
    std::size_t width = 0; // Columns of the terminal; 0: as wide as it takes, long cells cut.
    Colours colours = Colours::off;
    bool wide = false;     // Cells are never cut.
};

// ANSI sequences, empty without colours.
std::string_view level_colour(event::Level level, Colours colours);
std::string_view bold(Colours colours);
std::string_view dim(Colours colours);
std::string_view plain(Colours colours);

} // namespace trawl::deliver
