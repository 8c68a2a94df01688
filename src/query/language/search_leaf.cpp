#include <algorithm>
#include <array>
#include <utility>

#include "base/address.h"
#include "base/text.h"
#include "query/language/parser.h"

// What the comparisons of `search` mean: the table in docs/LANGUAGE.md, line by line.
namespace trawl::query::language {

using base::Severity;
using plan::Comparison;
using plan::ExpressionKind;
using plan::Test;

namespace {

// Fields that every record of CloudTrail has.
bool is_always_set(std::string_view field)
{
    constexpr std::array<std::string_view, 8> fields {
        "eventName", "eventSource", "eventTime", "eventVersion", "eventID", "eventType", "awsRegion", "@message"};
    return std::ranges::find(fields, field) != fields.end();
}

Tree leaf(const event::FieldPath& path, Test test, base::Span span)
{
    Tree tree;
    tree.expression.kind = ExpressionKind::match;
    tree.expression.path = path;
    tree.expression.reach = event::Reach::any_element;
    tree.expression.match.test = test;
    tree.expression.span = span;
    return tree;
}

Tree never(base::Span span)
{
    Tree tree;
    tree.expression.kind = ExpressionKind::constant;
    tree.expression.span = span;
    return tree;
}

Tree combined(ExpressionKind kind, std::vector<Tree> operands, base::Span span)
{
    if (operands.size() == 1 && kind != ExpressionKind::negation) {
        return std::move(operands.front());
    }
    Tree tree;
    tree.expression.kind = kind;
    tree.expression.span = span;
    for (Tree& operand : operands) {
        tree.height = std::max(tree.height, operand.height + 1);
        tree.expression.operands.push_back(std::move(operand.expression));
    }
    return tree;
}

bool is_any(const SearchValue& value)
{
    return !value.is_literal && !value.text.empty() && value.text.find_first_not_of('*') == std::string::npos;
}

// A number without quotes that is written as numbers are: it compares as a number. With leading zeros, or beyond what
// a double holds, it is an identifier.
bool is_number(const SearchValue& value, double& number)
{
    if (value.is_quoted || !base::parse_number(value.text, number)) {
        return false;
    }
    std::string canonical;
    base::append_number(canonical, number);
    return canonical == value.text;
}

base::Wildcards wildcards_of(const SearchValue& value)
{
    return value.is_literal ? base::Wildcards::plain : base::Wildcards::glob;
}

} // namespace

Tree Parser::equals_leaf(const event::FieldPath& path, const std::vector<SearchValue>& values, base::Span span)
{
    // Values of one kind share a leaf: it is looked up at once, however many there are.
    Tree patterns = leaf(path, Test::text, span);
    Tree plain = leaf(path, Test::text, span);
    plain.expression.match.wildcards = base::Wildcards::plain;
    Tree numbers = leaf(path, Test::number_equal, span);
    std::vector<Tree> alternatives;
    for (const SearchValue& value : values) {
        double number = 0;
        if (value.list != nullptr) {
            Tree in_list = leaf(path, Test::in_named_list, span);
            in_list.expression.match.list = value.list->name;
            alternatives.push_back(std::move(in_list));
        } else if (value.text.empty()) {
            if (!value.is_literal) {
                warn_of_empty(path, values.size() == 1 ? span : value.span, value.span);
            }
            alternatives.push_back(leaf(path, value.is_literal ? Test::empty_text : Test::empty, span));
        } else if (is_any(value)) {
            warn_of_any(path, values.size() == 1 ? span : value.span);
            alternatives.push_back(leaf(path, Test::has_value, span));
        } else if (is_number(value, number)) {
            numbers.expression.match.numbers.push_back(number);
        } else if (value.is_literal) {
            plain.expression.match.patterns.push_back(value.text);
        } else {
            warn_of_range(path, value);
            patterns.expression.match.patterns.push_back(value.text);
        }
    }
    if (!patterns.expression.match.patterns.empty()) {
        alternatives.push_back(std::move(patterns));
    }
    if (!plain.expression.match.patterns.empty()) {
        alternatives.push_back(std::move(plain));
    }
    if (!numbers.expression.match.numbers.empty()) {
        alternatives.push_back(std::move(numbers));
    }
    return combined(ExpressionKind::disjunction, std::move(alternatives), span);
}

// Has a value, and none of those.
Tree Parser::differs_leaf(const event::FieldPath& path, const std::vector<SearchValue>& values, base::Span span)
{
    std::vector<Tree> conditions;
    std::vector<SearchValue> others;
    for (const SearchValue& value : values) {
        if (value.list != nullptr) {
            warn_of_outside(*value.list, path, span);
            Tree outside = leaf(path, Test::outside_named_list, span);
            outside.expression.match.list = value.list->name;
            conditions.push_back(std::move(outside));
        } else if (is_any(value)) {
            report(Severity::warning, "W112", path.text + "!=\"*\" never holds: every value equals *",
                "for records without the field: NOT " + path.text + "=\"*\"", span);
            if (const auto written = lexer_.path(span.start); written && values.size() == 1) {
                analysis_.edits.push_back({span, "NOT " + std::string(text_of(written->span)) + "=\"*\""});
            }
            return never(span);
        } else if (value.text.empty()) {
            // Against an empty text, "has another value" needs no W101.
            Tree empty = leaf(path, Test::empty_text, span);
            std::vector<Tree> operands;
            operands.push_back(std::move(empty));
            conditions.push_back(combined(ExpressionKind::negation, std::move(operands), span));
            others.reserve(values.size());
        } else {
            others.push_back(value);
        }
    }
    if (!others.empty()) {
        std::vector<Tree> operands;
        operands.push_back(equals_leaf(path, others, span));
        conditions.push_back(combined(ExpressionKind::negation, std::move(operands), span));
    }
    // The lists' own test asks for a value itself.
    const bool lists_alone
        = std::ranges::all_of(values, [](const SearchValue& value) { return value.list != nullptr; });
    if (!lists_alone) {
        conditions.insert(conditions.begin(), leaf(path, Test::has_value, span));
    }
    return combined(ExpressionKind::conjunction, std::move(conditions), span);
}

base::Result<Tree> Parser::order_leaf(
    const event::FieldPath& path, Comparison comparison, const SearchValue& value, base::Span span)
{
    if (value.list != nullptr) {
        return error("E203", "a list is compared by = != in and like only", "", span);
    }
    constexpr std::array<std::pair<Test, Test>, 4> tests {{
        {Test::less, Test::text_less},
        {Test::less_equal, Test::text_less_equal},
        {Test::greater, Test::text_greater},
        {Test::greater_equal, Test::text_greater_equal},
    }};
    const auto& [by_number, by_text]
        = tests[static_cast<std::size_t>(comparison) - static_cast<std::size_t>(Comparison::less)];
    double number = 0;
    const bool reads_as_number = base::parse_number(value.plain, number);
    Tree tree = leaf(path, reads_as_number && !value.is_quoted ? by_number : by_text, span);
    if (reads_as_number) {
        // Beside a text: for values that are numbers themselves.
        tree.expression.match.numbers.push_back(number);
    }
    if (value.is_quoted || !reads_as_number) {
        tree.expression.match.patterns.push_back(value.plain);
    }
    return tree;
}

Tree Parser::like_leaf(const event::FieldPath& path, const SearchValue& value, base::Span span)
{
    if (value.list != nullptr) {
        Tree tree = leaf(path, Test::like_named_list, span);
        tree.expression.match.list = value.list->name;
        return tree;
    }
    if (value.text.empty() || is_any(value)) {
        return leaf(path, Test::has_value, span);
    }
    Tree tree = leaf(path, Test::contains, span);
    tree.expression.match.wildcards = wildcards_of(value);
    tree.expression.match.patterns.push_back(value.text);
    return tree;
}

base::Result<Tree> Parser::keyword_leaf(const SearchValue& value)
{
    Tree tree;
    tree.expression.kind = ExpressionKind::keyword;
    tree.expression.span = value.span;
    plan::Match& match = tree.expression.match;
    match.wildcards = wildcards_of(value);
    if (value.list == nullptr) {
        match.patterns.push_back(value.text);
        return tree;
    }
    switch (value.list->type) {
    case ListType::string:
    case ListType::glob:
        match.wildcards = value.list->type == ListType::glob ? base::Wildcards::glob : base::Wildcards::plain;
        match.patterns = value.list->values;
        return tree;
    case ListType::regex:
        tree = leaf(event::FieldPath::parse("@message"), Test::like_named_list, value.span);
        tree.expression.match.list = value.list->name;
        return tree;
    default: break;
    }
    if (value.list->is_default) {
        return tree;   // Unbound: reported already.
    }
    return error("E203", "a list of addresses or numbers needs a field",
        "as in: sourceIPAddress in $" + value.list->name, value.span);
}

void Parser::warn_of_empty(const event::FieldPath& path, base::Span span, base::Span value)
{
    if (!is_always_set(path.text)) {
        report(Severity::warning, "W101",
            path.text + "=\"\" matches records where " + path.text + " is missing, null or empty",
            "any value: " + path.text + "=\"*\" (formatted pages lose the asterisk); no value: NOT " + path.text
                + "=\"*\"",
            span);
        return;
    }
    const bool has_vowel = std::string_view("ae").find(path.text.front()) != std::string_view::npos;
    report(Severity::warning, "W101",
        path.text + "=\"\" matches only records without " + (has_vowel ? "an " : "the ") + path.text,
        "if this came from a formatted page, an asterisk may have been lost: " + path.text + "=\"*\"", span);
    analysis_.edits.push_back({value, "\"*\""});
}

void Parser::warn_of_any(const event::FieldPath& path, base::Span span)
{
    if (!is_always_set(path.text) || !always_set_.insert(path.text).second) {
        return;
    }
    report(Severity::warning, "W102",
        path.text + "=\"*\" is always true here: every record of CloudTrail has " + path.text, "leave it out", span);
}

void Parser::warn_of_range(const event::FieldPath& path, const SearchValue& value)
{
    const std::string name = base::to_lower_ascii(path.text);
    const bool holds_address = name.ends_with("ip") || name.ends_with("addr") || name.ends_with("address");
    // Rules of security groups hold ranges as text, and compare as such.
    if (!holds_address || name.ends_with("cidrip") || value.plain.find('/') == std::string::npos
        || !base::parse_cidr(value.plain)) {
        return;
    }
    report(Severity::warning, "W122", "the range of addresses is compared as text",
        "bind a list of type cidr, or filter isIpInSubnet(" + path.text + ", \"" + value.plain + "\")", value.span);
}

} // namespace trawl::query::language
