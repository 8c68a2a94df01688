#include "base/time.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/ascii_words.h"
#include "base/text.h"

namespace trawl::base {

namespace {

bool read_digits(std::string_view text, std::size_t at, std::size_t count, int& value)
{
    if (at + count > text.size()) {
        return false;
    }
    value = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        value = value * 10 + (text[i] - '0');
    }
    return true;
}

unsigned days_in_month(int year, int month)
{
    constexpr unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

// Reads "Z", "+01:00", "-0500" or nothing at `at` up to the end, as an offset in seconds.
std::optional<int> read_zone(std::string_view text)
{
    if (text.empty() || text == "Z" || text == "z") {
        return 0;
    }
    if (text[0] != '+' && text[0] != '-') {
        return std::nullopt;
    }
    int hours = 0;
    int minutes = 0;
    if (!read_digits(text, 1, 2, hours)) {
        return std::nullopt;
    }
    const std::size_t minutes_at = text.size() > 3 && text[3] == ':' ? 4 : 3;
    if (text.size() > 3 && (!read_digits(text, minutes_at, 2, minutes) || text.size() != minutes_at + 2)) {
        return std::nullopt;
    }
    if (hours > 23 || minutes > 59) {
        return std::nullopt;
    }
    const int offset = hours * 3600 + minutes * 60;
    return text[0] == '-' ? -offset : offset;
}

// Reads "2026-01-31T23:59:59Z" and "2026-01-31T23:59:59.123456Z", the form of nearly all times of AWS. Nothing for any
// other form.
std::optional<Time> parse_common_form(std::string_view text)
{
    constexpr std::size_t least_size = 20;
    constexpr std::size_t most_size = 27;
    if (text.size() < least_size || text.size() > most_size || text[10] != 'T' || text.back() != 'Z' || text[4] != '-'
        || text[7] != '-' || text[13] != ':' || text[16] != ':') {
        return std::nullopt;
    }
    Time fraction = 0;
    if (text.size() > least_size) {
        if (text[19] != '.' || text.size() == least_size + 1) {
            return std::nullopt;
        }
        Time unit = microseconds_per_second / 10;
        for (const char c : text.substr(least_size, text.size() - least_size - 1)) {
            if (c < '0' || c > '9') {
                return std::nullopt;
            }
            fraction += unit * (c - '0');
            unit /= 10;
        }
    }
    unsigned beyond = 0;
    const auto pair = [&text, &beyond](std::size_t at) {
        const unsigned tens = static_cast<unsigned char>(text[at]) - static_cast<unsigned>('0');
        const unsigned ones = static_cast<unsigned char>(text[at + 1]) - static_cast<unsigned>('0');
        beyond |= (tens > 9 ? 1U : 0U) | (ones > 9 ? 1U : 0U);
        return tens * 10 + ones;
    };
    const unsigned year = pair(0) * 100 + pair(2);
    const unsigned month = pair(5);
    const unsigned day = pair(8);
    const unsigned hour = pair(11);
    const unsigned minute = pair(14);
    const unsigned second = pair(17);
    // Days that not every month has are left to the thorough reader.
    if (beyond != 0 || month - 1 > 11 || day - 1 > 27 || hour > 23 || minute > 59 || second > 59) {
        return std::nullopt;
    }
    const Time seconds = days_from_civil(static_cast<int>(year), month, day) * 86'400
        + static_cast<Time>(hour * 3600 + minute * 60 + second);
    return seconds * microseconds_per_second + fraction;
}

} // namespace

unsigned month_number(std::string_view name)
{
    constexpr std::array<std::string_view, 12> months {
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
    const auto found = std::find_if(
        months.begin(), months.end(), [name](std::string_view month) { return equal_ignoring_case(month, name); });
    return found == months.end() ? 0 : static_cast<unsigned>(found - months.begin()) + 1;
}

std::optional<Time> parse_ctime(std::string_view text)
{
    std::array<std::string_view, 6> words;
    std::size_t count = 0;
    for (const std::string_view word : split(trim(text), ' ')) {
        if (word.empty()) {
            continue;
        }
        if (count == words.size()) {
            return std::nullopt;
        }
        words[count++] = word;
    }
    constexpr std::size_t without_zone = 5;
    if (count < without_zone || words[0].size() != 3 || words[count - 1].size() != 4 || words[2].size() > 2) {
        return std::nullopt;
    }
    const unsigned month = month_number(words[1]);
    if (month == 0) {
        return std::nullopt;
    }
    std::string written(words[count - 1]);
    written += month < 10 ? "-0" : "-";
    written += std::to_string(month);
    written += words[2].size() < 2 ? "-0" : "-";
    written += words[2];
    written += ' ';
    written += words[3];
    return parse_time(written);
}

bool is_common_time(std::string_view text)
{
    // What each byte may exceed that of the zero time by.
    constexpr std::string_view zero = "0000-00-00T00:00";
    constexpr std::array<unsigned char, zero.size()> most = {9, 9, 9, 9, 0, 1, 9, 0, 2, 9, 0, 2, 9, 0, 5, 9};
    constexpr std::size_t least_size = 20;
    constexpr std::size_t most_size = 27;
    if (text.size() < least_size || text.size() > most_size || text[16] != ':' || text.back() != 'Z') {
        return false;
    }
    unsigned beyond = 0;
    for (std::size_t i = 0; i < zero.size(); ++i) {
        const auto digit = static_cast<unsigned char>(text[i] - zero[i]);
        beyond |= digit > most[i] ? 1U : 0U;
    }
    const auto pair = [&text](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
    const int month = pair(5);
    const int day = pair(8);
    beyond |= month < 1 || month > 12 || day < 1 || day > 28 || pair(11) > 23 ? 1U : 0U;
    beyond
        |= static_cast<unsigned char>(text[17] - '0') > 5 || static_cast<unsigned char>(text[18] - '0') > 9 ? 1U : 0U;
    if (beyond != 0 || text.size() == least_size) {
        return beyond == 0;
    }
    return text[19] == '.' && text.size() > least_size + 1
        && is_digits(text.substr(least_size, text.size() - least_size - 1));
}

// Follows "chrono-Compatible Low-Level Date Algorithms" (days_from_civil, civil_from_days).
std::int64_t days_from_civil(int year, unsigned month, unsigned day)
{
    const std::int64_t y = static_cast<std::int64_t>(year) - (month <= 2 ? 1 : 0);
    const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
    const auto year_of_era = static_cast<unsigned>(y - era * 400);
    const unsigned day_of_year = (153 * (month + (month > 2 ? -3U : 9U)) + 2) / 5 + day - 1;
    const unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + static_cast<std::int64_t>(day_of_era) - 719468;
}

CivilDate civil_from_days(std::int64_t days)
{
    const std::int64_t shifted = days + 719468;
    const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    const auto day_of_era = static_cast<unsigned>(shifted - era * 146097);
    const unsigned year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const unsigned shifted_month = (5 * day_of_year + 2) / 153;
    const unsigned day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    const unsigned month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    const auto year = static_cast<int>(static_cast<std::int64_t>(year_of_era) + era * 400 + (month <= 2 ? 1 : 0));
    return {year, month, day};
}

std::optional<Time> parse_time(std::string_view text)
{
    if (const auto time = parse_common_form(text)) {
        return time;
    }
    int year = 0;
    int month = 0;
    int day = 0;
    if (!read_digits(text, 0, 4, year) || text.size() < 10 || text[4] != '-' || text[7] != '-'
        || !read_digits(text, 5, 2, month) || !read_digits(text, 8, 2, day)) {
        return std::nullopt;
    }
    if (month < 1 || month > 12 || day < 1 || static_cast<unsigned>(day) > days_in_month(year, month)) {
        return std::nullopt;
    }
    const Time midnight
        = days_from_civil(year, static_cast<unsigned>(month), static_cast<unsigned>(day)) * microseconds_per_day;
    if (text.size() == 10) {
        return midnight;
    }
    int hour = 0;
    int minute = 0;
    int second = 0;
    if ((text[10] != 'T' && text[10] != 't' && text[10] != ' ') || !read_digits(text, 11, 2, hour) || text.size() < 16
        || text[13] != ':' || !read_digits(text, 14, 2, minute)) {
        return std::nullopt;
    }
    std::size_t at = 16;
    const bool has_seconds = at < text.size() && text[at] == ':';
    if (has_seconds) {
        if (!read_digits(text, 17, 2, second)) {
            return std::nullopt;
        }
        at = 19;
    }
    if (hour > 23 || minute > 59 || second > 60) {
        return std::nullopt;
    }
    Time fraction = 0;
    if (has_seconds && at < text.size() && (text[at] == '.' || text[at] == ',')) {
        ++at;
        Time unit = microseconds_per_second / 10;
        const std::size_t first = at;
        while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
            fraction += unit * (text[at] - '0');
            unit /= 10;
            ++at;
        }
        if (at == first) {
            return std::nullopt;
        }
    }
    const auto zone = read_zone(text.substr(at));
    if (!zone) {
        return std::nullopt;
    }
    const Time seconds = hour * 3600 + minute * 60 + second - *zone;
    return midnight + seconds * microseconds_per_second + fraction;
}

std::optional<Time> parse_fixed_duration(std::string_view text)
{
    std::size_t digits = 0;
    while (digits < text.size() && ((text[digits] >= '0' && text[digits] <= '9') || text[digits] == '.')) {
        ++digits;
    }
    double amount = 0;
    if (digits == 0 || !parse_number(text.substr(0, digits), amount)) {
        return std::nullopt;
    }
    std::string unit = to_lower_ascii(text.substr(digits));
    if (unit.size() > 2 && unit.back() == 's' && unit != "ms") {
        unit.pop_back();
    }
    struct Unit {
        std::string_view name;
        Time length;
    };
    constexpr Time second = microseconds_per_second;
    constexpr Unit units[]
        = {{"ms", second / 1000}, {"msec", second / 1000}, {"millisecond", second / 1000}, {"s", second},
            {"sec", second}, {"second", second}, {"m", 60 * second}, {"min", 60 * second}, {"minute", 60 * second},
            {"h", 3600 * second}, {"hr", 3600 * second}, {"hour", 3600 * second}, {"d", 86400 * second},
            {"day", 86400 * second}, {"w", 7 * microseconds_per_day}, {"week", 7 * microseconds_per_day}};
    for (const Unit& known : units) {
        if (unit == known.name) {
            const double length = amount * static_cast<double>(known.length);
            if (length > 9e18) {
                return std::nullopt;
            }
            return static_cast<Time>(length);
        }
    }
    return std::nullopt;
}

std::optional<Time> parse_time_argument(std::string_view text, Time now)
{
    if (text == "now") {
        return now;
    }
    if (text.starts_with("now-") || text.starts_with("now+")) {
        const auto length = parse_fixed_duration(text.substr(4));
        if (!length) {
            return std::nullopt;
        }
        return text[3] == '-' ? now - *length : now + *length;
    }
    return parse_time(text);
}

void append_time(std::string& out, Time time)
{
    std::int64_t days = time / microseconds_per_day;
    Time rest = time % microseconds_per_day;
    if (rest < 0) {
        rest += microseconds_per_day;
        --days;
    }
    const CivilDate date = civil_from_days(days);
    const auto second_of_day = static_cast<unsigned>(rest / microseconds_per_second);
    auto fraction = static_cast<unsigned>(rest % microseconds_per_second);
    const auto put = [&out](unsigned value, int width) {
        char digits[10];
        for (int i = width - 1; i >= 0; --i) {
            digits[i] = static_cast<char>('0' + value % 10);
            value /= 10;
        }
        out.append(digits, static_cast<std::size_t>(width));
    };
    if (date.year < 0) {
        out.push_back('-');
    }
    const auto year = static_cast<unsigned>(date.year < 0 ? -date.year : date.year);
    put(year, year > 9999 ? 6 : 4);
    out.push_back('-');
    put(date.month, 2);
    out.push_back('-');
    put(date.day, 2);
    out.push_back('T');
    put(second_of_day / 3600, 2);
    out.push_back(':');
    put(second_of_day / 60 % 60, 2);
    out.push_back(':');
    put(second_of_day % 60, 2);
    if (fraction != 0) {
        int width = 6;
        while (fraction % 10 == 0) {
            fraction /= 10;
            --width;
        }
        out.push_back('.');
        put(fraction, width);
    }
    out.push_back('Z');
}

std::string format_time(Time time)
{
    std::string out;
    append_time(out, time);
    return out;
}

} // namespace trawl::base
