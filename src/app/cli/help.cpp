#include "app/cli/help.h"

#include <algorithm>

#include "deliver/printable.h"

namespace trawl::app::cli {

namespace {

constexpr std::size_t page_width = 100;
constexpr std::size_t option_column = 26;

// "  left    right", the right side wrapped under itself.
void append_row(std::string& out, std::string_view left, std::string_view right, std::size_t column)
{
    const std::string indent(column, ' ');
    std::string text = deliver::wrapped(right, page_width - column, indent);
    const std::size_t width = deliver::display_width(left) + 2;
    if (width + 2 > column) {
        out += "  " + std::string(left) + "\n" + text;
        return;
    }
    out += "  " + std::string(left) + std::string(column - width, ' ') + text.substr(std::min(column, text.size()));
}

std::string choices_of(const Option& option)
{
    // Kinds are many; `trawl kinds` tells them with what they are.
    if (option.choices == nullptr || option.name == "kind") {
        return {};
    }
    std::string out;
    for (const std::string_view choice : option.choices()) {
        out += out.empty() ? "" : ", ";
        out += choice;
    }
    return out;
}

void append_options(std::string& out, std::string_view title, std::span<const Option> options)
{
    out += "\n" + std::string(title) + ":\n";
    for (const Option& option : options) {
        std::string text(option.help);
        const std::string choices = choices_of(option);
        if (!choices.empty()) {
            text += ". One of: " + choices;
        }
        if (option.repeatable) {
            text += "; may be given several times";
        }
        append_row(out, (option.letter == 0 ? "    " : "") + spelled(option), text, option_column);
    }
}

void append_examples(std::string& out, const Command& command)
{
    if (command.examples.empty()) {
        return;
    }
    out += "\nExamples:\n";
    for (const Example& example : command.examples) {
        out += "  # " + std::string(example.what) + "\n  " + std::string(example.command) + "\n";
    }
}

std::vector<const Command*> members_of(const Command& group)
{
    std::vector<const Command*> members;
    for (const Command& command : command_table()) {
        if (command.first_word() == group.name && !command.second_word().empty()) {
            members.push_back(&command);
        }
    }
    return members;
}

} // namespace

std::string spelled(const Option& option)
{
    std::string out;
    if (option.letter != 0) {
        out += '-';
        out += option.letter;
        out += ", ";
    }
    out += "--" + std::string(option.name);
    if (!option.value.empty()) {
        out += " " + std::string(option.value);
    }
    return out;
}

std::string usage_of(const Command& command)
{
    std::string out = "trawl " + std::string(command.name);
    if (command.run == nullptr) {
        return out + " COMMAND";
    }
    const bool has_options
        = std::ranges::any_of(command.groups, [](const OptionGroup& group) { return !group.title.empty(); });
    out += has_options ? " [OPTIONS]" : "";
    if (!command.usage.empty()) {
        return out + " " + std::string(command.usage);
    }
    for (const Argument& argument : command.arguments) {
        const std::string name = std::string(argument.name) + (argument.repeated ? "…" : "");
        out += argument.required ? " " + name : " [" + name + "]";
    }
    return out;
}

std::string overview()
{
    std::string out
        = "trawl finds threats in AWS logs: it reads them where they lie, runs detection rules over them\n"
          "and answers CloudWatch Logs Insights queries.\n\nUsage: trawl COMMAND [OPTIONS] …\n\nCommands:\n";
    for (const Command& command : command_table()) {
        if (command.second_word().empty()) {
            append_row(out, command.name, command.summary, 14);
        }
    }
    out += "\nExamples:\n"
           "  # What happened in this folder of logs?\n"
           "  trawl scan logs/\n"
           "  # The same as a page to open in a browser\n"
           "  trawl scan --format html --out report.html logs/\n"
           "  # Who was denied what?\n"
           "  trawl query 'filter errorCode like /Denied/ | stats count(*) by userIdentity.arn, eventName' logs/\n"
           "\n`trawl COMMAND --help` shows the options of a command with examples.\n";
    return out;
}

std::string help_of(const Command& command)
{
    std::string out = std::string(command.summary) + ".\n\nUsage: " + usage_of(command) + "\n";
    if (!command.about.empty()) {
        out += "\n" + std::string(command.about) + "\n";
    }
    if (command.run == nullptr) {
        out += "\nCommands:\n";
        for (const Command* member : members_of(command)) {
            append_row(out, member->name, member->summary, 18);
        }
        append_examples(out, command);
        out += "\n`trawl " + std::string(command.name) + " COMMAND --help` shows more.\n";
        return out;
    }
    const bool reads_logs
        = std::ranges::any_of(command.groups, [](const OptionGroup& group) { return group.title == "Input"; });
    if (reads_logs) {
        out += "\nPATH is a file, a folder (read recursively, in the order of names) or - for standard input. Files "
               "may be\n"
               "plain or compressed with gzip, zstd or zip; what is in them is told by their content.\n";
    }
    for (const OptionGroup& group : command.groups) {
        if (!group.title.empty()) {
            append_options(out, group.title, group.options);
        }
    }
    append_options(out, "General", common_options());
    append_examples(out, command);
    return out;
}

std::string markdown()
{
    std::string out
        = "# The command line\n\n"
          "Written by `trawl help --markdown` from the same table that the program reads its options with.\n"
          "Data goes to standard output, everything else to standard error.\n\n"
          "| exit status | means |\n|---|---|\n"
          "| 0 | done |\n"
          "| 1 | the answer is no: `--fail-on` found something, a test failed |\n"
          "| 2 | the command line, a path on it, a query, a rule or a list is wrong: nothing was run |\n"
          "| 3 | done, but part of the input could not be read or decoded |\n"
          "| 4 | output or state could not be written |\n"
          "| 130 | interrupted |\n";
    for (const Command& command : command_table()) {
        out += command.second_word().empty() ? "\n## trawl " : "\n### trawl ";
        out += std::string(command.name) + "\n\n```text\n" + help_of(command) + "```\n";
    }
    return out;
}

} // namespace trawl::app::cli
