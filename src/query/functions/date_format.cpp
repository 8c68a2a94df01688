#include "query/functions/date_format.h"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "base/text.h"

namespace trawl::query::functions {

namespace {

constexpr std::array<std::string_view, 12> months {"January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> weekdays {
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

std::int64_t floor_divide(std::int64_t a, std::int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

// A time taken apart in a zone.
struct Parts {
    std::int64_t year;
    std::int64_t month;
    std::int64_t day;
    std::int64_t hour;
    std::int64_t minute;
    std::int64_t second;
    std::int64_t microsecond;
    std::int64_t weekday;      // From Monday, 0.
    std::int64_t day_of_year;  // From 1.

    Parts(base::Time time, int utc_offset)
    {
        const base::Time local = time + utc_offset * base::microseconds_per_second;
        const std::int64_t days = floor_divide(local, base::microseconds_per_day);
        const std::int64_t within = local - days * base::microseconds_per_day;
        const base::CivilDate date = base::civil_from_days(days);
        year = date.year;
        month = date.month;
        day = date.day;
        const std::int64_t seconds = within / base::microseconds_per_second;
        hour = seconds / 3600;
        minute = seconds / 60 % 60;
        second = seconds % 60;
        microsecond = within % base::microseconds_per_second;
        weekday = ((days + 3) % 7 + 7) % 7;
        day_of_year = days - base::days_from_civil(date.year, 1, 1) + 1;
    }

    std::int64_t hour_of_twelve() const { return hour % 12 == 0 ? 12 : hour % 12; }
    std::string_view month_name() const { return months[static_cast<std::size_t>(month - 1)]; }
    std::string_view weekday_name() const { return weekdays[static_cast<std::size_t>(weekday)]; }
};

void append_padded(std::string& out, std::int64_t number, std::size_t width, char padding)
{
    const std::string digits = std::to_string(std::abs(number));
    if (number < 0) {
        out.push_back('-');
    }
    out.append(digits.size() < width ? width - digits.size() : 0, padding);
    out += digits;
}

void append_offset(std::string& out, int utc_offset, std::string_view colon)
{
    const int minutes = std::abs(utc_offset) / 60;
    out.push_back(utc_offset < 0 ? '-' : '+');
    append_padded(out, minutes / 60, 2, '0');
    out += colon;
    append_padded(out, minutes % 60, 2, '0');
}

void append_fraction(std::string& out, std::int64_t microsecond, std::size_t digits)
{
    std::string fraction;
    append_padded(fraction, microsecond, 6, '0');
    fraction.resize(digits, '0');
    out += fraction;
}

void append_directive(std::string& out, char directive, const Parts& parts, base::Time time, int utc_offset)
{
    switch (directive) {
    case 'Y': append_padded(out, parts.year, 4, '0'); return;
    case 'y': append_padded(out, parts.year % 100, 2, '0'); return;
    case 'm': append_padded(out, parts.month, 2, '0'); return;
    case 'd': append_padded(out, parts.day, 2, '0'); return;
    case 'e': append_padded(out, parts.day, 2, ' '); return;
    case 'H': append_padded(out, parts.hour, 2, '0'); return;
    case 'I': append_padded(out, parts.hour_of_twelve(), 2, '0'); return;
    case 'M': append_padded(out, parts.minute, 2, '0'); return;
    case 'S': append_padded(out, parts.second, 2, '0'); return;
    case 'f': append_fraction(out, parts.microsecond, 6); return;
    case 'L': append_fraction(out, parts.microsecond, 3); return;
    case 'p': out += parts.hour < 12 ? "AM" : "PM"; return;
    case 'j': append_padded(out, parts.day_of_year, 3, '0'); return;
    case 'u': append_padded(out, parts.weekday + 1, 1, '0'); return;
    case 'w': append_padded(out, (parts.weekday + 1) % 7, 1, '0'); return;
    case 'a': out += parts.weekday_name().substr(0, 3); return;
    case 'A': out += parts.weekday_name(); return;
    case 'b':
    case 'h': out += parts.month_name().substr(0, 3); return;
    case 'B': out += parts.month_name(); return;
    case 's': out += std::to_string(floor_divide(time, base::microseconds_per_second)); return;
    case 'z': append_offset(out, utc_offset, ""); return;
    case 'Z':
        if (utc_offset == 0) {
            out += "UTC";
        } else {
            append_offset(out, utc_offset, ":");
        }
        return;
    case 'F':
    case 'T':
    case 'R':
    case 'D': {
        const std::string_view whole = directive == 'F' ? "%Y-%m-%d"
            : directive == 'T'                          ? "%H:%M:%S"
            : directive == 'R'                          ? "%H:%M"
                                                        : "%m/%d/%y";
        out += format_date(time, whole, utc_offset);
        return;
    }
    case 'n': out.push_back('\n'); return;
    case 't': out.push_back('\t'); return;
    case '%': out.push_back('%'); return;
    default: out.push_back('%'); out.push_back(directive);
    }
}

// Cuts a Java pattern into runs of one letter and pieces of literal text.
struct Piece {
    char letter = 0;          // 0: literal text.
    std::size_t count = 0;
    std::string text;
};

bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

Piece next_piece(std::string_view& pattern)
{
    Piece piece;
    if (is_letter(pattern.front())) {
        piece.letter = pattern.front();
        while (piece.count < pattern.size() && pattern[piece.count] == piece.letter) {
            ++piece.count;
        }
        pattern.remove_prefix(piece.count);
        return piece;
    }
    if (pattern.front() != '\'') {
        piece.text = pattern.front();
        pattern.remove_prefix(1);
        return piece;
    }
    // Two quotes are one, inside quoted text and outside.
    std::size_t at = 1;
    while (at < pattern.size()) {
        if (pattern[at] == '\'') {
            if (at + 1 >= pattern.size() || pattern[at + 1] != '\'' || at == 1) {
                break;
            }
            ++at;
        }
        piece.text.push_back(pattern[at++]);
    }
    if (at == 1) {
        piece.text = "'";
    }
    pattern.remove_prefix(std::min(at + 1, pattern.size()));
    return piece;
}

void append_piece(std::string& out, const Piece& piece, const Parts& parts, int utc_offset)
{
    switch (piece.letter) {
    case 'y':
    case 'u':
        if (piece.count == 2) {
            append_padded(out, parts.year % 100, 2, '0');
        } else {
            append_padded(out, parts.year, piece.count, '0');
        }
        return;
    case 'M':
    case 'L':
        if (piece.count >= 3) {
            out += piece.count == 3 ? parts.month_name().substr(0, 3) : parts.month_name();
        } else {
            append_padded(out, parts.month, piece.count, '0');
        }
        return;
    case 'd': append_padded(out, parts.day, piece.count, '0'); return;
    case 'D': append_padded(out, parts.day_of_year, piece.count, '0'); return;
    case 'E': out += piece.count <= 3 ? parts.weekday_name().substr(0, 3) : parts.weekday_name(); return;
    case 'H': append_padded(out, parts.hour, piece.count, '0'); return;
    case 'h': append_padded(out, parts.hour_of_twelve(), piece.count, '0'); return;
    case 'm': append_padded(out, parts.minute, piece.count, '0'); return;
    case 's': append_padded(out, parts.second, piece.count, '0'); return;
    case 'S': append_fraction(out, parts.microsecond, piece.count); return;
    case 'a': out += parts.hour < 12 ? "AM" : "PM"; return;
    case 'z':
        if (utc_offset == 0) {
            out += "UTC";
        } else {
            append_offset(out, utc_offset, ":");
        }
        return;
    case 'Z': append_offset(out, utc_offset, ""); return;
    case 'X':
    case 'x':
        if (piece.letter == 'X' && utc_offset == 0) {
            out += "Z";
        } else {
            append_offset(out, utc_offset, piece.count >= 3 ? ":" : "");
        }
        return;
    default:
        if (piece.letter == 0) {
            out += piece.text;
        } else {
            out.append(piece.count, piece.letter);
        }
    }
}

// What parse_date has read so far.
struct Reading {
    std::string_view text;
    int utc_offset;
    std::int64_t year = 1970;
    std::int64_t month = 1;
    std::int64_t day = 1;
    std::int64_t hour = 0;
    std::int64_t minute = 0;
    std::int64_t second = 0;
    std::int64_t microsecond = 0;
    bool afternoon = false;
    bool of_twelve = false;

    bool read_number(std::size_t fewest, std::size_t most, std::int64_t& number)
    {
        std::size_t count = 0;
        number = 0;
        while (count < most && count < text.size() && text[count] >= '0' && text[count] <= '9') {
            number = number * 10 + (text[count] - '0');
            ++count;
        }
        text.remove_prefix(count);
        return count >= fewest && count > 0;
    }

    bool read_name(std::span<const std::string_view> names, std::int64_t& position)
    {
        for (std::size_t i = 0; i < names.size(); ++i) {
            for (const std::string_view name : {names[i], names[i].substr(0, 3)}) {
                if (text.size() >= name.size() && base::equal_ignoring_case(text.substr(0, name.size()), name)) {
                    text.remove_prefix(name.size());
                    position = static_cast<std::int64_t>(i);
                    return true;
                }
            }
        }
        return false;
    }

    bool read_zone()
    {
        std::size_t size = 0;
        while (size < text.size() && text[size] != ' ' && text[size] != ']' && text[size] != ')') {
            ++size;
        }
        for (; size > 0; --size) {
            if (const auto offset = parse_utc_offset(text.substr(0, size))) {
                utc_offset = *offset;
                text.remove_prefix(size);
                return true;
            }
        }
        return false;
    }

    bool read_fraction()
    {
        std::size_t count = 0;
        std::int64_t scale = base::microseconds_per_second;
        microsecond = 0;
        for (; count < text.size() && text[count] >= '0' && text[count] <= '9'; ++count) {
            scale /= 10;
            microsecond += (text[count] - '0') * scale;
        }
        text.remove_prefix(count);
        return count > 0;
    }

    bool read(const Piece& piece, bool digits_follow);
    std::optional<base::Time> time() const;
};

bool Reading::read(const Piece& piece, bool digits_follow)
{
    constexpr std::size_t free_width = 9;
    // Where digits follow at once ("yyyyMMdd"), a field ends after as many as the pattern has letters.
    const std::size_t most = digits_follow ? piece.count : std::max<std::size_t>(piece.count, 2);
    switch (piece.letter) {
    case 'y':
    case 'u':
        if (piece.count == 2) {
            const bool found = read_number(2, 2, year);
            year += year < 70 ? 2000 : 1900;
            return found;
        }
        return read_number(1, digits_follow ? piece.count : free_width, year);
    case 'M':
    case 'L':
        if (piece.count >= 3) {
            const bool found = read_name(months, month);
            ++month;
            return found;
        }
        return read_number(1, most, month);
    case 'd': return read_number(1, most, day);
    case 'E': {
        std::int64_t ignored = 0;
        return read_name(weekdays, ignored);
    }
    case 'H': return read_number(1, most, hour);
    case 'h': of_twelve = true; return read_number(1, most, hour);
    case 'm': return read_number(1, most, minute);
    case 's': return read_number(1, most, second);
    case 'S': return read_fraction();
    case 'a':
        if (text.size() < 2 || base::lower_ascii(text[1]) != 'm'
            || (base::lower_ascii(text[0]) != 'a' && base::lower_ascii(text[0]) != 'p')) {
            return false;
        }
        afternoon = base::lower_ascii(text[0]) == 'p';
        of_twelve = true;
        text.remove_prefix(2);
        return true;
    case 'z':
    case 'Z':
    case 'X':
    case 'x':
    case 'V': return read_zone();
    default:
        if (piece.letter != 0 || !text.starts_with(piece.text)) {
            return false;
        }
        text.remove_prefix(piece.text.size());
        return true;
    }
}

std::optional<base::Time> Reading::time() const
{
    constexpr std::int64_t last_year = 200'000;
    if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60
        || (of_twelve && hour > 12) || year > last_year) {
        return {};
    }
    const std::int64_t days
        = base::days_from_civil(static_cast<int>(year), static_cast<unsigned>(month), static_cast<unsigned>(day));
    const base::CivilDate same = base::civil_from_days(days);
    if (same.month != static_cast<unsigned>(month)) {
        return {};
    }
    const std::int64_t hours = of_twelve ? hour % 12 + (afternoon ? 12 : 0) : hour;
    const std::int64_t seconds = days * 86'400 + hours * 3600 + minute * 60 + second - utc_offset;
    return seconds * base::microseconds_per_second + microsecond;
}

} // namespace

std::optional<int> parse_utc_offset(std::string_view text)
{
    for (const std::string_view name : {"UTC", "GMT", "Etc/UTC", "Z"}) {
        if (base::equal_ignoring_case(text, name)) {
            return 0;
        }
        if (name.size() == 3 && text.size() > 3 && base::equal_ignoring_case(text.substr(0, 3), name)) {
            text.remove_prefix(3);
            break;
        }
    }
    if (text.empty() || (text.front() != '+' && text.front() != '-')) {
        return {};
    }
    const int sign = text.front() == '-' ? -1 : 1;
    std::string digits;
    for (const char c : text.substr(1)) {
        if (c >= '0' && c <= '9') {
            digits.push_back(c);
        } else if (c != ':' || digits.size() % 2 != 0) {
            return {};
        }
    }
    std::int64_t number = 0;
    if (digits.empty() || digits.size() > 4 || digits.size() == 3 || !base::parse_integer(digits, number)) {
        return {};
    }
    const std::int64_t hours = digits.size() == 4 ? number / 100 : number;
    const std::int64_t minutes = digits.size() == 4 ? number % 100 : 0;
    if (hours > 18 || minutes > 59) {
        return {};
    }
    return sign * static_cast<int>(hours * 3600 + minutes * 60);
}

std::string format_date(base::Time time, std::string_view pattern, int utc_offset)
{
    const Parts parts(time, utc_offset);
    std::string out;
    if (pattern.find('%') == std::string_view::npos) {
        while (!pattern.empty()) {
            append_piece(out, next_piece(pattern), parts, utc_offset);
        }
        return out;
    }
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '%' && i + 1 < pattern.size()) {
            append_directive(out, pattern[++i], parts, time, utc_offset);
        } else {
            out.push_back(pattern[i]);
        }
    }
    return out;
}

std::optional<base::Time> parse_date(std::string_view text, std::string_view pattern, int utc_offset)
{
    Reading reading {text, utc_offset};
    constexpr std::string_view number_letters = "yuMLdHhmsSD";
    while (!pattern.empty()) {
        const Piece piece = next_piece(pattern);
        const bool digits_follow = !pattern.empty() && number_letters.find(pattern.front()) != std::string_view::npos;
        if (!reading.read(piece, digits_follow)) {
            return {};
        }
    }
    return reading.text.empty() ? reading.time() : std::nullopt;
}

} // namespace trawl::query::functions
