#include "query/local/segment.h"

#include <algorithm>

#include "base/text.h"

namespace trawl::query::local {

using event::Appetite;
using event::Value;
using plan::ExpressionKind;

namespace {

// A row context seen through the columns of one program.
class View final : public event::Columns {
public:
    View(const std::vector<Source>& sources, RowContext& row) : sources_(sources), row_(row) {}
    Value column(event::ColumnId id) override { return row_.value(sources_[id]); }
    base::Arena& arena() override { return row_.arena(); }

private:
    const std::vector<Source>& sources_;
    RowContext& row_;
};

Value follow(const Value& value, const Source& source, base::Arena& arena)
{
    if (value.is_container()) {
        return event::follow(value, source.rest, 0, source.reach, arena);
    }
    return {};
}

std::string without_blanks(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
            out.push_back(base::lower_ascii(c));
        }
    }
    return out;
}

bool calls_bin(const plan::Expression& expression)
{
    return (expression.kind == ExpressionKind::call && base::equal_ignoring_case(expression.text, "bin"))
        || std::ranges::any_of(expression.operands, calls_bin);
}

} // namespace

bool is_same_source(std::string_view a, std::string_view b)
{
    return without_blanks(a) == without_blanks(b);
}

Value BoundProgram::evaluate(RowContext& row) const
{
    View view(sources_, row);
    return program_.evaluate(view);
}

bool BoundProgram::test(RowContext& row) const
{
    View view(sources_, row);
    return program_.test(view);
}

RowContext::RowContext(const Segment& segment)
    : segment_(segment), slots_(segment.slots_.size()), is_known_(segment.slots_.size(), 0)
{
}

void RowContext::begin(event::Columns& input)
{
    input_ = &input;
    forget_from(0);
}

void RowContext::forget_from(std::uint32_t slot)
{
    std::fill(is_known_.begin() + slot, is_known_.end(), std::uint8_t {0});
}

void RowContext::set(std::uint32_t slot, Value value)
{
    slots_[slot] = value;
    is_known_[slot] = 1;
}

Value RowContext::value(const Source& source)
{
    switch (source.kind) {
    case Source::Kind::absent: return {};
    case Source::Kind::input: {
        const Value value = input_->column(source.index);
        return source.rest.empty() ? value : follow(value, source, arena());
    }
    case Source::Kind::slot: break;
    }
    if (is_known_[source.index] == 0) {
        const auto& program = segment_.slots_[source.index];
        // A step's slot is set before anything behind the step asks for it.
        set(source.index, program ? program->evaluate(*this) : Value());
    }
    const Value value = slots_[source.index];
    return source.rest.empty() ? value : follow(value, source, arena());
}

Source Segment::resolve(const event::FieldPath& path, event::Reach reach)
{
    if (const auto found = names_.find(path.text); found != names_.end()) {
        return found->second;
    }
    // The longest beginning of the path that is a name: `event.name` after `unnest … into event`.
    for (std::size_t count = path.parts.size(); count-- > 1;) {
        std::string name = path.parts.front();
        for (std::size_t i = 1; i < count; ++i) {
            name += '.';
            name += path.parts[i];
        }
        if (const auto found = names_.find(name); found != names_.end()) {
            Source source = found->second;
            source.rest.insert(
                source.rest.end(), path.parts.begin() + static_cast<std::ptrdiff_t>(count), path.parts.end());
            source.reach = reach;
            return source;
        }
    }
    return upstream_.column(path, reach);
}

plan::Expression Segment::with_outputs_named(const plan::Expression& expression) const
{
    const bool may_be_output = expression.kind != ExpressionKind::field && expression.kind != ExpressionKind::literal
        && expression.span.length > 0 && expression.span.start < context_.query_text.size();
    if (may_be_output) {
        const std::string_view text
            = base::trim(context_.query_text.substr(expression.span.start, expression.span.length));
        if (const auto name = output_written(text)) {
            plan::Expression field;
            field.kind = ExpressionKind::field;
            field.span = expression.span;
            field.path = event::FieldPath::of({*name});
            return field;
        }
    }
    plan::Expression copy = expression;
    for (plan::Expression& operand : copy.operands) {
        operand = with_outputs_named(operand);
    }
    return copy;
}

std::optional<std::string> Segment::output_written(std::string_view text) const
{
    if (const auto found = names_.find(text); found != names_.end()) {
        return found->first;
    }
    for (const auto& [name, source] : names_) {
        if (is_same_source(name, text)) {
            return name;
        }
    }
    return upstream_.output_written(text);
}

base::Result<BoundProgram> Segment::bind(const plan::Expression& expression)
{
    event::Projection projection;
    TRY(auto program,
        Program::create(with_outputs_named(expression), context_.lists, projection, context_.surroundings));
    std::vector<Source> sources;
    for (const event::ColumnRequest& request : projection.columns()) {
        sources.push_back(resolve(request.path, request.reach));
        if (request.path.text == "@timestamp" && sources.back().kind == Source::Kind::absent && calls_bin(expression)) {
            return base::fail("query",
                "bin() needs @timestamp, which the stats before it does not pass on; "
                "write max(@timestamp) as @t there and datefloor(@t, …) here");
        }
    }
    return BoundProgram(std::move(program), std::move(sources));
}

base::Result<Source> Segment::source_of(const plan::Expression& expression)
{
    const plan::Expression named = with_outputs_named(expression);
    if (named.kind == ExpressionKind::field) {
        return resolve(named.path, named.reach);
    }
    TRY(auto program, bind(named));
    slots_.emplace_back(std::move(program));
    return slot(static_cast<std::uint32_t>(slots_.size() - 1));
}

std::uint32_t Segment::add_step(std::unique_ptr<Step> step, std::uint32_t width)
{
    step->first_slot = static_cast<std::uint32_t>(slots_.size());
    step->width = width;
    for (std::uint32_t i = 0; i < width; ++i) {
        slots_.emplace_back(std::nullopt);
    }
    steps_.push_back(std::move(step));
    return steps_.back()->first_slot;
}

std::uint32_t Segment::capture(const Source& source)
{
    const auto found = std::ranges::find(captures_, source);
    const auto position = static_cast<std::uint32_t>(found - captures_.begin());
    if (found == captures_.end()) {
        captures_.push_back(source);
    }
    return position + (has_sort_key() ? 1 : 0);
}

std::optional<std::uint32_t> Segment::capture(const event::FieldPath& path, event::Reach reach)
{
    const Source source = resolve(path, reach);
    return source.kind == Source::Kind::absent ? std::nullopt : std::optional(capture(source));
}

base::Result<Appetite> Segment::run(RowContext& row, RowReceiver& receiver) const
{
    return run_from(0, row, receiver);
}

base::Result<Appetite> Segment::run_from(std::size_t step, RowContext& row, RowReceiver& receiver) const
{
    for (; step < steps_.size(); ++step) {
        const Step& current = *steps_[step];
        const Expansion made = current.apply(row);
        if (made.rows == 0) {
            return Appetite::hungry;
        }
        for (std::size_t i = 0; i < made.rows; ++i) {
            for (std::uint32_t j = 0; j < current.width; ++j) {
                row.set(current.first_slot + j, made.values[i * current.width + j]);
            }
            if (made.rows == 1) {
                break;
            }
            row.forget_from(current.first_slot + current.width);
            TRY(const auto appetite, run_from(step + 1, row, receiver));
            if (appetite == Appetite::sated || i + 1 == made.rows) {
                return appetite;
            }
        }
    }
    return receiver.receive(row);
}

void Segment::append_sort_key(RowContext& row, std::string& key) const
{
    for (const auto& [source, direction] : sort_keys_) {
        local::append_sort_key(key, row.value(source), direction, row.arena());
    }
}

void Segment::collect(RowContext& row, std::string_view key, std::span<Value> out) const
{
    std::size_t position = 0;
    if (has_sort_key()) {
        out[position++] = Value::string(key);
    }
    for (const Source& source : captures_) {
        out[position++] = row.value(source);
    }
}

} // namespace trawl::query::local
