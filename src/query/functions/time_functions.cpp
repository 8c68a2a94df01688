#include <array>
#include <cmath>

#include "query/functions/date_format.h"
#include "query/functions/function_table.h"
#include "query/functions/number.h"
#include "query/functions/period.h"

// Functions over times. A time is @timestamp, a number of milliseconds since 1970, or RFC 3339 text. Bins are in UTC:
// fixed units count from 1970, weeks begin on Monday, months, quarters and years by the calendar.
// As SQL: fixed bins by integer division of the epoch, calendar bins by date_trunc / toStartOfMonth …; to milliseconds
// by epoch_ms / toUnixTimestamp64Milli / to_unixtime; parseDate and formatDate by the dialect's own patterns, where one
// pattern can be written as another.
namespace trawl::query::functions {

using event::Value;

namespace {

enum class Rounding : std::uint8_t { down, up };

Value round_time(const Call& call, const Period& period, Rounding rounding)
{
    base::Time time = 0;
    if (!read_time(call.at(0), call.arena, time)) {
        return {};
    }
    return Value::time(rounding == Rounding::down ? period.floor(time) : period.ceil(time));
}

// A period written down once.
class Bin final : public Bound {
public:
    Bin(Period period, Rounding rounding) : period_(period), rounding_(rounding) {}
    Value call(const Call& call) const override { return round_time(call, period_, rounding_); }

private:
    Period period_;
    Rounding rounding_;
};

template <Rounding rounding> Value round_by(const Call& call)
{
    std::string_view text;
    if (!read_text(call.at(1), call.arena, text)) {
        return {};
    }
    const auto period = parse_period(text);
    return period ? round_time(call, *period, rounding) : Value();
}

template <Rounding rounding>
base::Result<std::unique_ptr<Bound>> bind_period(std::span<const std::optional<std::string>> constants)
{
    if (constants.size() < 2 || !constants[1]) {
        return std::unique_ptr<Bound>();
    }
    const auto period = parse_period(*constants[1]);
    if (!period) {
        return base::fail("query", "no period of time: " + *constants[1]);
    }
    return std::unique_ptr<Bound>(std::make_unique<Bin>(*period, rounding));
}

Value from_milliseconds(const Call& call)
{
    Number number;
    base::Time time = 0;
    if (!read_number(call.at(0), call.arena, number) || !read_time(call.at(0), call.arena, time)) {
        return {};
    }
    return Value::time(time);
}

Value in_milliseconds(base::Time time)
{
    return time % 1000 == 0 ? Value::integer(time / 1000) : Value::integer(time / 1000 - (time < 0 ? 1 : 0));
}

Value to_milliseconds(const Call& call)
{
    base::Time time = 0;
    return read_time(call.at(0), call.arena, time) ? in_milliseconds(time) : Value();
}

Value now(const Call& call)
{
    return Value::integer(call.surroundings.now / base::microseconds_per_second);
}

Value query_start(const Call& call)
{
    return call.surroundings.start == 0 ? Value() : in_milliseconds(call.surroundings.start);
}

Value query_end(const Call& call)
{
    return call.surroundings.end == 0 ? Value() : in_milliseconds(call.surroundings.end);
}

Value query_range(const Call& call)
{
    const Surroundings& query = call.surroundings;
    return query.start == 0 || query.end == 0 ? Value() : in_milliseconds(query.end - query.start);
}

bool read_zone(const Call& call, int& utc_offset)
{
    utc_offset = 0;
    if (call.arguments.size() < 3) {
        return true;
    }
    std::string_view zone;
    if (!read_text(call.at(2), call.arena, zone)) {
        return false;
    }
    const auto offset = parse_utc_offset(zone);
    utc_offset = offset.value_or(0);
    return offset.has_value();
}

// Refuses a zone that cannot be read before anything is run; a good one is read with each value.
base::Result<std::unique_ptr<Bound>> check_zone(std::span<const std::optional<std::string>> constants)
{
    if (constants.size() > 2 && constants[2] && !parse_utc_offset(*constants[2])) {
        return base::fail("query",
            "no time zone that is known here (write UTC or a distance from it, such as +02:00): " + *constants[2]);
    }
    return std::unique_ptr<Bound>();
}

Value parse_date_text(const Call& call)
{
    std::string_view text;
    std::string_view pattern;
    int utc_offset = 0;
    if (!read_text(call.at(0), call.arena, text) || !read_text(call.at(1), call.arena, pattern)
        || !read_zone(call, utc_offset)) {
        return {};
    }
    const auto time = parse_date(text, pattern, utc_offset);
    return time ? in_milliseconds(*time) : Value();
}

Value format_date_text(const Call& call)
{
    base::Time time = 0;
    std::string_view pattern;
    int utc_offset = 0;
    if (!read_time(call.at(0), call.arena, time) || !read_text(call.at(1), call.arena, pattern)
        || !read_zone(call, utc_offset)) {
        return {};
    }
    return Value::string(call.arena.copy(format_date(time, pattern, utc_offset)));
}

constexpr std::array<Function, 11> table {{
    {"bin", "The beginning of the bin of @timestamp that holds the event: bin(5m), bin(1mo).", 1, 1,
        "[\"2026-01-02T03:04:05Z\",\"5m\"]", "\"2026-01-02T03:00:00Z\"", round_by<Rounding::down>,
        bind_period<Rounding::down>, "@timestamp"},
    {"datefloor", "Rounds a time down to a period.", 2, 2, "[\"2026-01-02T03:04:05Z\",\"1w\"]",
        "\"2025-12-29T00:00:00Z\"", round_by<Rounding::down>, bind_period<Rounding::down>},
    {"dateceil", "Rounds a time up to a period.", 2, 2, "[\"2026-01-02T03:04:05Z\",\"1q\"]", "\"2026-04-01T00:00:00Z\"",
        round_by<Rounding::up>, bind_period<Rounding::up>},
    {"fromMillis", "The time that is so many milliseconds after 1970.", 1, 1, "[1500]", "\"1970-01-01T00:00:01.5Z\"",
        from_milliseconds},
    {"toMillis", "The milliseconds from 1970 to a time.", 1, 1, "[\"1970-01-01T00:00:01.5Z\"]", "1500",
        to_milliseconds},
    {"now", "The time at which the query began, in seconds since 1970.", 0, 0, "[]", "0", now},
    {"parseDate", "Reads a text by a Java pattern; gives milliseconds since 1970. A zone may follow.", 2, 3,
        "[\"02/Jan/2026:03:04:05\",\"dd/MMM/yyyy:HH:mm:ss\",\"+01:00\"]", "1767319445000", parse_date_text, check_zone},
    {"formatDate", "Writes a time by a pattern of strftime; a zone may follow. strftime is the same.", 2, 3,
        "[1767319445000,\"%d.%m.%Y %H:%M\",\"+01:00\"]", "\"02.01.2026 03:04\"", format_date_text, check_zone},
    {"queryStartTime", "The beginning of the time range of the query, in milliseconds; null when it is open.", 0, 0,
        "[]", "null", query_start},
    {"queryEndTime", "The end of the time range of the query, in milliseconds; null when it is open.", 0, 0, "[]",
        "null", query_end},
    {"queryTimeRange", "The length of the time range of the query, in milliseconds; null when it is open.", 0, 0, "[]",
        "null", query_range},
}};

} // namespace

std::span<const Function> time_functions()
{
    return table;
}

} // namespace trawl::query::functions
