#include "query/local/execution.h"

#include <string>

#include "base/check.h"
#include "query/local/pipeline.h"
#include "query/local/sort_bound.h"

namespace trawl::query::local {

using event::Appetite;
using event::Value;

namespace {

// The rows that one worker made of a run of events, as bytes, each with the number of its event.
class GatheredRows final : public event::Gathered {
public:
    struct Entry {
        std::uint32_t event = 0;
        std::size_t end = 0; // Of the row in `bytes`.
    };
    std::string bytes;
    std::vector<Entry> entries;
};

class RowConsumer final : public event::Consumer, private RowReceiver {
public:
    explicit RowConsumer(const Pipeline& pipeline)
        : segment_(pipeline.first_segment()),
          bound_(pipeline.bound().get()),
          row_(segment_),
          values_(segment_.row_width()),
          gathered_(std::make_unique<GatheredRows>())
    {
    }

    void consume(event::Event& event, std::uint32_t index) override
    {
        index_ = index;
        row_.begin(event);
        const auto appetite = segment_.run(row_, *this);
        TRAWL_CHECK(appetite.has_value(), "receive() cannot fail");
    }

    std::unique_ptr<event::Gathered> take() override
    {
        auto taken = std::move(gathered_);
        gathered_ = std::make_unique<GatheredRows>();
        return taken;
    }

    std::size_t gathered_bytes() const override
    {
        return gathered_->bytes.size() + gathered_->entries.size() * sizeof(GatheredRows::Entry);
    }

private:
    base::Result<Appetite> receive(RowContext& row) override
    {
        key_.clear();
        if (segment_.has_sort_key()) {
            segment_.append_sort_key(row, key_);
            if (bound_ != nullptr && bound_->excludes(key_, seen_, known_)) {
                return Appetite::hungry;
            }
        }
        segment_.collect(row, key_, values_);
        append_row(gathered_->bytes, values_);
        gathered_->entries.push_back({index_, gathered_->bytes.size()});
        return Appetite::hungry;
    }

    const Segment& segment_;
    SortBound* bound_;
    RowContext row_;
    std::vector<Value> values_;
    std::unique_ptr<GatheredRows> gathered_;
    std::uint32_t index_ = 0;
    std::string key_;
    std::uint64_t seen_ = 0;   // The state of the bound that `known_` is a copy of.
    std::string known_;
};

class RowCollector final : public event::Collector {
public:
    RowCollector(const Pipeline& pipeline, event::RowSink& sink)
        : stage_(pipeline.make_stages(sink)), values_(pipeline.first_segment().row_width())
    {
    }

    base::Result<Appetite> absorb(
        std::unique_ptr<event::Gathered> gathered, const event::Duplicates& duplicates) override
    {
        const auto* const rows = dynamic_cast<const GatheredRows*>(gathered.get());
        TRAWL_CHECK(rows != nullptr, "a collector takes what the consumers of its execution gathered");
        std::size_t start = 0;
        for (const GatheredRows::Entry& entry : rows->entries) {
            const std::string_view bytes = std::string_view(rows->bytes).substr(start, entry.end - start);
            start = entry.end;
            if (appetite_ == Appetite::sated) {
                break;
            }
            if (duplicates.is_copy(entry.event)) {
                continue;
            }
            arena_.reset();
            read_row(bytes, values_, arena_);
            TRY(appetite_, stage_->push(values_));
        }
        return appetite_;
    }

    base::Result<void> finish() override { return stage_->finish(); }

private:
    StagePointer stage_;
    std::vector<Value> values_;
    Appetite appetite_ = Appetite::hungry;
    base::Arena arena_;
};

class LocalExecution final : public Execution {
public:
    LocalExecution(std::unique_ptr<plan::Query> query, std::unique_ptr<Pipeline> pipeline)
        : query_(std::move(query)), pipeline_(std::move(pipeline))
    {
    }

    const event::Projection& projection() const override { return pipeline_->projection(); }
    const std::vector<std::string>& log_groups() const override { return pipeline_->log_groups(); }
    std::unique_ptr<event::Consumer> make_consumer() const override
    {
        return std::make_unique<RowConsumer>(*pipeline_);
    }
    std::unique_ptr<event::Collector> make_collector(event::RowSink& sink) override
    {
        return std::make_unique<RowCollector>(*pipeline_, sink);
    }

private:
    std::unique_ptr<plan::Query> query_;   // The pipeline refers to it.
    std::unique_ptr<Pipeline> pipeline_;
};

} // namespace

base::Result<std::unique_ptr<Execution>> Execution::create(
    const plan::Query& query, const Lists& lists, const Options& options)
{
    auto owned = std::make_unique<plan::Query>(query);
    TRY(auto pipeline, Pipeline::compile(*owned, lists, options));
    return std::unique_ptr<Execution>(std::make_unique<LocalExecution>(std::move(owned), std::move(pipeline)));
}

} // namespace trawl::query::local
