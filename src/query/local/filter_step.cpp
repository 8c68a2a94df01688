#include <new>

#include "query/local/steps.h"

namespace trawl::query::local {

using event::Value;

namespace {

class FilterStep final : public Step {
public:
    explicit FilterStep(BoundProgram condition) : condition_(std::move(condition)) {}
    Expansion apply(RowContext& row) const override { return {nullptr, condition_.test(row) ? 1U : 0U}; }

private:
    BoundProgram condition_;
};

} // namespace

base::Result<void> add_filter(const plan::Command& command, Segment& segment)
{
    if (!command.where) {
        return base::fail("query", "a filter lacks its condition");
    }
    TRY(auto condition, segment.bind(*command.where));
    segment.add_step(std::make_unique<FilterStep>(std::move(condition)), 0);
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
