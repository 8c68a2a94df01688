#include <limits>
#include <string>

#include <doctest/doctest.h>

#include "base/time.h"

namespace base = trawl::base;

namespace {

std::string canonical(std::string_view text)
{
    const auto time = base::parse_time(text);
    return time ? base::format_time(*time) : "none";
}

constexpr base::Time second = base::microseconds_per_second;

} // namespace

TEST_CASE("Times of RFC 3339 and near it")
{
    CHECK(base::parse_time("1970-01-01T00:00:00Z") == 0);
    CHECK(base::parse_time("2026-01-02T03:04:05Z") == 1767323045 * second);
    CHECK(canonical("2026-01-02T03:04:05Z") == "2026-01-02T03:04:05Z");
    CHECK(canonical("2026-01-02t03:04:05z") == "2026-01-02T03:04:05Z");
    CHECK(canonical("2026-01-02 03:04:05") == "2026-01-02T03:04:05Z");
    CHECK(canonical("2026-01-02T03:04") == "2026-01-02T03:04:00Z");
    CHECK(canonical("2026-01-02") == "2026-01-02T00:00:00Z");
    CHECK(canonical("2026-01-02T03:04:05.678901Z") == "2026-01-02T03:04:05.678901Z");
    CHECK(canonical("2026-01-02T03:04:05.6789019Z") == "2026-01-02T03:04:05.678901Z");
    CHECK(canonical("2026-01-02T03:04:05.5") == "2026-01-02T03:04:05.5Z");
    CHECK(canonical("2026-01-02T03:04:05.000000001Z") == "2026-01-02T03:04:05Z");
    CHECK(canonical("2026-01-02T03:04:05+02:00") == "2026-01-02T01:04:05Z");
    CHECK(canonical("2026-01-01T00:30:00+0100") == "2025-12-31T23:30:00Z");
    CHECK(canonical("2026-01-02T03:04:05-05") == "2026-01-02T08:04:05Z");
    CHECK(canonical("2024-02-29T00:00:00Z") == "2024-02-29T00:00:00Z");
    CHECK(canonical("2000-02-29") == "2000-02-29T00:00:00Z");
    CHECK(canonical("2016-12-31T23:59:60Z") == "2017-01-01T00:00:00Z");
    CHECK(canonical("1969-12-31T23:59:59.999999Z") == "1969-12-31T23:59:59.999999Z");
    CHECK(canonical("0001-01-01T00:00:00Z") == "0001-01-01T00:00:00Z");
    CHECK(canonical("9999-12-31T23:59:59Z") == "9999-12-31T23:59:59Z");
}

TEST_CASE("What is no time")
{
    for (const char* text : {"", "2026", "2026-01", "2026-1-2", "26-01-02", "2026-13-01", "2026-00-01", "2026-02-29",
             "2100-02-29", "2026-04-31", "2026-01-00", "2026-01-02T", "2026-01-02T24:00:00Z", "2026-01-02T03:60:00Z",
             "2026-01-02T03:04:61Z", "2026-01-02T03:04:05.Z", "2026-01-02T03:04:05X", "2026-01-02T03:04:05ZZ",
             "2026-01-02T03:04:05+1", "2026-01-02T03:04:05+01:", "2026-01-02T03:04:05+01:0",
             "2026-01-02T03:04:05+24:00", "2026-01-02T03:04:05+01:60", "2026-01-02T03:04.5Z", " 2026-01-02",
             "2026-01-02 ", "2026/01/02", "-026-01-02", "2026-01-02T3:04:05Z", "1767323045", "2026-01-02T03:04:"}) {
        CHECK_MESSAGE(canonical(text) == "none", std::string(text));
    }
}

TEST_CASE("Days and dates agree over the centuries")
{
    CHECK(base::days_from_civil(1970, 1, 1) == 0);
    CHECK(base::days_from_civil(2000, 3, 1) == 11017);
    CHECK(base::days_from_civil(1969, 12, 31) == -1);
    std::int64_t expected = base::days_from_civil(-401, 1, 1);
    for (std::int64_t days = expected; days < base::days_from_civil(2801, 1, 1); ++days) {
        const base::CivilDate date = base::civil_from_days(days);
        if (base::days_from_civil(date.year, date.month, date.day) != days || date.month < 1 || date.month > 12) {
            FAIL("day " << days);
        }
    }
}

TEST_CASE("Every time can be written")
{
    CHECK(base::format_time(std::numeric_limits<base::Time>::max()) == "294247-01-10T04:00:54.775807Z");
    CHECK(base::format_time(std::numeric_limits<base::Time>::min()) == "-290308-12-21T19:59:05.224192Z");
    CHECK(base::format_time(-1) == "1969-12-31T23:59:59.999999Z");
}

TEST_CASE("Durations of fixed length")
{
    CHECK(base::parse_fixed_duration("5m") == 300 * second);
    CHECK(base::parse_fixed_duration("300s") == 300 * second);
    CHECK(base::parse_fixed_duration("1h") == 3600 * second);
    CHECK(base::parse_fixed_duration("1.5h") == 5400 * second);
    CHECK(base::parse_fixed_duration("2weeks") == 14 * base::microseconds_per_day);
    CHECK(base::parse_fixed_duration("3D") == 3 * base::microseconds_per_day);
    CHECK(base::parse_fixed_duration("10ms") == 10'000);
    CHECK(base::parse_fixed_duration("10msec") == 10'000);
    CHECK(base::parse_fixed_duration("2milliseconds") == 2'000);
    CHECK(base::parse_fixed_duration("90mins") == 5400 * second);
    CHECK(base::parse_fixed_duration("2hrs") == 7200 * second);
    CHECK(base::parse_fixed_duration("0s") == 0);
    for (const char* text : {"", "5", "m", "-5m", "+5m", "5 m", "5mo", "1month", "1q", "1y", "5ss", "1e3s", ".5h",
             "5.m", "1.2.3s", "9999999999999999999w", "5x", "5m ", "ms"}) {
        CHECK_MESSAGE(!base::parse_fixed_duration(text), std::string(text));
    }
}

TEST_CASE("Arguments may count from now")
{
    const base::Time now = 1767323045 * second;
    CHECK(base::parse_time_argument("now", now) == now);
    CHECK(base::parse_time_argument("now-7d", now) == now - 7 * base::microseconds_per_day);
    CHECK(base::parse_time_argument("now-90m", now) == now - 5400 * second);
    CHECK(base::parse_time_argument("now+1h", now) == now + 3600 * second);
    CHECK(base::parse_time_argument("2026-01-02", now) == base::parse_time("2026-01-02"));
    for (const char* text : {"", "Now", "now-", "now 7d", "now-7", "now--7d", "now-1month", "yesterday"}) {
        CHECK_MESSAGE(!base::parse_time_argument(text, now), std::string(text));
    }
}

TEST_CASE("What is told to have the common form can be read, and usual times have it")
{
    for (const char* const text : {"2026-01-31T23:59:59Z", "2026-01-02T03:04:05.1Z", "2026-12-28T00:00:00.123456Z"}) {
        if (std::string_view(text).substr(8, 2) != "31") {
            CHECK(base::is_common_time(text));
        }
        // Every byte is replaced by what could stand there and what could not.
        for (std::size_t at = 0; at < std::string_view(text).size(); ++at) {
            for (const char c : std::string_view("0123459:-T.Z /a")) {
                std::string changed = text;
                changed[at] = c;
                if (base::is_common_time(changed)) {
                    CHECK_MESSAGE(base::parse_time(changed).has_value(), changed);
                }
            }
        }
    }
    for (const char* const text : {"2026-01-02T03:04:05", "2026-01-02T03:04:05.Z", "2026-01-02T03:04:05.1234567Z",
             "2026-02-30T03:04:05Z", "2026-00-02T03:04:05Z", "2026-01-02T24:04:05Z", ""}) {
        CHECK_FALSE(base::is_common_time(text));
    }
}
