#include <cmath>

#include "event/json.h"
#include "query/functions/number.h"
#include "query/functions/period.h"
#include "query/local/node.h"

namespace trawl::query::local {

using event::Columns;
using event::Type;
using event::Value;
using functions::Number;
using plan::Arithmetic;
using plan::ExpressionKind;

namespace {

class Field final : public Node {
public:
    explicit Field(event::ColumnId column) : column_(column) {}
    Value evaluate(Columns& row) const override { return row.column(column_); }

private:
    event::ColumnId column_;
};

class Literal final : public Node {
public:
    explicit Literal(const plan::Literal& literal) : text_(literal.text)
    {
        switch (literal.type) {
        case plan::Literal::Type::null: value_ = Value::null(); break;
        case plan::Literal::Type::boolean: value_ = Value::boolean(literal.boolean); break;
        case plan::Literal::Type::string: value_ = Value::string(text_); break;
        case plan::Literal::Type::number: {
            const bool is_whole = std::floor(literal.number) == literal.number && std::abs(literal.number) < 1e15;
            value_ = is_whole ? Value::integer(static_cast<std::int64_t>(literal.number)) : Value::real(literal.number);
            break;
        }
        case plan::Literal::Type::duration: {
            // In arithmetic a duration counts milliseconds, as times do.
            const auto period = functions::parse_period(literal.text);
            if (period && !period->is_calendar()) {
                value_ = period->microseconds % 1000 == 0
                    ? Value::integer(period->microseconds / 1000)
                    : Value::real(static_cast<double>(period->microseconds) / 1000);
            }
            break;
        }
        }
    }
    Value evaluate(Columns&) const override { return value_; }

private:
    std::string text_;
    Value value_;
};

Number multiply(const Number& a, const Number& b)
{
    std::int64_t product = 0;
    if (a.is_whole && b.is_whole && !__builtin_mul_overflow(a.whole, b.whole, &product)) {
        return Number::of(product);
    }
    return Number::of(a.real * b.real);
}

// Whole numbers stay exact as long as the result is whole and fits.
Number calculate(Arithmetic arithmetic, const Number& a, const Number& b)
{
    const bool are_whole = a.is_whole && b.is_whole;
    std::int64_t whole = 0;
    switch (arithmetic) {
    case Arithmetic::add:
        return are_whole && !__builtin_add_overflow(a.whole, b.whole, &whole) ? Number::of(whole)
                                                                              : Number::of(a.real + b.real);
    case Arithmetic::subtract:
        return are_whole && !__builtin_sub_overflow(a.whole, b.whole, &whole) ? Number::of(whole)
                                                                              : Number::of(a.real - b.real);
    case Arithmetic::multiply: return multiply(a, b);
    case Arithmetic::divide:
        // -1 would overflow with the lowest number.
        if (are_whole && b.whole != 0 && b.whole != -1 && a.whole % b.whole == 0) {
            return Number::of(a.whole / b.whole);
        }
        return Number::of(a.real / b.real);
    case Arithmetic::remainder:
        if (are_whole && b.whole != 0) {
            return Number::of(b.whole == -1 ? std::int64_t {0} : a.whole % b.whole);
        }
        return Number::of(std::fmod(a.real, b.real));
    case Arithmetic::power: {
        const double power = std::pow(a.real, b.real);
        constexpr double exact = 9007199254740992.0; // 2^53
        if (are_whole && power == std::floor(power) && std::abs(power) < exact) {
            return Number::of(static_cast<std::int64_t>(power));
        }
        return Number::of(power);
    }
    }
    return Number::of(std::nan(""));
}

// What is no number, and a division by zero, give null.
class Calculation final : public Node {
public:
    Calculation(Arithmetic arithmetic, NodePointer left, NodePointer right)
        : arithmetic_(arithmetic), left_(std::move(left)), right_(std::move(right))
    {
    }
    Value evaluate(Columns& row) const override
    {
        Number left;
        Number right;
        const Value first = left_->evaluate(row);
        if (!functions::read_number(first, row.arena(), left)
            || !functions::read_number(right_->evaluate(row), row.arena(), right)) {
            return {};
        }
        return calculate(arithmetic_, left, right).value();
    }

private:
    Arithmetic arithmetic_;
    NodePointer left_;
    NodePointer right_;
};

class Minus final : public Node {
public:
    explicit Minus(NodePointer operand) : operand_(std::move(operand)) {}
    Value evaluate(Columns& row) const override
    {
        Number number;
        if (!functions::read_number(operand_->evaluate(row), row.arena(), number)) {
            return {};
        }
        return calculate(Arithmetic::subtract, Number::of(std::int64_t {0}), number).value();
    }

private:
    NodePointer operand_;
};

class Member final : public Node {
public:
    Member(NodePointer operand, std::string name, std::int64_t position)
        : operand_(std::move(operand)), name_({std::move(name)}), position_(position)
    {
    }
    Value evaluate(Columns& row) const override
    {
        const Value value = operand_->evaluate(row);
        if (position_ >= 0) {
            return value.type() == Type::array ? event::json::element(value.raw(), static_cast<std::size_t>(position_))
                                               : Value();
        }
        return value.is_container() ? event::follow(value, name_, 0, event::Reach::exact, row.arena()) : Value();
    }

private:
    NodePointer operand_;
    std::vector<std::string> name_;   // One part: follow() takes a path.
    std::int64_t position_;
};

} // namespace

base::Result<NodePointer> make_value(const plan::Expression& expression, Compiler& compiler)
{
    const std::size_t needed = expression.kind == ExpressionKind::arithmetic                    ? 2
        : expression.kind == ExpressionKind::minus || expression.kind == ExpressionKind::member ? 1
                                                                                                : 0;
    if (expression.operands.size() < needed) {
        return base::fail("query", "an operator lacks an operand");
    }
    switch (expression.kind) {
    case ExpressionKind::field:
        return NodePointer(std::make_unique<Field>(compiler.projection.add(expression.path, expression.reach)));
    case ExpressionKind::arithmetic: {
        TRY(auto left, compiler.compile(expression.operands[0]));
        TRY(auto right, compiler.compile(expression.operands[1]));
        return NodePointer(std::make_unique<Calculation>(expression.arithmetic, std::move(left), std::move(right)));
    }
    case ExpressionKind::minus: {
        TRY(auto operand, compiler.compile(expression.operands.front()));
        return NodePointer(std::make_unique<Minus>(std::move(operand)));
    }
    case ExpressionKind::member: {
        TRY(auto operand, compiler.compile(expression.operands.front()));
        return NodePointer(std::make_unique<Member>(std::move(operand), expression.text, expression.position));
    }
    default: return NodePointer(std::make_unique<Literal>(expression.literal));
    }
}

} // namespace trawl::query::local
