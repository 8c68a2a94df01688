#include "base/text.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

#include "base/ascii_words.h"
#include "base/case_folding.h"

namespace trawl::base {

namespace {

constexpr std::uint32_t replacement = 0xFFFD;

// Reads one code point at `at`; returns its length, or 0 when the bytes there are no UTF-8 (RFC 3629).
std::size_t read_utf8(std::string_view text, std::size_t at, std::uint32_t& code_point)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(at);
    if (first < 0x80) {
        code_point = first;
        return 1;
    }
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || at + length > text.size()) {
        return 0;
    }
    code_point = first & (0xFFu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(at + i) & 0xC0) != 0x80) {
            return 0;
        }
        code_point = code_point << 6 | (byte(at + i) & 0x3Fu);
    }
    const bool overlong = (length == 3 && code_point < 0x800) || (length == 4 && code_point < 0x10000);
    if (overlong || (code_point >= 0xD800 && code_point < 0xE000) || code_point > 0x10FFFF) {
        return 0;
    }
    return length;
}

// Marks the bytes of a word that JSON writes otherwise, and those beyond ASCII. Above a marked byte others may be marked
// wrongly (a borrow passes from byte to byte), the lowest never.
std::uint64_t bytes_to_escape(std::uint64_t word)
{
    const auto zero_in = [](std::uint64_t w) { return (w - repeated_byte(1)) & ~w; };
    const std::uint64_t control = (word - repeated_byte(0x20)) & ~word;
    return (word | control | zero_in(word ^ repeated_byte('"')) | zero_in(word ^ repeated_byte('\\'))) & high_bits;
}

// Finds the first byte at or after `at` that JSON writes otherwise or that is beyond ASCII.
std::size_t skip_plain(std::string_view text, std::size_t at)
{
    for (; at + sizeof(std::uint64_t) <= text.size(); at += sizeof(std::uint64_t)) {
        const std::uint64_t marked = bytes_to_escape(load_word(text.data() + at));
        if (marked == 0) {
            continue;
        }
        if constexpr (std::endian::native == std::endian::little) {
            return at + static_cast<std::size_t>(std::countr_zero(marked)) / 8;
        }
        break;
    }
    for (; at < text.size(); ++at) {
        const auto c = static_cast<unsigned char>(text[at]);
        if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\') {
            break;
        }
    }
    return at;
}

// Finds the first byte at or after `at` that is beyond ASCII.
std::size_t skip_ascii(std::string_view text, std::size_t at)
{
    while (at + sizeof(std::uint64_t) <= text.size() && (load_word(text.data() + at) & high_bits) == 0) {
        at += sizeof(std::uint64_t);
    }
    while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) {
        ++at;
    }
    return at;
}

// Reads digits [. digits] [e digits] without a sign, beyond the range of double: whether it is too large, not too small.
bool is_huge(std::string_view digits)
{
    const std::size_t exponent_at = std::min(digits.find_first_of("eE"), digits.size());
    const std::string_view mantissa = digits.substr(0, exponent_at);
    if (exponent_at + 1 < digits.size()) {
        std::int64_t exponent = 0;
        std::string_view text = digits.substr(exponent_at + 1);
        text.remove_prefix(text.starts_with('+') ? 1 : 0);
        // An exponent that fits no integer decides alone.
        if (!parse_integer(text, exponent)) {
            return !text.starts_with('-');
        }
        const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
        const std::size_t first = std::min(mantissa.find_first_of("123456789"), mantissa.size());
        const auto magnitude = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first);
        return exponent > -magnitude;
    }
    return mantissa.substr(0, mantissa.find('.')).find_first_of("123456789") != std::string_view::npos;
}

} // namespace

std::string to_lower_ascii(std::string_view text)
{
    std::string out(text);
    for (char& c : out) {
        c = lower_ascii(c);
    }
    return out;
}

void append_lower_ascii(std::string& out, std::string_view text)
{
    const std::size_t start = out.size();
    out.resize(start + text.size());
    char* const copy = out.data() + start;
    constexpr std::size_t step = sizeof(std::uint64_t);
    const auto lower_at = [copy, text](std::size_t at) {
        const std::uint64_t word = lower_word(load_word(text.data() + at));
        std::memcpy(copy + at, &word, sizeof word);
    };
    if (text.size() < step) {
        for (std::size_t i = 0; i < text.size(); ++i) {
            copy[i] = lower_ascii(text[i]);
        }
        return;
    }
    for (std::size_t at = 0; at + step < text.size(); at += step) {
        lower_at(at);
    }
    // The last word overlaps the one before.
    lower_at(text.size() - step);
}

bool equal_ignoring_case(std::string_view a, std::string_view b)
{
    if (a.size() != b.size()) {
        return false;
    }
    const auto same_word
        = [&](std::size_t at) { return lower_word(load_word(a.data() + at)) == lower_word(load_word(b.data() + at)); };
    constexpr std::size_t step = sizeof(std::uint64_t);
    if (a.size() < step) {
        for (std::size_t i = 0; i < a.size(); ++i) {
            if (lower_ascii(a[i]) != lower_ascii(b[i])) {
                return false;
            }
        }
        return true;
    }
    for (std::size_t at = 0; at + step < a.size(); at += step) {
        if (!same_word(at)) {
            return false;
        }
    }
    // The last word overlaps the one before.
    return same_word(a.size() - step);
}

bool is_ascii(std::string_view text)
{
    return skip_ascii(text, 0) == text.size();
}

std::string fold_case(std::string_view text)
{
    if (is_ascii(text)) {
        return to_lower_ascii(text);
    }
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        std::uint32_t code_point = 0;
        const std::size_t length = read_utf8(text, at, code_point);
        if (length == 0) {
            out.push_back(text[at]);
            ++at;
            continue;
        }
        append_utf8(out, fold_code_point(code_point));
        at += length;
    }
    return out;
}

bool parse_number(std::string_view text, double& value)
{
    if (text.empty()) {
        return false;
    }
    const char* at = text.data();
    const char* const end = at + text.size();
    const bool negative = *at == '-';
    if (negative) {
        ++at;
    }
    if (at == end || *at < '0' || *at > '9') {
        return false;
    }
    // Whole numbers of up to 15 digits are exact in a double.
    if (end - at <= 15) {
        std::uint64_t whole = 0;
        const char* digit = at;
        while (digit < end && *digit >= '0' && *digit <= '9') {
            whole = whole * 10 + static_cast<std::uint64_t>(*digit - '0');
            ++digit;
        }
        if (digit == end) {
            value = negative ? -static_cast<double>(whole) : static_cast<double>(whole);
            return true;
        }
    }
    // from_chars takes a point without digits behind it.
    const std::string_view written(at, static_cast<std::size_t>(end - at));
    const std::size_t point = written.find('.');
    if (point != std::string_view::npos
        && (point + 1 == written.size() || written[point + 1] < '0' || written[point + 1] > '9')) {
        return false;
    }
    const auto result = std::from_chars(text.data(), end, value);
    if (result.ec == std::errc::result_out_of_range && result.ptr == end) {
        // The nearest there is.
        value = is_huge(written) ? HUGE_VAL : 0.0;
        value = negative ? -value : value;
        return true;
    }
    return result.ec == std::errc() && result.ptr == end;
}

bool parse_integer(std::string_view text, std::int64_t& value)
{
    const char* const end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, value);
    return !text.empty() && result.ec == std::errc() && result.ptr == end;
}

void append_number(std::string& out, double value)
{
    char digits[40];
    if (std::isnan(value) || std::isinf(value)) {
        out += "null";
        return;
    }
    constexpr double whole_limit = 1e15;
    if (value == std::floor(value) && std::fabs(value) < whole_limit) {
        const auto result = std::to_chars(digits, digits + sizeof digits, static_cast<std::int64_t>(value));
        out.append(digits, result.ptr);
        return;
    }
    const auto result = std::to_chars(digits, digits + sizeof digits, value);
    out.append(digits, result.ptr);
}

void append_json_string(std::string& out, std::string_view text)
{
    static constexpr char hex[] = "0123456789abcdef";
    out.push_back('"');
    std::size_t start = 0;
    std::size_t at = 0;
    const auto flush = [&] { out.append(text.data() + start, at - start); };
    while ((at = skip_plain(text, at)) < text.size()) {
        const auto c = static_cast<unsigned char>(text[at]);
        if (c >= 0x80) {
            std::uint32_t code_point = 0;
            const std::size_t length = read_utf8(text, at, code_point);
            if (length > 0) {
                at += length;
                continue;
            }
            flush();
            append_utf8(out, replacement);
        } else {
            flush();
            switch (c) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            case '\b': out += "\\b"; break;
            case '\f': out += "\\f"; break;
            default:
                out += "\\u00";
                out.push_back(hex[c >> 4]);
                out.push_back(hex[c & 15]);
                break;
            }
        }
        ++at;
        start = at;
    }
    flush();
    out.push_back('"');
}

void append_utf8(std::string& out, std::uint32_t code_point)
{
    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point < 0xE000)) {
        code_point = replacement;
    }
    if (code_point < 0x80) {
        out.push_back(static_cast<char>(code_point));
    } else if (code_point < 0x800) {
        out.push_back(static_cast<char>(0xC0 | code_point >> 6));
        out.push_back(static_cast<char>(0x80 | (code_point & 0x3F)));
    } else if (code_point < 0x10000) {
        out.push_back(static_cast<char>(0xE0 | code_point >> 12));
        out.push_back(static_cast<char>(0x80 | (code_point >> 6 & 0x3F)));
        out.push_back(static_cast<char>(0x80 | (code_point & 0x3F)));
    } else {
        out.push_back(static_cast<char>(0xF0 | code_point >> 18));
        out.push_back(static_cast<char>(0x80 | (code_point >> 12 & 0x3F)));
        out.push_back(static_cast<char>(0x80 | (code_point >> 6 & 0x3F)));
        out.push_back(static_cast<char>(0x80 | (code_point & 0x3F)));
    }
}

bool is_utf8(std::string_view text)
{
    for (std::size_t at = skip_ascii(text, 0); at < text.size(); at = skip_ascii(text, at)) {
        std::uint32_t code_point = 0;
        const std::size_t length = read_utf8(text, at, code_point);
        if (length == 0) {
            return false;
        }
        at += length;
    }
    return true;
}

std::string sanitize_utf8(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t beyond = skip_ascii(text, at);
        if (beyond > at) {
            out.append(text, at, beyond - at);
            at = beyond;
            continue;
        }
        std::uint32_t code_point = 0;
        const std::size_t length = read_utf8(text, at, code_point);
        if (length == 0) {
            append_utf8(out, replacement);
            ++at;
        } else {
            out.append(text, at, length);
            at += length;
        }
    }
    return out;
}

std::string_view trim(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n\f\v";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string_view trim_end(std::string_view text)
{
    return text.substr(0, text.find_last_not_of(" \t\r\n\f\v") + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) {
            return parts;
        }
        text.remove_prefix(at + 1);
    }
}

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit)
{
    const std::size_t difference = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
    if (difference > limit) {
        return limit + 1;
    }
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j < row.size(); ++j) {
        row[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        std::size_t best = row[0];
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
            diagonal = above;
            best = std::min(best, row[j]);
        }
        if (best > limit) {
            return limit + 1;
        }
    }
    return std::min(row.back(), limit + 1);
}

} // namespace trawl::base
