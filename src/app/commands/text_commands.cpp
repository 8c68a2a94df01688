// Commands that only print a text.
#include "app/cli/answer.h"
#include "app/cli/choices.h"
#include "app/cli/completion.h"
#include "app/cli/help.h"
#include "app/cli/suggestion.h"
#include "app/commands/commands.h"
#include "app/version.h"

namespace trawl::app::commands {

using cli::ExitStatus;

ExitStatus completion(const cli::Arguments& arguments, cli::Session& session)
{
    const std::string& shell = arguments.positionals().front();
    return cli::print(shell == "bash" ? cli::bash_completion()
            : shell == "zsh"          ? cli::zsh_completion()
                                      : cli::fish_completion(),
        session);
}

ExitStatus version(const cli::Arguments&, cli::Session& session)
{
    return cli::print("trawl " + std::string(app::version()) + "\n", session);
}

ExitStatus help(const cli::Arguments& arguments, cli::Session& session)
{
    if (arguments.has("markdown")) {
        return cli::print(cli::markdown(), session);
    }
    if (arguments.positionals().empty()) {
        return cli::print(cli::overview(), session);
    }
    std::string name;
    for (const std::string& word : arguments.positionals()) {
        name += name.empty() ? "" : " ";
        name += word;
    }
    const cli::Command* command = cli::find_command(name);
    if (command != nullptr) {
        return cli::print(cli::help_of(*command), session);
    }
    const std::string near = cli::did_you_mean(name, cli::command_names());
    session.messages.error(
        "C001", "trawl has no command " + name, near.empty() ? "`trawl --help` shows the commands" : near);
    return ExitStatus::wrong;
}

} // namespace trawl::app::commands
