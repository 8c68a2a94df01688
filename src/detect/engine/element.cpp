#include "detect/engine/element.h"

#include "event/json.h"

namespace trawl::detect::engine {

using query::plan::Expression;
using query::plan::ExpressionKind;

base::Result<query::local::MatchProgram> make_keyword_program(const Expression& keyword, const query::Lists& lists)
{
    query::plan::Match match = keyword.match;
    if (match.test == query::plan::Test::text) {
        match.test = query::plan::Test::contains;
    }
    return query::local::MatchProgram::create(match, lists);
}

base::Result<ElementTest> ElementTest::create(const Expression& condition, const query::Lists& lists)
{
    ElementTest made;
    TRY(made.root_, made.add(condition, lists));
    return made;
}

base::Result<std::size_t> ElementTest::add(const Expression& expression, const query::Lists& lists)
{
    Node node;
    node.reach = expression.reach;
    node.path = expression.path.parts;
    switch (expression.kind) {
    case ExpressionKind::constant:
        node.kind = Kind::constant;
        node.constant = expression.literal.boolean;
        break;
    case ExpressionKind::negation: node.kind = Kind::negation; break;
    case ExpressionKind::conjunction: node.kind = Kind::conjunction; break;
    case ExpressionKind::disjunction: node.kind = Kind::disjunction; break;
    case ExpressionKind::element: node.kind = Kind::element; break;
    case ExpressionKind::match: {
        node.kind = Kind::match;
        node.other = expression.match.other.parts;
        node.program = programs_.size();
        TRY(auto program, query::local::MatchProgram::create(expression.match, lists));
        programs_.push_back(std::move(program));
        break;
    }
    case ExpressionKind::keyword: {
        node.kind = Kind::keyword;
        node.program = programs_.size();
        TRY(auto program, make_keyword_program(expression, lists));
        programs_.push_back(std::move(program));
        break;
    }
    default: return base::fail("rule", "an `any` map holds a test that elements cannot take");
    }
    if (node.kind == Kind::negation || node.kind == Kind::conjunction || node.kind == Kind::disjunction
        || node.kind == Kind::element) {
        for (const Expression& operand : expression.operands) {
            TRY(const std::size_t position, add(operand, lists));
            node.operands.push_back(position);
        }
        if (node.operands.empty() && (node.kind == Kind::negation || node.kind == Kind::element)) {
            return base::fail("rule", "an `any` map is empty");
        }
    }
    nodes_.push_back(std::move(node));
    return nodes_.size() - 1;
}

bool ElementTest::found_in(const event::Value& value, base::Arena& arena) const
{
    return any_element(root_, value, arena);
}

bool ElementTest::any_element(std::size_t node, const event::Value& value, base::Arena& arena) const
{
    if (value.type() == event::Type::several) {
        for (std::size_t at = 0; at < value.count(); ++at) {
            if (any_element(node, value.at(at), arena)) {
                return true;
            }
        }
        return false;
    }
    if (value.type() != event::Type::array) {
        return !value.is_absent() && test(node, value, arena);
    }
    struct Search {
        const ElementTest& condition;
        std::size_t node;
        base::Arena& arena;
        bool is_found = false;
    } search {*this, node, arena};
    event::json::for_each_element(value.raw(), [&search](const event::Value& element) {
        search.is_found = search.condition.any_element(search.node, element, search.arena);
        return !search.is_found;
    });
    return search.is_found;
}

bool ElementTest::test(std::size_t node, const event::Value& element, base::Arena& arena) const
{
    const Node& at = nodes_[node];
    switch (at.kind) {
    case Kind::constant: return at.constant;
    case Kind::negation: return !test(at.operands.front(), element, arena);
    case Kind::conjunction:
        for (const std::size_t operand : at.operands) {
            if (!test(operand, element, arena)) {
                return false;
            }
        }
        return true;
    case Kind::disjunction:
        for (const std::size_t operand : at.operands) {
            if (test(operand, element, arena)) {
                return true;
            }
        }
        return false;
    case Kind::match: {
        const event::Value value = event::follow(element, at.path, 0, at.reach, arena);
        const event::Value other
            = at.other.empty() ? event::Value() : event::follow(element, at.other, 0, at.reach, arena);
        return programs_[at.program].matches(value, other, arena);
    }
    case Kind::element:
        return any_element(at.operands.front(), event::follow(element, at.path, 0, at.reach, arena), arena);
    case Kind::keyword: return programs_[at.program].matches(element, {}, arena);
    }
    return false;
}

} // namespace trawl::detect::engine
