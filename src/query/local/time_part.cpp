#include "query/local/time_part.h"

namespace trawl::query::local {

namespace {

std::int64_t floor_divide(std::int64_t a, std::int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

// The week holds the year's Thursday that it belongs to.
std::int64_t iso_week(std::int64_t days)
{
    // 1970-01-01 was a Thursday.
    const std::int64_t weekday = ((days + 3) % 7 + 7) % 7;
    const std::int64_t thursday = days - weekday + 3;
    const base::CivilDate date = base::civil_from_days(thursday);
    return (thursday - base::days_from_civil(date.year, 1, 1)) / 7 + 1;
}

} // namespace

std::optional<TimePart> time_part_named(std::string_view name)
{
    if (name == "minute") {
        return TimePart::minute;
    }
    if (name == "hour") {
        return TimePart::hour;
    }
    if (name == "day") {
        return TimePart::day;
    }
    if (name == "week") {
        return TimePart::week;
    }
    if (name == "month") {
        return TimePart::month;
    }
    if (name == "year") {
        return TimePart::year;
    }
    return {};
}

std::int64_t part_of(base::Time time, TimePart part)
{
    const std::int64_t days = floor_divide(time, base::microseconds_per_day);
    const std::int64_t seconds = (time - days * base::microseconds_per_day) / base::microseconds_per_second;
    switch (part) {
    case TimePart::minute: return seconds / 60 % 60;
    case TimePart::hour: return seconds / 3600;
    case TimePart::day: return base::civil_from_days(days).day;
    case TimePart::week: return iso_week(days);
    case TimePart::month: return base::civil_from_days(days).month;
    case TimePart::year: return base::civil_from_days(days).year;
    }
    return 0;
}

} // namespace trawl::query::local
