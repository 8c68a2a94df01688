#include "query/local/node.h"
#include "query/local/predicate.h"

namespace trawl::query::local {

using plan::ExpressionKind;

base::Result<NodePointer> Compiler::compile(const plan::Expression& expression)
{
    switch (expression.kind) {
    case ExpressionKind::negation:
    case ExpressionKind::conjunction:
    case ExpressionKind::disjunction:
    case ExpressionKind::comparison:
    case ExpressionKind::in_list:
    case ExpressionKind::like:
    case ExpressionKind::regex:
    case ExpressionKind::constant: return make_condition(expression, *this);
    case ExpressionKind::match:
    case ExpressionKind::element:
    case ExpressionKind::keyword:
    case ExpressionKind::list_match: return make_leaf(expression, *this);
    case ExpressionKind::literal:
    case ExpressionKind::field:
    case ExpressionKind::arithmetic:
    case ExpressionKind::minus:
    case ExpressionKind::member: return make_value(expression, *this);
    case ExpressionKind::call: return make_call(expression, *this);
    }
    return base::fail("query", "an expression of unknown kind");
}

base::Result<std::vector<NodePointer>> Compiler::compile_all(const std::vector<plan::Expression>& expressions)
{
    std::vector<NodePointer> nodes;
    nodes.reserve(expressions.size());
    for (const plan::Expression& expression : expressions) {
        TRY(auto node, compile(expression));
        nodes.push_back(std::move(node));
    }
    return nodes;
}

struct Program::State {
    functions::Surroundings surroundings;
    NodePointer root;
};

base::Result<Program> Program::create(
    const plan::Expression& expression, const Lists& lists, event::Projection& projection)
{
    ListMatchers matchers(lists);
    return create(expression, matchers, projection, {});
}

base::Result<Program> Program::create(const plan::Expression& expression, ListMatchers& lists,
    event::Projection& projection, const functions::Surroundings& surroundings)
{
    Program program;
    program.state_ = std::make_unique<State>();
    // Nodes refer to the surroundings, so that these must not move.
    program.state_->surroundings = surroundings;
    Compiler compiler {lists, projection, program.state_->surroundings};
    TRY(program.state_->root, compiler.compile(expression));
    return program;
}

bool Program::test(event::Columns& row) const
{
    return state_->root->test(row);
}

event::Value Program::evaluate(event::Columns& row) const
{
    return state_->root->evaluate(row);
}

Program::Program() = default;
Program::Program(Program&&) noexcept = default;
Program& Program::operator=(Program&&) noexcept = default;
Program::~Program() = default;

} // namespace trawl::query::local
