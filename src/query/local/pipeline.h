#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "event/columns.h"
#include "event/row_sink.h"
#include "query/local/execution.h"
#include "query/local/lookup_table.h"
#include "query/local/operator.h"
#include "query/local/segment.h"
#include "query/plan/query.h"

namespace trawl::query::local {

// The events of the decoders as the input of the first segment.
class EventUpstream final : public Upstream {
public:
    Source column(const event::FieldPath& path, event::Reach reach) override;
    void add_gate(const event::Gate& gate) override { projection_.add_gate(gate); }
    std::optional<std::string> output_written(std::string_view) const override { return std::nullopt; }
    const event::Projection& projection() const { return projection_; }

private:
    event::Projection projection_;
};

// A compiled query: segments of row-wise commands, and an operator between each two. Immutable once compiled; the first
// segment runs on the workers, the rest on the merging thread.
class Pipeline {
    struct Token {}; // Keeps the constructor to compile().

public:
    static base::Result<std::unique_ptr<Pipeline>> compile(
        const plan::Query& query, const Lists& lists, const Options& options);

    const event::Projection& projection() const { return events_.projection(); }
    const std::vector<std::string>& log_groups() const { return log_groups_; }
    const Segment& first_segment() const { return *segments_.front(); }
    // Set when the first thing done with the workers' rows is to keep the best of them.
    const std::shared_ptr<SortBound>& bound() const { return bound_; }
    // The stages that take the rows of the first segment.
    StagePointer make_stages(event::RowSink& sink) const;

    Pipeline(Token, const plan::Query& query, const Lists& lists, const Options& options);

private:
    base::Result<void> add_all();
    base::Result<std::size_t> add(std::size_t position);
    base::Result<void> add_source(const plan::Command& command);
    base::Result<void> add_fields(const plan::Command& command);
    base::Result<void> add_display(const plan::Command& command);
    base::Result<void> add_stats(const plan::Command& command);
    base::Result<void> add_top(const plan::Item& item);
    base::Result<void> add_count_frequent(const plan::Command& command);
    base::Result<void> add_sort(const std::vector<plan::SortKey>& keys, std::optional<std::uint64_t> keep);
    base::Result<void> add_limit(const plan::Command& command);
    base::Result<void> add_dedup(const plan::Command& command);
    base::Result<std::string> define(const plan::Item& item);
    void add_operator(OperatorPointer made);
    void show(const std::string& name);
    void show_made(const std::vector<std::string>& names);
    std::optional<std::uint64_t> limit_after(std::size_t position) const;
    Segment& last() { return *segments_.back(); }

    const plan::Query& query_;
    Options options_;
    ListMatchers lists_;
    CompileContext context_;
    LookupTables tables_;
    EventUpstream events_;
    std::vector<std::unique_ptr<Segment>> segments_;
    std::vector<OperatorPointer> operators_;
    std::vector<std::string> log_groups_;
    std::shared_ptr<SortBound> bound_; // Shared by the workers and the merging thread.

    // What a row shows (LANGUAGE 1.3): the fields of all `fields` commands, or of the last `display`.
    std::vector<std::string> shown_;
    bool has_fields_ = false;
    bool has_display_ = false;
    bool is_stats_output_ = false; // What is shown are the outputs of a stats.
    bool is_sorted_ = false;
    std::vector<std::uint32_t> outputs_; // Positions in the last segment's rows; absent ones are past the end.
};

} // namespace trawl::query::local
