#include <algorithm>
#include <utility>

#include "base/spill_sort.h"
#include "query/local/operator.h"
#include "query/local/sort_bound.h"

// `sort`. Rows carry their sort key first, as bytes that memcmp orders; ties stay in path order. All rows go to a sorter
// that spills to disk; when a limit follows, a heap holds the best rows alone.
namespace trawl::query::local {

using event::Appetite;
using event::Value;

namespace {

// A record: the size of the key, the key, the row (which holds the key again as its first value).
std::string_view key_of(std::string_view record)
{
    const std::uint32_t size = read_size(record);
    return record.substr(0, size);
}

class SortStage final : public Stage {
public:
    SortStage(StagePointer next, const Resources& resources, std::optional<std::uint64_t> keep,
        std::shared_ptr<SortBound> bound, std::size_t width)
        : next_(std::move(next)),
          memory_bytes_(resources.memory_bytes),
          keep_(keep),
          bound_(std::move(bound)),
          row_(width),
          sorter_(resources.temp_folder, resources.memory_bytes,
              [](std::string_view a, std::string_view b) { return key_of(a) < key_of(b); }),
          uses_heap_(keep.has_value())
    {
    }

    base::Result<Appetite> push(Row row) override
    {
        if (keep_ && *keep_ == 0) {
            return Appetite::sated;
        }
        const std::string_view key = row.front().raw();
        if (uses_heap_ && heap_.size() == *keep_ && key >= key_of(heap_.front().record)) {
            return Appetite::hungry;
        }
        std::string record;
        append_size(record, static_cast<std::uint32_t>(key.size()));
        record += key;
        append_row(record, row);
        if (!uses_heap_) {
            TRY_VOID(sorter_.add(record));
            return Appetite::hungry;
        }
        TRY_VOID(keep_in_heap(std::move(record)));
        return Appetite::hungry;
    }

    base::Result<void> finish() override
    {
        base::Result<void> result;
        if (uses_heap_) {
            std::ranges::sort(heap_, is_before);
            for (const Kept& kept : heap_) {
                TRY(const auto appetite, hand_on(kept.record));
                if (appetite == Appetite::sated) {
                    break;
                }
            }
            heap_.clear();
            return next_->finish();
        }
        std::uint64_t left = keep_.value_or(UINT64_MAX);
        TRY_VOID(sorter_.drain([&](std::string_view record) {
            auto appetite = hand_on(record);
            if (!appetite) {
                result = tl::unexpected(std::move(appetite).error());
                return false;
            }
            return *appetite == Appetite::hungry && --left > 0;
        }));
        if (!result) {
            return result;
        }
        return next_->finish();
    }

private:
    struct Kept {
        std::string record;
        std::uint64_t number = 0; // In the order of arrival.
    };

    static bool is_before(const Kept& a, const Kept& b)
    {
        const int order = key_of(a.record).compare(key_of(b.record));
        return order != 0 ? order < 0 : a.number < b.number;
    }

    base::Result<void> keep_in_heap(std::string record)
    {
        if (heap_.size() == *keep_) {
            std::ranges::pop_heap(heap_, is_before);
            heap_bytes_ -= heap_.back().record.size() + sizeof(Kept);
            heap_.pop_back();
        }
        heap_bytes_ += record.size() + sizeof(Kept);
        heap_.push_back({std::move(record), count_++});
        std::ranges::push_heap(heap_, is_before);
        if (heap_.size() == *keep_ && bound_ != nullptr) {
            bound_->tighten(key_of(heap_.front().record));
        }
        if (heap_bytes_ <= memory_bytes_) {
            return {};
        }
        // Too many are wanted to be held: the sorter takes over, in the order of arrival.
        std::ranges::sort(heap_, {}, &Kept::number);
        for (const Kept& kept : heap_) {
            TRY_VOID(sorter_.add(kept.record));
        }
        heap_ = {};
        uses_heap_ = false;
        return {};
    }

    base::Result<Appetite> hand_on(std::string_view record)
    {
        const std::uint32_t size = read_size(record);
        arena_.reset();
        read_row(record.substr(size), row_, arena_);
        return next_->push(row_);
    }

    StagePointer next_;
    std::size_t memory_bytes_;
    std::optional<std::uint64_t> keep_;
    std::shared_ptr<SortBound> bound_; // Shared with the workers; null where the rows do not come from them.
    std::vector<Value> row_;
    base::SpillSort sorter_;
    bool uses_heap_;
    std::vector<Kept> heap_; // The worst first.
    std::size_t heap_bytes_ = 0;
    std::uint64_t count_ = 0;
    base::Arena arena_;
};

class SortOperator final : public PassingOperator {
public:
    SortOperator(Segment& before, std::optional<std::uint64_t> keep, std::shared_ptr<SortBound> bound)
        : PassingOperator(before), keep_(keep), bound_(std::move(bound))
    {
    }
    StagePointer make_stage(StagePointer next, const Resources& resources) const override
    {
        return std::make_unique<SortStage>(std::move(next), resources, keep_, bound_, before_.row_width());
    }

private:
    std::optional<std::uint64_t> keep_;
    std::shared_ptr<SortBound> bound_; // Shared with the workers.
};

} // namespace

OperatorPointer make_sort(Segment& before, std::optional<std::uint64_t> keep, std::shared_ptr<SortBound> bound)
{
    return std::make_unique<SortOperator>(before, keep, std::move(bound));
}

} // namespace trawl::query::local
