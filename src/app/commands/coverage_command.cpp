#include "app/builtin_rules.h"
#include "app/cli/reading.h"
#include "app/commands/commands.h"
#include "app/coverage/coverage.h"
#include "app/rule_files.h"
#include "detect/rules/rule.h"

namespace trawl::app::commands {

using cli::ExitStatus;

namespace {

// The rules whose logs may be missing: the built-in ones and those of --rules.
std::optional<detect::RuleSet> rules_of(const cli::Arguments& arguments, cli::Session& session)
{
    std::vector<base::Diagnostic> diagnostics;
    const query::Lists lists = read_rule_lists("", diagnostics);
    std::vector<detect::RuleFile> files(builtin_rules().begin(), builtin_rules().end());
    auto own = read_rule_files(arguments.all("rules"));
    if (!own) {
        session.messages.error("C006", "rules cannot be read: " + own.error().message);
        return std::nullopt;
    }
    files.insert(files.end(), std::make_move_iterator(own->begin()), std::make_move_iterator(own->end()));
    detect::RuleSet rules = detect::read_rules(files, lists, diagnostics);
    session.messages.diagnostics(diagnostics);
    if (base::has_error(diagnostics)) {
        return std::nullopt;
    }
    return rules;
}

} // namespace

ExitStatus coverage(const cli::Arguments& arguments, cli::Session& session)
{
    const auto rules = rules_of(arguments, session);
    if (!rules) {
        return ExitStatus::wrong;
    }
    ExitStatus failure = ExitStatus::wrong;
    const auto reading = cli::Reading::create(arguments, arguments.positionals(), session, failure);
    if (!reading) {
        return failure;
    }
    auto answer = cli::Answer::open(arguments, session);
    if (!answer) {
        return ExitStatus::not_written;
    }
    CoverageCount count;
    const auto collector = count.make_collector();
    if (const auto ended = reading->run(count.projection(), [&count] { return count.make_consumer(); }, *collector)) {
        return *ended;
    }
    const Coverage found = count.coverage(*rules);
    const std::string& format = answer->format();
    const std::string text = format == "html" ? coverage_html(found)
        : format == "table"                   ? coverage_text(found, answer->style().colours == deliver::Colours::on)
                                              : coverage_json(found);
    const auto written = answer->output().write(text);
    if (!written) {
        return cli::output_failed(written.error(), session);
    }
    return reading->conclude(*answer, ExitStatus::done, {});
}

} // namespace trawl::app::commands
