#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "event/consumer.h"
#include "query/local/row_codec.h"
#include "query/local/segment.h"
#include "query/plan/query.h"

// Commands that need rows in order or all rows: they run on the merging thread, between two segments.
namespace trawl::query::local {

// One of a chain that rows are pushed through. Rows are views that are valid during the call.
class Stage {
public:
    virtual ~Stage() = default;
    // Sated: later rows cannot change the answer.
    virtual base::Result<event::Appetite> push(Row row) = 0;
    // Hands on what is left and finishes the next stage.
    virtual base::Result<void> finish() = 0;
};

using StagePointer = std::unique_ptr<Stage>;

struct Resources {
    std::string temp_folder;
    std::size_t memory_bytes = 0;
};

// A compiled command. Its rows come from the segment before it, which outlives it.
class Operator : public Upstream {
public:
    virtual StagePointer make_stage(StagePointer next, const Resources& resources) const = 0;
};

// Most commands hand rows on as they are, with some columns of their own in front.
class PassingOperator : public Operator {
public:
    explicit PassingOperator(Segment& before) : before_(before) {}
    Source column(const event::FieldPath& path, event::Reach reach) override;
    std::optional<std::string> output_written(std::string_view text) const override;

protected:
    Segment& before_;
    std::vector<std::string> created_; // Names of its own columns, in front of the row.
};

// The columns that a row of a PassingOperator's stage is made of.
class RowBuilder {
public:
    explicit RowBuilder(std::size_t created) : created_(created) {}
    std::span<event::Value> created() { return {values_.data(), created_}; }
    void begin(Row row);
    Row row() const { return values_; }

private:
    std::size_t created_;
    std::vector<event::Value> values_;
};

// The order in which `sort` hands on rows, the best of which only are wanted: workers drop what is worse than the worst
// that the merging thread keeps. It only tightens, and what is dropped can never be in the answer.
class SortBound;

using OperatorPointer = std::unique_ptr<Operator>;

OperatorPointer make_sort(Segment& before, std::optional<std::uint64_t> keep, std::shared_ptr<SortBound> bound);
OperatorPointer make_limit(Segment& before, std::uint64_t count);
OperatorPointer make_tail(Segment& before, std::uint64_t count);
base::Result<OperatorPointer> make_dedup(const plan::Command& command, Segment& before);
base::Result<OperatorPointer> make_filldown(
    const plan::Command& command, const std::vector<std::string>& shown, Segment& before);
base::Result<OperatorPointer> make_accum(const plan::Command& command, Segment& before);
base::Result<OperatorPointer> make_autoregress(const plan::Command& command, Segment& before);
base::Result<OperatorPointer> make_totals(
    const plan::Command& command, const std::vector<std::string>& shown, Segment& before);

// The segment that follows an operator.
StagePointer make_segment_stage(const Segment& segment, StagePointer next);

// The names of the columns that a command makes.
std::vector<std::string> filldown_names(const plan::Command& command, const std::vector<std::string>& shown);
std::vector<std::string> accum_names(const plan::Command& command);
std::vector<std::string> autoregress_names(const plan::Command& command);
std::string totals_name(const plan::Command& command);

} // namespace trawl::query::local
