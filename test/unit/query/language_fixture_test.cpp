#include "base/text.h"
#include "language_fixture.h"

namespace trawl::test {

using query::plan::Expression;
using query::plan::ExpressionKind;
using query::plan::Test;

query::Lists some_lists()
{
    std::vector<base::Diagnostic> diagnostics;
    query::Lists lists = query::parse_lists(R"(lists:
  Office: {type: cidr, values: [192.0.2.0/24]}
  Outside: {type: cidr, values: [10.0.0.0/8], nonip: outside}
  Words: {type: string, values: [alpha, beta]}
  Buckets: {type: glob, values: ["prod-*"]}
  Keys: {type: regex, values: ['AKIA[0-9A-Z]{16}']}
  Ports: {type: number, values: [22, 3389]}
  Builtin: {type: string, values: [x]}
)",
        "lists.yaml", "", diagnostics);
    lists["Builtin"].is_default = true;
    return lists;
}

query::language::Parsed parse(std::string_view text)
{
    return query::language::parse(text, some_lists());
}

std::string codes(std::string_view text)
{
    std::string out;
    for (const base::Diagnostic& diagnostic : parse(text).diagnostics) {
        out += (out.empty() ? "" : " ") + diagnostic.code;
    }
    return out;
}

std::string marked(std::string_view text, std::string_view code)
{
    for (const base::Diagnostic& diagnostic : parse(text).diagnostics) {
        if (diagnostic.code == code) {
            return diagnostic.span.start >= text.size()
                ? "(end)"
                : std::string(text.substr(diagnostic.span.start, diagnostic.span.length));
        }
    }
    return "(none)";
}

std::string help_of(std::string_view text, std::string_view code)
{
    for (const base::Diagnostic& diagnostic : parse(text).diagnostics) {
        if (diagnostic.code == code) {
            return diagnostic.help;
        }
    }
    return {};
}

namespace {

std::string joined(std::string_view head, const std::vector<Expression>& operands)
{
    std::string out = "(" + std::string(head);
    for (const Expression& operand : operands) {
        out += " " + shape(operand);
    }
    return out + ")";
}

std::string match_shape(const Expression& expression)
{
    std::string_view name = "?";
    switch (expression.match.test) {
    case Test::text: name = expression.match.wildcards == base::Wildcards::glob ? "is" : "is-plainly"; break;
    case Test::contains:
        name = expression.match.wildcards == base::Wildcards::glob ? "contains" : "contains-plainly";
        break;
    case Test::regex: name = "regex"; break;
    case Test::number_equal: name = "number"; break;
    case Test::less: name = "<"; break;
    case Test::less_equal: name = "<="; break;
    case Test::greater: name = ">"; break;
    case Test::greater_equal: name = ">="; break;
    case Test::text_less: name = "text<"; break;
    case Test::text_greater_equal: name = "text>="; break;
    case Test::in_named_list: name = "in-list"; break;
    case Test::like_named_list: name = "like-list"; break;
    case Test::outside_named_list: name = "outside-list"; break;
    case Test::has_value: name = "has-value"; break;
    case Test::empty: name = "empty"; break;
    case Test::empty_text: name = "empty-text"; break;
    default: break;
    }
    std::string out = "(" + std::string(name);
    if (expression.kind == ExpressionKind::match) {
        out += " " + expression.path.text;
    } else {
        for (const Expression& operand : expression.operands) {
            out += " " + shape(operand);
        }
    }
    for (const std::string& pattern : expression.match.patterns) {
        out += " '" + pattern + "'";
    }
    for (const double number : expression.match.numbers) {
        out += " ";
        base::append_number(out, number);
    }
    return out + (expression.match.list.empty() ? "" : " $" + expression.match.list) + ")";
}

} // namespace

std::string shape(const Expression& expression)
{
    constexpr std::string_view comparisons[] {"=", "!=", "<", "<=", ">", ">="};
    constexpr std::string_view operators[] {"+", "-", "*", "/", "%", "^"};
    switch (expression.kind) {
    case ExpressionKind::literal:
        return expression.literal.type == query::plan::Literal::Type::string ? "\"" + expression.literal.text + "\""
                                                                             : expression.literal.text;
    case ExpressionKind::field: return expression.path.text;
    case ExpressionKind::negation: return joined("not", expression.operands);
    case ExpressionKind::conjunction: return joined("and", expression.operands);
    case ExpressionKind::disjunction: return joined("or", expression.operands);
    case ExpressionKind::comparison:
        return joined(comparisons[static_cast<std::size_t>(expression.comparison)], expression.operands);
    case ExpressionKind::in_list: return joined("in", expression.operands);
    case ExpressionKind::like: return joined("like", expression.operands);
    case ExpressionKind::regex: return "(regex " + shape(expression.operands.at(0)) + " /" + expression.text + "/)";
    case ExpressionKind::arithmetic:
        return joined(operators[static_cast<std::size_t>(expression.arithmetic)], expression.operands);
    case ExpressionKind::minus: return joined("minus", expression.operands);
    case ExpressionKind::call: return joined(expression.text, expression.operands);
    case ExpressionKind::member:
        return joined("." + (expression.position >= 0 ? std::to_string(expression.position) : expression.text),
            expression.operands);
    case ExpressionKind::match:
    case ExpressionKind::list_match: return match_shape(expression);
    case ExpressionKind::keyword: {
        std::string out = "(word";
        for (const std::string& pattern : expression.match.patterns) {
            out += " '" + pattern + "'";
        }
        return out + ")";
    }
    case ExpressionKind::constant: return expression.literal.boolean ? "true" : "false";
    case ExpressionKind::element: return joined("element", expression.operands);
    }
    return {};
}

std::string condition(std::string_view text)
{
    const query::language::Parsed parsed = parse(text);
    if (base::has_error(parsed.diagnostics)) {
        return {};
    }
    std::string out;
    for (const query::plan::Command& command : parsed.query.commands) {
        if (command.where) {
            out = shape(*command.where);
        }
    }
    return out;
}

} // namespace trawl::test
