#include "deliver/style.h"

namespace trawl::deliver {

std::string_view level_colour(event::Level level, Colours colours)
{
    if (colours == Colours::off) {
        return {};
    }
    switch (level) {
    case event::Level::critical: return "\033[1;97;41m";
    case event::Level::high: return "\033[1;31m";
    case event::Level::medium: return "\033[33m";
    case event::Level::low: return "\033[36m";
    case event::Level::informational: return "\033[2m";
    }
    return {};
}

std::string_view bold(Colours colours)
{
    return colours == Colours::on ? "\033[1m" : "";
}

std::string_view dim(Colours colours)
{
    return colours == Colours::on ? "\033[2m" : "";
}

std::string_view plain(Colours colours)
{
    return colours == Colours::on ? "\033[0m" : "";
}

} // namespace trawl::deliver
