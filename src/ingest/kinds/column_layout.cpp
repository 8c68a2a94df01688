#include "ingest/kinds/column_layout.h"

#include <algorithm>

#include "base/text.h"

namespace trawl::ingest {

using event::Value;

ColumnLayout::ColumnLayout(
    std::vector<std::string_view> names, std::span<const FieldDescription> fields, std::size_t required)
    : names_(std::move(names)), required_(required)
{
    for (const std::string_view name : names_) {
        numeric_.push_back(std::any_of(fields.begin(), fields.end(),
            [name](const FieldDescription& field) { return field.name == name && field.type == "number"; }));
    }
}

void ColumnLayout::apply(LineRow& row) const
{
    if (row.names == names_) {
        return;
    }
    row.names = names_;
    row.values.assign(names_.size(), Value());
    row.wanted.assign(names_.size(), true);
    row.extra.clear();
    ++row.layout;
}

bool ColumnLayout::fill_checked(
    std::span<const std::string_view> columns, LineRow& row, std::string& code, std::string& reason) const
{
    apply(row);
    return fill(columns, row, code, reason);
}

bool ColumnLayout::fill(
    std::span<const std::string_view> columns, LineRow& row, std::string& code, std::string& reason) const
{
    row.extra.clear();
    if (columns.size() < required_) {
        code = "columns";
        reason = std::to_string(columns.size()) + " columns where at least " + std::to_string(required_) + " were due";
        return false;
    }
    for (std::size_t i = 0; i < names_.size(); ++i) {
        if (i >= columns.size() || columns[i] == "-" || (columns[i].empty() && numeric_[i])) {
            row.values[i] = Value();
            continue;
        }
        if (!numeric_[i]) {
            row.values[i] = Value::string(columns[i]);
            continue;
        }
        double number = 0;
        if (row.wanted[i] && !base::parse_number(columns[i], number) && !base::parse_number(columns[i].substr(std::min(columns[i].find_first_not_of('0'), columns[i].size() - 1)), number)) {
            code = "number";
            reason = "column " + std::string(names_[i]) + " is no number";
            return false;
        }
        row.values[i] = Value::number_text(columns[i]);
    }
    if (columns.size() > names_.size()) {
        row.extra.assign(columns.begin() + static_cast<std::ptrdiff_t>(names_.size()), columns.end());
    }
    return true;
}

bool cut_spaced_columns(std::string_view line, std::vector<std::string_view>& columns)
{
    columns.clear();
    std::size_t at = 0;
    while (at < line.size()) {
        if (line[at] == ' ') {
            ++at;
            continue;
        }
        if (line[at] == '"' || line[at] == '[') {
            const char close = line[at] == '"' ? '"' : ']';
            const std::size_t start = at + 1;
            std::size_t end = start;
            // A mark inside the text is not the end unless a blank or the line's end follows.
            while (end < line.size()
                && !(line[end] == close && (end + 1 == line.size() || line[end + 1] == ' ' ))) {
                end += line[end] == '\\' && end + 1 < line.size() ? std::size_t {2} : std::size_t {1};
            }
            if (end >= line.size()) {
                columns.push_back(line.substr(start));
                return false;
            }
            columns.push_back(line.substr(start, end - start));
            at = end + 1;
            continue;
        }
        const std::size_t end = std::min(line.find(' ', at), line.size());
        columns.push_back(line.substr(at, end - at));
        at = end;
    }
    return true;
}

void cut_separated_columns(std::string_view line, char separator, std::vector<std::string_view>& columns)
{
    columns.clear();
    while (true) {
        const std::size_t at = line.find(separator);
        columns.push_back(line.substr(0, at));
        if (at == std::string_view::npos) {
            return;
        }
        line.remove_prefix(at + 1);
    }
}

} // namespace trawl::ingest
