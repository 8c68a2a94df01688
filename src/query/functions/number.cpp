#include "query/functions/number.h"

#include <cmath>
#include <limits>

#include "base/text.h"

namespace trawl::query::functions {

using event::Type;
using event::Value;

namespace {

bool parse(std::string_view text, Number& number)
{
    if (base::parse_integer(text, number.whole)) {
        number.is_whole = true;
        number.real = static_cast<double>(number.whole);
        return true;
    }
    number.is_whole = false;
    return base::parse_number(text, number.real);
}

} // namespace

Value Number::value() const
{
    if (is_whole) {
        return Value::integer(whole);
    }
    return std::isfinite(real) ? Value::real(real) : Value();
}

bool read_number(const Value& value, base::Arena& arena, Number& number)
{
    switch (value.type()) {
    case Type::integer: number = Number::of(value.as_integer()); return true;
    case Type::real: number = Number::of(value.as_real()); return true;
    case Type::number: return parse(value.raw(), number);
    case Type::string: return parse(value.has_escapes() ? value.text(arena) : value.raw(), number);
    case Type::time:
        number = value.as_time() % 1000 == 0 ? Number::of(value.as_time() / 1000)
                                             : Number::of(static_cast<double>(value.as_time()) / 1000);
        return true;
    default: return false;
    }
}

bool read_text(const Value& value, base::Arena& arena, std::string_view& text)
{
    if (value.is_absent() || value.is_container() || value.type() == Type::several) {
        return false;
    }
    text = value.text(arena);
    return true;
}

bool read_time(const Value& value, base::Arena& arena, base::Time& time)
{
    if (value.type() == Type::time) {
        time = value.as_time();
        return true;
    }
    Number number;
    if (read_number(value, arena, number)) {
        // Beyond this a time does not fit in microseconds.
        constexpr double most = static_cast<double>(std::numeric_limits<base::Time>::max()) / 1000;
        if (!(std::abs(number.real) < most)) {
            return false;
        }
        time = number.is_whole ? number.whole * 1000 : static_cast<base::Time>(std::llround(number.real * 1000));
        return true;
    }
    std::string_view text;
    if (!read_text(value, arena, text)) {
        return false;
    }
    const auto read = base::parse_time(text);
    time = read.value_or(0);
    return read.has_value();
}

bool is_true(const Value& value, base::Arena& arena)
{
    if (value.type() == Type::boolean) {
        return value.as_boolean();
    }
    Number number;
    if (read_number(value, arena, number)) {
        return number.real != 0;
    }
    return value.type() == Type::string && base::equal_ignoring_case(value.text(arena), "true");
}

} // namespace trawl::query::functions
