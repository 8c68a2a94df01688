#include "app/cli/row_printer.h"

#include <algorithm>

#include "base/check.h"
#include "deliver/row_format.h"

namespace trawl::app::cli {

std::unique_ptr<event::RowSink> make_row_sink(Answer& answer)
{
    const auto& table = deliver::row_format_table();
    const auto found = std::ranges::find(table, std::string_view(answer.format()), &deliver::RowFormat::name);
    TRAWL_CHECK(found != table.end(), "the format is one of the choices of the option");
    return (*found)->make(answer.output(), answer.style());
}

base::Result<void> RowPrinter::begin(std::initializer_list<std::string_view> names)
{
    const std::vector<std::string> copies(names.begin(), names.end());
    return sink_->begin(copies);
}

base::Result<void> RowPrinter::row(std::initializer_list<event::Value> values)
{
    return sink_->row(std::span<const event::Value>(values.begin(), values.size()));
}

} // namespace trawl::app::cli
