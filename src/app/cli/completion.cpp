#include "app/cli/completion.h"

#include <algorithm>

#include "app/cli/command_table.h"

namespace trawl::app::cli {

namespace {

std::string joined(const Choices& words)
{
    std::string out;
    for (const std::string_view word : words) {
        out += out.empty() ? "" : " ";
        out += word;
    }
    return out;
}

// All options of a command that help shows.
std::vector<Option> shown_options(const Command& command)
{
    std::vector<Option> options;
    for (const OptionGroup& group : command.groups) {
        if (!group.title.empty()) {
            options.insert(options.end(), group.options.begin(), group.options.end());
        }
    }
    options.insert(options.end(), common_options().begin(), common_options().end());
    return options;
}

Choices words_of_options(const std::vector<Option>& options, std::vector<std::string>& storage)
{
    storage.reserve(2 * options.size());
    Choices words;
    for (const Option& option : options) {
        words.push_back(storage.emplace_back("--" + std::string(option.name)));
        if (option.letter != 0) {
            words.push_back(storage.emplace_back(std::string("-") + option.letter));
        }
    }
    return words;
}

std::vector<const Command*> first_words()
{
    std::vector<const Command*> found;
    for (const Command& command : command_table()) {
        if (command.second_word().empty()) {
            found.push_back(&command);
        }
    }
    return found;
}

std::vector<const Command*> members_of(std::string_view group)
{
    std::vector<const Command*> found;
    for (const Command& command : command_table()) {
        if (command.first_word() == group && !command.second_word().empty()) {
            found.push_back(&command);
        }
    }
    return found;
}

// Inside of single quotes of a POSIX shell.
std::string shell_quoted(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (c == '\'') {
            out += "'\\''";
        } else {
            out += c;
        }
    }
    return out;
}

// A description of zsh's _arguments and _describe: brackets and colons have a meaning there.
std::string zsh_description(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (c == '[' || c == ']' || c == ':' || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    return shell_quoted(out);
}

// fish knows \' and \\ inside of single quotes.
std::string fish_quoted(std::string_view text)
{
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'' || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    return out + "'";
}

bool takes_value(const Option& option)
{
    return option.shape != Shape::flag;
}

bool is_path(Shape shape)
{
    return shape == Shape::input || shape == Shape::input_file || shape == Shape::output_file || shape == Shape::folder;
}

void append_bash_command(std::string& out, const Command& command)
{
    const std::vector<Option> options = shown_options(command);
    out += "    '" + std::string(command.name) + "')\n        case $previous in\n";
    std::string silent;
    for (const Option& option : options) {
        if (!takes_value(option)) {
            continue;
        }
        const std::string names
            = "--" + std::string(option.name) + (option.letter != 0 ? std::string("|-") + option.letter : "");
        if (option.choices != nullptr) {
            out += "        " + names + ") COMPREPLY=($(compgen -W '" + joined(option.choices())
                + "' -- \"$current\")); return ;;\n";
        } else {
            silent += (silent.empty() ? "" : "|") + names; // The shell's own completion of file names.
        }
    }
    if (!silent.empty()) {
        out += "        " + silent + ") return ;;\n";
    }
    out += "        esac\n";
    std::vector<std::string> storage;
    out += "        options='" + joined(words_of_options(options, storage)) + "'\n";
    if (!command.arguments.empty() && command.arguments.front().choices != nullptr) {
        out += "        words='" + joined(command.arguments.front().choices()) + "'\n";
    }
    out += "        ;;\n";
}

void append_zsh_command(std::string& out, const Command& command)
{
    out += "    '" + std::string(command.name) + "')\n        _arguments -s -S";
    for (const Option& option : shown_options(command)) {
        std::string value;
        if (option.choices != nullptr) {
            value = ":" + std::string(option.value) + ":(" + joined(option.choices()) + ")";
        } else if (is_path(option.shape)) {
            value = ":" + std::string(option.value) + ":_files";
        } else if (takes_value(option)) {
            value = ":" + zsh_description(option.value) + ": ";
        }
        const std::string star = option.repeatable ? "*" : "";
        const std::string help = "[" + zsh_description(option.help) + "]" + value + "'";
        out += " \\\n            '" + star + "--" + std::string(option.name) + (takes_value(option) ? "=" : "") + help;
        if (option.letter != 0) {
            out += " \\\n            '" + star + "-" + option.letter + (takes_value(option) ? "+" : "") + help;
        }
    }
    for (std::size_t i = 0; i < command.arguments.size(); ++i) {
        const Argument& argument = command.arguments[i];
        const std::string place = argument.repeated ? "*" : std::to_string(i + 1);
        const std::string what = argument.choices != nullptr ? "(" + joined(argument.choices()) + ")"
            : is_path(argument.shape)                        ? std::string("_files")
                                                             : std::string(" ");
        out += " \\\n            '" + place + ":" + std::string(argument.name) + ":" + what + "'";
    }
    out += "\n        ;;\n";
}

void append_zsh_choice(
    std::string& out, std::string_view indent, const std::vector<const Command*>& commands, bool second)
{
    out += std::string(indent) + "choices=(\n";
    for (const Command* command : commands) {
        out += std::string(indent) + "    '" + std::string(second ? command->second_word() : command->name) + ":"
            + zsh_description(command->summary) + "'\n";
    }
    out += std::string(indent) + ")\n" + std::string(indent) + "_describe -t commands command choices\n";
}

void append_fish_options(std::string& out, const Command& command, const std::string& condition)
{
    for (const Option& option : shown_options(command)) {
        out += "complete -c trawl -n " + condition + " -l " + std::string(option.name);
        if (option.letter != 0) {
            out += std::string(" -s ") + option.letter;
        }
        if (option.choices != nullptr) {
            out += " -x -a " + fish_quoted(joined(option.choices()));
        } else if (is_path(option.shape)) {
            out += " -r -F";
        } else if (takes_value(option)) {
            out += " -x";
        }
        out += " -d " + fish_quoted(option.help) + "\n";
    }
    if (!command.arguments.empty() && command.arguments.front().choices != nullptr) {
        out += "complete -c trawl -n " + condition + " -f -a "
            + fish_quoted(joined(command.arguments.front().choices())) + "\n";
    }
}

} // namespace

std::string bash_completion()
{
    Choices first {"--help", "--version"};
    for (const Command* command : first_words()) {
        first.push_back(command->name);
    }
    std::string out
        = "# Completion of trawl for bash, made by `trawl completion bash`.\n"
          "_trawl()\n{\n"
          "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}\n"
          "    local options= words=\n"
          "    COMPREPLY=()\n"
          "    # --format=ta is three words to bash.\n"
          "    if [[ $current == '=' ]]; then\n"
          "        current=\n"
          "    elif [[ $previous == '=' ]]; then\n"
          "        previous=${COMP_WORDS[COMP_CWORD-2]}\n"
          "    fi\n"
          "    if ((COMP_CWORD == 1)); then\n"
          "        COMPREPLY=($(compgen -W '"
        + joined(first)
        + "' -- \"$current\"))\n        return\n    fi\n"
          "    case $command in\n";
    for (const Command* command : first_words()) {
        const auto members = members_of(command->name);
        if (members.empty()) {
            continue;
        }
        Choices second;
        for (const Command* member : members) {
            second.push_back(member->second_word());
        }
        out += "    " + std::string(command->name)
            + ")\n        if ((COMP_CWORD == 2)); then\n            COMPREPLY=($(compgen -W '" + joined(second)
            + " --help' -- \"$current\"))\n            return\n        fi\n        command=\"$command "
              "${COMP_WORDS[2]}\"\n        ;;\n";
    }
    out += "    esac\n    case $command in\n";
    for (const Command& command : command_table()) {
        if (command.run != nullptr) {
            append_bash_command(out, command);
        }
    }
    out += "    esac\n"
           "    if [[ $current == -* ]]; then\n"
           "        COMPREPLY=($(compgen -W \"$options\" -- \"$current\"))\n"
           "    elif [[ -n $words ]]; then\n"
           "        COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
           "    fi\n"
           "}\n"
           "complete -o bashdefault -o default -F _trawl trawl\n";
    return out;
}

std::string zsh_completion()
{
    std::string out
        = "#compdef trawl\n# Completion of trawl for zsh, made by `trawl completion zsh`.\n"
          "_trawl() {\n    local -a choices\n    local command=$words[2]\n    if (( CURRENT == 2 )); then\n";
    append_zsh_choice(out, "        ", first_words(), false);
    out += "        return\n    fi\n    shift words\n    (( CURRENT-- ))\n    case $command in\n";
    for (const Command* command : first_words()) {
        const auto members = members_of(command->name);
        if (members.empty()) {
            continue;
        }
        out += "    " + std::string(command->name) + ")\n        if (( CURRENT == 2 )); then\n";
        append_zsh_choice(out, "            ", members, true);
        out += "            return\n        fi\n        command=\"$command $words[2]\"\n        shift words\n        "
               "(( CURRENT-- ))\n        ;;\n";
    }
    out += "    esac\n    case $command in\n";
    for (const Command& command : command_table()) {
        if (command.run != nullptr) {
            append_zsh_command(out, command);
        }
    }
    out += "    esac\n}\n"
           "# Read as a function of $fpath, or by `source`.\n"
           "if [[ $funcstack[1] == _trawl ]]; then\n    _trawl \"$@\"\nelse\n    compdef _trawl trawl\nfi\n";
    return out;
}

std::string fish_completion()
{
    std::string out = "# Completion of trawl for fish, made by `trawl completion fish`.\n"
                      "complete -c trawl -n __fish_use_subcommand -f -l help -s h -d 'Show help'\n"
                      "complete -c trawl -n __fish_use_subcommand -f -l version -d 'Print the version'\n";
    for (const Command* command : first_words()) {
        out += "complete -c trawl -n __fish_use_subcommand -f -a " + std::string(command->name) + " -d "
            + fish_quoted(command->summary) + "\n";
    }
    for (const Command& command : command_table()) {
        const std::string seen = "__fish_seen_subcommand_from " + std::string(command.first_word());
        if (command.run == nullptr) {
            std::string second;
            for (const Command* member : members_of(command.name)) {
                second += " " + std::string(member->second_word());
            }
            for (const Command* member : members_of(command.name)) {
                out += "complete -c trawl -n '" + seen + "; and not __fish_seen_subcommand_from" + second + "' -f -a "
                    + std::string(member->second_word()) + " -d " + fish_quoted(member->summary) + "\n";
            }
            continue;
        }
        const std::string both = command.second_word().empty()
            ? seen
            : seen + "; and __fish_seen_subcommand_from " + std::string(command.second_word());
        append_fish_options(out, command, "'" + both + "'");
    }
    return out;
}

} // namespace trawl::app::cli
