#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "app/cli/command_table.h"
#include "base/diagnostic.h"

namespace trawl::app::cli {

// A command line that fits its command: options are known, have values where they take one, and values that are a choice
// or a number are one.
class Arguments {
public:
    const Command& command() const { return *command_; }
    bool has(std::string_view option) const { return values_.contains(option); }
    // The value given last; empty when there is none.
    const std::string& text(std::string_view option) const;
    const std::vector<std::string>& all(std::string_view option) const;
    const std::vector<std::string>& positionals() const { return positionals_; }

private:
    friend class ArgumentReader;

    const Command* command_ = nullptr;
    std::map<std::string, std::vector<std::string>, std::less<>> values_;
    std::vector<std::string> positionals_;
};

// Reads what stands behind the name of a command. What is wrong comes back as a diagnostic (codes C001…).
std::variant<Arguments, base::Diagnostic> read_arguments(const Command& command, const std::vector<std::string>& words);

} // namespace trawl::app::cli
