#include "app/cli/terminal.h"

#include <cstdlib>
#include <string>

#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.h"

namespace trawl::app::cli {

namespace {

std::string_view environment(const char* name)
{
    const char* const value = std::getenv(name);
    return value == nullptr ? std::string_view() : std::string_view(value);
}

std::size_t terminal_width(int descriptor)
{
    struct winsize size {};
    if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        return size.ws_col;
    }
    std::int64_t columns = 0;
    if (base::parse_integer(environment("COLUMNS"), columns) && columns > 0) {
        return static_cast<std::size_t>(columns);
    }
    return 80;
}

} // namespace

Terminal look_at_terminal(std::string_view colour)
{
    Terminal terminal;
    terminal.output_is_terminal = ::isatty(STDOUT_FILENO) == 1;
    terminal.error_is_terminal = ::isatty(STDERR_FILENO) == 1;
    if (terminal.output_is_terminal || terminal.error_is_terminal) {
        terminal.width = terminal_width(terminal.output_is_terminal ? STDOUT_FILENO : STDERR_FILENO);
    }
    const bool welcome = environment("NO_COLOR").empty() && environment("TERM") != "dumb";
    const auto colours = [&](bool is_terminal) {
        const bool on = colour == "always" || (colour != "never" && welcome && is_terminal);
        return on ? deliver::Colours::on : deliver::Colours::off;
    };
    terminal.output_colours = colours(terminal.output_is_terminal);
    terminal.error_colours = colours(terminal.error_is_terminal);
    return terminal;
}

} // namespace trawl::app::cli
