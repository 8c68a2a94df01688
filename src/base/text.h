#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trawl::base {

inline char lower_ascii(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

void append_lower_ascii(std::string& out, std::string_view text);
std::string to_lower_ascii(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);

// Folds case by Unicode simple case folding (ASCII is the fast path).
// Bytes that are no UTF-8 stay as they are.
std::string fold_case(std::string_view text);
bool is_ascii(std::string_view text);

// Reads the whole of `text` as a decimal JSON-like number ("22", "-1", "4.5e3"); no blanks, no hex, no inf or nan, but
// leading zeros. What is too large for a double ("1e400") reads as infinite.
bool parse_number(std::string_view text, double& value);
bool parse_integer(std::string_view text, std::int64_t& value);

// Writes a double as the shortest text that reads back the same; whole numbers below 1e15 without a fraction.
void append_number(std::string& out, double value);

// Appends `text` as JSON string with quotes, minimal escapes; invalid UTF-8 becomes U+FFFD.
void append_json_string(std::string& out, std::string_view text);

// Appends one code point as UTF-8; a surrogate or an invalid one becomes U+FFFD.
void append_utf8(std::string& out, std::uint32_t code_point);

// Copies `text` with every invalid UTF-8 sequence replaced by U+FFFD.
std::string sanitize_utf8(std::string_view text);
bool is_utf8(std::string_view text);

std::string_view trim(std::string_view text);
std::string_view trim_end(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);

// The distance of Levenshtein, for did-you-mean; at most `limit` + 1 is told.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

} // namespace trawl::base
