#include "app/cli/choices.h"

#include <algorithm>

#include "deliver/finding_format.h"
#include "deliver/row_format.h"
#include "event/finding.h"
#include "ingest/kinds/log_kind.h"

namespace trawl::app::cli {

namespace {

// The formats of CONTRACT first, then the others by name.
template <typename Format> Choices in_order_of_help(const std::vector<const Format*>& formats)
{
    Choices choices {"table", "ndjson", "json", "csv"};
    for (const Format* format : formats) {
        if (std::ranges::find(choices, format->name) == choices.end()) {
            choices.push_back(format->name);
        }
    }
    return choices;
}

} // namespace

Choices row_formats()
{
    return in_order_of_help(deliver::row_format_table());
}

Choices finding_formats()
{
    return in_order_of_help(deliver::finding_format_table());
}

Choices coverage_formats()
{
    return {"table", "json", "html"};
}

Choices kind_names()
{
    Choices names;
    for (const ingest::LogKind* kind : ingest::kind_table()) {
        names.push_back(kind->id);
    }
    return names;
}

Choices level_names()
{
    Choices names;
    for (int level = 0; level <= static_cast<int>(event::Level::critical); ++level) {
        names.push_back(event::level_name(static_cast<event::Level>(level)));
    }
    return names;
}

Choices diagnostic_formats()
{
    return {"text", "json"};
}

Choices colour_choices()
{
    return {"auto", "always", "never"};
}

Choices shell_names()
{
    return {"bash", "zsh", "fish"};
}

Choices command_names()
{
    Choices names;
    for (const Command& command : command_table()) {
        if (command.second_word().empty()) {
            names.push_back(command.name);
        }
    }
    return names;
}

} // namespace trawl::app::cli
