#include <algorithm>
#include <iterator>

#include "base/regex.h"
#include "base/text.h"
#include "query/language/parser.h"

// The commands that are executed now.
namespace trawl::query::language {

using plan::ExpressionKind;

namespace {

std::string counted(std::size_t count, std::string_view what)
{
    return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

} // namespace

base::Result<plan::Item> Parser::item()
{
    plan::Item item;
    const std::size_t start = token_.span.start;
    TRY(Tree tree, expression());
    item.expression = std::move(tree.expression);
    const base::Span written = span_from(start);
    if (take_word("as")) {
        TRY(const event::FieldPath name, new_name("a name after as"));
        item.name = name.text;
    } else {
        item.name = item.expression.kind == ExpressionKind::field ? item.expression.path.text : source_text(written);
    }
    item.span = span_from(start);
    return item;
}

Parser::Done Parser::items(std::vector<plan::Item>& into)
{
    do {
        TRY(plan::Item next, item());
        into.push_back(std::move(next));
    } while (take_symbol(","));
    return {};
}

Parser::Done Parser::names(std::vector<event::FieldPath>& into, Separator separator)
{
    do {
        TRY(event::FieldPath name, path("the name of a field"));
        into.push_back(std::move(name));
    } while (take_symbol(",") || (separator == Separator::comma_or_blank && !at_end_of_command()));
    return {};
}

Parser::Done Parser::alias(std::vector<std::string>& into)
{
    TRY(event::FieldPath name, new_name("a name"));
    into.push_back(std::move(name.text));
    return {};
}

Parser::Done Parser::aliases(std::vector<std::string>& into)
{
    do {
        TRY_VOID(alias(into));
    } while (take_symbol(","));
    return {};
}

Parser::Done Parser::where(plan::Command& command)
{
    TRY(Tree condition, expression());
    command.where = std::move(condition.expression);
    return {};
}

base::Result<std::int64_t> Parser::whole_number()
{
    std::int64_t number = 0;
    if (token_.kind != TokenKind::number) {
        return expected("a whole number");
    }
    if (!base::parse_integer(token_.text, number)) {
        return error("E110", "no whole number: " + std::string(token_.text.substr(0, 40)), "", token_.span);
    }
    advance();
    return number;
}

base::Result<std::string> Parser::duration(std::string_view what)
{
    if (token_.kind != TokenKind::duration) {
        return expected(what, "a number and its unit without a blank: 30s, 5m, 1h, 7d, 2w, 1mo");
    }
    std::string text(token_.text);
    advance();
    return text;
}

Parser::Done Parser::fields_rule(plan::Command& command)
{
    return items(command.items);
}

Parser::Done Parser::filter_rule(plan::Command& command)
{
    return where(command);
}

Parser::Done Parser::filter_index_rule(plan::Command& command)
{
    TRY_VOID(where(command));
    const bool is_in
        = command.where->kind == ExpressionKind::in_list || command.where->kind == ExpressionKind::list_match;
    const bool is_equal
        = command.where->kind == ExpressionKind::comparison && command.where->comparison == plan::Comparison::equal;
    if (!is_in && !is_equal) {
        return error("E113", "filterIndex takes field = value or field in [...]", "filter takes any condition",
            command.where->span);
    }
    return {};
}

Parser::Done Parser::search_rule(plan::Command& command)
{
    TRY(Tree condition, search_or());
    command.where = std::move(condition.expression);
    return {};
}

Parser::Done Parser::stats_rule(plan::Command& command)
{
    TRY_VOID(items(command.items));
    if (take_word("by")) {
        TRY_VOID(items(command.by));
    }
    if (take_word("offset")) {
        TRY(std::string offset, duration("a duration after offset"));
        command.options.emplace_back("offset", std::move(offset));
    }
    return {};
}

Parser::Done Parser::sort_rule(plan::Command& command)
{
    take_word("by");
    do {
        plan::SortKey key;
        TRY(Tree tree, expression());
        key.expression = std::move(tree.expression);
        if (at_word("as")) {
            const std::size_t start = token_.span.start;
            advance();
            TRY(const event::FieldPath name, new_name("a name after as"));
            report(base::Severity::warning, "W306", "sort makes no field " + name.text,
                "name it before: fields … as " + name.text, span_from(start));
        }
        if (take_word("desc")) {
            key.descending = true;
        } else {
            take_word("asc");
        }
        command.keys.push_back(std::move(key));
    } while (take_symbol(","));
    return {};
}

Parser::Done Parser::limit_rule(plan::Command& command)
{
    command.any = take_word("any");
    TRY(command.count, whole_number());
    return {};
}

Parser::Done Parser::dedup_rule(plan::Command& command)
{
    return names(command.names, Separator::comma);
}

Parser::Done Parser::parse_rule(plan::Command& command)
{
    const auto at_mode = [this] {
        return token_.kind == TokenKind::string || at_symbol("/")
            || ((at_word("logfmt") || at_word("csv")) && is_word(following(), "as"));
    };
    if (!at_mode()) {
        TRY(Tree input, postfix());
        command.input = std::move(input.expression);
    }
    if (!at_mode()) {
        return expected("what to parse by",
            "parse @message \"user=* from *\" as user, address, or parse @message /user=(?<user>\\S+)/");
    }
    if (token_.kind == TokenKind::string) {
        return parse_glob(command);
    }
    if (at_symbol("/")) {
        return parse_regex(command);
    }
    command.parse_mode = at_word("logfmt") ? plan::ParseMode::logfmt : plan::ParseMode::csv;
    advance();
    advance();
    return command.parse_mode == plan::ParseMode::logfmt ? alias(command.aliases) : aliases(command.aliases);
}

Parser::Done Parser::parse_glob(plan::Command& command)
{
    const base::Span span = token_.span;
    command.parse_mode = plan::ParseMode::glob;
    command.pattern = string_content(token_.text, Escapes::all);
    advance();
    if (!take_word("as")) {
        return expected("as", "each * of the pattern needs a name: parse @message \"user=*\" as user");
    }
    TRY_VOID(aliases(command.aliases));
    const auto stars = static_cast<std::size_t>(std::ranges::count(command.pattern, '*'));
    if (stars != command.aliases.size()) {
        return error("E111",
            "the pattern has " + std::to_string(stars) + " * for " + counted(command.aliases.size(), "name"),
            "each * is one new field", span);
    }
    return {};
}

Parser::Done Parser::parse_regex(plan::Command& command)
{
    command.parse_mode = plan::ParseMode::regex;
    TRY(const Token written, regex_token());
    command.pattern = regex_content(written.text);
    if (take_word("as")) {
        TRY_VOID(aliases(command.aliases));
    }
    command.multi = take_word("multi");
    // It has been compiled once to check it.
    const auto regex = base::Regex::create(command.pattern);
    const std::vector<std::string> groups = regex ? regex->group_names() : std::vector<std::string>();
    if (command.aliases.empty()) {
        std::ranges::copy_if(
            groups, std::back_inserter(command.aliases), [](const std::string& name) { return !name.empty(); });
        if (command.aliases.empty()) {
            return error("E111", "the expression names no group", "name the new field: (?<user>\\S+), or: as user",
                written.span);
        }
        return {};
    }
    // Names of groups pick these; other names go to the groups one by one.
    const bool pick_groups = std::ranges::all_of(command.aliases,
        [&groups](const std::string& name) { return std::ranges::find(groups, name) != groups.end(); });
    if (!pick_groups && command.aliases.size() != groups.size()) {
        return error("E111",
            "the expression has " + counted(groups.size(), "group") + " for " + counted(command.aliases.size(), "name"),
            "each ( ) is one new field; (?: ) is none", written.span);
    }
    return {};
}

Parser::Done Parser::json_rule(plan::Command& command)
{
    if (!take_word("field") || !take_symbol("=")) {
        return expected("field=", "as in: json field=requestContext \"identity.sourceIp\" as address");
    }
    const std::size_t start = token_.span.start;
    TRY(event::FieldPath input, path("the name of a field"));
    command.input.emplace();
    command.input->kind = ExpressionKind::field;
    command.input->path = std::move(input);
    command.input->span = span_from(start);
    if (token_.kind != TokenKind::string) {
        return expected("a path in quotes");
    }
    command.pattern = string_content(token_.text, Escapes::all);
    advance();
    if (!take_word("as")) {
        return expected("as and a name");
    }
    return alias(command.aliases);
}

Parser::Done Parser::unnest_rule(plan::Command& command)
{
    TRY(Tree input, postfix());
    command.input = std::move(input.expression);
    if (!take_word("into")) {
        return expected("into and a name");
    }
    return alias(command.aliases);
}

Parser::Done Parser::expand_rule(plan::Command& command)
{
    TRY(event::FieldPath name, path("the name of a field"));
    command.names.push_back(std::move(name));
    return {};
}

} // namespace trawl::query::language
