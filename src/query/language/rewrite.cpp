#include "query/language/rewrite.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/text.h"
#include "query/functions/function_table.h"
#include "query/language/fields.h"
#include "query/language/suggestion.h"

namespace trawl::query::language {

using base::Severity;
using plan::Command;
using plan::CommandKind;
using plan::Expression;
using plan::ExpressionKind;

namespace {

// The names that a command can see. Open: fields of records, any name at all.
struct Scope {
    bool is_open = true;
    NameSet names;
    NameSet keys; // Groups of the last stats that are plain fields under their own names.
    std::map<std::string, std::string> written; // `count(*)` without blanks in lower case → the name that it is.
    std::size_t longest_written = 0;
    std::string bin; // T1: the group that @timestamp names.
};

bool is_aggregate(const Expression& expression)
{
    return expression.kind == ExpressionKind::call && functions::find_function(expression.text) == nullptr
        && functions::find_aggregate(expression.text) != nullptr;
}

bool is_bin(const Expression& expression)
{
    return expression.kind == ExpressionKind::call && expression.text == "bin";
}

const Expression* find_aggregate_in(const Expression& expression)
{
    if (is_aggregate(expression)) {
        return &expression;
    }
    for (const Expression& operand : expression.operands) {
        if (const Expression* const found = find_aggregate_in(operand)) {
            return found;
        }
    }
    return nullptr;
}

const Expression* find_bin_in(const Expression& expression)
{
    if (is_bin(expression)) {
        return &expression;
    }
    for (const Expression& operand : expression.operands) {
        if (const Expression* const found = find_bin_in(operand)) {
            return found;
        }
    }
    return nullptr;
}

// Two spellings of one expression are the same name: `count( * )`, `COUNT(*)`.
std::string without_blanks(std::string_view text)
{
    std::string out;
    char quote = '\0';
    for (const char c : text) {
        if (quote == '\0' && (c == ' ' || c == '\t' || c == '\n' || c == '\r')) {
            continue;
        }
        if (quote == '\0' && (c == '"' || c == '\'' || c == '`')) {
            quote = c;
        } else if (c == quote) {
            quote = '\0';
        }
        out += quote == '\0' ? base::lower_ascii(c) : c;
    }
    return out;
}

// Rewrites the commands of one query, first to last.
class Rewriter {
public:
    Rewriter(Analysis& analysis, std::vector<Command>& commands) : analysis_(analysis), commands_(commands) {}

    void run()
    {
        for (at_ = 0; at_ < commands_.size(); ++at_) {
            command(commands_[at_]);
        }
    }

private:
    void command(Command& command);
    void stats(Command& command);
    void filter(Command& command);
    void sort(Command& command);
    void limit(Command& command);
    void search(Command& command);
    void other(Command& command);

    void resolve(Expression& expression);
    void resolve_times(Expression& expression);
    void refuse_aggregates(const Expression& expression);
    void check_stats_item(const Expression& expression, const NameSet& known);
    void check_hidden_in_stats(const Expression& expression);
    void warn_of_unknown(std::string_view code, const Expression& expression);
    void warn_of_unknown(std::string_view code, const event::FieldPath& path, base::Span span);
    bool split_help(const Expression& where, std::string& help) const;
    bool is_hidden(const event::FieldPath& path) const { return !scope_.is_open && !leads_into(path, scope_.names); }
    bool has_hidden(const Expression& expression) const;
    void open();
    void add_name(const std::string& name);
    void rotate(std::size_t first, std::size_t last, bool last_goes_first);

    // --fix makes one move and looks again: the others would hang on it.
    void note(Move move)
    {
        if (!analysis_.move) {
            analysis_.move = std::move(move);
        }
    }
    void report(Severity severity, std::string_view code, std::string message, std::string help, base::Span span)
    {
        analysis_.parsed.diagnostics.push_back(
            {severity, std::string(code), std::move(message), std::move(help), span, {}});
    }
    std::string_view text_of(base::Span span) const
    {
        return std::string_view(analysis_.parsed.query.text).substr(span.start, span.length);
    }

    Analysis& analysis_;
    std::vector<Command>& commands_;
    std::size_t at_ = 0;
    Scope scope_;
    std::optional<std::size_t> stats_at_; // The last one.
    Scope before_stats_;
    // In this stage, which a stats closes.
    std::optional<std::size_t> sort_at_;
    std::optional<std::size_t> limit_at_;
};

void Rewriter::command(Command& command)
{
    if (command.kind != CommandKind::detect && !command.subquery.empty()) {
        Rewriter(analysis_, command.subquery).run();
    }
    switch (command.kind) {
    case CommandKind::stats: return stats(command);
    case CommandKind::filter: return filter(command);
    case CommandKind::sort: return sort(command);
    case CommandKind::limit: return limit(command);
    case CommandKind::search: return search(command);
    default: return other(command);
    }
}

void Rewriter::open()
{
    scope_ = {};
    stats_at_.reset();
    sort_at_.reset();
    limit_at_.reset();
}

void Rewriter::add_name(const std::string& name)
{
    scope_.names.insert(name);
}

// Turns expressions that are written like an output of stats into fields of that name, and applies T1.
void Rewriter::resolve(Expression& expression)
{
    if (scope_.is_open) {
        return;
    }
    const bool may_be_name = expression.kind == ExpressionKind::call || expression.kind == ExpressionKind::arithmetic
        || expression.kind == ExpressionKind::member || expression.kind == ExpressionKind::minus
        || expression.kind == ExpressionKind::comparison;
    // Blanks and comments between tokens aside, a longer text cannot be the same.
    if (may_be_name && expression.span.length <= 4 * scope_.longest_written + 64) {
        const auto found = scope_.written.find(without_blanks(text_of(expression.span)));
        if (found != scope_.written.end()) {
            Expression field;
            field.kind = ExpressionKind::field;
            field.path = event::FieldPath::of({found->second});
            field.span = expression.span;
            expression = std::move(field);
            return;
        }
    }
    resolve_times(expression);
    for (Expression& operand : expression.operands) {
        resolve(operand);
    }
}

void Rewriter::resolve_times(Expression& expression)
{
    if (scope_.bin.empty() || scope_.names.contains("@timestamp")) {
        return;
    }
    const bool reads_field = expression.kind == ExpressionKind::field || expression.kind == ExpressionKind::match;
    if (reads_field && expression.path.text == "@timestamp") {
        expression.path = event::FieldPath::of({scope_.bin});
        return;
    }
    if (is_bin(expression) && expression.operands.size() == 1) {
        // bin reads @timestamp unasked; datefloor is told.
        Expression time;
        time.kind = ExpressionKind::field;
        time.path = event::FieldPath::of({scope_.bin});
        time.span = expression.span;
        expression.text = "datefloor";
        expression.operands.insert(expression.operands.begin(), std::move(time));
    }
}

void Rewriter::refuse_aggregates(const Expression& expression)
{
    if (const Expression* const found = find_aggregate_in(expression)) {
        report(Severity::error, "E108", found->text + "() is an aggregate: it stands in stats alone",
            "stats " + std::string(text_of(found->span)) + " as x | …", found->span);
    }
}

// Outside an aggregate an output of stats may only use what is the same for the whole group.
void Rewriter::check_stats_item(const Expression& expression, const NameSet& known)
{
    if (is_aggregate(expression)) {
        for (const Expression& operand : expression.operands) {
            if (const Expression* const inner = find_aggregate_in(operand)) {
                report(Severity::error, "E108", "an aggregate within an aggregate",
                    "use two stats commands, one after the other", inner->span);
            }
        }
        return;
    }
    if (expression.kind == ExpressionKind::field && !leads_into(expression.path, known)) {
        report(Severity::error, "E108", "stats needs an aggregate of " + expression.path.text,
            "latest(" + expression.path.text + "), countDistinct(" + expression.path.text
                + "), or group: stats count(*) by " + expression.path.text,
            expression.span);
        return;
    }
    for (const Expression& operand : expression.operands) {
        check_stats_item(operand, known);
    }
}

void Rewriter::check_hidden_in_stats(const Expression& expression)
{
    if (scope_.is_open) {
        return;
    }
    for_each_field(expression, [this](const event::FieldPath& path, base::Span span) {
        if (is_hidden(path)) {
            const std::vector<std::string_view> names(scope_.names.begin(), scope_.names.end());
            const std::string help = did_you_mean(path.text, names);
            report(Severity::error, "E303", "the stats before does not give " + path.text,
                help.empty() ? "after stats only its own outputs exist: pass it on, as in max(@timestamp) as @t" : help,
                span);
        }
    });
    if (const Expression* const bin = find_bin_in(expression);
        bin != nullptr && is_hidden(event::FieldPath::parse("@timestamp"))) {
        report(Severity::error, "E303", "bin needs @timestamp, which the stats before does not give",
            "pass it on: stats … max(@timestamp) as @t … | stats … by dateceil(@t, 5m)", bin->span);
    }
}

void Rewriter::stats(Command& command)
{
    NameSet known;
    NameSet bins;
    for (plan::Item& key : command.by) {
        if (is_bin(key.expression)) {
            bins.insert(key.name);
        }
        resolve(key.expression);
        refuse_aggregates(key.expression);
        check_hidden_in_stats(key.expression);
        known.insert(key.name);
    }
    for (plan::Item& item : command.items) {
        resolve(item.expression);
        check_stats_item(item.expression, known);
        const bool is_of_outputs = find_aggregate_in(item.expression) == nullptr;
        if (!is_of_outputs) {
            check_hidden_in_stats(item.expression);
        }
        if (item.expression.kind == ExpressionKind::call && item.expression.text == "topk"
            && (command.items.size() > 1 || !command.by.empty())) {
            report(Severity::error, "E108", "topk stands alone in stats, without by",
                "for groups: stats count(*) as n by … | sort n desc | limit 10", item.span);
        }
        known.insert(item.name);
    }
    before_stats_ = std::move(scope_);
    open();
    stats_at_ = at_;
    scope_.is_open = false;
    for (const auto* items : {&command.by, &command.items}) {
        for (const plan::Item& item : *items) {
            scope_.names.insert(item.name);
            const bool is_field = item.expression.kind == ExpressionKind::field;
            if (items == &command.by && is_field && item.name == item.expression.path.text) {
                scope_.keys.insert(item.name);
            }
            if (!is_field) {
                scope_.written.emplace(without_blanks(item.name), item.name);
                scope_.longest_written = std::max(scope_.longest_written, item.name.size());
            }
        }
    }
    if (bins.size() == 1) {
        scope_.bin = *bins.begin();
    }
}

bool Rewriter::has_hidden(const Expression& expression) const
{
    bool found = false;
    for_each_field(
        expression, [this, &found](const event::FieldPath& path, base::Span) { found = found || is_hidden(path); });
    return found;
}

// Writes the condition as two filters, where each of its ANDed parts belongs to one side.
bool Rewriter::split_help(const Expression& where, std::string& help) const
{
    if (where.kind != ExpressionKind::conjunction) {
        return false;
    }
    std::string before;
    std::string after;
    for (const Expression& part : where.operands) {
        bool has_results = false;
        for_each_field(part, [this, &has_results](const event::FieldPath& path, base::Span) {
            has_results = has_results || (!is_hidden(path) && !leads_into(path, scope_.keys));
        });
        const bool is_hidden_part = has_hidden(part);
        if (is_hidden_part && has_results) {
            return false;
        }
        std::string& side = is_hidden_part ? before : after;
        side += (side.empty() ? "" : " and ") + std::string(text_of(part.span));
    }
    help = "filter " + before + " | stats … | filter " + after;
    return true;
}

void Rewriter::filter(Command& command)
{
    Expression original = *command.where;
    resolve(*command.where);
    const auto refused = analysis_.parsed.diagnostics.size();
    refuse_aggregates(*command.where);
    if (scope_.is_open || analysis_.parsed.diagnostics.size() > refused || !has_hidden(*command.where)) {
        return;
    }
    const event::FieldPath* hidden = nullptr;
    base::Span hidden_span;
    const event::FieldPath* result = nullptr;
    for_each_field(*command.where, [&](const event::FieldPath& path, base::Span span) {
        if (is_hidden(path)) {
            hidden_span = hidden == nullptr ? span : hidden_span;
            hidden = hidden == nullptr ? &path : hidden;
        } else if (!leads_into(path, scope_.keys)) {
            result = &path;
        }
    });
    if (result != nullptr) {
        std::string help;
        if (!split_help(*command.where, help)) {
            help = "filter by " + hidden->text + " before stats, and by " + result->text + " after it";
        }
        report(Severity::error, "E302",
            "the filter names " + hidden->text + ", which stats hides, beside its result " + result->text,
            std::move(help), hidden_span);
        return;
    }
    const auto stays_hidden = [this](const event::FieldPath& path) {
        return !before_stats_.is_open && !leads_into(path, before_stats_.names);
    };
    if (stays_hidden(*hidden) || !stats_at_) {
        report(Severity::error, "E303", "no stats before gives " + hidden->text, "filter by it before the first stats",
            hidden_span);
        return;
    }
    const std::vector<std::string_view> names(scope_.names.begin(), scope_.names.end());
    const std::string guess = did_you_mean(hidden->text, names);
    report(Severity::warning, "W301",
        "this filter names " + hidden->text + ", which stats hides: it is applied before stats",
        (guess.empty() ? "" : guess + " if not: ") + "write it before stats; `trawl query --fix` prints the query so",
        command.span);
    // In the scope where it goes, its names mean fields of records.
    std::swap(scope_, before_stats_);
    resolve(original);
    *command.where = std::move(original);
    std::swap(scope_, before_stats_);
    const std::size_t stats_at = *stats_at_;
    rotate(stats_at, at_, /*last_goes_first=*/true);
    for (auto* place : {&stats_at_, &sort_at_, &limit_at_}) {
        if (*place && **place >= stats_at) {
            ++**place;
        }
    }
}

// Moves a command in the plan, and notes the same for the text.
void Rewriter::rotate(std::size_t first, std::size_t last, bool last_goes_first)
{
    Move move;
    for (std::size_t i = first; i <= last; ++i) {
        move.places.push_back(commands_[i].span);
    }
    const auto begin = commands_.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = commands_.begin() + static_cast<std::ptrdiff_t>(last) + 1;
    std::rotate(begin, last_goes_first ? end - 1 : begin + 1, end);
    for (std::size_t i = first; i <= last; ++i) {
        move.contents.push_back(commands_[i].span);
    }
    note(std::move(move));
}

void Rewriter::warn_of_unknown(std::string_view code, const event::FieldPath& path, base::Span span)
{
    if (is_hidden(path)) {
        const std::vector<std::string_view> names(scope_.names.begin(), scope_.names.end());
        report(Severity::warning, code, "no row has " + path.text + " here: stats does not give it",
            did_you_mean(path.text, names), span);
    }
}

void Rewriter::warn_of_unknown(std::string_view code, const Expression& expression)
{
    for_each_field(
        expression, [this, code](const event::FieldPath& path, base::Span span) { warn_of_unknown(code, path, span); });
}

void Rewriter::sort(Command& command)
{
    for (plan::SortKey& key : command.keys) {
        resolve(key.expression);
        refuse_aggregates(key.expression);
        warn_of_unknown("W304", key.expression);
    }
    sort_at_ = at_;
}

void Rewriter::limit(Command& command)
{
    const bool is_before_sort = at_ + 1 < commands_.size() && commands_[at_ + 1].kind == CommandKind::sort;
    if (!is_before_sort || sort_at_ || command.any || command.tail) {
        limit_at_ = at_;
        return;
    }
    const std::string count = std::to_string(command.count);
    report(Severity::note, "W303", "limit before sort is taken as the top " + count + " by that sort",
        "write it so: | sort … | limit " + count, command.span);
    rotate(at_, at_ + 1, /*last_goes_first=*/true);
    sort(commands_[at_]);
}

void Rewriter::search(Command& command)
{
    resolve(*command.where);
    warn_of_unknown("W305", *command.where);
    if (!limit_at_) {
        return;
    }
    const Command& limit = commands_[*limit_at_];
    std::string rows = "the " + std::to_string(limit.count) + " rows that limit leaves";
    if (sort_at_ && *sort_at_ < *limit_at_ && commands_[*sort_at_].keys.front().expression.path.text == "@timestamp") {
        rows = std::string("the ") + (commands_[*sort_at_].keys.front().descending ? "newest " : "oldest ")
            + std::to_string(limit.count) + (limit.count == 1 ? " event" : " events");
    }
    report(Severity::warning, "W120", "search looks at " + rows + " only",
        "to search all events, move search before limit: … | search … | " + std::string(text_of(limit.span))
            + "; `trawl query --fix` prints the query so",
        limit.span);
    // The text alone: the plan stays literal.
    Move move;
    for (std::size_t i = *limit_at_; i <= at_; ++i) {
        move.places.push_back(commands_[i].span);
        move.contents.push_back(commands_[i < at_ ? i + 1 : *limit_at_].span);
    }
    note(std::move(move));
}

void Rewriter::other(Command& command)
{
    for (plan::Item& item : command.items) {
        if (command.kind == CommandKind::fields || command.kind == CommandKind::display) {
            resolve(item.expression);
            refuse_aggregates(item.expression);
            warn_of_unknown("W305", item.expression);
        }
    }
    if (command.input) {
        resolve(*command.input);
    }
    switch (command.kind) {
    case CommandKind::fields:
    case CommandKind::display:
        for (const plan::Item& item : command.items) {
            add_name(item.name);
        }
        return;
    case CommandKind::dedup:
        for (const event::FieldPath& name : command.names) {
            warn_of_unknown("W305", name, command.span);
        }
        return;
    case CommandKind::parse:
    case CommandKind::json:
    case CommandKind::unnest:
    case CommandKind::accum:
        for (const std::string& name : command.aliases) {
            add_name(name);
        }
        return;
    case CommandKind::expand:
    case CommandKind::source:
    case CommandKind::unmask: return;
    default:
        // Their outputs are not known here.
        scope_ = {};
        stats_at_.reset();
        return;
    }
}

} // namespace

void rewrite(Analysis& analysis)
{
    Rewriter(analysis, analysis.parsed.query.commands).run();
}

} // namespace trawl::query::language
