#include "app/cli/run.h"

#include <csignal>

#include "app/cli/answer.h"
#include "app/cli/arguments.h"
#include "app/cli/choices.h"
#include "app/cli/help.h"
#include "app/cli/session.h"
#include "app/cli/suggestion.h"
#include "app/commands/commands.h"

namespace trawl::app::cli {

namespace {

// The value of an option, found before the command line is understood: it says how misunderstandings are told.
std::string peek(const std::vector<std::string>& words, std::string_view option)
{
    const std::string name = "--" + std::string(option);
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == "--") {
            break;
        }
        if (words[i] == name && i + 1 < words.size()) {
            return words[i + 1];
        }
        if (words[i].starts_with(name + "=")) {
            return words[i].substr(name.size() + 1);
        }
    }
    return {};
}

bool is_help(const std::string& word)
{
    return word == "--help" || word == "-h";
}

class Program {
public:
    Program(const std::vector<std::string>& words, Session& session) : words_(words), session_(session) {}

    ExitStatus run()
    {
        if (words_.empty()) {
            session_.messages.always(overview());
            return ExitStatus::wrong;
        }
        const std::string& first = words_.front();
        if (is_help(first)) {
            return print(overview(), session_);
        }
        if (first == "--version" || first == "-V") {
            return commands::version(Arguments(), session_);
        }
        const Command* command = find_command(first);
        if (command == nullptr || !command->second_word().empty()) {
            return unknown(first, command_names(), "trawl");
        }
        std::size_t used = 1;
        if (command->run == nullptr) {
            if (words_.size() > 1 && is_help(words_[1])) {
                return print(help_of(*command), session_);
            }
            if (words_.size() == 1) {
                session_.messages.always(help_of(*command));
                return ExitStatus::wrong;
            }
            const Command* member = find_command(first + " " + words_[1]);
            if (member == nullptr) {
                return unknown(words_[1], members_of(first), "trawl " + first);
            }
            command = member;
            used = 2;
        }
        return run(*command, {words_.begin() + static_cast<std::ptrdiff_t>(used), words_.end()});
    }

private:
    static Choices members_of(std::string_view group)
    {
        Choices names;
        for (const Command& command : command_table()) {
            if (command.first_word() == group && !command.second_word().empty()) {
                names.push_back(command.second_word());
            }
        }
        return names;
    }

    ExitStatus unknown(const std::string& word, const Choices& known, const std::string& before)
    {
        if (word.starts_with('-')) {
            session_.messages.error("C002", before + " has no option " + word + " before a command",
                "options stand behind the command; `" + before + " --help` shows the commands");
            return ExitStatus::wrong;
        }
        const std::string near = did_you_mean(word, known);
        session_.messages.error("C001", before + " has no command " + word,
            near.empty() ? "`" + before + " --help` shows the commands" : near);
        return ExitStatus::wrong;
    }

    ExitStatus run(const Command& command, const std::vector<std::string>& words)
    {
        const auto read = read_arguments(command, words);
        if (const auto* refusal = std::get_if<base::Diagnostic>(&read)) {
            session_.messages.diagnostic(*refusal);
            return ExitStatus::wrong;
        }
        const auto& arguments = std::get<Arguments>(read);
        if (arguments.has("help")) {
            return print(help_of(command), session_);
        }
        return command.run(arguments, session_);
    }

    const std::vector<std::string>& words_;
    Session& session_;
};

} // namespace

int run(const std::vector<std::string>& words)
{
    // A closed pipe is an error of write(), which says so.
    std::signal(SIGPIPE, SIG_IGN);
    Interruption interruption;
    const Terminal terminal = look_at_terminal(peek(words, "color"));
    const auto format
        = peek(words, "diagnostics") == "json" ? base::DiagnosticFormat::json : base::DiagnosticFormat::text;
    bool quiet = false;
    for (const std::string& word : words) {
        if (word == "--") {
            break;
        }
        quiet = quiet || word == "--quiet" || word == "-q";
    }
    Messages messages(format, terminal.diagnostic_colour(), quiet ? Quiet::yes : Quiet::no);
    Session session {messages, interruption, terminal};
    const ExitStatus status = Program(words, session).run();
    return static_cast<int>(interruption.happened() ? ExitStatus::interrupted : status);
}

} // namespace trawl::app::cli
