#include <deque>

#include "query/local/operator.h"

// `limit` (and `head`): the first rows in the order that they come in; `tail`: the last ones.
namespace trawl::query::local {

using event::Appetite;
using event::Value;

namespace {

class LimitStage final : public Stage {
public:
    LimitStage(StagePointer next, std::uint64_t count) : next_(std::move(next)), left_(count) {}

    base::Result<Appetite> push(Row row) override
    {
        if (left_ == 0) {
            return Appetite::sated;
        }
        --left_;
        TRY(const auto appetite, next_->push(row));
        return left_ == 0 ? Appetite::sated : appetite;
    }
    base::Result<void> finish() override { return next_->finish(); }

private:
    StagePointer next_;
    std::uint64_t left_;
};

class TailStage final : public Stage {
public:
    TailStage(StagePointer next, const Resources& resources, std::uint64_t count, std::size_t width)
        : next_(std::move(next)), memory_bytes_(resources.memory_bytes), count_(count), row_(width)
    {
    }

    base::Result<Appetite> push(Row row) override
    {
        if (count_ == 0) {
            return Appetite::sated;
        }
        std::string record;
        append_row(record, row);
        bytes_ += record.size() + sizeof(std::string);
        records_.push_back(std::move(record));
        if (records_.size() > count_) {
            bytes_ -= records_.front().size() + sizeof(std::string);
            records_.pop_front();
        }
        if (bytes_ > memory_bytes_) {
            return base::fail("memory",
                "tail " + std::to_string(count_) + " does not fit in memory after " + std::to_string(records_.size())
                    + " rows; sort the other way and use limit");
        }
        return Appetite::hungry;
    }

    base::Result<void> finish() override
    {
        for (const std::string& record : records_) {
            arena_.reset();
            read_row(record, row_, arena_);
            TRY(const auto appetite, next_->push(row_));
            if (appetite == Appetite::sated) {
                break;
            }
        }
        return next_->finish();
    }

private:
    StagePointer next_;
    std::size_t memory_bytes_;
    std::uint64_t count_;
    std::vector<Value> row_;
    std::deque<std::string> records_;
    std::size_t bytes_ = 0;
    base::Arena arena_;
};

class LimitOperator final : public PassingOperator {
public:
    LimitOperator(Segment& before, std::uint64_t count) : PassingOperator(before), count_(count) {}
    StagePointer make_stage(StagePointer next, const Resources&) const override
    {
        return std::make_unique<LimitStage>(std::move(next), count_);
    }

private:
    std::uint64_t count_;
};

class TailOperator final : public PassingOperator {
public:
    TailOperator(Segment& before, std::uint64_t count) : PassingOperator(before), count_(count) {}
    StagePointer make_stage(StagePointer next, const Resources& resources) const override
    {
        return std::make_unique<TailStage>(std::move(next), resources, count_, before_.row_width());
    }

private:
    std::uint64_t count_;
};

} // namespace

OperatorPointer make_limit(Segment& before, std::uint64_t count)
{
    return std::make_unique<LimitOperator>(before, count);
}

OperatorPointer make_tail(Segment& before, std::uint64_t count)
{
    return std::make_unique<TailOperator>(before, count);
}

} // namespace trawl::query::local
