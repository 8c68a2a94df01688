#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/regex.h"
#include "base/text.h"
#include "query/functions/function_table.h"
#include "query/language/parser.h"
#include "query/language/suggestion.h"

// Expressions of filter, fields, stats, sort …: the semantics of CloudWatch Logs Insights.
namespace trawl::query::language {

using plan::Comparison;
using plan::ExpressionKind;

namespace {

std::optional<Comparison> comparison_named(std::string_view symbol)
{
    constexpr std::array<std::pair<std::string_view, Comparison>, 7> named {{
        {"=", Comparison::equal},
        {"==", Comparison::equal},
        {"!=", Comparison::not_equal},
        {"<", Comparison::less},
        {"<=", Comparison::less_equal},
        {">", Comparison::greater},
        {">=", Comparison::greater_equal},
    }};
    for (const auto& [text, comparison] : named) {
        if (text == symbol) {
            return comparison;
        }
    }
    return {};
}

// Words that stand between expressions; as names of fields they go in back-ticks.
bool is_reserved(std::string_view word)
{
    constexpr std::array<std::string_view, 7> reserved {"and", "or", "not", "in", "like", "as", "by"};
    return std::ranges::any_of(
        reserved, [word](std::string_view other) { return base::equal_ignoring_case(word, other); });
}

std::size_t count_nodes(const plan::Expression& expression)
{
    std::size_t count = 1;
    for (const plan::Expression& operand : expression.operands) {
        count += count_nodes(operand);
    }
    return count;
}

Tree literal(plan::Literal::Type type, std::string text, base::Span span)
{
    Tree tree;
    tree.expression.kind = ExpressionKind::literal;
    tree.expression.literal.type = type;
    tree.expression.literal.text = std::move(text);
    tree.expression.span = span;
    return tree;
}

} // namespace

base::Result<Tree> Parser::joined(ExpressionKind kind, std::vector<Tree> operands, std::size_t start)
{
    if (operands.size() == 1 && (kind == ExpressionKind::conjunction || kind == ExpressionKind::disjunction)) {
        return std::move(operands.front());
    }
    Tree tree;
    tree.expression.kind = kind;
    tree.expression.span = span_from(start);
    for (Tree& operand : operands) {
        tree.height = std::max(tree.height, operand.height + 1);
        tree.expression.operands.push_back(std::move(operand.expression));
    }
    TRY_VOID(check_depth(tree.height));
    return tree;
}

base::Result<Tree> Parser::expression()
{
    const std::size_t start = token_.span.start;
    std::vector<Tree> operands;
    do {
        TRY(Tree operand, conjunction());
        operands.push_back(std::move(operand));
    } while (take_word("or"));
    return joined(ExpressionKind::disjunction, std::move(operands), start);
}

base::Result<Tree> Parser::conjunction()
{
    const std::size_t start = token_.span.start;
    std::vector<Tree> operands;
    do {
        TRY(Tree operand, negation());
        operands.push_back(std::move(operand));
    } while (take_word("and"));
    return joined(ExpressionKind::conjunction, std::move(operands), start);
}

base::Result<Tree> Parser::negation()
{
    const std::size_t start = token_.span.start;
    if (!take_word("not") && !take_symbol("!")) {
        return comparison();
    }
    const Descent descent(*this);
    TRY_VOID(check_depth(1));
    TRY(Tree operand, negation());
    std::vector<Tree> operands;
    operands.push_back(std::move(operand));
    return joined(ExpressionKind::negation, std::move(operands), start);
}

base::Result<Tree> Parser::comparison()
{
    const std::size_t start = token_.span.start;
    if (at_symbol("$")) {
        return error("E203", "a list stands on the right side", "write the field first: f in $Name", token_.span);
    }
    TRY(Tree left, additive());
    const bool is_negated = at_word("not");
    const Token word = is_negated ? following() : token_;
    const bool is_like = is_word(word, "like");
    if (!is_like && !is_word(word, "in")) {
        return compared(std::move(left), start);
    }
    jump(word.end());
    return is_like ? liked(std::move(left), start, is_negated) : contained(std::move(left), start, is_negated);
}

base::Result<Tree> Parser::compared(Tree left, std::size_t start)
{
    if (take_symbol("=~")) {
        if (!at_symbol("/")) {
            return expected("a regular expression between slashes after =~");
        }
        TRY(const Token regex, regex_token());
        std::vector<Tree> operands;
        operands.push_back(std::move(left));
        TRY(Tree tree, joined(ExpressionKind::regex, std::move(operands), start));
        tree.expression.text = regex_content(regex.text);
        return tree;
    }
    const auto comparison = token_.kind == TokenKind::symbol ? comparison_named(token_.text) : std::nullopt;
    if (!comparison) {
        if (at_word("is")) {
            return expected("an operator", "presence is asked for by ispresent(field), or not ispresent(field)");
        }
        return left;
    }
    const base::Span symbol = token_.span;
    advance();
    if (at_symbol("/")) {
        return expected("a value", "regular expressions go after like or =~ : field =~ /…/");
    }
    if (at_symbol(">")) {
        return expected("a value", "unequal is written !=");
    }
    if (at_list_reference()) {
        if (*comparison != Comparison::equal && *comparison != Comparison::not_equal) {
            return error("E203", "a list is compared by = != in and like only", "", symbol);
        }
        return listed(std::move(left), start, plan::Test::in_named_list, *comparison == Comparison::not_equal);
    }
    std::vector<Tree> operands;
    operands.push_back(std::move(left));
    if (token_.kind == TokenKind::word && lexer_.text().substr(token_.end()).starts_with("://")) {
        const Token url = lexer_.url(token_.span.start);
        jump(url.end());
        operands.push_back(literal(plan::Literal::Type::string, std::string(url.text), url.span));
    } else {
        TRY(Tree right, additive());
        warn_of_quoted_list(right.expression);
        operands.push_back(std::move(right));
    }
    if (token_.kind == TokenKind::symbol && comparison_named(token_.text)) {
        return error("E101", "comparisons cannot be chained", "join them by and: a < b and b < c", token_.span);
    }
    TRY(Tree tree, joined(ExpressionKind::comparison, std::move(operands), start));
    tree.expression.comparison = *comparison;
    return tree;
}

base::Result<Tree> Parser::negated_with_value(const plan::Expression& operand, Tree test, std::size_t start)
{
    // The operand is copied: nested in themselves, copies would double at each level.
    constexpr std::size_t most_nodes = 100;
    if (count_nodes(operand) > most_nodes) {
        return error("E109", "what is compared is too complex", "give it a name first: fields … as x", operand.span);
    }
    std::vector<Tree> operands;
    const unsigned height = test.height;
    operands.push_back(std::move(test));
    TRY(Tree negated, joined(ExpressionKind::negation, std::move(operands), start));
    // `like ""` holds for every text, number and time, and for no missing value, object or array.
    Tree has_value;
    has_value.height = height;
    has_value.expression.kind = ExpressionKind::like;
    has_value.expression.span = operand.span;
    has_value.expression.operands.push_back(operand);
    has_value.expression.operands.push_back(literal(plan::Literal::Type::string, "", operand.span).expression);
    operands.clear();
    operands.push_back(std::move(has_value));
    operands.push_back(std::move(negated));
    return joined(ExpressionKind::conjunction, std::move(operands), start);
}

base::Result<Tree> Parser::liked(Tree left, std::size_t start, bool is_negated)
{
    if (at_list_reference()) {
        return listed(std::move(left), start, plan::Test::like_named_list, is_negated);
    }
    const plan::Expression operand = left.expression;
    std::vector<Tree> operands;
    operands.push_back(std::move(left));
    Tree tree;
    if (at_symbol("/")) {
        TRY(const Token regex, regex_token());
        TRY(tree, joined(ExpressionKind::regex, std::move(operands), start));
        tree.expression.text = regex_content(regex.text);
    } else {
        TRY(Tree wanted, additive());
        warn_of_quoted_list(wanted.expression);
        operands.push_back(std::move(wanted));
        TRY(tree, joined(ExpressionKind::like, std::move(operands), start));
    }
    return is_negated ? negated_with_value(operand, std::move(tree), start) : base::Result<Tree>(std::move(tree));
}

base::Result<Tree> Parser::contained(Tree left, std::size_t start, bool is_negated)
{
    if (at_list_reference()) {
        return listed(std::move(left), start, plan::Test::in_named_list, is_negated);
    }
    if (!at_symbol("[") && !at_symbol("(")) {
        return expected("[ after in", "as in: eventName in [\"GetObject\", \"PutObject\"], or f in $List");
    }
    const plan::Expression operand = left.expression;
    std::vector<Tree> operands;
    operands.push_back(std::move(left));
    std::vector<Tree> alternatives;
    if (at_symbol("(") && at_subquery()) {
        // Told apart by this call, which no table of functions has: the plan's command holds the subquery.
        const std::size_t subquery_start = token_.span.start;
        TRY_VOID(subquery(*command_));
        Tree rows;
        rows.expression.kind = ExpressionKind::call;
        rows.expression.text = "subquery";
        rows.expression.span = span_from(subquery_start);
        operands.push_back(std::move(rows));
    } else {
        const std::string_view close = at_symbol("[") ? "]" : ")";
        const Descent descent(*this);
        TRY_VOID(check_depth(1));
        advance();
        while (!at_symbol(close)) {
            if (at_list_reference()) {
                TRY(Tree alternative,
                    listed(Tree {operand, 1}, start, plan::Test::in_named_list, /*is_negated=*/false));
                alternatives.push_back(std::move(alternative));
                // Each alternative holds a copy of what is compared.
                constexpr std::size_t most_lists = 16;
                if (alternatives.size() > most_lists) {
                    return error("E109", "too many lists in one in", "", token_.span);
                }
            } else {
                TRY(Tree value, expression());
                warn_of_quoted_list(value.expression);
                operands.push_back(std::move(value));
            }
            if (!take_symbol(",")) {
                break;
            }
        }
        if (!take_symbol(close)) {
            return expected("a comma or " + std::string(close));
        }
    }
    if (alternatives.empty() || operands.size() > 1) {
        TRY(Tree tree, joined(ExpressionKind::in_list, std::move(operands), start));
        alternatives.push_back(std::move(tree));
    }
    TRY(Tree tree, joined(ExpressionKind::disjunction, std::move(alternatives), start));
    return is_negated ? negated_with_value(operand, std::move(tree), start) : base::Result<Tree>(std::move(tree));
}

base::Result<Tree> Parser::listed(Tree left, std::size_t start, plan::Test test, bool is_negated)
{
    TRY(const NamedList* const list, list_reference());
    const plan::Expression operand = left.expression;
    std::vector<Tree> operands;
    operands.push_back(std::move(left));
    TRY(Tree tree, joined(ExpressionKind::list_match, std::move(operands), start));
    tree.expression.match.test = test;
    tree.expression.match.list = list->name;
    tree.expression.match.case_rule = base::CaseRule::sensitive;
    if (!is_negated) {
        return tree;
    }
    const bool has_addresses = list->type == ListType::cidr || list->type == ListType::ip;
    if (test == plan::Test::like_named_list && !has_addresses) {
        return negated_with_value(operand, std::move(tree), start);
    }
    warn_of_outside(*list, operand.path, tree.expression.span);
    tree.expression.match.test = plan::Test::outside_named_list;
    return tree;
}

void Parser::warn_of_quoted_list(const plan::Expression& value)
{
    if (value.kind != ExpressionKind::literal || value.literal.type != plan::Literal::Type::string) {
        return;
    }
    const std::string& name = value.literal.text;
    if (is_reserved_list_name(name) || bound_list(name) != nullptr) {
        report(base::Severity::warning, "W113", "filter compares the text \"" + name + "\", not the list of that name",
            "the list is written $" + name, value.span);
    }
}

base::Result<Tree> Parser::additive()
{
    const std::size_t start = token_.span.start;
    TRY(Tree left, multiplicative());
    while (at_symbol("+") || at_symbol("-")) {
        const bool is_plus = at_symbol("+");
        advance();
        TRY(Tree right, multiplicative());
        std::vector<Tree> operands;
        operands.push_back(std::move(left));
        operands.push_back(std::move(right));
        TRY(left, joined(ExpressionKind::arithmetic, std::move(operands), start));
        left.expression.arithmetic = is_plus ? plan::Arithmetic::add : plan::Arithmetic::subtract;
    }
    return left;
}

base::Result<Tree> Parser::multiplicative()
{
    const std::size_t start = token_.span.start;
    TRY(Tree left, unary());
    while (at_symbol("*") || at_symbol("/") || at_symbol("%")) {
        const char symbol = token_.text.front();
        advance();
        TRY(Tree right, unary());
        std::vector<Tree> operands;
        operands.push_back(std::move(left));
        operands.push_back(std::move(right));
        TRY(left, joined(ExpressionKind::arithmetic, std::move(operands), start));
        left.expression.arithmetic = symbol == '*' ? plan::Arithmetic::multiply
            : symbol == '/'                        ? plan::Arithmetic::divide
                                                   : plan::Arithmetic::remainder;
    }
    return left;
}

base::Result<Tree> Parser::unary()
{
    const std::size_t start = token_.span.start;
    if (!take_symbol("-")) {
        return power();
    }
    const Descent descent(*this);
    TRY_VOID(check_depth(1));
    std::vector<Tree> operands;
    TRY(Tree operand, unary());
    operands.push_back(std::move(operand));
    return joined(ExpressionKind::minus, std::move(operands), start);
}

base::Result<Tree> Parser::power()
{
    const std::size_t start = token_.span.start;
    TRY(Tree base_tree, postfix());
    if (!take_symbol("^")) {
        return base_tree;
    }
    const Descent descent(*this);
    TRY_VOID(check_depth(1));
    std::vector<Tree> operands;
    operands.push_back(std::move(base_tree));
    TRY(Tree exponent, unary());
    operands.push_back(std::move(exponent));
    TRY(Tree tree, joined(ExpressionKind::arithmetic, std::move(operands), start));
    tree.expression.arithmetic = plan::Arithmetic::power;
    return tree;
}

base::Result<Tree> Parser::postfix()
{
    const std::size_t start = token_.span.start;
    TRY(Tree tree, primary());
    while (auto segment = lexer_.segment(previous_end_)) {
        jump(segment->end);
        std::vector<Tree> operands;
        operands.push_back(std::move(tree));
        TRY(tree, joined(ExpressionKind::member, std::move(operands), start));
        if (segment->is_position && base::parse_integer(segment->name, tree.expression.position)) {
            continue;
        }
        tree.expression.text = std::move(segment->name);
    }
    return tree;
}

base::Result<Tree> Parser::primary()
{
    const Token first = token_;
    switch (first.kind) {
    case TokenKind::number:
    case TokenKind::duration: return number();
    case TokenKind::string:
        advance();
        return literal(plan::Literal::Type::string, string_content(first.text, Escapes::all), first.span);
    case TokenKind::word:
    case TokenKind::back_tick: break;
    default:
        if (!at_symbol("(")) {
            return expected("a field or a value");
        }
        const Descent descent(*this);
        TRY_VOID(check_depth(1));
        advance();
        TRY(Tree inner, expression());
        if (!take_symbol(")")) {
            return expected(")");
        }
        inner.expression.span = span_from(first.span.start);
        return inner;
    }
    if (first.kind == TokenKind::word && is_reserved(first.text)) {
        return expected("a field or a value", "as the name of a field it goes in back-ticks");
    }
    // The token begins a path, so that there is one.
    const LexedPath path = lexer_.path(first.span.start).value_or(LexedPath {});
    jump(path.span.start + path.span.length);
    if (path.is_one_word && at_symbol("(")) {
        return call(path);
    }
    if (path.is_one_word && (is_word(first, "true") || is_word(first, "false"))) {
        Tree tree = literal(plan::Literal::Type::boolean, base::to_lower_ascii(first.text), first.span);
        tree.expression.literal.boolean = is_word(first, "true");
        return tree;
    }
    if (path.is_one_word && is_word(first, "null")) {
        return literal(plan::Literal::Type::null, "null", first.span);
    }
    Tree tree;
    tree.expression.kind = ExpressionKind::field;
    tree.expression.path = path.path;
    tree.expression.span = path.span;
    return tree;
}

base::Result<Tree> Parser::number()
{
    const Token written = token_;
    advance();
    if (written.kind == TokenKind::duration) {
        return literal(plan::Literal::Type::duration, std::string(written.text), written.span);
    }
    Tree tree = literal(plan::Literal::Type::number, std::string(written.text), written.span);
    if (!base::parse_number(written.text, tree.expression.literal.number)) {
        return error("E110", "no number: " + std::string(written.text.substr(0, 40)), "", written.span);
    }
    return tree;
}

base::Result<Tree> Parser::call(const LexedPath& name)
{
    const functions::Function* const function = functions::find_function(name.path.text);
    const functions::AggregateFunction* const aggregate = functions::find_aggregate(name.path.text);
    // Shows what AWS's data protection masks; files of logs hold it as it is.
    const bool is_unmask = base::equal_ignoring_case(name.path.text, "unmask");
    if (function == nullptr && aggregate == nullptr && !is_unmask) {
        std::vector<std::string_view> names = functions::function_names();
        const std::vector<std::string_view> aggregates = functions::aggregate_names();
        names.insert(names.end(), aggregates.begin(), aggregates.end());
        return error("E105", "no function is called " + name.path.text, did_you_mean(name.path.text, names), name.span);
    }
    const Descent descent(*this);
    TRY_VOID(check_depth(1));
    advance();
    std::vector<Tree> arguments;
    const bool has_star = at_symbol("*") && following().text == ")";
    if (has_star) {
        advance();
    }
    while (!at_symbol(")")) {
        TRY(Tree argument, expression());
        arguments.push_back(std::move(argument));
        if (!take_symbol(",")) {
            break;
        }
    }
    if (!take_symbol(")")) {
        return expected("a comma or ) in " + name.path.text + "()");
    }
    if (is_unmask) {
        if (arguments.size() != 1) {
            return error("E107", "unmask() takes 1 argument, not " + std::to_string(arguments.size()), "",
                span_from(name.span.start));
        }
        return std::move(arguments.front());
    }
    TRY(Tree tree, joined(ExpressionKind::call, std::move(arguments), name.span.start));
    tree.expression.text = function != nullptr ? function->name : aggregate->name;
    TRY_VOID(check_call(tree.expression, has_star));
    return tree;
}

Parser::Done Parser::check_call(const plan::Expression& call, bool has_star)
{
    const functions::Function* const function = functions::find_function(call.text);
    const functions::AggregateFunction* const aggregate = functions::find_aggregate(call.text);
    if (has_star && call.text != "count") {
        return error("E107", "only count takes *", "", call.span);
    }
    const std::size_t given = call.operands.size();
    const unsigned fewest = function != nullptr ? function->fewest : aggregate->fewest;
    const unsigned most = function != nullptr ? function->most : aggregate->most;
    if (given < fewest || given > most) {
        const std::string range
            = fewest == most ? std::to_string(most) : std::to_string(fewest) + " to " + std::to_string(most);
        const std::string_view doc = function != nullptr ? function->doc : aggregate->doc;
        return error("E107",
            call.text + "() takes " + range + (most == 1 ? " argument" : " arguments") + ", not "
                + std::to_string(given),
            std::string(doc), call.span);
    }
    asks_for_addresses_ = asks_for_addresses_
        || (call.text.starts_with("isValidIp") && call.operands.front().path.text == "sourceIPAddress");
    if (function == nullptr || function->bind == nullptr) {
        return {};
    }
    std::vector<std::optional<std::string>> constants;
    if (!function->implied.empty() && given == fewest) {
        constants.emplace_back();
    }
    for (const plan::Expression& operand : call.operands) {
        const bool is_constant
            = operand.kind == ExpressionKind::literal && operand.literal.type != plan::Literal::Type::null;
        constants.push_back(is_constant ? std::optional(operand.literal.text) : std::nullopt);
    }
    if (const auto bound = function->bind(constants); !bound) {
        return error("E107", bound.error().message, std::string(function->doc), call.span);
    }
    return {};
}

base::Result<Token> Parser::regex_token()
{
    const Token regex = lexer_.regex(token_.span.start);
    if (regex.kind == TokenKind::invalid) {
        return invalid_token(regex);
    }
    jump(regex.end());
    if (const auto compiled = base::Regex::create(regex_content(regex.text)); !compiled) {
        return error("E106", compiled.error().message, "the syntax is that of RE2", regex.span);
    }
    if (token_.kind == TokenKind::word && token_.span.start == regex.end()) {
        return error("E101", "nothing may follow the closing / of a regular expression",
            "flags go inside: /(?i)…/ ignores case", token_.span);
    }
    return regex;
}

base::Result<event::FieldPath> Parser::path(std::string_view what)
{
    if (token_.kind == TokenKind::word && is_reserved(token_.text)) {
        return expected(what, "as the name of a field it goes in back-ticks");
    }
    return new_name(what);
}

// Where only a name can stand, any word is one.
base::Result<event::FieldPath> Parser::new_name(std::string_view what)
{
    auto found = lexer_.path(token_.span.start);
    if (!found) {
        return expected(what);
    }
    jump(found->span.start + found->span.length);
    return std::move(found->path);
}

} // namespace trawl::query::language
