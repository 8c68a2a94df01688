// `trawl rules …`: from the command line to rules_command.h.
#include "app/cli/answer.h"
#include "app/cli/row_printer.h"
#include "app/cli/run_folder.h"
#include "app/commands/commands.h"
#include "app/commands/rules_command.h"

namespace trawl::app::commands {

using cli::ExitStatus;

namespace {

RulesArguments rules_arguments(const cli::Arguments& arguments, std::size_t first_path, const std::string& temp_folder,
    const cli::Session& session)
{
    RulesArguments made;
    const auto& positionals = arguments.positionals();
    made.paths.assign(
        positionals.begin() + static_cast<std::ptrdiff_t>(std::min(first_path, positionals.size())), positionals.end());
    made.lists_file = arguments.text("lists");
    made.temp_folder = temp_folder;
    made.diagnostic_format = session.messages.format();
    made.colour = session.messages.colour();
    return made;
}

// Runs a subcommand and ends its output, unless it failed to write already.
template <typename Command> ExitStatus run(
    const cli::Arguments& arguments, cli::Session& session, std::size_t first_path, Command command)
{
    const auto folder = cli::RunFolder::create(arguments, session);
    auto answer = cli::Answer::open(arguments, session);
    if (!folder || !answer) {
        return ExitStatus::not_written;
    }
    const RulesStreams streams {answer->output(), [&](std::string_view text) { session.messages.always(text); }};
    const auto status = static_cast<ExitStatus>(
        command(rules_arguments(arguments, first_path, folder->path(), session), *answer, streams));
    if (status == ExitStatus::wrong || status == ExitStatus::not_written) {
        return status;
    }
    const ExitStatus written = answer->finish(session);
    return written == ExitStatus::done ? status : written;
}

} // namespace

ExitStatus rules_list(const cli::Arguments& arguments, cli::Session& session)
{
    return run(
        arguments, session, 0, [](const RulesArguments& rules, cli::Answer& answer, const RulesStreams& streams) {
            const auto sink = cli::make_row_sink(answer);
            return list_rules(rules, *sink, streams);
        });
}

ExitStatus rules_show(const cli::Arguments& arguments, cli::Session& session)
{
    const std::string& id = arguments.positionals().front();
    return run(arguments, session, 1, [&id](const RulesArguments& rules, cli::Answer&, const RulesStreams& streams) {
        return show_rule(rules, id, streams);
    });
}

ExitStatus rules_test(const cli::Arguments& arguments, cli::Session& session)
{
    return run(arguments, session, 0, [](const RulesArguments& rules, cli::Answer&, const RulesStreams& streams) {
        return test_rules(rules, streams);
    });
}

ExitStatus rules_lint(const cli::Arguments& arguments, cli::Session& session)
{
    return run(arguments, session, 0, [](const RulesArguments& rules, cli::Answer&, const RulesStreams& streams) {
        return lint_rules(rules, streams);
    });
}

} // namespace trawl::app::commands
