#include <array>

#include "base/text.h"
#include "query/language/parser.h"

// Commands of which the plan keeps what is written: names in `names` and `aliases`, the rest in `options`, in order,
// a query in brackets in `subquery`.
namespace trawl::query::language {

Parser::Done Parser::option(plan::Command& command)
{
    std::string name(token_.text);
    advance();
    const Token value = lexer_.option(token_.end());
    if (value.kind == TokenKind::invalid) {
        return invalid_token(value);
    }
    if (value.span.length == 0) {
        jump(token_.end());
        return expected("a value after " + name + "=");
    }
    jump(value.end());
    command.options.emplace_back(base::to_lower_ascii(name),
        value.kind == TokenKind::string ? string_content(value.text, Escapes::all) : std::string(value.text));
    return {};
}

Parser::Done Parser::options(plan::Command& command)
{
    while (token_.kind == TokenKind::word && following().text == "=") {
        TRY_VOID(option(command));
    }
    return {};
}

Parser::Done Parser::subquery(plan::Command& command)
{
    const Descent descent(*this);
    TRY_VOID(check_depth(1));
    if (!at_symbol("(")) {
        return expected("a query in brackets");
    }
    if (!command.subquery.empty()) {
        return error("E108", "a command takes one subquery", "", token_.span);
    }
    advance();
    const std::size_t errors = analysis_.parsed.diagnostics.size();
    commands(command.subquery);
    if (!at_symbol(")")) {
        // What is wrong inside has been told.
        if (base::has_error(analysis_.parsed.diagnostics) && analysis_.parsed.diagnostics.size() > errors) {
            return base::fail("E101", "the subquery is not closed");
        }
        return expected(") after the subquery");
    }
    advance();
    return {};
}

Parser::Done Parser::optional_alias(plan::Command& command)
{
    return take_word("as") ? alias(command.aliases) : Done {};
}

// (role, column), ("as", field) for each.
Parser::Done Parser::matches(plan::Command& command, std::string_view role)
{
    do {
        TRY(const event::FieldPath column, path("the name of a column"));
        command.options.emplace_back(role, column.text);
        std::string field = column.text;
        if (take_word("as")) {
            TRY(event::FieldPath named, new_name("a name after as"));
            field = std::move(named.text);
        }
        command.options.emplace_back("as", std::move(field));
    } while (take_symbol(","));
    return {};
}

Parser::Done Parser::source_function(plan::Command& command)
{
    constexpr std::array<std::string_view, 3> functions {"logGroups", "dataSource", "logGroupTags"};
    for (const std::string_view function : functions) {
        if (!at_word(function)) {
            continue;
        }
        const std::size_t start = following().end();
        const std::size_t close = lexer_.closing_bracket(start);
        if (close == std::string_view::npos) {
            return error("E101", "the bracket is not closed", "", following().span);
        }
        command.options.emplace_back(function, source_text({start, close - start}));
        jump(close + 1);
        return {};
    }
    return expected("a log group, logGroups(), dataSource() or logGroupTags()");
}

Parser::Done Parser::source_rule(plan::Command& command)
{
    if (at_end_of_command()) {
        return expected("a log group", "as in: SOURCE '/aws/lambda/name'");
    }
    if (token_.kind == TokenKind::word && following().text == "(") {
        do {
            TRY_VOID(source_function(command));
            take_symbol(",");
        } while (token_.kind == TokenKind::word && following().text == "(");
        return options(command);
    }
    do {
        const Token name = lexer_.option(token_.span.start);
        if (name.kind == TokenKind::invalid) {
            return invalid_token(name);
        }
        if (name.span.length == 0) {
            return expected("a log group");
        }
        command.log_groups.push_back(
            name.kind == TokenKind::string ? string_content(name.text, Escapes::all) : std::string(name.text));
        jump(name.end());
    } while (take_symbol(","));
    return options(command);
}

// ("table", name), ("match", column), ("as", field) …, ("mode", "output" or "outputnew"), ("output", column), ("as", field) …
Parser::Done Parser::lookup_rule(plan::Command& command)
{
    TRY(event::FieldPath table, path("the name of a table"));
    command.options.emplace_back("table", std::move(table.text));
    TRY_VOID(matches(command, "match"));
    if (!at_word("output") && !at_word("outputnew")) {
        return expected("OUTPUT or OUTPUTNEW");
    }
    command.options.emplace_back("mode", base::to_lower_ascii(token_.text));
    advance();
    return matches(command, "output");
}

Parser::Done Parser::join_rule(plan::Command& command)
{
    TRY_VOID(options(command));
    if (!take_word("where")) {
        return expected("where", "as in: join type=left left=a right=b where a.key=b.key (SOURCE 'g')");
    }
    TRY(event::FieldPath left, path("the name of a field"));
    if (!take_symbol("=") && !take_symbol("==")) {
        return expected("=", "join compares by equality alone");
    }
    TRY(event::FieldPath right, path("the name of a field"));
    command.names = {std::move(left), std::move(right)};
    return subquery(command);
}

Parser::Done Parser::pattern_rule(plan::Command& command)
{
    TRY(Tree input, postfix());
    command.input = std::move(input.expression);
    return {};
}

Parser::Done Parser::no_arguments_rule(plan::Command&)
{
    return {};
}

Parser::Done Parser::diff_rule(plan::Command& command)
{
    for (const std::string_view period : {"previousDay", "previousWeek", "previousMonth"}) {
        if (take_word(period)) {
            command.options.emplace_back("period", period);
            return {};
        }
    }
    return at_end_of_command() ? Done {} : Done(expected("previousDay, previousWeek or previousMonth"));
}

Parser::Done Parser::unmask_rule(plan::Command& command)
{
    return at_end_of_command() ? Done {} : items(command.items);
}

Parser::Done Parser::autoregress_rule(plan::Command& command)
{
    TRY(event::FieldPath name, path("the name of a field"));
    command.names.push_back(std::move(name));
    TRY_VOID(optional_alias(command));
    return options(command);
}

Parser::Done Parser::logcompare_rule(plan::Command& command)
{
    if (!take_word("timeshift")) {
        return expected("timeshift and a duration", "as in: logcompare timeshift 7d");
    }
    TRY(std::string shift, duration("a duration after timeshift"));
    command.options.emplace_back("timeshift", std::move(shift));
    return {};
}

Parser::Done Parser::filldown_rule(plan::Command& command)
{
    while (!at_end_of_command()) {
        const Token name = lexer_.option(token_.span.start);
        if (name.kind == TokenKind::invalid) {
            return invalid_token(name);
        }
        if (name.span.length == 0) {
            return expected("the name of a field; * stands for any end of it");
        }
        command.names.push_back(event::FieldPath::parse(
            name.kind == TokenKind::string ? string_content(name.text, Escapes::all) : std::string(name.text)));
        jump(name.end());
        take_symbol(",");
    }
    return {};
}

// ("with", value), ("for", field) for each.
Parser::Done Parser::fillmissing_rule(plan::Command& command)
{
    if (!take_word("with")) {
        return at_end_of_command() ? Done {} : Done(expected("with a value for a field"));
    }
    do {
        const bool is_negative = take_symbol("-");
        const Token value = token_;
        if (value.kind != TokenKind::number && value.kind != TokenKind::word && value.kind != TokenKind::string) {
            return expected("a value");
        }
        advance();
        command.options.emplace_back("with",
            value.kind == TokenKind::string ? string_content(value.text, Escapes::all)
                                            : (is_negative ? "-" : "") + std::string(value.text));
        if (!take_word("for")) {
            return expected("for and the name of a field");
        }
        TRY(event::FieldPath name, path("the name of a field"));
        command.options.emplace_back("for", name.text);
    } while (take_symbol(","));
    return {};
}

Parser::Done Parser::outlier_rule(plan::Command& command)
{
    TRY_VOID(options(command));
    return names(command.names, Separator::comma_or_blank);
}

Parser::Done Parser::accum_rule(plan::Command& command)
{
    TRY(event::FieldPath name, path("the name of a field"));
    command.names.push_back(std::move(name));
    return optional_alias(command);
}

Parser::Done Parser::appendcols_rule(plan::Command& command)
{
    TRY_VOID(options(command));
    return subquery(command);
}

Parser::Done Parser::sessionize_rule(plan::Command& command)
{
    TRY_VOID(names(command.names, Separator::comma));
    if (take_word("maxspan")) {
        take_symbol("=");
        TRY(std::string span, duration("a duration after maxspan"));
        command.options.emplace_back("maxspan", std::move(span));
    }
    return optional_alias(command);
}

Parser::Done Parser::count_frequent_rule(plan::Command& command)
{
    return names(command.names, Separator::comma);
}

Parser::Done Parser::addtotals_rule(plan::Command& command)
{
    TRY_VOID(options(command));
    return at_end_of_command() ? Done {} : names(command.names, Separator::comma_or_blank);
}

Parser::Done Parser::relevantfields_rule(plan::Command& command)
{
    if (!at_word("where")) {
        TRY_VOID(names(command.names, Separator::comma));
    }
    if (!take_word("where")) {
        return expected("where and a condition");
    }
    return where(command);
}

// A condition on an aggregate: the aggregate in `items`, the text of its bounds in the result.
base::Result<std::string> Parser::detect_condition(plan::Command& command)
{
    const std::size_t start = token_.span.start;
    TRY(Tree aggregate, postfix());
    if (aggregate.expression.kind != plan::ExpressionKind::call) {
        return expected("an aggregate and its bound", "as in: count(*) >= 10");
    }
    plan::Item item;
    item.span = span_from(start);
    item.name = source_text(item.span);
    item.expression = std::move(aggregate.expression);
    command.items.push_back(std::move(item));
    const std::size_t bounds = token_.span.start;
    do {
        const bool is_bound = at_symbol(">") || at_symbol(">=") || at_symbol("<") || at_symbol("<=") || at_symbol("=")
            || at_symbol("==") || at_symbol("!=");
        if (!is_bound) {
            return expected("an operator and a number", "as in: count(*) >= 10");
        }
        advance();
        if (token_.kind != TokenKind::number) {
            return expected("a number");
        }
        advance();
    } while (take_word("and"));
    return source_text(span_from(bounds));
}

Parser::Done Parser::detect_step(plan::Command& command, std::string_view role)
{
    plan::Command step;
    step.kind = plan::CommandKind::search;
    const std::size_t start = token_.span.start;
    TRY_VOID(expect_symbol("[", role));
    TRY(Tree condition, search_or());
    step.where = std::move(condition.expression);
    TRY_VOID(expect_symbol("]", "the condition"));
    step.options.emplace_back("role", role);
    TRY_VOID(optional_alias(step));
    step.span = span_from(start);
    command.subquery.push_back(std::move(step));
    return {};
}

// ("name", text), ("kind", aggregate|all|sequence), ("bound", …) …, ("within", …), ("suppress", …), ("severity", …);
// aggregates in `items`, steps in `subquery`, the group in `names`.
Parser::Done Parser::detect_rule(plan::Command& command)
{
    if (token_.kind == TokenKind::string) {
        command.options.emplace_back("name", string_content(token_.text, Escapes::all));
        advance();
    }
    if (take_word("all")) {
        command.options.emplace_back("kind", "all");
        do {
            TRY_VOID(detect_step(command, "all"));
        } while (take_symbol(","));
    } else if (take_word("sequence")) {
        command.options.emplace_back("kind", "sequence");
        do {
            TRY_VOID(detect_step(command, "sequence"));
        } while (take_word("then"));
    } else {
        command.options.emplace_back("kind", "aggregate");
        TRY(std::string bound, detect_condition(command));
        command.options.emplace_back("bound", std::move(bound));
    }
    if (!take_word("within")) {
        return expected("within and a duration");
    }
    TRY(std::string within, duration("a duration after within"));
    command.options.emplace_back("within", std::move(within));
    if (take_word("by")) {
        TRY_VOID(names(command.names, Separator::comma));
    }
    while (take_word("having")) {
        TRY(std::string bound, detect_condition(command));
        command.options.emplace_back("bound", std::move(bound));
    }
    if (take_word("without")) {
        TRY_VOID(detect_step(command, "without"));
    }
    if (take_word("suppress")) {
        TRY(std::string suppress, duration("a duration after suppress"));
        command.options.emplace_back("suppress", std::move(suppress));
    }
    if (take_word("severity")) {
        if (token_.kind != TokenKind::word) {
            return expected("a severity");
        }
        command.options.emplace_back("severity", std::string(token_.text));
        advance();
    }
    return {};
}

} // namespace trawl::query::language
