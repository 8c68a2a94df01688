#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace trawl::base {

// Microseconds since 1970-01-01T00:00:00Z. Leap seconds do not exist.
using Time = std::int64_t;

constexpr Time microseconds_per_second = 1'000'000;
constexpr Time microseconds_per_day = 86'400 * microseconds_per_second;

// Reads RFC 3339 ("2026-01-02T03:04:05.678901Z", any offset), and the same with a blank instead of "T" or without
// zone (UTC), or a date alone. More than six digits of a fraction are cut.
std::optional<Time> parse_time(std::string_view text);

// Reads what C's ctime() writes, with what logs put into it: "Thu Jan  2 03:04:05 2026", "Thu Jan 02 03:04:05.678901 2026",
// "Fri Jan 02 03:04:05 UTC 2026". UTC is assumed where a zone's name is none of UTC and GMT.
std::optional<Time> parse_ctime(std::string_view text);

// The number of a month's first three letters in English, whatever their case; 0 for anything else.
unsigned month_number(std::string_view name);

// Whether the text is "2026-01-31T23:59:59Z" or "2026-01-31T23:59:59.123456Z", the form of nearly all times of AWS; then
// parse_time reads it. Cheaper than reading it. False tells nothing: days that not every month has are left out too.
bool is_common_time(std::string_view text);

// Reads a --from/--to argument: what parse_time reads, or "now", "now-7d", "now-90m" with units s m h d w.
std::optional<Time> parse_time_argument(std::string_view text, Time now);

// Reads a duration of the query language ("5m", "300s", "1h", "2weeks") in microseconds; calendar units are refused.
std::optional<Time> parse_fixed_duration(std::string_view text);

// Writes RFC 3339 in UTC with microseconds cut when zero: "2026-01-02T03:04:05Z".
std::string format_time(Time time);
void append_time(std::string& out, Time time);

// Days since 1970-01-01 of a proleptic Gregorian date, and back.
std::int64_t days_from_civil(int year, unsigned month, unsigned day);
struct CivilDate {
    int year;
    unsigned month;
    unsigned day;
};
CivilDate civil_from_days(std::int64_t days);

} // namespace trawl::base
