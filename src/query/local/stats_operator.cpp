#include <algorithm>
#include <unordered_map>

#include "base/text.h"
#include "query/functions/function_table.h"
#include "query/local/aggregates.h"
#include "query/local/group_spill.h"
#include "query/local/operator.h"
#include "query/local/stats_plan.h"

// `stats`. Groups are held in memory in order of first appearance. Once they fill it, rows of new groups go to disk and
// are worked off group by group at the end: such groups came after all that are held, so that the order stays.
namespace trawl::query::local {

using event::Appetite;
using event::Value;

namespace {

struct AggregateColumn {
    AggregateKind kind = AggregateKind::count;
    double parameter = 0;
    std::optional<std::uint32_t> argument; // Absent fields have none.
    bool counts_rows = false; // count(*)
};

struct Shape {
    std::vector<std::optional<std::uint32_t>> groups;
    std::vector<AggregateColumn> aggregates;
    std::optional<std::uint32_t> time;
    std::size_t row_width = 0;

    Value at(Row row, const std::optional<std::uint32_t>& column) const { return column ? row[*column] : Value(); }
};

struct Group {
    std::vector<OwnedValue> keys;
    std::vector<std::unique_ptr<Aggregate>> aggregates;
};

class StatsStage final : public Stage {
public:
    StatsStage(StagePointer next, const Resources& resources, Shape shape)
        : next_(std::move(next)),
          memory_bytes_(resources.memory_bytes),
          shape_(std::move(shape)),
          row_(shape_.row_width),
          out_(shape_.groups.size() + shape_.aggregates.size()),
          spill_(resources.temp_folder, resources.memory_bytes)
    {
    }

    base::Result<Appetite> push(Row row) override
    {
        arena_.reset();
        key_.clear();
        for (const auto& column : shape_.groups) {
            append_group_key(key_, shape_.at(row, column), arena_);
        }
        auto found = positions_.find(key_);
        if (found == positions_.end()) {
            if (bytes_ > memory_bytes_) {
                std::string record;
                append_row(record, row);
                TRY_VOID(spill_.add(key_, record));
                return Appetite::hungry;
            }
            groups_.push_back(make_group(row));
            bytes_ += key_.size() * 2 + group_bytes();
            found = positions_.emplace(key_, groups_.size() - 1).first;
        }
        TRY_VOID(add(groups_[found->second], row));
        return Appetite::hungry;
    }

    base::Result<void> finish() override
    {
        if (shape_.groups.empty() && groups_.empty()) {
            // Without `by` there is one row, be it of nothing.
            groups_.push_back(make_group({}));
        }
        for (const Group& group : groups_) {
            arena_.reset();
            fill_result(group);
            TRY(const auto appetite, next_->push(out_));
            if (appetite == Appetite::sated) {
                return next_->finish();
            }
        }
        groups_.clear();
        positions_.clear();
        bytes_ = 0;
        TRY_VOID(work_off_spilled());
        return next_->finish();
    }

private:
    // What a group takes beside its key: the table's node, the key's values, the states.
    std::size_t group_bytes() const
    {
        constexpr std::size_t node = 96;
        return node + shape_.groups.size() * sizeof(OwnedValue) + shape_.aggregates.size() * bytes_of_aggregate;
    }

    Group make_group(Row row) const
    {
        Group group;
        group.keys = std::vector<OwnedValue>(shape_.groups.size());
        for (std::size_t i = 0; i < shape_.groups.size(); ++i) {
            group.keys[i].assign(shape_.at(row, shape_.groups[i]));
        }
        for (const AggregateColumn& column : shape_.aggregates) {
            group.aggregates.push_back(make_aggregate(column.kind, column.parameter));
        }
        return group;
    }

    base::Result<void> add(Group& group, Row row)
    {
        const Value time = shape_.at(row, shape_.time);
        for (std::size_t i = 0; i < shape_.aggregates.size(); ++i) {
            const AggregateColumn& column = shape_.aggregates[i];
            const Value value = column.counts_rows ? Value::boolean(true) : shape_.at(row, column.argument);
            bytes_ += group.aggregates[i]->add(value, time, arena_);
        }
        // New groups can wait on disk; what the aggregates of the held ones collect cannot.
        constexpr std::size_t headroom = 4;
        if (bytes_ / headroom > memory_bytes_) {
            return base::fail("memory",
                "stats collects more different values than fit in memory, in " + std::to_string(groups_.size())
                    + " groups; filter more, or group by less");
        }
        return {};
    }

    void fill_result(const Group& group)
    {
        std::size_t at = 0;
        for (const OwnedValue& key : group.keys) {
            out_[at++] = key.value();
        }
        for (const auto& aggregate : group.aggregates) {
            out_[at++] = aggregate->result(arena_);
        }
    }

    base::Result<void> work_off_spilled()
    {
        Group group;
        bool is_new = false;
        const GroupSpill::Visitor visitor {
            [&](std::string_view) { is_new = true; },
            [&](std::string_view record) -> base::Result<void> {
                arena_.reset();
                read_row(record, row_, arena_);
                if (is_new) {
                    group = make_group(row_);
                    bytes_ = group_bytes();
                    is_new = false;
                }
                return add(group, row_);
            },
            [&]() -> base::Result<std::string> {
                arena_.reset();
                fill_result(group);
                std::string made;
                append_row(made, out_);
                return made;
            },
        };
        return spill_.drain(visitor, [&](std::string_view record) -> base::Result<bool> {
            arena_.reset();
            read_row(record, out_, arena_);
            TRY(const auto appetite, next_->push(out_));
            return appetite == Appetite::hungry;
        });
    }

    StagePointer next_;
    std::size_t memory_bytes_;
    Shape shape_;
    std::vector<Value> row_;
    std::vector<Value> out_;
    std::vector<Group> groups_;
    std::unordered_map<std::string, std::size_t> positions_; // Looked up only: groups_ has the order.
    std::size_t bytes_ = 0;
    GroupSpill spill_;
    std::string key_;
    base::Arena arena_;
};

class StatsOperator final : public Operator {
public:
    StatsOperator(Segment& before, Shape shape, std::vector<std::string> names, std::optional<std::size_t> bin)
        : before_(before), shape_(std::move(shape)), names_(std::move(names)), bin_(bin)
    {
    }

    Source column(const event::FieldPath& path, event::Reach reach) override
    {
        for (std::size_t i = 0; i < names_.size(); ++i) {
            if (path.text == names_[i]) {
                return {Source::Kind::input, static_cast<std::uint32_t>(i), {}, reach};
            }
        }
        for (std::size_t i = 0; i < names_.size(); ++i) {
            if (path.text.starts_with(names_[i] + ".")) {
                const auto rest = event::FieldPath::parse(std::string_view(path.text).substr(names_[i].size() + 1));
                return {Source::Kind::input, static_cast<std::uint32_t>(i), rest.parts, reach};
            }
        }
        // Where rows are grouped by one bin of time, that is their time (T1 of LANGUAGE 1.6).
        if (path.text == "@timestamp" && bin_) {
            return {Source::Kind::input, static_cast<std::uint32_t>(*bin_), {}, reach};
        }
        return {};
    }

    std::optional<std::string> output_written(std::string_view text) const override
    {
        for (const std::string& name : names_) {
            if (is_same_source(name, text)) {
                return name;
            }
        }
        return std::nullopt;
    }

    StagePointer make_stage(StagePointer next, const Resources& resources) const override
    {
        Shape shape = shape_;
        shape.row_width = before_.row_width();
        return std::make_unique<StatsStage>(std::move(next), resources, std::move(shape));
    }

private:
    Segment& before_;
    Shape shape_;
    std::vector<std::string> names_; // Of the groups, then of the aggregates.
    std::optional<std::size_t> bin_;
};

bool is_bin(const plan::Expression& expression)
{
    return expression.kind == plan::ExpressionKind::call && base::equal_ignoring_case(expression.text, "bin");
}

base::Result<double> constant_number(const plan::Expression& call, std::size_t position)
{
    const plan::Expression& argument = call.operands[position];
    double number = argument.literal.number;
    const bool is_number = argument.kind == plan::ExpressionKind::literal
        && (argument.literal.type == plan::Literal::Type::number || base::parse_number(argument.literal.text, number));
    if (!is_number) {
        return base::fail("query", call.text + "() needs a number there that does not change");
    }
    return number;
}

base::Result<AggregateColumn> make_column(const plan::Expression& call, Segment& before)
{
    const auto* const function = functions::find_aggregate(call.text);
    if (function == nullptr) {
        return base::fail("query", "no aggregate is called " + call.text);
    }
    if (call.operands.size() < function->fewest || call.operands.size() > function->most) {
        return base::fail("query", call.text + "() has the wrong number of arguments");
    }
    AggregateColumn column;
    TRY(column.kind, aggregate_kind(function->name));
    if (call.operands.empty()) {
        column.counts_rows = true;
        return column;
    }
    if (column.kind == AggregateKind::percentile) {
        TRY(column.parameter, constant_number(call, 1));
    }
    TRY(const auto source, before.source_of(call.operands.front()));
    if (source.kind != Source::Kind::absent) {
        column.argument = before.capture(source);
    }
    return column;
}

} // namespace

bool is_aggregate_call(const plan::Expression& expression)
{
    return expression.kind == plan::ExpressionKind::call && functions::find_aggregate(expression.text) != nullptr;
}

std::string aggregate_name(std::size_t position)
{
    return "\x01"
           "aggregate "
        + std::to_string(position);
}

plan::Expression with_aggregates_named(const plan::Expression& expression, std::vector<plan::Expression>& aggregates)
{
    if (is_aggregate_call(expression)) {
        plan::Expression field;
        field.kind = plan::ExpressionKind::field;
        field.path = event::FieldPath::of({aggregate_name(aggregates.size())});
        aggregates.push_back(expression);
        return field;
    }
    plan::Expression copy = expression;
    for (plan::Expression& operand : copy.operands) {
        operand = with_aggregates_named(operand, aggregates);
    }
    return copy;
}

base::Result<OperatorPointer> make_stats(
    const std::vector<plan::Item>& by, const std::vector<plan::Expression>& aggregates, Segment& before)
{
    Shape shape;
    std::vector<std::string> names;
    std::optional<std::size_t> bin;
    std::size_t bins = 0;
    for (const plan::Item& item : by) {
        if (is_bin(item.expression)) {
            bin = names.size();
            ++bins;
        }
        TRY(const auto source, before.source_of(item.expression));
        shape.groups.push_back(
            source.kind == Source::Kind::absent ? std::nullopt : std::optional(before.capture(source)));
        names.push_back(item.name);
    }
    for (std::size_t i = 0; i < aggregates.size(); ++i) {
        TRY(auto column, make_column(aggregates[i], before));
        shape.aggregates.push_back(column);
        names.push_back(aggregate_name(i));
    }
    const bool needs_time = std::ranges::any_of(shape.aggregates, [](const AggregateColumn& column) {
        return column.kind == AggregateKind::earliest || column.kind == AggregateKind::latest;
    });
    if (needs_time) {
        shape.time = before.capture(event::FieldPath::parse("@timestamp"), event::Reach::exact);
    }
    return OperatorPointer(
        std::make_unique<StatsOperator>(before, std::move(shape), std::move(names), bins == 1 ? bin : std::nullopt));
}

} // namespace trawl::query::local
