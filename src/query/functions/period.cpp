#include "query/functions/period.h"

#include <array>
#include <cmath>
#include <limits>

#include "base/text.h"

namespace trawl::query::functions {

namespace {

struct Unit {
    std::string_view name;
    base::Time microseconds;
    std::int64_t weeks;
    std::int64_t months;
};

constexpr base::Time second = base::microseconds_per_second;

constexpr std::array<Unit, 25> units {{
    {"ms", 1'000, 0, 0},
    {"msec", 1'000, 0, 0},
    {"millisecond", 1'000, 0, 0},
    {"s", second, 0, 0},
    {"sec", second, 0, 0},
    {"second", second, 0, 0},
    {"m", 60 * second, 0, 0},
    {"min", 60 * second, 0, 0},
    {"minute", 60 * second, 0, 0},
    {"h", 3600 * second, 0, 0},
    {"hr", 3600 * second, 0, 0},
    {"hour", 3600 * second, 0, 0},
    {"d", base::microseconds_per_day, 0, 0},
    {"day", base::microseconds_per_day, 0, 0},
    {"w", 0, 1, 0},
    {"week", 0, 1, 0},
    {"mo", 0, 0, 1},
    {"mon", 0, 0, 1},
    {"month", 0, 0, 1},
    {"q", 0, 0, 3},
    {"qtr", 0, 0, 3},
    {"quarter", 0, 0, 3},
    {"y", 0, 0, 12},
    {"yr", 0, 0, 12},
    {"year", 0, 0, 12},
}};

const Unit* find_unit(std::string_view name)
{
    for (const Unit& unit : units) {
        if (base::equal_ignoring_case(unit.name, name)) {
            return &unit;
        }
    }
    // Units longer than one letter may take an s.
    if (name.size() > 2 && base::lower_ascii(name.back()) == 's') {
        return find_unit(name.substr(0, name.size() - 1));
    }
    return nullptr;
}

std::int64_t floor_divide(std::int64_t a, std::int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

// 1970-01-05, a Monday.
constexpr std::int64_t first_monday = 4;

base::Time start_of_months(std::int64_t months)
{
    const std::int64_t year = floor_divide(months, 12);
    return base::days_from_civil(static_cast<int>(year), static_cast<unsigned>(months - year * 12 + 1), 1)
        * base::microseconds_per_day;
}

std::int64_t month_of(base::Time time)
{
    const base::CivilDate date = base::civil_from_days(floor_divide(time, base::microseconds_per_day));
    return std::int64_t {date.year} * 12 + date.month - 1;
}

} // namespace

base::Time Period::floor(base::Time time) const
{
    if (months > 0) {
        return start_of_months(floor_divide(month_of(time), months) * months);
    }
    if (weeks > 0) {
        const std::int64_t days = floor_divide(time, base::microseconds_per_day) - first_monday;
        return (floor_divide(days, weeks * 7) * weeks * 7 + first_monday) * base::microseconds_per_day;
    }
    return floor_divide(time, microseconds) * microseconds;
}

base::Time Period::ceil(base::Time time) const
{
    const base::Time start = floor(time);
    if (start == time) {
        return time;
    }
    if (months > 0) {
        return start_of_months(month_of(start) + months);
    }
    return start + (weeks > 0 ? weeks * 7 * base::microseconds_per_day : microseconds);
}

std::optional<Period> parse_period(std::string_view text)
{
    std::size_t digits = 0;
    while (digits < text.size() && ((text[digits] >= '0' && text[digits] <= '9') || text[digits] == '.')) {
        ++digits;
    }
    double count = 0;
    const Unit* const unit = find_unit(text.substr(digits));
    if (unit == nullptr || !base::parse_number(text.substr(0, digits), count) || !(count > 0)) {
        return {};
    }
    // Far beyond any time that there is, and safe to multiply with a day.
    constexpr double most = 1e9;
    if (unit->microseconds == 0) {
        if (count != std::floor(count) || count > 100'000) {
            return {};
        }
        const auto whole = static_cast<std::int64_t>(count);
        return Period {0, unit->weeks * whole, unit->months * whole};
    }
    const double length = count * static_cast<double>(unit->microseconds);
    if (count > most || length < 1 || length > static_cast<double>(std::numeric_limits<base::Time>::max()) / 4) {
        return {};
    }
    return Period {static_cast<base::Time>(std::llround(length)), 0, 0};
}

} // namespace trawl::query::functions
