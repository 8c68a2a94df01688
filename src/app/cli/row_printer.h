#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli/answer.h"
#include "event/row_sink.h"

namespace trawl::app::cli {

// The sink of the answer's format, for rows. The answer outlives it.
std::unique_ptr<event::RowSink> make_row_sink(Answer& answer);

// Prints rows that a command makes itself.
class RowPrinter {
public:
    explicit RowPrinter(Answer& answer) : sink_(make_row_sink(answer)) {}

    base::Result<void> begin(std::initializer_list<std::string_view> names);
    base::Result<void> row(std::initializer_list<event::Value> values);
    base::Result<void> finish() { return sink_->finish(); }

private:
    std::unique_ptr<event::RowSink> sink_;
};

} // namespace trawl::app::cli
