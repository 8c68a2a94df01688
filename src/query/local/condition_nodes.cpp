#include <algorithm>

#include "base/regex.h"
#include "query/local/comparison.h"
#include "query/local/node.h"

// Conditions of `filter`: two-valued, so that `not` of a comparison on a missing field is true (LANGUAGE 1.5).
namespace trawl::query::local {

using event::Columns;
using event::Value;
using plan::ExpressionKind;

namespace {

class Negation final : public Condition {
public:
    explicit Negation(NodePointer operand) : operand_(std::move(operand)) {}
    bool test(Columns& row) const override { return !operand_->test(row); }

private:
    NodePointer operand_;
};

class Conjunction final : public Condition {
public:
    explicit Conjunction(std::vector<NodePointer> operands) : operands_(std::move(operands)) {}
    bool test(Columns& row) const override
    {
        return std::ranges::all_of(operands_, [&row](const NodePointer& operand) { return operand->test(row); });
    }

private:
    std::vector<NodePointer> operands_;
};

class Disjunction final : public Condition {
public:
    explicit Disjunction(std::vector<NodePointer> operands) : operands_(std::move(operands)) {}
    bool test(Columns& row) const override
    {
        return std::ranges::any_of(operands_, [&row](const NodePointer& operand) { return operand->test(row); });
    }

private:
    std::vector<NodePointer> operands_;
};

class Always final : public Condition {
public:
    explicit Always(bool answer) : answer_(answer) {}
    bool test(Columns&) const override { return answer_; }

private:
    bool answer_;
};

class ConstantComparison final : public Condition {
public:
    ConstantComparison(NodePointer operand, plan::Comparison comparison, Constant constant)
        : operand_(std::move(operand)), comparison_(comparison), constant_(std::move(constant))
    {
    }
    bool test(Columns& row) const override
    {
        return compare(comparison_, operand_->evaluate(row), constant_, row.arena());
    }

private:
    NodePointer operand_;
    plan::Comparison comparison_;
    Constant constant_;
};

class ValueComparison final : public Condition {
public:
    ValueComparison(NodePointer left, plan::Comparison comparison, NodePointer right)
        : left_(std::move(left)), comparison_(comparison), right_(std::move(right))
    {
    }
    bool test(Columns& row) const override
    {
        const Value left = left_->evaluate(row);
        return compare(comparison_, left, right_->evaluate(row), row.arena());
    }

private:
    NodePointer left_;
    plan::Comparison comparison_;
    NodePointer right_;
};

// `in` of literals, and of other expressions beside them.
class InList final : public Condition {
public:
    InList(NodePointer operand, const std::vector<Constant>& constants, std::vector<NodePointer> others)
        : operand_(std::move(operand)), constants_(constants), others_(std::move(others))
    {
    }
    bool test(Columns& row) const override
    {
        const Value value = operand_->evaluate(row);
        if (constants_.contains(value, row.arena())) {
            return true;
        }
        return std::ranges::any_of(others_, [&](const NodePointer& other) {
            return compare(plan::Comparison::equal, value, other->evaluate(row), row.arena());
        });
    }

private:
    NodePointer operand_;
    ConstantSet constants_;
    std::vector<NodePointer> others_;
};

class Like final : public Condition {
public:
    Like(NodePointer operand, NodePointer wanted) : operand_(std::move(operand)), wanted_(std::move(wanted)) {}
    bool test(Columns& row) const override
    {
        std::string_view text;
        std::string_view wanted;
        const Value value = operand_->evaluate(row);
        return functions::read_text(value, row.arena(), text)
            && functions::read_text(wanted_->evaluate(row), row.arena(), wanted)
            && text.find(wanted) != std::string_view::npos;
    }

private:
    NodePointer operand_;
    NodePointer wanted_;
};

class RegexSearch final : public Condition {
public:
    RegexSearch(NodePointer operand, base::Regex regex) : operand_(std::move(operand)), regex_(std::move(regex)) {}
    bool test(Columns& row) const override
    {
        std::string_view text;
        return functions::read_text(operand_->evaluate(row), row.arena(), text) && regex_.search(text);
    }

private:
    NodePointer operand_;
    base::Regex regex_;
};

bool is_literal(const plan::Expression& expression)
{
    return expression.kind == ExpressionKind::literal;
}

// Reads `-5` as a literal too.
bool is_constant(const plan::Expression& expression, Constant& constant)
{
    if (is_literal(expression)) {
        constant = Constant::of(expression.literal);
        return true;
    }
    if (expression.kind == ExpressionKind::minus && expression.operands.size() == 1
        && is_literal(expression.operands.front())
        && expression.operands.front().literal.type == plan::Literal::Type::number) {
        plan::Literal literal = expression.operands.front().literal;
        literal.number = -literal.number;
        literal.text = "-" + literal.text;
        constant = Constant::of(literal);
        return true;
    }
    return false;
}

base::Result<NodePointer> make_comparison(const plan::Expression& expression, Compiler& compiler)
{
    const plan::Expression& left = expression.operands[0];
    const plan::Expression& right = expression.operands[1];
    Constant constant;
    if (is_constant(right, constant)) {
        TRY(auto operand, compiler.compile(left));
        return NodePointer(
            std::make_unique<ConstantComparison>(std::move(operand), expression.comparison, std::move(constant)));
    }
    if (is_constant(left, constant)) {
        TRY(auto operand, compiler.compile(right));
        return NodePointer(std::make_unique<ConstantComparison>(
            std::move(operand), mirrored(expression.comparison), std::move(constant)));
    }
    TRY(auto first, compiler.compile(left));
    TRY(auto second, compiler.compile(right));
    return NodePointer(std::make_unique<ValueComparison>(std::move(first), expression.comparison, std::move(second)));
}

base::Result<NodePointer> make_in_list(const plan::Expression& expression, Compiler& compiler)
{
    TRY(auto operand, compiler.compile(expression.operands.front()));
    std::vector<Constant> constants;
    std::vector<NodePointer> others;
    for (std::size_t i = 1; i < expression.operands.size(); ++i) {
        Constant constant;
        if (is_constant(expression.operands[i], constant)) {
            constants.push_back(std::move(constant));
            continue;
        }
        TRY(auto other, compiler.compile(expression.operands[i]));
        others.push_back(std::move(other));
    }
    return NodePointer(std::make_unique<InList>(std::move(operand), constants, std::move(others)));
}

std::size_t operands_needed(ExpressionKind kind)
{
    switch (kind) {
    case ExpressionKind::comparison:
    case ExpressionKind::like: return 2;
    case ExpressionKind::negation:
    case ExpressionKind::in_list:
    case ExpressionKind::regex: return 1;
    default: return 0;
    }
}

} // namespace

base::Result<NodePointer> make_condition(const plan::Expression& expression, Compiler& compiler)
{
    if (expression.operands.size() < operands_needed(expression.kind)) {
        return base::fail("query", "a condition lacks an operand");
    }
    switch (expression.kind) {
    case ExpressionKind::negation: {
        TRY(auto operand, compiler.compile(expression.operands.front()));
        return NodePointer(std::make_unique<Negation>(std::move(operand)));
    }
    case ExpressionKind::conjunction: {
        TRY(auto operands, compiler.compile_all(expression.operands));
        return NodePointer(std::make_unique<Conjunction>(std::move(operands)));
    }
    case ExpressionKind::disjunction: {
        TRY(auto operands, compiler.compile_all(expression.operands));
        return NodePointer(std::make_unique<Disjunction>(std::move(operands)));
    }
    case ExpressionKind::comparison: return make_comparison(expression, compiler);
    case ExpressionKind::in_list: return make_in_list(expression, compiler);
    case ExpressionKind::like: {
        TRY(auto operand, compiler.compile(expression.operands[0]));
        TRY(auto wanted, compiler.compile(expression.operands[1]));
        return NodePointer(std::make_unique<Like>(std::move(operand), std::move(wanted)));
    }
    case ExpressionKind::regex: {
        TRY(auto operand, compiler.compile(expression.operands.front()));
        TRY(auto regex, base::Regex::create(expression.text));
        return NodePointer(std::make_unique<RegexSearch>(std::move(operand), std::move(regex)));
    }
    default: return NodePointer(std::make_unique<Always>(expression.literal.boolean));
    }
}

} // namespace trawl::query::local
