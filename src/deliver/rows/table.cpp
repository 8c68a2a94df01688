#include <algorithm>

#include "deliver/column_widths.h"
#include "deliver/printable.h"
#include "deliver/row_format.h"

namespace trawl::deliver::rows::table {

namespace {

// So many rows are looked at before the widths are settled; the others stream.
constexpr std::size_t looked_at_rows = 500;
constexpr std::size_t looked_at_bytes = 4u << 20;
// Of a cell that is held back: more is never shown of it, unless cells are wide.
constexpr std::size_t longest_cell = 4096;

class TableRows final : public event::RowSink {
public:
    TableRows(Output& output, const TableStyle& style) : output_(output), style_(style) {}

    base::Result<void> begin(std::span<const std::string> names) override
    {
        for (const std::string& name : names) {
            names_.push_back(printable(name));
        }
        is_text_.resize(names.size());
        return {};
    }

    base::Result<void> row(std::span<const event::Value> values) override
    {
        arena_.reset();
        std::vector<std::string> cells;
        cells.reserve(values.size());
        for (std::size_t i = 0; i < values.size(); ++i) {
            const std::string_view text = values[i].text(arena_);
            const bool cut = !style_.wide && text.size() > longest_cell;
            cells.push_back(printable(cut ? text.substr(0, longest_cell) : text) + (cut ? "…" : ""));
            if (!values[i].is_absent() && !values[i].is_numeric()) {
                is_text_[i] = true;
            }
        }
        if (!widths_.empty()) {
            return write_line(cells, "");
        }
        for (const std::string& cell : cells) {
            held_bytes_ += cell.size();
        }
        held_.push_back(std::move(cells));
        return held_.size() >= looked_at_rows || held_bytes_ >= looked_at_bytes ? settle() : base::Result<void>();
    }

    base::Result<void> finish() override { return widths_.empty() ? settle() : base::Result<void>(); }

private:
    // Fixes the widths by what is held back and writes it.
    base::Result<void> settle()
    {
        if (names_.empty()) {
            return {};
        }
        std::vector<std::size_t> natural;
        for (std::size_t i = 0; i < names_.size(); ++i) {
            std::size_t width = display_width(names_[i]);
            bool any = false;
            for (const auto& cells : held_) {
                width = std::max(width, display_width(cells[i]));
                any = any || !cells[i].empty();
            }
            natural.push_back(width);
            pads_.push_back(any && !is_text_[i] ? Pad::left : Pad::right);
        }
        widths_ = share_width(natural, style_);
        TRY_VOID(write_line(names_, bold(style_.colours)));
        TRY_VOID(write_rule());
        for (const auto& cells : held_) {
            TRY_VOID(write_line(cells, ""));
        }
        held_.clear();
        held_.shrink_to_fit();
        return {};
    }

    base::Result<void> write_line(const std::vector<std::string>& cells, std::string_view look)
    {
        line_ = look;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const bool last = i + 1 == cells.size();
            // Rows that were not looked at may be wider; without a terminal the last column is never cut.
            const bool open = style_.wide || (last && style_.width == 0);
            const std::size_t width = open ? std::max(widths_[i], display_width(cells[i])) : widths_[i];
            append_cut(line_, cells[i], width, last && pads_[i] == Pad::right ? Pad::none : pads_[i]);
            line_.append(last ? 0 : column_gap, ' ');
        }
        while (!line_.empty() && line_.back() == ' ') {
            line_.pop_back();
        }
        line_ += look.empty() ? "" : plain(style_.colours);
        line_ += '\n';
        return output_.write(line_);
    }

    base::Result<void> write_rule()
    {
        line_ = dim(style_.colours);
        for (std::size_t i = 0; i < widths_.size(); ++i) {
            line_.append(i > 0 ? column_gap : 0, ' ');
            for (std::size_t column = 0; column < std::min<std::size_t>(widths_[i], 120); ++column) {
                line_ += "─";
            }
        }
        line_ += plain(style_.colours);
        line_ += '\n';
        return output_.write(line_);
    }

    Output& output_; // Outlives the sink.
    TableStyle style_;
    std::vector<std::string> names_;
    std::vector<bool> is_text_; // Columns of numbers alone are aligned to the right.
    std::vector<Pad> pads_;
    std::vector<std::size_t> widths_;
    std::vector<std::vector<std::string>> held_;
    std::size_t held_bytes_ = 0;
    std::string line_;
    base::Arena arena_;
};

} // namespace

const RowFormat& format()
{
    static const RowFormat table {"table", "columns for people", [](Output& output, const TableStyle& style) {
                                      return std::unique_ptr<event::RowSink>(
                                          std::make_unique<TableRows>(output, style));
                                  }};
    return table;
}

} // namespace trawl::deliver::rows::table
