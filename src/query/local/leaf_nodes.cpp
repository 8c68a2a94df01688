#include <algorithm>
#include <optional>

#include "event/json.h"
#include "query/local/node.h"
#include "query/local/pattern_set.h"
#include "query/local/predicate.h"
#include "query/local/record_text.h"

// The leaves that `search` and Sigma are made of: tests of a field, of the elements of an array, of the whole record.
namespace trawl::query::local {

using event::ColumnId;
using event::Columns;
using event::Type;
using event::Value;
using plan::ExpressionKind;

namespace {

bool needs_other(plan::Test test)
{
    return test == plan::Test::equals_field || test == plan::Test::contains_field
        || test == plan::Test::starts_with_field || test == plan::Test::ends_with_field;
}

class Match final : public Condition {
public:
    Match(MatchProgram program, ColumnId column, std::optional<ColumnId> other)
        : program_(std::move(program)), column_(column), other_(other)
    {
    }
    bool test(Columns& row) const override
    {
        const Value value = row.column(column_);
        return program_.matches(value, other_ ? row.column(*other_) : Value(), row.arena());
    }

private:
    MatchProgram program_;
    ColumnId column_;
    std::optional<ColumnId> other_;
};

// `f in $L` of filter, where f is any expression.
class ListMatch final : public Condition {
public:
    ListMatch(NodePointer operand, MatchProgram program) : operand_(std::move(operand)), program_(std::move(program)) {}
    bool test(Columns& row) const override { return program_.matches(operand_->evaluate(row), Value(), row.arena()); }

private:
    NodePointer operand_;
    MatchProgram program_;
};

// Whether a word can only be found inside a string, number or literal of JSON: then white space between these, which the
// compact form lacks, does not matter.
bool is_inside_tokens(std::string_view pattern)
{
    constexpr std::string_view beside = "\"{}[]:,\\?\t\r\n";
    return !pattern.empty() && pattern.front() != ' ' && pattern.back() != ' '
        && pattern.find_first_of(beside) == std::string_view::npos;
}

class Keyword final : public Condition {
public:
    Keyword(const plan::Match& match, ColumnId message)
        : patterns_(match.patterns, match.wildcards, match.case_rule, Place::anywhere),
          is_inside_tokens_(std::ranges::all_of(match.patterns, is_inside_tokens)),
          message_(message)
    {
    }
    bool test(Columns& row) const override
    {
        const Value message = row.column(message_);
        if (is_inside_tokens_) {
            const std::string_view text = message.text(row.arena());
            if (has_minimal_escapes(text)) {
                return patterns_.matches(text);
            }
        }
        return patterns_.matches(record_text(message, row.arena()));
    }

private:
    PatternSet patterns_;
    bool is_inside_tokens_;
    ColumnId message_;
};

// An element of an array as a row: its columns are followed from the element.
class ElementRow final : public Columns {
public:
    ElementRow(const event::Projection& projection, base::Arena& arena) : projection_(projection), arena_(arena) {}
    void set_element(const Value& element) { element_ = element; }

    Value column(ColumnId id) override
    {
        const event::ColumnRequest& request = projection_.columns()[id];
        if (request.path.text == "@message") {
            return element_.is_absent() ? Value() : Value::string(element_.text(arena_));
        }
        if (request.path.parts.empty() || request.path.text == ".") {
            return element_;
        }
        return event::follow(element_, request.path.parts, 0, request.reach, arena_);
    }
    base::Arena& arena() override { return arena_; }

private:
    const event::Projection& projection_;
    base::Arena& arena_;
    Value element_;
};

// One element alone must meet the whole condition.
class Element final : public Condition {
public:
    Element(ColumnId column, event::Projection projection) : column_(column), projection_(std::move(projection)) {}
    void set_condition(NodePointer condition) { condition_ = std::move(condition); }
    event::Projection& projection() { return projection_; }

    bool test(Columns& row) const override
    {
        ElementRow element(projection_, row.arena());
        return test_any(row.column(column_), element);
    }

private:
    bool test_any(const Value& value, ElementRow& row) const
    {
        if (value.type() == Type::several) {
            for (std::size_t i = 0; i < value.count(); ++i) {
                if (test_any(value.at(i), row)) {
                    return true;
                }
            }
            return false;
        }
        if (value.type() == Type::array) {
            struct Search {
                const Element& node;
                ElementRow& row;
                bool found = false;
            } search {*this, row};
            event::json::for_each_element(value.raw(), [&search](Value element) {
                search.found = search.node.test_any(element, search.row);
                return !search.found;
            });
            return search.found;
        }
        if (value.is_absent()) {
            return false;
        }
        // An object where an array is due is an array of one.
        row.set_element(value);
        return condition_->test(row);
    }

    ColumnId column_;
    event::Projection projection_;
    NodePointer condition_;
};

} // namespace

base::Result<NodePointer> make_leaf(const plan::Expression& expression, Compiler& compiler)
{
    switch (expression.kind) {
    case ExpressionKind::match: {
        TRY(auto program, MatchProgram::create(expression.match, compiler.lists));
        const ColumnId column = compiler.projection.add(expression.path, expression.reach);
        std::optional<ColumnId> other;
        if (needs_other(expression.match.test)) {
            other = compiler.projection.add(expression.match.other, expression.reach);
        }
        return NodePointer(std::make_unique<Match>(std::move(program), column, other));
    }
    case ExpressionKind::list_match: {
        if (expression.operands.empty()) {
            return base::fail("query", "a comparison with a list lacks its value");
        }
        TRY(auto operand, compiler.compile(expression.operands.front()));
        TRY(auto program, MatchProgram::create(expression.match, compiler.lists));
        return NodePointer(std::make_unique<ListMatch>(std::move(operand), std::move(program)));
    }
    case ExpressionKind::element: {
        if (expression.operands.empty()) {
            return base::fail("query", "a test of elements lacks its condition");
        }
        auto node = std::make_unique<Element>(
            compiler.projection.add(expression.path, expression.reach), event::Projection());
        Compiler inner {compiler.lists, node->projection(), compiler.surroundings};
        TRY(auto condition, inner.compile(expression.operands.front()));
        node->set_condition(std::move(condition));
        return NodePointer(std::move(node));
    }
    default: {
        const plan::Match& match = expression.match;
        const ColumnId message = compiler.projection.add(event::FieldPath::parse("@message"), event::Reach::exact);
        return NodePointer(std::make_unique<Keyword>(match, message));
    }
    }
}

} // namespace trawl::query::local
