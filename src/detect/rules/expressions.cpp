#include "detect/rules/expressions.h"

#include <iterator>
#include <utility>

namespace trawl::detect::rules {

using query::plan::Expression;
using query::plan::ExpressionKind;
using query::plan::Test;

namespace {

bool takes_several_values(Test test)
{
    switch (test) {
    case Test::text:
    case Test::contains:
    case Test::starts_with:
    case Test::ends_with:
    case Test::regex:
    case Test::number_equal:
    case Test::cidr:
    case Test::time_part: return true;
    default: return false;
    }
}

// Whether the two tests are one but for their values.
bool can_join(const Expression& a, const Expression& b)
{
    const bool are_leaves = (a.kind == ExpressionKind::match || a.kind == ExpressionKind::keyword) && a.kind == b.kind;
    return are_leaves && a.match.test == b.match.test && takes_several_values(a.match.test) && a.path == b.path
        && a.reach == b.reach && a.match.wildcards == b.match.wildcards && a.match.case_rule == b.match.case_rule
        && a.match.cut_api_version == b.match.cut_api_version && a.match.part == b.match.part && a.match.list.empty()
        && b.match.list.empty();
}

template <typename Item> void append(std::vector<Item>& to, std::vector<Item>&& from)
{
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

Expression combine(ExpressionKind kind, std::vector<Expression> operands)
{
    if (operands.size() == 1) {
        return std::move(operands.front());
    }
    if (operands.empty()) {
        return constant(kind == ExpressionKind::conjunction);
    }
    Expression made;
    made.kind = kind;
    made.span = operands.front().span;
    made.operands = std::move(operands);
    return made;
}

} // namespace

Expression constant(bool value)
{
    Expression made;
    made.kind = ExpressionKind::constant;
    made.literal.type = query::plan::Literal::Type::boolean;
    made.literal.boolean = value;
    return made;
}

Expression negation(Expression operand)
{
    Expression made;
    made.kind = ExpressionKind::negation;
    made.span = operand.span;
    made.operands.push_back(std::move(operand));
    return made;
}

Expression conjunction(std::vector<Expression> operands)
{
    return combine(ExpressionKind::conjunction, std::move(operands));
}

Expression disjunction(std::vector<Expression> operands)
{
    std::vector<Expression> joined;
    for (Expression& operand : operands) {
        if (!joined.empty() && can_join(joined.back(), operand)) {
            append(joined.back().match.patterns, std::move(operand.match.patterns));
            append(joined.back().match.numbers, std::move(operand.match.numbers));
        } else {
            joined.push_back(std::move(operand));
        }
    }
    return combine(ExpressionKind::disjunction, std::move(joined));
}

std::size_t size_of(const Expression& expression)
{
    std::size_t size = 1 + expression.match.patterns.size() + expression.match.numbers.size();
    for (const Expression& operand : expression.operands) {
        size += size_of(operand);
    }
    return size;
}

} // namespace trawl::detect::rules
