#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "event/columns.h"
#include "event/consumer.h"
#include "query/local/list_matcher.h"
#include "query/local/predicate.h"
#include "query/local/row_codec.h"
#include "query/local/sort_key.h"
#include "query/plan/query.h"

// A query is cut into segments of row-wise commands (fields, filter, parse …) between the commands that need rows in
// order (sort, stats, limit …: operator.h). A segment knows names while it is compiled; rows know positions only.
namespace trawl::query::local {

// Where the value of a name comes from: a column of the segment's input or one of its slots, and a path into it.
struct Source {
    enum class Kind : std::uint8_t { absent, input, slot };
    Kind kind = Kind::absent;
    std::uint32_t index = 0;
    std::vector<std::string> rest;
    event::Reach reach = event::Reach::exact;
    bool operator==(const Source&) const = default;
};

// What gives a segment its rows. Asked while later commands are compiled, so that only what they need is carried.
class Upstream {
public:
    virtual ~Upstream() = default;
    // The input column of a field: kind `input`, or `absent`.
    virtual Source column(const event::FieldPath& path, event::Reach reach) = 0;
    // Tells that rows which the gate excludes, whose column is one of the input, are dropped.
    virtual void add_gate(const event::Gate& gate) { static_cast<void>(gate); }
    // The name of the column that an expression of this source text made earlier (`count(*)`, `bin(5m)`), if any.
    virtual std::optional<std::string> output_written(std::string_view text) const = 0;
};

class Segment;
class RowContext;

// A program with its columns bound to a segment's values.
class BoundProgram {
public:
    BoundProgram(Program program, std::vector<Source> sources)
        : program_(std::move(program)), sources_(std::move(sources))
    {
    }
    event::Value evaluate(RowContext& row) const;
    bool test(RowContext& row) const;

private:
    Program program_;
    std::vector<Source> sources_;
};

// The rows that a step makes of one: `rows` times the step's number of values; none drops the row.
struct Expansion {
    const event::Value* values = nullptr;
    std::size_t rows = 0;
};

// A row-wise command. Immutable: workers share it.
class Step {
public:
    virtual ~Step() = default;
    // Fills slots first_slot … first_slot + width of each row that goes on. Values live in the row's arena.
    virtual Expansion apply(RowContext& row) const = 0;

    std::uint32_t first_slot = 0;
    std::uint32_t width = 0;
};

// Whether two source texts are one, without regard to blanks and case.
bool is_same_source(std::string_view a, std::string_view b);

// What takes the rows that leave a segment.
class RowReceiver {
public:
    virtual ~RowReceiver() = default;
    virtual base::Result<event::Appetite> receive(RowContext& row) = 0;
};

// One row on its way through a segment. Slots are worked out when first asked.
class RowContext {
public:
    explicit RowContext(const Segment& segment);

    void begin(event::Columns& input);
    event::Value value(const Source& source);
    void set(std::uint32_t slot, event::Value value);
    // Forgets the slots from `slot` on: they may depend on one that changes.
    void forget_from(std::uint32_t slot);
    base::Arena& arena() { return input_->arena(); }
    event::Columns& input() { return *input_; }

private:
    const Segment& segment_;
    event::Columns* input_ = nullptr;
    std::vector<event::Value> slots_;
    std::vector<std::uint8_t> is_known_;
};

// What all segments of a query share while they are compiled.
struct CompileContext {
    std::string_view query_text;
    ListMatchers& lists;
    functions::Surroundings surroundings;
};

class Segment {
public:
    Segment(Upstream& upstream, CompileContext& context) : upstream_(upstream), context_(context) {}

    Upstream& upstream() { return upstream_; }

    // Compiling: names.
    Source resolve(const event::FieldPath& path, event::Reach reach);
    base::Result<BoundProgram> bind(const plan::Expression& expression);
    // Gives the source of an expression's value: a field's own, or a slot that is worked out when asked.
    base::Result<Source> source_of(const plan::Expression& expression);
    void define(const std::string& name, Source source) { names_[name] = std::move(source); }
    std::optional<std::string> output_written(std::string_view text) const;
    // Adds a step that fills so many new slots.
    std::uint32_t add_step(std::unique_ptr<Step> step, std::uint32_t width);
    Source slot(std::uint32_t index) const { return {Source::Kind::slot, index, {}, event::Reach::exact}; }

    // Compiling: what leaves the segment. Gives the position in the outgoing row.
    std::uint32_t capture(const Source& source);
    std::optional<std::uint32_t> capture(const event::FieldPath& path, event::Reach reach);
    // Puts the sort key of these values first in outgoing rows.
    void capture_sort_key(std::vector<std::pair<Source, Direction>> keys) { sort_keys_ = std::move(keys); }

    // Running.
    base::Result<event::Appetite> run(RowContext& row, RowReceiver& receiver) const;
    void append_sort_key(RowContext& row, std::string& key) const;
    bool has_sort_key() const { return !sort_keys_.empty(); }
    std::size_t row_width() const { return captures_.size() + (has_sort_key() ? 1 : 0); }
    // Writes the outgoing row; `key` is its sort key where it has one.
    void collect(RowContext& row, std::string_view key, std::span<event::Value> out) const;

private:
    friend class RowContext;

    base::Result<event::Appetite> run_from(std::size_t step, RowContext& row, RowReceiver& receiver) const;
    plan::Expression with_outputs_named(const plan::Expression& expression) const;

    Upstream& upstream_;
    CompileContext& context_;
    std::map<std::string, Source, std::less<>> names_;
    std::vector<std::optional<BoundProgram>> slots_;
    std::vector<std::unique_ptr<Step>> steps_;
    std::vector<Source> captures_;
    std::vector<std::pair<Source, Direction>> sort_keys_;
};

} // namespace trawl::query::local
