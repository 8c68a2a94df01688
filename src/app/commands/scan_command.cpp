#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

#include "app/builtin_rules.h"
#include "app/cli/reading.h"
#include "app/cli/row_printer.h"
#include "app/commands/commands.h"
#include "app/object_recall.h"
#include "app/rule_files.h"
#include "app/version.h"
#include "deliver/finding_format.h"
#include "deliver/finding_text.h"
#include "deliver/row_format.h"
#include "detect/engine/scan.h"

namespace trawl::app::commands {

using cli::ExitStatus;
using event::Level;

namespace {

constexpr std::size_t levels = static_cast<std::size_t>(Level::critical) + 1;

Level level_of(const cli::Arguments& arguments, std::string_view option, Level otherwise)
{
    Level level = otherwise;
    event::parse_level(arguments.text(option), level);
    return level;
}

// Hands findings to the sink of the format and remembers what the closing summary tells.
class FindingRelay final : public detect::FindingSink {
public:
    FindingRelay(deliver::FindingSink& sink, Level shown, std::optional<Level> fail_on)
        : sink_(sink), shown_(shown), fail_on_(fail_on)
    {
    }

    base::Result<void> finding(const event::Finding& finding) override
    {
        failed_ = failed_ || (fail_on_ && finding.level >= *fail_on_);
        if (finding.level < shown_) {
            return {};
        }
        ++counts_[static_cast<std::size_t>(finding.level)];
        if (gravest_.rule_id.empty() || finding.level > gravest_.level) {
            gravest_ = finding;
        }
        return sink_.finding(finding);
    }
    base::Result<void> match(const detect::RuleMatch&) override { return {}; }
    void left_out(const std::string& rule_id, std::uint64_t events) override { left_out_[rule_id] += events; }
    void not_recalled(std::uint64_t events) override { not_recalled_ += events; }

    bool failed() const { return failed_; }
    std::uint64_t count(std::size_t level) const { return counts_[level]; }
    const event::Finding& gravest() const { return gravest_; }
    const std::map<std::string, std::uint64_t>& left_out() const { return left_out_; }
    std::uint64_t not_recalled() const { return not_recalled_; }

private:
    deliver::FindingSink& sink_; // Outlives the relay.
    Level shown_;
    std::optional<Level> fail_on_;
    bool failed_ = false;
    std::array<std::uint64_t, levels> counts_ {};
    event::Finding gravest_; // The first of the highest level.
    std::map<std::string, std::uint64_t> left_out_;
    std::uint64_t not_recalled_ = 0;
};

// Prints matches as rows.
class MatchRelay final : public detect::FindingSink {
public:
    explicit MatchRelay(cli::Answer& answer) : rows_(answer) {}

    base::Result<void> begin() { return rows_.begin({"rule_id", "source", "record", "event_id", "@timestamp"}); }
    base::Result<void> finding(const event::Finding&) override { return {}; }
    base::Result<void> match(const detect::RuleMatch& match) override
    {
        using event::Value;
        ++count_;
        return rows_.row({Value::string(match.rule_id), Value::string(match.source),
            Value::integer(static_cast<std::int64_t>(match.record)),
            match.event_id.empty() ? Value() : Value::string(match.event_id),
            match.has_timestamp ? Value::time(match.timestamp) : Value()});
    }
    base::Result<void> finish() { return rows_.finish(); }
    std::uint64_t count() const { return count_; }

private:
    cli::RowPrinter rows_;
    std::uint64_t count_ = 0;
};

struct Loaded {
    detect::RuleSet rules;
    query::Lists lists;
};

bool check_arguments(const cli::Arguments& arguments, cli::Session& session)
{
    if (!arguments.has("matches")) {
        return true;
    }
    if (arguments.has("fail-on")) {
        session.messages.error("C007", "--fail-on is about findings, which --matches does not make");
        return false;
    }
    const std::string& format = arguments.text("format");
    const auto& table = deliver::row_format_table();
    if (!format.empty()
        && std::ranges::find(table, std::string_view(format), &deliver::RowFormat::name) == table.end()) {
        session.messages.error("C007", "--matches is not printed as " + format, "table, ndjson, json or csv");
        return false;
    }
    if (arguments.has("no-rollup")) {
        session.messages.warning("C009", "--no-rollup says nothing with --matches");
    }
    return true;
}

// Tells what is wrong with rules; gives how many errors there are.
std::size_t report_rules(const std::vector<base::Diagnostic>& diagnostics, bool skip, cli::Session& session)
{
    constexpr std::size_t most = 50;
    std::size_t errors = 0;
    for (base::Diagnostic diagnostic : diagnostics) {
        if (diagnostic.severity != base::Severity::error) {
            continue; // What is doubtful about rules is for `rules lint`.
        }
        if (++errors > most) {
            continue;
        }
        if (skip) {
            diagnostic.severity = base::Severity::warning;
            diagnostic.message = "the rule is skipped: " + diagnostic.message;
        }
        session.messages.diagnostic(diagnostic);
    }
    if (errors > most) {
        session.messages.always("… and " + std::to_string(errors - most) + " more\n");
    }
    return errors;
}

std::optional<Loaded> load(const cli::Arguments& arguments, cli::Session& session)
{
    std::vector<base::Diagnostic> diagnostics;
    Loaded loaded;
    loaded.lists = read_rule_lists(arguments.text("lists"), diagnostics);
    session.messages.diagnostics(diagnostics);
    if (base::has_error(diagnostics)) {
        return {};
    }
    std::vector<detect::RuleFile> files;
    if (!arguments.has("no-builtin")) {
        const auto builtin = builtin_rules();
        files.assign(builtin.begin(), builtin.end());
    }
    auto own = read_rule_files(arguments.all("rules"));
    if (!own) {
        session.messages.error("C006", "rules cannot be read: " + own.error().message);
        return {};
    }
    files.insert(files.end(), std::make_move_iterator(own->begin()), std::make_move_iterator(own->end()));
    diagnostics.clear();
    loaded.rules = detect::read_rules(files, loaded.lists, diagnostics);
    const bool skip = arguments.has("skip-bad-rules");
    const std::size_t errors = report_rules(diagnostics, skip, session);
    if (errors > 0 && !skip) {
        session.messages.error(
            "C010", "nothing was run: rules cannot be used", "--skip-bad-rules goes on with the rest");
        return {};
    }
    if (loaded.rules.rules.empty()) {
        session.messages.error("C005", "there are no rules to run",
            "--rules PATH names some; without --no-builtin the built-in ones are run");
        return {};
    }
    return loaded;
}

std::uint64_t count_rules(const detect::RuleSet& rules)
{
    return static_cast<std::uint64_t>(
        std::ranges::count_if(rules.rules, [](const detect::Rule& rule) { return !rule.is_inner; }));
}

// "12 findings: 1 critical, 4 high, 7 low", with colours.
std::string findings_line(const FindingRelay& relay, deliver::Colours colours)
{
    std::uint64_t total = 0;
    std::string parts;
    for (std::size_t level = levels; level-- > 0;) {
        const std::uint64_t count = relay.count(level);
        total += count;
        if (count > 0) {
            const auto name = static_cast<Level>(level);
            parts += parts.empty() ? ": " : ", ";
            parts += std::string(deliver::level_colour(name, colours)) + deliver::with_commas(count) + " "
                + std::string(event::level_name(name)) + std::string(deliver::plain(colours));
        }
    }
    return deliver::with_commas(total) + " findings" + parts;
}

// What a person would do now.
std::vector<std::string> next_steps(
    const cli::Arguments& arguments, const FindingRelay& relay, const cli::Reading& reading)
{
    std::vector<std::string> next;
    const std::string paths = reading.quoted_paths();
    const event::Finding& gravest = relay.gravest();
    if (gravest.rule_id.empty()) {
        if (arguments.text("level") != "informational") {
            next.push_back("trawl scan --level informational " + paths);
        }
        return next;
    }
    if (arguments.text("format") != "html") {
        next.push_back("trawl scan --format html --out report.html " + paths);
    }
    if (!gravest.principal.empty() && gravest.principal.find_first_of("\"\\") == std::string::npos) {
        next.push_back("trawl query "
            + cli::shell_word("filter @principal = \"" + gravest.principal
                + "\" | fields @timestamp, @action, @src_ip, @outcome, @resource | sort @timestamp | limit 1000")
            + " " + paths);
    }
    return next;
}

class ScanRun {
public:
    ScanRun(const cli::Arguments& arguments, cli::Session& session, Loaded loaded)
        : arguments_(arguments), session_(session), loaded_(std::move(loaded)), rules_(count_rules(loaded_.rules))
    {
        for (const detect::Rule& rule : loaded_.rules.rules) {
            titles_.try_emplace(rule.id, rule.title);
        }
        shown_ = level_of(arguments, "level", Level::low);
        if (arguments.has("fail-on")) {
            fail_on_ = level_of(arguments, "fail-on", Level::critical);
        }
    }

    ExitStatus run()
    {
        ExitStatus failure = ExitStatus::wrong;
        reading_ = cli::Reading::create(arguments_, arguments_.positionals(), session_, failure);
        if (!reading_) {
            return failure;
        }
        detect::ScanOptions options;
        options.views = kind_views();
        options.level = fail_on_ ? std::min(shown_, *fail_on_) : shown_;
        options.rollup = arguments_.has("no-rollup") ? detect::Rollup::off : detect::Rollup::on;
        options.matches = arguments_.has("matches");
        options.temp_folder = reading_->temp_folder();
        options.recall = std::make_shared<ObjectRecall>(reading_->options());
        auto scan = detect::Scan::create(std::move(loaded_.rules), loaded_.lists, options);
        if (!scan) {
            session_.messages.error("C010", "nothing was run: " + scan.error().message);
            return ExitStatus::wrong;
        }
        auto answer = cli::Answer::open(arguments_, session_);
        if (!answer) {
            return ExitStatus::not_written;
        }
        return options.matches ? print_matches(**scan, *answer) : print_findings(**scan, *answer);
    }

private:
    ExitStatus print_findings(detect::Scan& scan, cli::Answer& answer)
    {
        const auto& table = deliver::finding_format_table();
        const auto format = std::ranges::find(table, std::string_view(answer.format()), &deliver::FindingFormat::name);
        // The page shows when each kind was written.
        reading_->options().count_hours = answer.format() == "html";
        const auto sink = (*format)->make({answer.output(), answer.style(), std::string(app::version())});
        FindingRelay relay(*sink, shown_, fail_on_);
        const auto collector = scan.make_collector(relay);
        if (const auto ended = reading_->run(scan.projection(), [&] { return scan.make_consumer(); }, *collector)) {
            return *ended;
        }
        deliver::RunReport report = reading_->report();
        report.rules = rules_;
        if (const auto finished = sink->finish(report); !finished) {
            return cli::output_failed(finished.error(), session_);
        }
        cli::Reading::Closing closing;
        closing.found.push_back(
            findings_line(relay, session_.terminal.error_colours) + " (" + deliver::with_commas(rules_) + " rules)");
        for (const auto& [rule, events] : relay.left_out()) {
            closing.found.push_back(deliver::with_commas(events) + " of the hits that “" + title_of(rule)
                + "” stands on lack a time or a field of its group-by");
        }
        if (relay.not_recalled() > 0) {
            reading_->warn(deliver::with_commas(relay.not_recalled())
                + " events that findings list were not described: their files changed during the scan");
        }
        closing.next = next_steps(arguments_, relay, *reading_);
        return reading_->conclude(answer, relay.failed() ? ExitStatus::answer_is_no : ExitStatus::done, closing);
    }

    ExitStatus print_matches(detect::Scan& scan, cli::Answer& answer)
    {
        MatchRelay relay(answer);
        if (const auto begun = relay.begin(); !begun) {
            return cli::output_failed(begun.error(), session_);
        }
        const auto collector = scan.make_collector(relay);
        if (const auto ended = reading_->run(scan.projection(), [&] { return scan.make_consumer(); }, *collector)) {
            return *ended;
        }
        if (const auto finished = relay.finish(); !finished) {
            return cli::output_failed(finished.error(), session_);
        }
        cli::Reading::Closing closing;
        closing.found.push_back(
            deliver::with_commas(relay.count()) + " matches (" + deliver::with_commas(rules_) + " rules)");
        return reading_->conclude(answer, ExitStatus::done, closing);
    }

    const std::string& title_of(const std::string& rule_id) const
    {
        const auto found = titles_.find(rule_id);
        return found == titles_.end() ? rule_id : found->second;
    }

    const cli::Arguments& arguments_; // Both belong to main().
    cli::Session& session_;
    Loaded loaded_;
    std::map<std::string, std::string> titles_; // By rule id.
    std::uint64_t rules_;
    Level shown_;
    std::optional<Level> fail_on_;
    std::unique_ptr<cli::Reading> reading_;
};

} // namespace

ExitStatus scan(const cli::Arguments& arguments, cli::Session& session)
{
    if (!check_arguments(arguments, session)) {
        return ExitStatus::wrong;
    }
    auto loaded = load(arguments, session);
    if (!loaded) {
        return ExitStatus::wrong;
    }
    return ScanRun(arguments, session, std::move(*loaded)).run();
}

} // namespace trawl::app::commands
