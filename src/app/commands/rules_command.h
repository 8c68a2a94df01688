#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "deliver/output.h"
#include "event/row_sink.h"

namespace trawl::app {

// What the subcommands of `trawl rules` share.
struct RulesArguments {
    std::vector<std::string> paths;  // Files and folders of rules; empty: the built-in ones.
    std::string lists_file;          // --lists, or empty.
    std::string temp_folder;         // --temp
    base::DiagnosticFormat diagnostic_format = base::DiagnosticFormat::text;
    base::Colour colour = base::Colour::off;
};

// Where a subcommand writes: its answer, and what goes to standard error.
struct RulesStreams {
    deliver::Output& out;
    std::function<void(std::string_view)> err;
};

// Each gives the exit status (CONTRACT): 0, 1 (a test failed), 2 (a rule, a list or a path is wrong), 4 (not written).

// One row a rule: id, level, technique, title, kind, tests, status, off (its clauses that an empty list switches off),
// file. The sink is committed by the caller.
int list_rules(const RulesArguments& arguments, event::RowSink& rows, const RulesStreams& streams);

// Prints the rule of that id (or name, or title) as it stands in its file.
int show_rule(const RulesArguments& arguments, const std::string& id, const RulesStreams& streams);

// Runs the tests of all rules; a line for each that fails, and at the end "N passed, N failed".
int test_rules(const RulesArguments& arguments, const RulesStreams& streams);

// Prints what is wrong or doubtful about the rules, and how many of each.
int lint_rules(const RulesArguments& arguments, const RulesStreams& streams);

} // namespace trawl::app
