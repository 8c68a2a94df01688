#include "query/local/comparison.h"

#include <algorithm>

#include "base/text.h"
#include "query/functions/number.h"
#include "query/functions/period.h"

namespace trawl::query::local {

using event::Type;
using event::Value;
using functions::Number;
using plan::Comparison;

namespace {

bool holds(Comparison comparison, int order)
{
    switch (comparison) {
    case Comparison::equal: return order == 0;
    case Comparison::not_equal: return order != 0;
    case Comparison::less: return order < 0;
    case Comparison::less_equal: return order <= 0;
    case Comparison::greater: return order > 0;
    case Comparison::greater_equal: return order >= 0;
    }
    return false;
}

template <typename T> int order_of(const T& a, const T& b)
{
    return a < b ? -1 : (b < a ? 1 : 0);
}

bool is_comparable(const Value& value)
{
    return !value.is_absent() && !value.is_container() && value.type() != Type::several;
}

bool read_number(const Value& value, base::Arena& arena, double& number)
{
    if (value.type() == Type::boolean) {
        number = value.as_boolean() ? 1 : 0;
        return true;
    }
    Number read;
    if (!functions::read_number(value, arena, read)) {
        return false;
    }
    number = read.real;
    return true;
}

int compare_numbers(const Number& a, const Number& b)
{
    return a.is_whole && b.is_whole ? order_of(a.whole, b.whole) : order_of(a.real, b.real);
}

} // namespace

Constant Constant::of(const plan::Literal& literal)
{
    Constant constant;
    constant.type = literal.type;
    constant.boolean = literal.boolean;
    constant.text = literal.text;
    switch (literal.type) {
    case plan::Literal::Type::number: constant.number = literal.number; break;
    case plan::Literal::Type::string: {
        double number = 0;
        if (base::parse_number(literal.text, number)) {
            constant.number = number;
        }
        constant.time = base::parse_time(literal.text);
        break;
    }
    case plan::Literal::Type::duration: {
        const auto period = functions::parse_period(literal.text);
        if (period && !period->is_calendar()) {
            constant.number = static_cast<double>(period->microseconds) / 1000;
        }
        break;
    }
    case plan::Literal::Type::null:
    case plan::Literal::Type::boolean: break;
    }
    return constant;
}

bool compare(Comparison comparison, const Value& value, const Constant& constant, base::Arena& arena)
{
    const bool is_equality = comparison == Comparison::equal || comparison == Comparison::not_equal;
    if (is_equality && constant.type == plan::Literal::Type::string && value.type() == Type::string
        && !value.has_escapes()) [[likely]] {
        return (value.raw() == constant.text) == (comparison == Comparison::equal);
    }
    if (!is_comparable(value)) {
        return false;
    }
    switch (constant.type) {
    case plan::Literal::Type::null: return false;
    case plan::Literal::Type::number:
    case plan::Literal::Type::duration: {
        double number = 0;
        return constant.number && read_number(value, arena, number)
            && holds(comparison, order_of(number, *constant.number));
    }
    case plan::Literal::Type::boolean: {
        const bool is_boolean_text = value.type() == Type::string
            && (base::equal_ignoring_case(value.text(arena), "true")
                || base::equal_ignoring_case(value.text(arena), "false"));
        double number = 0;
        if (!is_boolean_text && !(read_number(value, arena, number) && (number == 0 || number == 1))) {
            return comparison == Comparison::not_equal;
        }
        return holds(comparison, order_of(functions::is_true(value, arena) ? 1 : 0, constant.boolean ? 1 : 0));
    }
    case plan::Literal::Type::string: break;
    }
    if (value.is_numeric() && constant.number) {
        double number = 0;
        return value.to_number(number) && holds(comparison, order_of(number, *constant.number));
    }
    if (value.type() == Type::time && constant.time) {
        return holds(comparison, order_of(value.as_time(), *constant.time));
    }
    return holds(comparison, value.text(arena).compare(constant.text));
}

bool compare(Comparison comparison, const Value& left, const Value& right, base::Arena& arena)
{
    if (!is_comparable(left) || !is_comparable(right)) {
        return false;
    }
    if (left.type() == Type::time && right.type() == Type::time) {
        return holds(comparison, order_of(left.as_time(), right.as_time()));
    }
    // Two texts are equal as texts, but "10" is more than "9".
    const bool is_equality = comparison == Comparison::equal || comparison == Comparison::not_equal;
    const bool are_texts = left.type() == Type::string && right.type() == Type::string;
    Number a;
    Number b;
    if (!(is_equality && are_texts) && functions::read_number(left, arena, a)
        && functions::read_number(right, arena, b)) {
        return holds(comparison, compare_numbers(a, b));
    }
    return holds(comparison, left.text(arena).compare(right.text(arena)));
}

Comparison mirrored(Comparison comparison)
{
    switch (comparison) {
    case Comparison::less: return Comparison::greater;
    case Comparison::less_equal: return Comparison::greater_equal;
    case Comparison::greater: return Comparison::less;
    case Comparison::greater_equal: return Comparison::less_equal;
    default: return comparison;
    }
}

ConstantSet::ConstantSet(const std::vector<Constant>& constants) : texts_(base::CaseRule::sensitive)
{
    for (const Constant& constant : constants) {
        if (constant.type == plan::Literal::Type::string && !constant.time) {
            texts_.add(constant.text);
            if (constant.number) {
                number_texts_.push_back(*constant.number);
            }
        } else if (constant.type == plan::Literal::Type::number) {
            numbers_.push_back(*constant.number);
        } else {
            others_.push_back(constant);
        }
    }
    std::ranges::sort(numbers_);
    std::ranges::sort(number_texts_);
}

bool ConstantSet::contains(const Value& value, base::Arena& arena) const
{
    if (!is_comparable(value)) {
        return false;
    }
    double number = 0;
    if (!numbers_.empty() && read_number(value, arena, number) && std::ranges::binary_search(numbers_, number)) {
        return true;
    }
    if (value.is_numeric() && value.to_number(number) && std::ranges::binary_search(number_texts_, number)) {
        return true;
    }
    if (!texts_.empty() && texts_.contains(value.text(arena))) {
        return true;
    }
    return std::ranges::any_of(
        others_, [&](const Constant& constant) { return compare(Comparison::equal, value, constant, arena); });
}

} // namespace trawl::query::local
