#include "ingest/kinds/column_layout.h"

#include <algorithm>
#include <numeric>

#include "base/text.h"

namespace trawl::ingest {

using event::Value;

ColumnLayout::ColumnLayout(
    std::vector<std::string_view> names, std::span<const FieldDescription> fields, std::size_t required)
    : names_(std::move(names)), required_(required)
{
    for (const std::string_view name : names_) {
        const bool is_number = std::any_of(fields.begin(), fields.end(),
            [name](const FieldDescription& field) { return field.name == name && field.type == "number"; });
        numeric_.push_back(is_number ? 1 : 0);
    }
}

void LineRow::start_layout()
{
    values.assign(names.size(), Value());
    extra.clear();
    wanted.resize(names.size());
    std::iota(wanted.begin(), wanted.end(), 0U);
    ++layout;
}

void ColumnLayout::start(LineRow& row)
{
    row.names = names_;
    row.start_layout();
    applied_ = row.layout;
}

bool ColumnLayout::fill_checked(
    std::span<const std::string_view> columns, LineRow& row, std::string& code, std::string& reason)
{
    apply(row);
    return fill(columns, row, code, reason);
}

bool ColumnLayout::lack_columns(std::size_t count, std::string& code, std::string& reason) const
{
    code = "columns";
    reason = std::to_string(count) + " columns where at least " + std::to_string(required_) + " were due";
    return false;
}

bool ColumnLayout::lack_number(std::size_t column, std::string& code, std::string& reason) const
{
    code = "number";
    reason = "column " + std::string(names_[column]) + " is no number";
    return false;
}

bool ColumnLayout::is_number(std::string_view text)
{
    double number = 0;
    return base::parse_number(text, number)
        || base::parse_number(text.substr(std::min(text.find_first_not_of('0'), text.size() - 1)), number);
}

namespace {

// Whether an odd number of backslashes stands right before `at`, back to `start`.
bool is_escaped(std::string_view line, std::size_t start, std::size_t at)
{
    std::size_t first = at;
    while (first > start && line[first - 1] == '\\') {
        --first;
    }
    return (at - first) % 2 == 1;
}

// Whether the bracket that opens at `at` closes within its column, and the column goes on.
bool is_address_in_brackets(std::string_view line, std::size_t at, std::span<const std::uint32_t> marks)
{
    const auto mark = std::find_if(marks.begin(), marks.end(), [at](std::uint32_t place) { return place > at; });
    return mark != marks.end() && line[*mark] == ']' && *mark + 1 < line.size() && line[*mark + 1] != ' ';
}

} // namespace

bool cut_spaced_columns(std::string_view line, LineMarks& marks, std::vector<std::string_view>& columns)
{
    const auto between = marks.find_between_columns(line);
    if (!between) {
        return cut_marked_columns(line, marks, columns);
    }
    columns.resize(between->size() + 1);
    std::string_view* out = columns.data();
    std::size_t start = 0;
    const auto add = [&](std::size_t end) {
        const std::size_t quote = line[start] == '"' ? 1 : 0;
        *out++ = {line.data() + start + quote, end - start - 2 * quote};
        start = end + 1;
    };
    for (const std::uint32_t end : *between) {
        add(end);
    }
    add(line.size());
    return true;
}

bool cut_marked_columns(std::string_view line, LineMarks& marks, std::vector<std::string_view>& columns)
{
    const std::span<const std::uint32_t> found = marks.find(line, ' ', '"', ']');
    // No line has more columns than marks and one.
    columns.resize(found.size() + 1);
    std::string_view* out = columns.data();
    const std::uint32_t* mark = found.data();
    const std::uint32_t* const last_mark = mark + found.size();
    const char* const text = line.data();
    const std::size_t size = line.size();
    bool is_closed = true;
    std::size_t at = 0;
    while (at < size) {
        const char first = text[at];
        if (first == ' ') {
            ++at;
            continue;
        }
        while (mark != last_mark && *mark < at) {
            ++mark;
        }
        // `[2001:db8::1]:443` is an address and a port, not a bracketed text.
        const bool is_address = first == '[' && is_address_in_brackets(line, at, {mark, last_mark});
        if ((first != '"' && first != '[') || is_address) {
            while (mark != last_mark && text[*mark] != ' ') {
                ++mark;
            }
            const std::size_t end = mark == last_mark ? size : *mark;
            *out++ = {text + at, end - at};
            at = end + 1;
            continue;
        }
        const char close = first == '"' ? '"' : ']';
        const std::size_t start = at + 1;
        // A mark inside the text is not the end unless a blank or the line's end follows.
        const auto is_end = [&](std::size_t place) {
            return text[place] == close && place >= start && (place + 1 == size || text[place + 1] == ' ')
                && !is_escaped(line, start, place);
        };
        while (mark != last_mark && !is_end(*mark)) {
            ++mark;
        }
        const std::size_t end = mark == last_mark ? size : *mark;
        *out++ = {text + start, end - start};
        if (mark == last_mark) {
            is_closed = false;
            break;
        }
        at = end + 1;
    }
    columns.resize(static_cast<std::size_t>(out - columns.data()));
    return is_closed;
}

bool cut_spaced_columns(std::string_view line, std::vector<std::string_view>& columns)
{
    LineMarks marks;
    return cut_spaced_columns(line, marks, columns);
}

void cut_separated_columns(
    std::string_view line, char separator, LineMarks& marks, std::vector<std::string_view>& columns)
{
    columns.clear();
    std::size_t start = 0;
    for (const std::uint32_t mark : marks.find(line, separator, separator, separator)) {
        columns.push_back(line.substr(start, mark - start));
        start = mark + 1;
    }
    columns.push_back(line.substr(start));
}

void cut_separated_columns(std::string_view line, char separator, std::vector<std::string_view>& columns)
{
    LineMarks marks;
    cut_separated_columns(line, separator, marks, columns);
}

} // namespace trawl::ingest
