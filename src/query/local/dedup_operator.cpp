#include <unordered_set>

#include "base/hash.h"
#include "query/local/group_spill.h"
#include "query/local/operator.h"

// `dedup`: the first row of each combination of values stays; a row with an absent value stays always.
namespace trawl::query::local {

using event::Appetite;
using event::Value;

namespace {

struct LowBits {
    std::size_t operator()(const base::Hash128& hash) const { return hash.low; }
};

// What an entry of the set takes, with its node and bucket.
constexpr std::size_t bytes_of_entry = 48;

class DedupStage final : public Stage {
public:
    DedupStage(StagePointer next, const Resources& resources, std::vector<std::optional<std::uint32_t>> columns,
        std::size_t width)
        : next_(std::move(next)),
          columns_(std::move(columns)),
          most_seen_(resources.memory_bytes / bytes_of_entry),
          row_(width),
          spill_(resources.temp_folder, resources.memory_bytes)
    {
    }

    base::Result<Appetite> push(Row row) override
    {
        arena_.reset();
        key_.clear();
        bool has_absent = false;
        for (const auto& column : columns_) {
            const Value value = column ? row[*column] : Value();
            has_absent = has_absent || value.is_absent();
            append_group_key(key_, value, arena_);
        }
        if (has_absent) {
            // Behind rows that wait on disk it waits too, so that the order stays; its key is its own.
            if (spill_.empty()) {
                return next_->push(row);
            }
            key_ = "null " + std::to_string(nulls_++);
            return spill(row);
        }
        const base::Hash128 hash = base::hash128(key_);
        if (seen_.contains(hash)) {
            return Appetite::hungry;
        }
        if (seen_.size() >= most_seen_) {
            return spill(row);
        }
        seen_.insert(hash);
        return next_->push(row);
    }

    base::Result<void> finish() override
    {
        std::string first;
        const GroupSpill::Visitor visitor {
            [&first](std::string_view) { first.clear(); },
            [&first](std::string_view row) -> base::Result<void> {
                // A row is never empty: it holds the fields that it is told by.
                if (first.empty()) {
                    first = row;
                }
                return {};
            },
            [&first]() -> base::Result<std::string> { return first; },
        };
        TRY_VOID(spill_.drain(visitor, [this](std::string_view record) -> base::Result<bool> {
            arena_.reset();
            read_row(record, row_, arena_);
            TRY(const auto appetite, next_->push(row_));
            return appetite == Appetite::hungry;
        }));
        return next_->finish();
    }

private:
    base::Result<Appetite> spill(Row row)
    {
        std::string record;
        append_row(record, row);
        TRY_VOID(spill_.add(key_, record));
        return Appetite::hungry;
    }

    StagePointer next_;
    std::vector<std::optional<std::uint32_t>> columns_;
    std::size_t most_seen_;
    std::vector<Value> row_;
    std::unordered_set<base::Hash128, LowBits> seen_;
    GroupSpill spill_;
    std::uint64_t nulls_ = 0;
    std::string key_;
    base::Arena arena_;
};

class DedupOperator final : public PassingOperator {
public:
    DedupOperator(Segment& before, std::vector<std::optional<std::uint32_t>> columns)
        : PassingOperator(before), columns_(std::move(columns))
    {
    }
    StagePointer make_stage(StagePointer next, const Resources& resources) const override
    {
        return std::make_unique<DedupStage>(std::move(next), resources, columns_, before_.row_width());
    }

private:
    std::vector<std::optional<std::uint32_t>> columns_;
};

} // namespace

base::Result<OperatorPointer> make_dedup(const plan::Command& command, Segment& before)
{
    std::vector<std::optional<std::uint32_t>> columns;
    columns.reserve(command.names.size());
    for (const event::FieldPath& name : command.names) {
        columns.push_back(before.capture(name, event::Reach::exact));
    }
    if (columns.empty()) {
        return base::fail("query", "dedup needs a field");
    }
    return OperatorPointer(std::make_unique<DedupOperator>(before, std::move(columns)));
}

} // namespace trawl::query::local
