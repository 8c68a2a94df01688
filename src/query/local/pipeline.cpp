#include "query/local/pipeline.h"

#include <algorithm>

#include "base/text.h"
#include "query/local/sort_bound.h"
#include "query/local/stats_plan.h"
#include "query/local/steps.h"

namespace trawl::query::local {

using event::Appetite;
using event::Value;
using plan::Command;
using plan::CommandKind;

namespace {

constexpr std::uint32_t absent_output = UINT32_MAX;
constexpr std::size_t most_stats = 10;

std::string_view name_of(CommandKind kind)
{
    switch (kind) {
    case CommandKind::join: return "join";
    case CommandKind::pattern: return "pattern";
    case CommandKind::anomaly: return "anomaly";
    case CommandKind::diff: return "diff";
    case CommandKind::logcompare: return "logcompare";
    case CommandKind::fillmissing: return "fillmissing";
    case CommandKind::outlier: return "outlier";
    case CommandKind::appendcols: return "appendcols";
    case CommandKind::sessionize: return "sessionize";
    case CommandKind::relevantfields: return "relevantfields";
    case CommandKind::estimate: return "estimate";
    case CommandKind::detect: return "detect";
    default: return "this command";
    }
}

plan::Expression field_named(const event::FieldPath& path)
{
    plan::Expression field;
    field.kind = plan::ExpressionKind::field;
    field.path = path;
    return field;
}

// Whether an item is a field shown under its own name, back-ticks aside.
bool is_plain(const plan::Item& item)
{
    if (item.expression.kind != plan::ExpressionKind::field) {
        return false;
    }
    std::string name = item.name;
    std::erase(name, '`');
    return name == item.expression.path.text;
}

// Reads the texts of one list in `(namePrefix: ['a', "b"], class: ['c'])`.
std::vector<std::string> texts_of(std::string_view written, std::string_view key)
{
    std::vector<std::string> texts;
    const std::size_t found = written.find(key);
    if (found == std::string_view::npos) {
        return texts;
    }
    std::string_view list = written.substr(found + key.size());
    list = list.substr(0, list.find(']'));
    while (true) {
        const std::size_t open = list.find_first_of("'\"");
        const std::size_t close = open == std::string_view::npos ? open : list.find(list[open], open + 1);
        if (close == std::string_view::npos) {
            return texts;
        }
        texts.emplace_back(list.substr(open + 1, close - open - 1));
        list.remove_prefix(close + 1);
    }
}

std::string quoted_for_regex(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        const bool is_plain_character = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
            || static_cast<unsigned char>(c) >= 0x80;
        out += is_plain_character ? "" : "\\";
        out.push_back(c);
    }
    return out;
}

// The end of the stages: gives the sink the shown columns.
class OutputStage final : public Stage {
public:
    OutputStage(event::RowSink& sink, std::vector<std::string> names, std::vector<std::uint32_t> positions)
        : sink_(sink), names_(std::move(names)), positions_(std::move(positions)), values_(names_.size())
    {
    }

    base::Result<Appetite> push(Row row) override
    {
        TRY_VOID(begin());
        for (std::size_t i = 0; i < positions_.size(); ++i) {
            values_[i] = positions_[i] == absent_output ? Value() : row[positions_[i]];
        }
        TRY_VOID(sink_.row(values_));
        return Appetite::hungry;
    }

    base::Result<void> finish() override
    {
        TRY_VOID(begin());
        return sink_.finish();
    }

private:
    base::Result<void> begin()
    {
        if (has_begun_) {
            return {};
        }
        has_begun_ = true;
        return sink_.begin(names_);
    }

    event::RowSink& sink_;
    std::vector<std::string> names_;
    std::vector<std::uint32_t> positions_;
    std::vector<Value> values_;
    bool has_begun_ = false;
};

} // namespace

Source EventUpstream::column(const event::FieldPath& path, event::Reach reach)
{
    return {Source::Kind::input, projection_.add(path, reach), {}, reach};
}

Pipeline::Pipeline(Token, const plan::Query& query, const Lists& lists, const Options& options)
    : query_(query),
      options_(options),
      lists_(lists),
      context_ {query.text, lists_, {options.now, options.start, options.end}},
      tables_(options.tables)
{
    segments_.push_back(std::make_unique<Segment>(events_, context_));
}

base::Result<std::unique_ptr<Pipeline>> Pipeline::compile(
    const plan::Query& query, const Lists& lists, const Options& options)
{
    auto pipeline = std::make_unique<Pipeline>(Token(), query, lists, options);
    TRY_VOID(pipeline->add_all());
    return pipeline;
}

base::Result<void> Pipeline::add_all()
{
    const auto stats = std::ranges::count(query_.commands, CommandKind::stats, &Command::kind);
    if (static_cast<std::size_t>(stats) > most_stats) {
        return base::fail("query", "a query takes at most " + std::to_string(most_stats) + " stats commands");
    }
    for (std::size_t position = 0; position < query_.commands.size();) {
        TRY(position, add(position));
    }
    if (!has_fields_ && !has_display_) {
        std::vector<std::string> made;
        std::swap(made, shown_);
        show("@timestamp");
        show("@message");
        show_made(made);
    }
    for (const std::string& name : shown_) {
        outputs_.push_back(last().capture(event::FieldPath::parse(name), event::Reach::exact).value_or(absent_output));
    }
    return {};
}

// Compiles the command at `position`; gives the position of the next.
base::Result<std::size_t> Pipeline::add(std::size_t position)
{
    const Command& command = query_.commands[position];
    if (!command.subquery.empty() && command.kind != CommandKind::join && command.kind != CommandKind::appendcols) {
        return base::fail("query", "subqueries are not executed yet");
    }
    switch (command.kind) {
    case CommandKind::source: TRY_VOID(add_source(command)); break;
    case CommandKind::unmask:
    case CommandKind::fields: TRY_VOID(add_fields(command)); break;
    case CommandKind::display: TRY_VOID(add_display(command)); break;
    case CommandKind::filter:
    case CommandKind::search: TRY_VOID(add_filter(command, last())); break;
    case CommandKind::stats: TRY_VOID(add_stats(command)); break;
    case CommandKind::count_frequent: TRY_VOID(add_count_frequent(command)); break;
    case CommandKind::sort: TRY_VOID(add_sort(command.keys, limit_after(position))); break;
    case CommandKind::limit:
        // `limit N | sort …` means the top N (L1 of LANGUAGE 1.6).
        if (command.top && position + 1 < query_.commands.size()
            && query_.commands[position + 1].kind == CommandKind::sort) {
            TRY_VOID(add_sort(query_.commands[position + 1].keys, static_cast<std::uint64_t>(command.count)));
            TRY_VOID(add_limit(command));
            return position + 2;
        }
        TRY_VOID(add_limit(command));
        break;
    case CommandKind::dedup: TRY_VOID(add_dedup(command)); break;
    case CommandKind::parse: {
        TRY(const auto names, add_parse(command, last()));
        show_made(names);
        break;
    }
    case CommandKind::json: {
        TRY(const auto names, add_json(command, last()));
        show_made(names);
        break;
    }
    case CommandKind::unnest: {
        TRY(const auto names, add_unnest(command, last()));
        show_made(names);
        break;
    }
    case CommandKind::expand: {
        TRY(const auto names, add_expand(command, last()));
        show_made(names);
        break;
    }
    case CommandKind::lookup:
    case CommandKind::cidrlookup: {
        TRY(const auto names, add_lookup(command, last(), tables_));
        show_made(names);
        break;
    }
    case CommandKind::filldown: {
        const auto names = filldown_names(command, shown_);
        TRY(auto made, make_filldown(command, shown_, last()));
        add_operator(std::move(made));
        show_made(names);
        break;
    }
    case CommandKind::accum: {
        TRY(auto made, make_accum(command, last()));
        add_operator(std::move(made));
        show_made(accum_names(command));
        break;
    }
    case CommandKind::autoregress: {
        TRY(auto made, make_autoregress(command, last()));
        add_operator(std::move(made));
        show_made(autoregress_names(command));
        break;
    }
    case CommandKind::addtotals: {
        TRY(auto made, make_totals(command, shown_, last()));
        add_operator(std::move(made));
        if (const std::string name = totals_name(command); !name.empty()) {
            show_made({name});
        }
        break;
    }
    default: return base::fail("query", "the command " + std::string(name_of(command.kind)) + " is not executed yet");
    }
    return position + 1;
}

// Log groups by name are picked while reading; by prefix and account, here. What the logs themselves do not tell (class,
// tags) picks nothing out: all of the given paths is read.
base::Result<void> Pipeline::add_source(const Command& command)
{
    log_groups_.insert(log_groups_.end(), command.log_groups.begin(), command.log_groups.end());
    for (const auto& [function, written] : command.options) {
        if (function != "logGroups") {
            continue;
        }
        Command filter;
        filter.where.emplace();
        filter.where->kind = plan::ExpressionKind::conjunction;
        const auto add
            = [&filter](const std::vector<std::string>& texts, std::string_view before, std::string_view after) {
                  if (texts.empty()) {
                      return;
                  }
                  plan::Expression match;
                  match.kind = plan::ExpressionKind::match;
                  match.path = event::FieldPath::parse("@log");
                  match.match.test = plan::Test::regex;
                  for (const std::string& text : texts) {
                      match.match.patterns.push_back(std::string(before) + quoted_for_regex(text) + std::string(after));
                  }
                  filter.where->operands.push_back(std::move(match));
              };
        add(texts_of(written, "namePrefix"), "^(?:[0-9]{12}:)?", "");
        add(texts_of(written, "accountIdentifier"), "^", ":");
        if (!filter.where->operands.empty()) {
            TRY_VOID(add_filter(filter, last()));
        }
    }
    return {};
}

void Pipeline::show(const std::string& name)
{
    if (std::ranges::find(shown_, name) == shown_.end()) {
        shown_.push_back(name);
    }
}

// Fields that a command makes are shown, unless a display says what is.
void Pipeline::show_made(const std::vector<std::string>& names)
{
    if (has_display_) {
        return;
    }
    for (const std::string& name : names) {
        show(name);
    }
}

base::Result<std::string> Pipeline::define(const plan::Item& item)
{
    if (is_plain(item)) {
        return item.expression.path.text;
    }
    TRY(auto source, last().source_of(item.expression));
    last().define(item.name, std::move(source));
    return item.name;
}

base::Result<void> Pipeline::add_fields(const Command& command)
{
    if (command.items.empty()) {
        return {};
    }
    if (is_stats_output_) {
        // What stats gives is shown until somebody says what is wanted of it.
        shown_.clear();
        is_stats_output_ = false;
    }
    has_fields_ = true;
    for (const plan::Item& item : command.items) {
        TRY(const auto name, define(item));
        if (!has_display_) {
            show(name);
        }
    }
    return {};
}

base::Result<void> Pipeline::add_display(const Command& command)
{
    std::vector<std::string> names;
    for (const plan::Item& item : command.items) {
        TRY(auto name, define(item));
        names.push_back(std::move(name));
    }
    shown_.clear();
    has_display_ = true;
    for (const std::string& name : names) {
        show(name);
    }
    return {};
}

// `topk(k, f)` stands alone: a row for each of the k values that are most frequent, with how often it came.
base::Result<void> Pipeline::add_top(const plan::Item& item)
{
    const plan::Expression& call = item.expression;
    if (call.operands.size() != 2 || call.operands[0].literal.type != plan::Literal::Type::number) {
        return base::fail("query", "topk() needs a number and a field");
    }
    const plan::Expression& field = call.operands[1];
    Command present;
    present.where.emplace();
    present.where->kind = plan::ExpressionKind::call;
    present.where->text = "ispresent";
    present.where->operands.push_back(field);
    TRY_VOID(add_filter(present, last()));
    Command stats;
    plan::Item count = item;
    count.expression = {};
    count.expression.kind = plan::ExpressionKind::call;
    count.expression.text = "count";
    stats.items.push_back(std::move(count));
    const bool is_field = field.kind == plan::ExpressionKind::field;
    stats.by.push_back(
        {field, is_field ? field.path.text : query_.text.substr(field.span.start, field.span.length), field.span});
    TRY_VOID(add_stats(stats));
    plan::SortKey key;
    key.expression = field_named(event::FieldPath::of({item.name}));
    key.descending = true;
    Command limit;
    limit.count = static_cast<std::int64_t>(std::clamp(call.operands[0].literal.number, 0.0, 1e9));
    TRY_VOID(add_sort({key}, static_cast<std::uint64_t>(limit.count)));
    return add_limit(limit);
}

base::Result<void> Pipeline::add_stats(const Command& command)
{
    const auto is_top = [](const plan::Item& item) {
        return item.expression.kind == plan::ExpressionKind::call
            && base::equal_ignoring_case(item.expression.text, "topk");
    };
    if (command.items.size() == 1 && command.by.empty() && is_top(command.items.front())) {
        return add_top(command.items.front());
    }
    std::vector<plan::Expression> aggregates;
    std::vector<plan::Item> items;
    for (const plan::Item& item : command.items) {
        plan::Item named = item;
        named.expression = with_aggregates_named(item.expression, aggregates);
        items.push_back(std::move(named));
    }
    for (const auto& [key, value] : command.options) {
        if (key == "offset") {
            return base::fail("query", "stats … offset is not executed yet");
        }
    }
    std::vector<plan::Item> by = command.by;
    for (plan::Item& item : by) {
        if (is_plain(item)) {
            item.name = item.expression.path.text;
        }
    }
    TRY(auto made, make_stats(by, aggregates, last()));
    add_operator(std::move(made));
    shown_.clear();
    has_fields_ = true;
    has_display_ = false;
    is_stats_output_ = true;
    is_sorted_ = false;
    for (const plan::Item& item : by) {
        show(item.name);
    }
    for (const plan::Item& item : items) {
        TRY(auto source, last().source_of(item.expression));
        last().define(item.name, std::move(source));
        show(item.name);
    }
    return {};
}

// The groups of a stats count(*), most frequent first.
base::Result<void> Pipeline::add_count_frequent(const Command& command)
{
    Command stats;
    stats.kind = CommandKind::stats;
    plan::Item count;
    count.name = "_approxcount";
    count.expression.kind = plan::ExpressionKind::call;
    count.expression.text = "count";
    stats.items.push_back(std::move(count));
    for (const event::FieldPath& name : command.names) {
        stats.by.push_back({field_named(name), name.text, {}});
    }
    TRY_VOID(add_stats(stats));
    plan::SortKey key;
    key.expression = field_named(event::FieldPath::parse("_approxcount"));
    key.descending = true;
    return add_sort({key}, std::nullopt);
}

base::Result<void> Pipeline::add_sort(const std::vector<plan::SortKey>& keys, std::optional<std::uint64_t> keep)
{
    std::vector<std::pair<Source, Direction>> sources;
    for (const plan::SortKey& key : keys) {
        TRY(auto source, last().source_of(key.expression));
        sources.emplace_back(std::move(source), key.descending ? Direction::descending : Direction::ascending);
    }
    if (sources.empty()) {
        return base::fail("query", "sort needs a field");
    }
    last().capture_sort_key(std::move(sources));
    std::shared_ptr<SortBound> bound;
    if (keep && operators_.empty()) {
        bound_ = std::make_shared<SortBound>();
        bound = bound_;
    }
    add_operator(make_sort(last(), keep, std::move(bound)));
    is_sorted_ = true;
    return {};
}

base::Result<void> Pipeline::add_limit(const Command& command)
{
    if (command.count < 0) {
        return base::fail("query", "limit needs a number that is not negative");
    }
    const auto count = static_cast<std::uint64_t>(command.count);
    add_operator(command.tail ? make_tail(last(), count) : make_limit(last(), count));
    return {};
}

base::Result<void> Pipeline::add_dedup(const Command& command)
{
    if (!is_sorted_) {
        plan::SortKey newest;
        newest.expression = field_named(event::FieldPath::parse("@timestamp"));
        newest.descending = true;
        TRY_VOID(add_sort({newest}, std::nullopt));
    }
    TRY(auto made, make_dedup(command, last()));
    add_operator(std::move(made));
    return {};
}

void Pipeline::add_operator(OperatorPointer made)
{
    operators_.push_back(std::move(made));
    segments_.push_back(std::make_unique<Segment>(*operators_.back(), context_));
}

// The limit that follows a sort, where only commands that neither drop nor add rows stand between them.
std::optional<std::uint64_t> Pipeline::limit_after(std::size_t position) const
{
    for (std::size_t i = position + 1; i < query_.commands.size(); ++i) {
        const Command& command = query_.commands[i];
        if (command.kind == CommandKind::limit && !command.tail && !command.top) {
            return static_cast<std::uint64_t>(std::max<std::int64_t>(command.count, 0));
        }
        const bool keeps_rows = command.kind == CommandKind::fields || command.kind == CommandKind::display
            || command.kind == CommandKind::unmask;
        if (!keeps_rows) {
            break;
        }
    }
    return std::nullopt;
}

StagePointer Pipeline::make_stages(event::RowSink& sink) const
{
    StagePointer stage = std::make_unique<OutputStage>(sink, shown_, outputs_);
    const Resources resources {options_.temp_folder, options_.memory_bytes};
    for (std::size_t i = operators_.size(); i-- > 0;) {
        stage = make_segment_stage(*segments_[i + 1], std::move(stage));
        stage = operators_[i]->make_stage(std::move(stage), resources);
    }
    return stage;
}

} // namespace trawl::query::local
