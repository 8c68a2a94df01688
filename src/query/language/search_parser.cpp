#include <array>
#include <utility>

#include "base/text.h"
#include "query/language/parser.h"

// The grammar of `search`: words, phrases and comparisons, joined by an AND that need not be written.
namespace trawl::query::language {

using base::Severity;
using plan::Comparison;
using plan::ExpressionKind;

namespace {

constexpr std::array<std::pair<std::string_view, Comparison>, 7> comparisons {{
    {"=", Comparison::equal},
    {"==", Comparison::equal},
    {"!=", Comparison::not_equal},
    {"<", Comparison::less},
    {"<=", Comparison::less_equal},
    {">", Comparison::greater},
    {">=", Comparison::greater_equal},
}};

} // namespace

bool Parser::at_search_word(std::string_view word) const
{
    if (token_.kind != TokenKind::word) {
        return false;
    }
    const Token bare = lexer_.bare(token_.span.start);
    return bare.kind == TokenKind::bare && base::equal_ignoring_case(bare.text, word);
}

base::Result<Tree> Parser::search_or()
{
    const Descent descent(*this);
    TRY_VOID(check_depth(1));
    const std::size_t start = token_.span.start;
    std::vector<Tree> operands;
    std::vector<std::vector<base::Span>> groups;
    do {
        groups.emplace_back();
        TRY(Tree operand, search_and(groups.back()));
        operands.push_back(std::move(operand));
        if (!at_search_word("or")) {
            break;
        }
        advance();
    } while (true);
    warn_of_mix(groups, span_from(start));
    return joined(ExpressionKind::disjunction, std::move(operands), start);
}

base::Result<Tree> Parser::search_and(std::vector<base::Span>& terms)
{
    const std::size_t start = token_.span.start;
    std::vector<Tree> operands;
    while (true) {
        const std::size_t term_start = token_.span.start;
        TRY(Tree operand, search_not());
        operands.push_back(std::move(operand));
        terms.push_back(span_from(term_start));
        if (at_search_word("and")) {
            advance();
            continue;
        }
        // What may follow without AND: anything but an end and OR.
        if (at_end_of_command() || at_symbol("]") || at_search_word("or")) {
            break;
        }
        if (at_symbol(",")) {
            return expected("a word or a comparison",
                "words are joined by AND, which need not be written; functions go into filter");
        }
    }
    return joined(ExpressionKind::conjunction, std::move(operands), start);
}

base::Result<Tree> Parser::search_not()
{
    const std::size_t start = token_.span.start;
    if (!at_search_word("not")) {
        return search_primary();
    }
    const Descent descent(*this);
    TRY_VOID(check_depth(1));
    advance();
    TRY(Tree operand, search_not());
    std::vector<Tree> operands;
    operands.push_back(std::move(operand));
    return joined(ExpressionKind::negation, std::move(operands), start);
}

bool Parser::is_search_operator(const Token& token) const
{
    if (token.kind == TokenKind::symbol) {
        if (token.text == "=~") {
            return true;
        }
        for (const auto& [symbol, comparison] : comparisons) {
            if (token.text == symbol) {
                return true;
            }
        }
        return false;
    }
    if (token.kind != TokenKind::word) {
        return false;
    }
    const Token bare = lexer_.bare(token.span.start);
    if (bare.span != token.span) {
        return false;
    }
    if (is_word(token, "not")) {
        const Token next = lexer_.token(token.end());
        return is_word(next, "in") || is_word(next, "like");
    }
    return is_word(token, "in") || is_word(token, "like");
}

base::Result<Tree> Parser::search_primary()
{
    const std::size_t start = token_.span.start;
    if (at_end_of_command()) {
        return expected("a word, a phrase or a comparison");
    }
    for (const std::string_view word : {"and", "or", "in", "like"}) {
        if (at_search_word(word)) {
            return expected("a word, a phrase or a comparison", "to search for the word itself, put it in quotes");
        }
    }
    if (at_symbol("(")) {
        advance();
        if (at_symbol(")")) {
            return expected("a word, a phrase or a comparison");
        }
        TRY(Tree inner, search_or());
        if (!take_symbol(")")) {
            return expected(")",
                at_symbol(",") ? "functions and lists of values are not words: f in (a, b); functions go into filter"
                               : "");
        }
        inner.expression.span = span_from(start);
        return inner;
    }
    if (const auto field = lexer_.path(start);
        field && is_search_operator(lexer_.token(field->span.start + field->span.length))) {
        jump(field->span.start + field->span.length);
        return search_field(*field);
    }
    return search_term();
}

base::Result<Tree> Parser::search_term()
{
    const std::size_t start = token_.span.start;
    TRY(const SearchValue value, search_value());
    if (is_search_operator(token_) && token_.kind == TokenKind::symbol) {
        const std::string_view name = value.is_quoted ? std::string_view(value.plain) : text_of(value.span);
        return error("E101", "this is no name of a field: " + std::string(name.substr(0, 60)),
            "names with other characters than letters, digits, _ @ and . go in back-ticks: `"
                + std::string(name.substr(0, 60)) + "`",
            span_from(start));
    }
    return keyword_leaf(value);
}

base::Result<Tree> Parser::search_field(const LexedPath& field)
{
    const std::size_t start = field.span.start;
    if (take_symbol("=~")) {
        if (!at_symbol("/")) {
            return expected("a regular expression between slashes after =~");
        }
        return search_like(field, /*is_negated=*/false);
    }
    const bool is_negated = take_word("not");
    if (take_word("like")) {
        return search_like(field, is_negated);
    }
    if (take_word("in")) {
        return search_in(field, is_negated);
    }
    Comparison comparison = Comparison::equal;
    for (const auto& [symbol, named] : comparisons) {
        if (at_symbol(symbol)) {
            comparison = named;
        }
    }
    advance();
    if (at_symbol(">")) {
        return expected("a value", "unequal is written !=");
    }
    TRY(const SearchValue value, search_value());
    const base::Span span = span_from(start);
    switch (comparison) {
    case Comparison::equal: return equals_leaf(field.path, {value}, span);
    case Comparison::not_equal: return differs_leaf(field.path, {value}, span);
    default: return order_leaf(field.path, comparison, value, span);
    }
}

base::Result<Tree> Parser::search_in(const LexedPath& field, bool is_negated)
{
    std::vector<SearchValue> values;
    if (at_list_reference()) {
        TRY(SearchValue value, search_value());
        values.push_back(std::move(value));
    } else {
        if (!at_symbol("(") && !at_symbol("[")) {
            return expected("( after in", "as in: eventName in (\"GetObject\", \"Put*\"), or f in $List");
        }
        const std::string_view close = at_symbol("(") ? ")" : "]";
        advance();
        do {
            TRY(SearchValue value, search_value());
            values.push_back(std::move(value));
        } while (take_symbol(","));
        if (!take_symbol(close)) {
            return expected("a comma or " + std::string(close));
        }
    }
    const base::Span span = span_from(field.span.start);
    return is_negated ? differs_leaf(field.path, values, span) : equals_leaf(field.path, values, span);
}

base::Result<Tree> Parser::search_like(const LexedPath& field, bool is_negated)
{
    const std::size_t start = field.span.start;
    Tree tree;
    tree.expression.kind = ExpressionKind::match;
    tree.expression.path = field.path;
    tree.expression.reach = event::Reach::any_element;
    const NamedList* list = nullptr;
    if (at_symbol("/")) {
        TRY(const Token regex, regex_token());
        tree.expression.match.test = plan::Test::regex;
        tree.expression.match.patterns.emplace_back(regex_content(regex.text));
    } else {
        TRY(const SearchValue value, search_value());
        list = value.list;
        tree = like_leaf(field.path, value, span_from(start));
    }
    tree.expression.span = span_from(start);
    if (!is_negated) {
        return tree;
    }
    if (list != nullptr && (list->type == ListType::cidr || list->type == ListType::ip)) {
        warn_of_outside(*list, field.path, tree.expression.span);
        tree.expression.match.test = plan::Test::outside_named_list;
        return tree;
    }
    // not like: has a value, and it is not like that.
    Tree has_value = tree;
    has_value.expression.match = {};
    has_value.expression.match.test = plan::Test::has_value;
    std::vector<Tree> operands;
    operands.push_back(std::move(tree));
    TRY(Tree negated, joined(ExpressionKind::negation, std::move(operands), start));
    operands.clear();
    operands.push_back(std::move(has_value));
    operands.push_back(std::move(negated));
    return joined(ExpressionKind::conjunction, std::move(operands), start);
}

base::Result<SearchValue> Parser::search_value()
{
    SearchValue value;
    const std::size_t start = token_.span.start;
    const bool calls
        = token_.kind == TokenKind::word && following().text == "(" && following().span.start == token_.end();
    if (at_symbol("$") || (calls && at_word("list"))) {
        TRY(value.list, list_reference());
        value.span = span_from(start);
        return value;
    }
    if (calls && at_word("literal")) {
        advance();
        advance();
        if (token_.kind != TokenKind::string) {
            return expected("a text in quotes in literal()");
        }
        value.is_literal = true;
        value.is_quoted = true;
        value.plain = string_content(token_.text, Escapes::all);
        value.text = value.plain;
        advance();
        TRY_VOID(expect_symbol(")", "the text"));
        value.span = span_from(start);
        return value;
    }
    if (token_.kind == TokenKind::string) {
        value.is_quoted = true;
        value.text = string_content(token_.text, Escapes::quotes);
        value.plain = string_content(token_.text, Escapes::all);
        value.span = token_.span;
        advance();
    } else {
        const Token bare = lexer_.bare(start);
        if (bare.kind == TokenKind::invalid) {
            return invalid_token(bare);
        }
        if (bare.kind != TokenKind::bare) {
            return expected("a value",
                at_symbol("(")       ? "several values: f in (\"a\", \"b\")"
                    : at_symbol("!") ? "negation is written NOT"
                                     : "");
        }
        value.text = bare.text;
        value.plain = bare.text;
        value.span = bare.span;
        jump(bare.end());
    }
    // The article's placeholders never compare as text; other lists are meant by their quoted name.
    if (is_reserved_list_name(value.plain) || (value.is_quoted && bound_list(value.plain) != nullptr)) {
        value.list = bound_list(value.plain);
        if (value.list == nullptr) {
            unbound(value.plain, value.span);
            NamedList& stand_in = analysis_.parsed.lists[value.plain];
            stand_in.name = value.plain;
            stand_in.is_default = true;
            value.list = &stand_in;
        }
    }
    return value;
}

void Parser::warn_of_mix(const std::vector<std::vector<base::Span>>& groups, base::Span span)
{
    bool has_and = false;
    for (const std::vector<base::Span>& group : groups) {
        has_and = has_and || group.size() > 1;
    }
    if (!has_and || groups.size() < 2) {
        return;
    }
    // Splunk and OpenSearch bind OR more tightly: there each AND parts runs of ORs.
    std::string ours;
    std::string theirs;
    std::vector<std::string> run;
    const auto close_run = [&theirs, &run] {
        theirs += theirs.empty() ? "" : " AND ";
        theirs += run.size() > 1 ? "(" : "";
        for (std::size_t i = 0; i < run.size(); ++i) {
            theirs += (i > 0 ? " OR " : "") + run[i];
        }
        theirs += run.size() > 1 ? ")" : "";
        run.clear();
    };
    constexpr std::size_t longest = 300;
    for (const std::vector<base::Span>& group : groups) {
        ours += ours.empty() ? "" : " OR ";
        ours += group.size() > 1 ? "(" : "";
        for (std::size_t i = 0; i < group.size() && ours.size() + theirs.size() < 2 * longest; ++i) {
            const std::string term = source_text(group[i]);
            ours += (i > 0 ? " AND " : "") + term;
            if (i > 0) {
                close_run();
            }
            run.push_back(term);
        }
        ours += group.size() > 1 ? ")" : "";
        if (group.size() > 1) {
            analysis_.edits.push_back({{group.front().start, 0}, "("});
            analysis_.edits.push_back({{group.back().start + group.back().length, 0}, ")"});
        }
    }
    close_run();
    const bool is_short = ours.size() <= longest && theirs.size() <= longest;
    report(Severity::warning, "W110", "AND and OR are mixed without parentheses; AND binds more tightly",
        is_short ? "this is read as " + ours + "\n      Splunk would read " + theirs
                 : "parentheses say what is meant; Splunk would bind OR more tightly",
        span);
}

} // namespace trawl::query::language
