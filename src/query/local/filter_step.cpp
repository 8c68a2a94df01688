#include <algorithm>
#include <new>
#include <optional>

#include "query/local/steps.h"

namespace trawl::query::local {

using event::Gate;
using event::Value;

namespace {

// The gate of a part of a condition that must hold, `column = constant`. Nothing for other expressions.
std::optional<Gate> make_gate(const plan::Expression& expression, Segment& segment)
{
    using LiteralType = plan::Literal::Type;
    if (expression.kind != plan::ExpressionKind::comparison || expression.comparison != plan::Comparison::equal
        || expression.operands.size() != 2 || expression.operands[0].kind != plan::ExpressionKind::field
        || expression.operands[1].kind != plan::ExpressionKind::literal) {
        return std::nullopt;
    }
    const plan::Literal& literal = expression.operands[1].literal;
    const bool is_number = literal.type == LiteralType::number;
    if (!is_number && literal.type != LiteralType::string) {
        return std::nullopt;
    }
    const Source source = segment.resolve(expression.operands[0].path, expression.operands[0].reach);
    if (source.kind != Source::Kind::input || !source.rest.empty()
        || (is_number && !Gate::is_plain_number(literal.text))) {
        return std::nullopt;
    }
    return Gate(source.index, is_number ? event::Type::number : event::Type::string, literal.text);
}

std::vector<Gate> make_gates(const plan::Expression& condition, Segment& segment)
{
    std::vector<Gate> gates;
    const auto add = [&](const plan::Expression& part) {
        if (const auto gate = make_gate(part, segment)) {
            gates.push_back(*gate);
        }
    };
    if (condition.kind == plan::ExpressionKind::conjunction) {
        std::ranges::for_each(condition.operands, add);
    } else {
        add(condition);
    }
    return gates;
}

class FilterStep final : public Step {
public:
    FilterStep(BoundProgram condition, std::vector<Gate> gates)
        : condition_(std::move(condition)), gates_(std::move(gates))
    {
    }
    Expansion apply(RowContext& row) const override
    {
        for (const Gate& gate : gates_) {
            if (gate.excludes(row.input().column(gate.column()))) {
                return {nullptr, 0};
            }
        }
        return {nullptr, condition_.test(row) ? 1U : 0U};
    }

private:
    BoundProgram condition_;
    std::vector<Gate> gates_;
};

} // namespace

base::Result<void> add_filter(const plan::Command& command, Segment& segment)
{
    if (!command.where) {
        return base::fail("query", "a filter lacks its condition");
    }
    TRY(auto condition, segment.bind(*command.where));
    std::vector<Gate> gates = make_gates(*command.where, segment);
    // Rows that fail a condition anywhere in a segment never leave it.
    for (const Gate& gate : gates) {
        segment.upstream().add_gate(gate);
    }
    segment.add_step(std::make_unique<FilterStep>(std::move(condition), std::move(gates)), 0);
    return {};
}

base::Result<Source> input_of(const plan::Command& command, Segment& segment)
{
    if (command.input) {
        return segment.source_of(*command.input);
    }
    return segment.resolve(event::FieldPath::parse("@message"), event::Reach::exact);
}

void add_named_step(Segment& segment, std::unique_ptr<Step> step, const std::vector<std::string>& names)
{
    const std::uint32_t first = segment.add_step(std::move(step), static_cast<std::uint32_t>(names.size()));
    for (std::size_t i = 0; i < names.size(); ++i) {
        segment.define(names[i], segment.slot(first + static_cast<std::uint32_t>(i)));
    }
}

std::span<Value> values_in(base::Arena& arena, std::size_t count)
{
    if (count == 0) {
        return {};
    }
    return {new (arena.allocate(count * sizeof(Value))) Value[count], count};
}

} // namespace trawl::query::local
