#pragma once

#include <cstddef>
#include <string_view>

#include "base/diagnostic.h"
#include "deliver/style.h"

namespace trawl::app::cli {

// What standard output and standard error are connected to.
struct Terminal {
    bool output_is_terminal = false;
    bool error_is_terminal = false;
    std::size_t width = 0; // Of the terminal; 0 when there is none.
    deliver::Colours output_colours = deliver::Colours::off;
    deliver::Colours error_colours = deliver::Colours::off;

    base::Colour diagnostic_colour() const
    {
        return error_colours == deliver::Colours::on ? base::Colour::on : base::Colour::off;
    }
};

// `colour` is auto, always or never. NO_COLOR (https://no-color.org) and TERM=dumb turn colours off where it is auto.
Terminal look_at_terminal(std::string_view colour);

} // namespace trawl::app::cli
