#include <array>
#include <cmath>
#include <numbers>

#include "query/functions/function_table.h"
#include "query/functions/number.h"

// Numeric functions. What is no number gives null, and so does a result that is not finite.
// As SQL: most have the same name in DuckDB, ClickHouse and Trino, over TRY_CAST / toFloat64OrNull of the text guarded
// by one regular expression for "is a number"; `log` is `ln` (DuckDB's log has base 10); toInt truncates (`trunc`).
namespace trawl::query::functions {

using event::Type;
using event::Value;

namespace {

Value apply(const Call& call, double (*function)(double))
{
    Number number;
    return read_number(call.at(0), call.arena, number) ? Number::of(function(number.real)).value() : Value();
}

Value whole_or_apply(const Call& call, double (*function)(double))
{
    Number number;
    if (!read_number(call.at(0), call.arena, number)) {
        return {};
    }
    if (number.is_whole) {
        return number.value();
    }
    const double result = function(number.real);
    constexpr double most = 9e18;
    return std::abs(result) < most ? Value::integer(static_cast<std::int64_t>(result)) : Number::of(result).value();
}

Value absolute(const Call& call)
{
    Number number;
    if (!read_number(call.at(0), call.arena, number)) {
        return {};
    }
    if (number.is_whole && number.whole != INT64_MIN) {
        return Value::integer(number.whole < 0 ? -number.whole : number.whole);
    }
    return Number::of(std::abs(number.real)).value();
}

Value ceiling(const Call& call)
{
    return whole_or_apply(call, std::ceil);
}

Value floor_of(const Call& call)
{
    return whole_or_apply(call, std::floor);
}

Value logarithm(const Call& call)
{
    return apply(call, std::log);
}

Value square_root(const Call& call)
{
    return apply(call, std::sqrt);
}

Value extreme(const Call& call, int direction)
{
    Number best;
    bool found = false;
    for (const Value& value : call.arguments) {
        Number number;
        if (!read_number(value, call.arena, number)) {
            continue;
        }
        if (!found || (direction > 0 ? number.real > best.real : number.real < best.real)) {
            best = number;
            found = true;
        }
    }
    return found ? best.value() : Value();
}

Value greatest(const Call& call)
{
    return extreme(call, 1);
}

Value least(const Call& call)
{
    return extreme(call, -1);
}

Value round_to(const Call& call)
{
    Number number;
    if (!read_number(call.at(0), call.arena, number)) {
        return {};
    }
    Number digits = Number::of(std::int64_t {0});
    if (call.arguments.size() > 1 && !read_number(call.at(1), call.arena, digits)) {
        return {};
    }
    if (number.is_whole && digits.real >= 0) {
        return number.value();
    }
    constexpr double most_digits = 15;
    if (std::abs(digits.real) > most_digits) {
        return digits.real > 0 ? number.value() : Value::integer(0);
    }
    const double scale = std::pow(10.0, std::trunc(digits.real));
    const double rounded = std::round(number.real * scale) / scale;
    if (digits.real <= 0 && std::abs(rounded) < 9e18) {
        return Value::integer(static_cast<std::int64_t>(rounded));
    }
    return Number::of(rounded).value();
}

// The great-circle distance on a sphere with the earth's mean radius.
Value haversine(const Call& call)
{
    constexpr double earth_radius_km = 6371.0088;
    std::array<double, 4> radians {};
    for (std::size_t i = 0; i < radians.size(); ++i) {
        Number degrees;
        if (!read_number(call.at(i), call.arena, degrees)) {
            return {};
        }
        radians[i] = degrees.real * std::numbers::pi / 180;
    }
    const auto [latitude1, longitude1, latitude2, longitude2] = radians;
    const double north = std::sin((latitude2 - latitude1) / 2);
    const double east = std::sin((longitude2 - longitude1) / 2);
    const double chord = north * north + std::cos(latitude1) * std::cos(latitude2) * east * east;
    return Number::of(2 * earth_radius_km * std::asin(std::min(1.0, std::sqrt(chord)))).value();
}

bool read_castable(const Call& call, Number& number)
{
    const Value value = call.at(0);
    if (value.type() == Type::boolean) {
        number = Number::of(std::int64_t {value.as_boolean() ? 1 : 0});
        return true;
    }
    return read_number(value, call.arena, number);
}

Value to_number(const Call& call)
{
    Number number;
    return read_castable(call, number) ? number.value() : Value();
}

Value to_whole(const Call& call)
{
    Number number;
    if (!read_castable(call, number)) {
        return {};
    }
    constexpr double most = 9.2e18;
    if (number.is_whole) {
        return number.value();
    }
    return std::abs(number.real) < most ? Value::integer(static_cast<std::int64_t>(number.real)) : Value();
}

Value to_double(const Call& call)
{
    Number number;
    return read_castable(call, number) ? Number::of(number.real).value() : Value();
}

constexpr std::array<Function, 13> table {{
    {"abs", "The absolute value of a number.", 1, 1, "[-3]", "3", absolute},
    {"ceil", "Rounds up to a whole number.", 1, 1, "[1.2]", "2", ceiling},
    {"floor", "Rounds down to a whole number.", 1, 1, "[-1.2]", "-2", floor_of},
    {"greatest", "The largest of the numbers; what is no number does not count.", 1, 32, "[3,\"10\",null]", "10",
        greatest},
    {"least", "The smallest of the numbers; what is no number does not count.", 1, 32, "[3,\"10\",null]", "3", least},
    {"log", "The natural logarithm.", 1, 1, "[1]", "0", logarithm},
    {"round", "Rounds half away from zero, to so many digits after the point.", 1, 2, "[2.456,2]", "2.46", round_to},
    {"sqrt", "The square root.", 1, 1, "[9]", "3", square_root},
    {"haversine", "The distance in kilometres of two points: latitude, longitude, latitude, longitude in degrees.", 4,
        4, "[0,0,0,0]", "0", haversine},
    {"toNumber", "Reads a text as a number; true is 1 and false 0.", 1, 1, "[\"4.5e1\"]", "45", to_number},
    {"toInt", "Reads a text as a whole number; a fraction is cut.", 1, 1, "[\"-7.9\"]", "-7", to_whole},
    {"toLong", "Reads a text as a whole number; a fraction is cut.", 1, 1, "[\"12345678901\"]", "12345678901",
        to_whole},
    {"toDouble", "Reads a text as a number with a fraction.", 1, 1, "[\"1.5\"]", "1.5", to_double},
}};

} // namespace

std::span<const Function> numeric_functions()
{
    return table;
}

} // namespace trawl::query::functions
