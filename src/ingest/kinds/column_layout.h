#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/codec/line_marks.h"
#include "ingest/kinds/log_kind.h"

namespace trawl::ingest {

// The columns of a text log in order, with their types from the kind's table of fields.
class ColumnLayout {
public:
    ColumnLayout() = default;
    // The names must outlive the layout. `required`: fewer columns make a reject.
    ColumnLayout(std::vector<std::string_view> names, std::span<const FieldDescription> fields, std::size_t required);

    const std::vector<std::string_view>& names() const { return names_; }

    // Makes the row one of this layout, unless it is.
    void apply(LineRow& row)
    {
        if (applied_ != row.layout || row.names.size() != names_.size()) [[unlikely]] {
            start(row);
        }
    }
    // Fills the row from the columns: `-` is no value, numbers are checked, columns beyond the names go to `extra`.
    // False when there are too few columns or a number is none; `code` and `reason` then say so.
    // Applies the layout first. fill() wants it applied.
    bool fill_checked(std::span<const std::string_view> columns, LineRow& row, std::string& code, std::string& reason);
    bool fill(std::span<const std::string_view> columns, LineRow& row, std::string& code, std::string& reason) const
    {
        const auto column = [columns](std::size_t i) { return columns[i]; };
        if (!fill_each(columns.size(), column, row, code, reason)) {
            return false;
        }
        if (columns.size() > names_.size()) {
            row.extra.assign(columns.begin() + static_cast<std::ptrdiff_t>(names_.size()), columns.end());
        }
        return true;
    }
    // The same from columns that are made when they are wanted: `column(i)` for i below `count`. Leaves `extra` empty.
    template <typename Column>
    bool fill_each(std::size_t count, const Column& column, LineRow& row, std::string& code, std::string& reason) const
    {
        row.extra.clear();
        if (count < required_) {
            return lack_columns(count, code, reason);
        }
        for (const std::uint32_t i : row.wanted) {
            const std::string_view text = i < count ? column(i) : std::string_view("-");
            if (text == "-" || (text.empty() && numeric_[i] != 0)) {
                row.values[i] = event::Value();
            } else if (numeric_[i] == 0) {
                row.values[i] = event::Value::string(text);
            } else if (is_number(text)) {
                row.values[i] = event::Value::number_text(text);
            } else {
                return lack_number(i, code, reason);
            }
        }
        return true;
    }

private:
    bool lack_columns(std::size_t count, std::string& code, std::string& reason) const;
    bool lack_number(std::size_t column, std::string& code, std::string& reason) const;
    static bool is_number(std::string_view text);
    void start(LineRow& row);

    std::vector<std::string_view> names_;
    std::vector<std::uint8_t> numeric_; // By column: whether it is a number.
    std::size_t required_ = 0;
    std::uint32_t applied_ = 0; // The row's layout that is this one; 0: none yet.
};

// Cuts a line at single blanks. A column in double quotes may hold blanks (`\"` inside is escaped), one in brackets too;
// both lose their marks. Returns whether all marks were closed. With `marks`, which a decoder keeps, it allocates nothing.
bool cut_spaced_columns(std::string_view line, LineMarks& marks, std::vector<std::string_view>& columns);
bool cut_spaced_columns(std::string_view line, std::vector<std::string_view>& columns);
// The same for any line, without the short way that ordinary lines take.
bool cut_marked_columns(std::string_view line, LineMarks& marks, std::vector<std::string_view>& columns);

// Cuts at a separator, without quoting.
void cut_separated_columns(
    std::string_view line, char separator, LineMarks& marks, std::vector<std::string_view>& columns);
void cut_separated_columns(std::string_view line, char separator, std::vector<std::string_view>& columns);

} // namespace trawl::ingest
