#include "query/language/parser.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "query/functions/function_table.h"
#include "query/language/rewrite.h"
#include "query/language/suggestion.h"

namespace trawl::query::language {

using base::Severity;
using plan::CommandKind;

namespace {

// Beyond these a query is no work of a person: named lists take long lists of values.
constexpr std::size_t longest_query = 256u << 10;
constexpr unsigned deepest_nesting = 64;
constexpr unsigned deepest_tree = 256;
constexpr std::size_t most_commands = 1000;
constexpr std::size_t most_errors = 20;

std::string shown(std::string_view text)
{
    constexpr std::size_t longest = 40;
    if (text.size() <= longest) {
        return std::string(text);
    }
    // Never cuts a character in two.
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
        --end;
    }
    return std::string(text.substr(0, end)) + "…";
}

} // namespace

Parser::Parser(std::string_view text, const Lists& lists) : lexer_(text)
{
    analysis_.parsed.query.text = std::string(text);
    analysis_.parsed.lists = lists;
}

Analysis Parser::run()
{
    if (lexer_.text().size() > longest_query) {
        error("E109", "the query is longer than 256 KiB", "bind long lists of values with --lists", {0, 0});
    } else {
        jump(0);
        script();
    }
    analysis_.is_well_formed = std::ranges::none_of(analysis_.parsed.diagnostics,
        [](const base::Diagnostic& said) { return said.severity == Severity::error && said.code.starts_with("E1"); });
    if (analysis_.is_well_formed) {
        rewrite(analysis_);
    }
    if (asks_for_addresses_) {
        std::erase_if(analysis_.parsed.diagnostics, [](const base::Diagnostic& said) { return said.code == "W121"; });
    }
    std::ranges::stable_sort(
        analysis_.parsed.diagnostics, {}, [](const base::Diagnostic& said) { return said.span.start; });
    return std::move(analysis_);
}

void Parser::jump(std::size_t at)
{
    previous_end_ = at;
    token_ = lexer_.token(at);
}

bool Parser::is_word(const Token& token, std::string_view word)
{
    return token.kind == TokenKind::word && base::equal_ignoring_case(token.text, word);
}

bool Parser::at_end_of_command() const
{
    return token_.kind == TokenKind::end || at_symbol("|") || at_symbol(")") || at_symbol(";");
}

bool Parser::take_symbol(std::string_view symbol)
{
    if (!at_symbol(symbol)) {
        return false;
    }
    advance();
    return true;
}

bool Parser::take_word(std::string_view word)
{
    if (!at_word(word)) {
        return false;
    }
    advance();
    return true;
}

std::string Parser::source_text(base::Span span) const
{
    std::string out;
    char quote = '\0';
    bool had_white = false;
    const std::string_view text = text_of(span);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quote == '\0' && c == '#') {
            i = std::min(text.find('\n', i), text.size());
            had_white = true;
            continue;
        }
        if (quote == '\0' && (c == ' ' || c == '\t' || c == '\n' || c == '\r')) {
            had_white = true;
            continue;
        }
        if (had_white && !out.empty()) {
            out += ' ';
        }
        had_white = false;
        out += c;
        if (quote == '\0' && (c == '"' || c == '\'' || c == '`')) {
            quote = c;
        } else if (c == quote) {
            quote = '\0';
        } else if (quote != '\0' && quote != '`' && c == '\\' && i + 1 < text.size()) {
            out += text[++i];
        }
    }
    return out;
}

void Parser::report(Severity severity, std::string code, std::string message, std::string help, base::Span span)
{
    // Nobody reads more, and each is rendered with its line.
    constexpr std::size_t most = 200;
    if (severity != Severity::error && analysis_.parsed.diagnostics.size() >= most) {
        return;
    }
    analysis_.parsed.diagnostics.push_back({severity, std::move(code), std::move(message), std::move(help), span, {}});
}

Parser::Unexpected Parser::error(std::string code, std::string message, std::string help, base::Span span)
{
    report(Severity::error, code, message, std::move(help), span);
    return base::fail(std::move(code), std::move(message));
}

Parser::Unexpected Parser::invalid_token(const Token& token)
{
    switch (token.problem) {
    case Problem::unclosed_string:
        return error("E103", "the text is not closed", "it needs a closing " + std::string(token.text), token.span);
    case Problem::unclosed_back_tick: return error("E104", "the back-tick is not closed", "", token.span);
    case Problem::unclosed_regex:
        return error("E104", "the regular expression is not closed",
            "it ends with / ; a / inside is written \\/ ; plain text goes in quotes", token.span);
    case Problem::bad_number:
        return error("E110", "no number and no duration: " + shown(token.text),
            "durations are 30s, 5m, 1h, 1d, 1w, 1mo; names that begin with a digit go in back-ticks", token.span);
    case Problem::dotted_number:
        return error("E110", "no number: " + shown(token.text), "addresses go in quotes", token.span);
    case Problem::typographic_quote:
        return error(
            "E101", "a typographic quotation mark", "replace it by \" (formatted pages change it)", token.span);
    default: break;
    }
    return error("E101", "unexpected character: " + base::sanitize_utf8(token.text), "", token.span);
}

Parser::Unexpected Parser::expected(std::string_view what, std::string help)
{
    if (token_.kind == TokenKind::invalid && token_.problem != Problem::stray) {
        return invalid_token(token_);
    }
    std::string found = token_.kind == TokenKind::end ? "the end of the query" : shown(token_.text);
    return error("E101", "expected " + std::string(what) + ", found " + std::move(found), std::move(help),
        token_.kind == TokenKind::end ? base::Span {previous_end_, 1} : token_.span);
}

Parser::Done Parser::check_depth(unsigned height)
{
    if (nesting_ > deepest_nesting || height > deepest_tree) {
        return error("E109", "the query is nested too deeply", "split it into several commands", token_.span);
    }
    return {};
}

Parser::Done Parser::expect_symbol(std::string_view symbol, std::string_view after)
{
    if (!take_symbol(symbol)) {
        return expected(std::string(symbol) + " after " + std::string(after));
    }
    return {};
}

void Parser::script()
{
    while (at_word("let") && following().kind == TokenKind::word) {
        if (!let_statement()) {
            return;
        }
    }
    if (token_.kind == TokenKind::end) {
        error("E112", "the query is empty", "a query begins with a command: fields, filter, search, stats …",
            token_.span);
        return;
    }
    commands(analysis_.parsed.query.commands);
    take_symbol(";");
    if (token_.kind != TokenKind::end && analysis_.parsed.diagnostics.size() < most_errors) {
        if (at_symbol(")")) {
            error("E101", "a ) without its (", "", token_.span);
        } else {
            expected("the end of the query");
        }
    }
}

void Parser::commands(std::vector<plan::Command>& into)
{
    while (true) {
        if (++command_count_ > most_commands) {
            error("E109", "the query has more than " + std::to_string(most_commands) + " commands", "", token_.span);
            jump(lexer_.text().size());
            return;
        }
        plan::Command command;
        plan::Command* const outer = command_;
        command_ = &command;
        const std::size_t start = token_.span.start;
        const bool is_read = command_name_and_rest(command);
        command_ = outer;
        command.span = span_from(start);
        if (is_read) {
            into.push_back(std::move(command));
        } else if (analysis_.parsed.diagnostics.size() < most_errors) {
            skip_to_pipe();
        } else {
            jump(lexer_.text().size());
        }
        if (!take_symbol("|")) {
            return;
        }
    }
}

bool Parser::command_name_and_rest(plan::Command& command)
{
    if (!this->command(command)) {
        return false;
    }
    if (at_end_of_command()) {
        return true;
    }
    const std::span<const CommandName> names = command_names();
    const bool is_command = std::ranges::any_of(names, [this](const CommandName& name) { return at_word(name.name); });
    expected(
        "| or the end of the command", is_command ? "commands are joined by |: | " + std::string(token_.text) : "");
    return false;
}

Parser::Done Parser::command(plan::Command& command)
{
    if (at_end_of_command()) {
        return error("E112", "a command is missing", "commands are joined by one |",
            token_.kind == TokenKind::end ? base::Span {previous_end_, 1} : token_.span);
    }
    for (const CommandName& known : command_names()) {
        if (at_word(known.name)) {
            command.kind = known.kind;
            command.tail = known.name == "tail";
            advance();
            return (this->*known.rule)(command);
        }
    }
    if (token_.kind != TokenKind::word) {
        return expected("a command",
            token_.kind == TokenKind::string ? "search takes words and phrases: search " + shown(token_.text) : "");
    }
    std::vector<std::string_view> names;
    for (const CommandName& known : command_names()) {
        names.push_back(known.name);
    }
    const Token next = following();
    std::string help = did_you_mean(token_.text, names);
    if (help.empty() && next.kind == TokenKind::symbol && (next.text == "=" || next.text == "!=" || next.text == ".")) {
        help = "conditions go into filter or search: filter " + shown(token_.text) + " …";
    }
    return error("E102", "no command is called " + shown(token_.text), std::move(help), token_.span);
}

void Parser::skip_to_pipe()
{
    // Of the bracket that the command stands in, or a later command of the whole.
    std::size_t depth = 0;
    while (token_.kind != TokenKind::end) {
        if (token_.problem == Problem::unclosed_string || token_.problem == Problem::unclosed_back_tick) {
            jump(lexer_.text().size());
            return;
        }
        if (at_symbol("(")) {
            ++depth;
        } else if (at_symbol(")")) {
            if (depth == 0 && nesting_ > 0) {
                return;
            }
            depth -= depth > 0 ? 1 : 0;
        } else if (at_symbol("|")) {
            return;
        }
        advance();
    }
}

std::span<const Parser::CommandName> Parser::command_names()
{
    using enum CommandKind;
    static constexpr std::array<CommandName, 38> names {{
        {"fields", fields, &Parser::fields_rule},
        {"display", display, &Parser::fields_rule},
        {"filter", filter, &Parser::filter_rule},
        {"where", filter, &Parser::filter_rule},
        {"filterIndex", filter, &Parser::filter_index_rule},
        {"search", search, &Parser::search_rule},
        {"stats", stats, &Parser::stats_rule},
        {"sort", sort, &Parser::sort_rule},
        {"limit", limit, &Parser::limit_rule},
        {"head", limit, &Parser::limit_rule},
        {"tail", limit, &Parser::limit_rule},
        {"dedup", dedup, &Parser::dedup_rule},
        {"parse", parse, &Parser::parse_rule},
        {"json", json, &Parser::json_rule},
        {"unnest", unnest, &Parser::unnest_rule},
        {"expand", expand, &Parser::expand_rule},
        {"source", source, &Parser::source_rule},
        {"lookup", lookup, &Parser::lookup_rule},
        {"cidrlookup", cidrlookup, &Parser::lookup_rule},
        {"join", join, &Parser::join_rule},
        {"pattern", pattern, &Parser::pattern_rule},
        {"anomaly", anomaly, &Parser::no_arguments_rule},
        {"diff", diff, &Parser::diff_rule},
        {"unmask", unmask, &Parser::unmask_rule},
        {"autoregress", autoregress, &Parser::autoregress_rule},
        {"logcompare", logcompare, &Parser::logcompare_rule},
        {"filldown", filldown, &Parser::filldown_rule},
        {"fillmissing", fillmissing, &Parser::fillmissing_rule},
        {"outlier", outlier, &Parser::outlier_rule},
        {"accum", accum, &Parser::accum_rule},
        {"appendcols", appendcols, &Parser::appendcols_rule},
        {"sessionize", sessionize, &Parser::sessionize_rule},
        {"countFrequent", count_frequent, &Parser::count_frequent_rule},
        {"count_frequent", count_frequent, &Parser::count_frequent_rule},
        {"addtotals", addtotals, &Parser::addtotals_rule},
        {"relevantfields", relevantfields, &Parser::relevantfields_rule},
        {"estimate", estimate, &Parser::no_arguments_rule},
        {"detect", detect, &Parser::detect_rule},
    }};
    return names;
}

// A bracket after `in` opens a subquery when a command stands in it: its name, and no operator or comma after it.
bool Parser::at_subquery() const
{
    const Token first = following();
    const bool is_command
        = std::ranges::any_of(command_names(), [&first](const CommandName& name) { return is_word(first, name.name); });
    if (!is_command) {
        return false;
    }
    const Token second = lexer_.token(first.end());
    if (second.kind != TokenKind::symbol) {
        return second.kind != TokenKind::end;
    }
    return second.text == "(" && functions::find_function(first.text) == nullptr;
}

Analysis analyse(std::string_view text, const Lists& lists)
{
    return Parser(text, lists).run();
}

Parsed parse(std::string_view text, const Lists& lists)
{
    return analyse(text, lists).parsed;
}

} // namespace trawl::query::language
