#include <array>
#include <optional>
#include <span>

#include "query/functions/function_table.h"
#include "query/local/node.h"

namespace trawl::query::local {

using event::Columns;
using event::Value;
using plan::ExpressionKind;

namespace {

// Calls with more arguments are refused, so that the values fit on the stack (case() takes 21).
constexpr std::size_t most_arguments = 65;
constexpr std::size_t few_arguments = 4;

class CallNode final : public Node {
public:
    CallNode(const functions::Function& function, std::vector<NodePointer> arguments,
        std::unique_ptr<functions::Bound> bound, const functions::Surroundings& surroundings)
        : function_(function), arguments_(std::move(arguments)), bound_(std::move(bound)), surroundings_(surroundings)
    {
    }

    Value evaluate(Columns& row) const override
    {
        if (arguments_.size() <= few_arguments) {
            std::array<Value, few_arguments> values;
            return call(row, values);
        }
        std::array<Value, most_arguments> values;
        return call(row, values);
    }

private:
    Value call(Columns& row, std::span<Value> values) const
    {
        for (std::size_t i = 0; i < arguments_.size(); ++i) {
            values[i] = arguments_[i]->evaluate(row);
        }
        const functions::Call made {values.first(arguments_.size()), row.arena(), surroundings_};
        return bound_ != nullptr ? bound_->call(made) : function_.kernel(made);
    }

    const functions::Function& function_;
    std::vector<NodePointer> arguments_;
    std::unique_ptr<functions::Bound> bound_;
    const functions::Surroundings& surroundings_;
};

// Durations go to functions as they are written: `1mo` has no length in milliseconds.
plan::Expression as_argument(const plan::Expression& expression)
{
    plan::Expression argument = expression;
    if (argument.kind == ExpressionKind::literal && argument.literal.type == plan::Literal::Type::duration) {
        argument.literal.type = plan::Literal::Type::string;
    }
    return argument;
}

std::string plural(unsigned count)
{
    return std::to_string(count) + (count == 1 ? " argument" : " arguments");
}

} // namespace

base::Result<NodePointer> make_call(const plan::Expression& expression, Compiler& compiler)
{
    const functions::Function* const function = functions::find_function(expression.text);
    if (function == nullptr) {
        if (functions::find_aggregate(expression.text) != nullptr) {
            return base::fail("query", expression.text + "() is an aggregate: it stands in `stats` only");
        }
        return base::fail("query", "no function is called " + expression.text);
    }
    const std::size_t given = expression.operands.size();
    if (given < function->fewest || given > function->most) {
        const std::string range = function->fewest == function->most
            ? plural(function->most)
            : std::to_string(function->fewest) + " to " + plural(function->most);
        return base::fail("query", std::string(function->name) + "() takes " + range);
    }
    std::vector<plan::Expression> arguments;
    if (!function->implied.empty() && given == function->fewest) {
        plan::Expression field;
        field.kind = ExpressionKind::field;
        field.path = event::FieldPath::parse(function->implied);
        arguments.push_back(std::move(field));
    }
    std::vector<std::optional<std::string>> constants(arguments.size());
    for (const plan::Expression& operand : expression.operands) {
        arguments.push_back(as_argument(operand));
        const plan::Expression& argument = arguments.back();
        constants.push_back(
            argument.kind == ExpressionKind::literal && argument.literal.type != plan::Literal::Type::null
                ? std::optional(argument.literal.text)
                : std::nullopt);
    }
    if (arguments.size() > most_arguments) {
        return base::fail("query", std::string(function->name) + "() has too many arguments");
    }
    TRY(auto nodes, compiler.compile_all(arguments));
    std::unique_ptr<functions::Bound> bound;
    if (function->bind != nullptr) {
        TRY(bound, function->bind(constants));
    }
    return NodePointer(
        std::make_unique<CallNode>(*function, std::move(nodes), std::move(bound), compiler.surroundings));
}

} // namespace trawl::query::local
