#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "app/cli/exit_status.h"

namespace trawl::app::cli {

class Arguments;
struct Session;

// What a value is, for checks, help and completion.
enum class Shape : std::uint8_t { flag, text, number, time, input, input_file, output_file, folder, choice };

using Choices = std::vector<std::string_view>;

struct Option {
    std::string_view name;        // Without dashes.
    char letter;                  // Of its short form, or 0.
    Shape shape;
    std::string_view value;       // What help calls its value; empty for a flag.
    std::string_view help;
    bool repeatable = false;
    Choices (*choices)() = nullptr;
};

struct Argument {
    std::string_view name;        // "PATH"
    Shape shape;
    bool required;
    bool repeated;
    Choices (*choices)() = nullptr;
};

struct Example {
    std::string_view what;
    std::string_view command;
};

struct OptionGroup {
    std::string_view title;       // Empty: not shown.
    std::span<const Option> options;
};

// A command, or a group of commands ("rules" beside "rules list"), which has no `run`. Everything about it that help,
// docs/CLI.md and the completions show is here.
struct Command {
    std::string_view name;        // "scan", "rules list"
    std::string_view summary;     // One line.
    std::string_view about;       // Paragraphs, lines already broken.
    std::vector<Argument> arguments;
    std::vector<OptionGroup> groups;
    std::vector<Example> examples;
    ExitStatus (*run)(const Arguments& arguments, Session& session) = nullptr;
    std::string_view usage {};    // Where the arguments alone do not say it.

    const Option* option(std::string_view option_name) const;
    // "scan", or the first word of "rules list".
    std::string_view first_word() const { return name.substr(0, name.find(' ')); }
    // "list" of "rules list"; empty for one word.
    std::string_view second_word() const
    {
        const auto blank = name.find(' ');
        return blank == std::string_view::npos ? std::string_view() : name.substr(blank + 1);
    }
};

// All commands, in the order of help.
const std::vector<Command>& command_table();
const Command* find_command(std::string_view name);
// Options that every command takes.
std::span<const Option> common_options();

} // namespace trawl::app::cli
