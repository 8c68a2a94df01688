#include "event/json.h"
#include "query/local/steps.h"

// `unnest` and `expand`: a row for each element of an array; `json`: a field out of an object.
namespace trawl::query::local {

using event::Type;
using event::Value;

namespace {

// Opens a text that holds JSON of the wanted type.
Value open_text(const Value& value, Type wanted, base::Arena& arena)
{
    if (value.type() != Type::string) {
        return value;
    }
    const std::string_view text = value.text(arena);
    const Value parsed = event::json::parse(text);
    std::size_t at = 0;
    return parsed.type() == wanted && event::json::validate(text, at) == nullptr ? parsed : value;
}

// Anything that is no array is a list of one.
class ExpandStep final : public Step {
public:
    enum class Texts : std::uint8_t { as_they_are, opened };
    ExpandStep(Source input, Texts texts) : input_(std::move(input)), texts_(texts) {}

    Expansion apply(RowContext& row) const override
    {
        Value value = row.value(input_);
        if (texts_ == Texts::opened) {
            value = open_text(value, Type::array, row.arena());
        }
        std::vector<Value> elements;
        if (value.type() == Type::array) {
            event::json::for_each_element(value.raw(), [&elements](Value element) {
                elements.push_back(element);
                return true;
            });
            // The row of an empty list stays, without the field.
            value = Value();
        }
        if (elements.empty()) {
            elements.push_back(value);
        }
        const std::span<Value> out = values_in(row.arena(), elements.size());
        std::copy(elements.begin(), elements.end(), out.begin());
        return {out.data(), out.size()};
    }

private:
    Source input_;
    Texts texts_;
};

class JsonStep final : public Step {
public:
    JsonStep(Source input, event::FieldPath path) : input_(std::move(input)), path_(std::move(path)) {}

    Expansion apply(RowContext& row) const override
    {
        const Value object = open_text(row.value(input_), Type::object, row.arena());
        const std::span<Value> out = values_in(row.arena(), 1);
        if (object.is_container()) {
            out[0] = event::follow(object, path_.parts, 0, event::Reach::exact, row.arena());
        }
        return {out.data(), 1};
    }

private:
    Source input_;
    event::FieldPath path_;
};

} // namespace

base::Result<std::vector<std::string>> add_unnest(const plan::Command& command, Segment& segment)
{
    if (command.aliases.empty() || !command.input) {
        return base::fail("query", "unnest needs a list and a name: unnest list into name");
    }
    TRY(auto input, input_of(command, segment));
    add_named_step(segment, std::make_unique<ExpandStep>(std::move(input), ExpandStep::Texts::as_they_are),
        {command.aliases.front()});
    return std::vector<std::string> {command.aliases.front()};
}

base::Result<std::vector<std::string>> add_expand(const plan::Command& command, Segment& segment)
{
    if (command.names.empty()) {
        return base::fail("query", "expand needs a field");
    }
    const event::FieldPath& field = command.names.front();
    add_named_step(segment,
        std::make_unique<ExpandStep>(segment.resolve(field, event::Reach::exact), ExpandStep::Texts::opened),
        {field.text});
    return std::vector<std::string> {field.text};
}

base::Result<std::vector<std::string>> add_json(const plan::Command& command, Segment& segment)
{
    if (command.aliases.empty()) {
        return base::fail("query", "json lacks the name of its field");
    }
    TRY(auto input, input_of(command, segment));
    add_named_step(segment, std::make_unique<JsonStep>(std::move(input), event::FieldPath::parse(command.pattern)),
        {command.aliases.front()});
    return std::vector<std::string> {command.aliases.front()};
}

} // namespace trawl::query::local
