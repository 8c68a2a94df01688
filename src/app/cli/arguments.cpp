#include "app/cli/arguments.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "app/cli/suggestion.h"
#include "base/text.h"

namespace trawl::app::cli {

namespace {

base::Diagnostic refusal(std::string code, std::string message, std::string help)
{
    base::Diagnostic diagnostic;
    diagnostic.code = std::move(code);
    diagnostic.message = std::move(message);
    diagnostic.help = std::move(help);
    return diagnostic;
}

std::string see_help(const Command& command)
{
    return "`trawl " + std::string(command.name) + " --help` shows options and examples";
}

std::string listed(const Choices& choices)
{
    std::string out;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        out += i == 0 ? "" : i + 1 == choices.size() ? " or " : ", ";
        out += choices[i];
    }
    return out;
}

std::optional<base::Diagnostic> check_choice(const std::string& what, const std::string& value, const Choices& choices)
{
    if (std::ranges::find(choices, value) != choices.end()) {
        return {};
    }
    const std::string near = did_you_mean(value, choices);
    return refusal("C004", what + " cannot be: " + value, near.empty() ? "it is " + listed(choices) : near);
}

} // namespace

const std::string& Arguments::text(std::string_view option) const
{
    static const std::string none;
    const auto found = values_.find(option);
    return found == values_.end() || found->second.empty() ? none : found->second.back();
}

const std::vector<std::string>& Arguments::all(std::string_view option) const
{
    static const std::vector<std::string> none;
    const auto found = values_.find(option);
    return found == values_.end() ? none : found->second;
}

// Lets CLI11 take the words apart by the command's table, and judges what it found.
class ArgumentReader {
public:
    explicit ArgumentReader(const Command& command) : command_(command) {}

    std::variant<Arguments, base::Diagnostic> read(const std::vector<std::string>& words)
    {
        if (auto problem = take_apart(words)) {
            return std::move(*problem);
        }
        arguments_.command_ = &command_;
        for (auto& [option, values] : slots_) {
            if (!values.empty()) {
                arguments_.values_.emplace(option->name, std::move(values));
            }
        }
        if (arguments_.has("help")) {
            return std::move(arguments_);
        }
        for (const auto& [name, values] : arguments_.values_) {
            for (const std::string& value : values) {
                if (auto problem = check_value(*option_named(name), value)) {
                    return std::move(*problem);
                }
            }
        }
        if (auto problem = check_positionals()) {
            return std::move(*problem);
        }
        return std::move(arguments_);
    }

private:
    const Option* option_named(std::string_view name) const { return command_.option(name); }

    void add(CLI::App& app, const Option& option)
    {
        std::string names = "--" + std::string(option.name);
        if (option.letter != 0) {
            names = std::string("-") + option.letter + "," + names;
        }
        std::vector<std::string>& values = slots_.emplace_back(&option, std::vector<std::string>()).second;
        if (option.shape == Shape::flag) {
            app.add_flag_function(names, [&values](std::int64_t) { values.emplace_back("true"); })
                ->disable_flag_override();
        } else {
            app.add_option(names, values)->allow_extra_args(false);
        }
    }

    std::optional<base::Diagnostic> take_apart(const std::vector<std::string>& words)
    {
        // References to the slots are handed out: they must not move.
        std::size_t options = common_options().size();
        for (const OptionGroup& group : command_.groups) {
            options += group.options.size();
        }
        slots_.reserve(options);

        CLI::App app;
        app.set_help_flag("");
        app.allow_extras();
        for (const OptionGroup& group : command_.groups) {
            for (const Option& option : group.options) {
                add(app, option);
            }
        }
        for (const Option& option : common_options()) {
            add(app, option);
        }
        app.add_option("arguments", arguments_.positionals_);
        try {
            // CLI11 takes words from the back. What stands behind "--" is for us: an extra to CLI11.
            const auto mark = std::ranges::find(words, "--");
            app.parse(std::vector<std::string>(std::make_reverse_iterator(mark), words.rend()));
            if (mark != words.end()) {
                arguments_.positionals_.insert(arguments_.positionals_.end(), mark + 1, words.end());
            }
        } catch (const CLI::ParseError& error) {
            return explain(error);
        }
        for (const std::string& word : app.remaining()) {
            return unknown_option(word);
        }
        return {};
    }

    base::Diagnostic explain(const CLI::ParseError& error) const
    {
        const std::string text = error.what();
        if (error.get_name() == "ArgumentMismatch") {
            return refusal("C003", "the option needs a value: " + text.substr(0, text.find(':')), see_help(command_));
        }
        return refusal("C004", text, see_help(command_));
    }

    base::Diagnostic unknown_option(const std::string& word) const
    {
        const std::string name = word.substr(0, word.find('='));
        std::vector<std::string> known;
        known.reserve(slots_.size());
        for (const auto& [option, values] : slots_) {
            known.push_back("--" + std::string(option->name));
        }
        const std::vector<std::string_view> views(known.begin(), known.end());
        const std::string near = did_you_mean(name, views);
        return refusal("C002", "trawl " + std::string(command_.name) + " has no option " + name,
            near.empty() ? see_help(command_) : near);
    }

    static std::optional<base::Diagnostic> check_value(const Option& option, const std::string& value)
    {
        const std::string name = "--" + std::string(option.name);
        if (option.choices != nullptr) {
            return check_choice(name, value, option.choices());
        }
        if (option.shape == Shape::number) {
            std::int64_t number = 0;
            constexpr std::int64_t most = 1024;
            if (!base::parse_integer(value, number) || number < 0 || number > most) {
                return refusal("C004", name + " is a number from 0 to 1024, not: " + value, "");
            }
        }
        if (option.shape != Shape::flag && value.empty()) {
            return refusal("C003", "the option needs a value: " + name, "");
        }
        return {};
    }

    std::optional<base::Diagnostic> check_positionals() const
    {
        const auto& given = arguments_.positionals_;
        std::size_t most = 0;
        bool open = false;
        for (std::size_t i = 0; i < command_.arguments.size(); ++i) {
            const Argument& argument = command_.arguments[i];
            if (argument.required && i >= given.size()) {
                return refusal("C005", "trawl " + std::string(command_.name) + " needs " + std::string(argument.name),
                    see_help(command_));
            }
            if (argument.choices != nullptr && i < given.size()) {
                if (auto problem = check_choice(std::string(argument.name), given[i], argument.choices())) {
                    return problem;
                }
            }
            ++most;
            open = open || argument.repeated;
        }
        if (!open && given.size() > most) {
            return refusal("C005", "trawl " + std::string(command_.name) + " takes no more arguments: " + given[most],
                see_help(command_));
        }
        return {};
    }

    const Command& command_;
    Arguments arguments_;
    std::vector<std::pair<const Option*, std::vector<std::string>>> slots_;
};

std::variant<Arguments, base::Diagnostic> read_arguments(const Command& command, const std::vector<std::string>& words)
{
    return ArgumentReader(command).read(words);
}

} // namespace trawl::app::cli
