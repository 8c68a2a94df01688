#include "deliver/csv_cell.h"
#include "deliver/row_format.h"

namespace trawl::deliver::rows::csv {

namespace {

class CsvRows final : public event::RowSink {
public:
    explicit CsvRows(Output& output) : output_(output) {}

    base::Result<void> begin(std::span<const std::string> names) override
    {
        line_.clear();
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (i > 0) {
                line_ += ',';
            }
            append_csv_name(line_, names[i]);
        }
        return end_line(names.size());
    }

    base::Result<void> row(std::span<const event::Value> values) override
    {
        line_.clear();
        arena_.reset();
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (i > 0) {
                line_ += ',';
            }
            append_csv_cell(line_, values[i].text(arena_));
        }
        return end_line(values.size());
    }

    base::Result<void> finish() override { return {}; }

private:
    base::Result<void> end_line(std::size_t cells)
    {
        if (cells == 1 && line_.empty()) {
            line_ = "\"\""; // A blank line would be no row.
        }
        line_ += '\n';
        return output_.write(line_);
    }

    Output& output_; // Outlives the sink.
    std::string line_;
    base::Arena arena_;
};

} // namespace

const RowFormat& format()
{
    static const RowFormat csv {
        "csv", "comma-separated values, safe to open in a spreadsheet", [](Output& output, const TableStyle&) {
            return std::unique_ptr<event::RowSink>(std::make_unique<CsvRows>(output));
        }};
    return csv;
}

} // namespace trawl::deliver::rows::csv
