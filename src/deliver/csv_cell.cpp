#include "deliver/csv_cell.h"

#include <algorithm>

#include "base/text.h"

namespace trawl::deliver {

namespace {

bool begins_a_formula(std::string_view text)
{
    if (text.empty()) {
        return false;
    }
    const char first = text.front();
    if (first == '=' || first == '@' || first == '\t' || first == '\r' || first == '\n') {
        return true;
    }
    if (first == '+' || first == '-') {
        double number = 0;
        return !base::parse_number(text.substr(first == '+' ? 1 : 0), number);
    }
    return text.starts_with("\uFF1D") || text.starts_with("\uFF0B") || text.starts_with("\uFF0D")
        || text.starts_with("\uFF20");
}

void append_quoted(std::string& out, std::string_view text, bool guarded)
{
    // A blank at an end is lost by some readers.
    const bool quoted = text.find_first_of("\",\r\n") != std::string_view::npos
        || (!text.empty() && (text.front() == ' ' || text.back() == ' '));
    if (quoted) {
        out += '"';
    }
    if (guarded) {
        out += '\'';
    }
    if (!quoted) {
        out += text;
        return;
    }
    for (const char c : text) {
        if (c == '"') {
            out += '"';
        }
        out += c;
    }
    out += '"';
}

} // namespace

void append_csv_cell(std::string& out, std::string_view text)
{
    if (base::is_utf8(text)) {
        append_quoted(out, text, begins_a_formula(text));
        return;
    }
    const std::string valid = base::sanitize_utf8(text);
    append_quoted(out, valid, begins_a_formula(valid));
}

void append_csv_name(std::string& out, std::string_view name)
{
    const bool is_name = name.starts_with('@') && std::ranges::all_of(name.substr(1), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
    });
    if (is_name) {
        out += name;
    } else {
        append_csv_cell(out, name);
    }
}

} // namespace trawl::deliver
