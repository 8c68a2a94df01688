// One table of all commands and options: parsing, help, docs/CLI.md and the completions are made from it.
#include "app/cli/command_table.h"

#include <algorithm>
#include <array>

#include "app/cli/choices.h"
#include "app/commands/commands.h"

namespace trawl::app::cli {

namespace {

constexpr std::array common {
    Option {"diagnostics", 0, Shape::choice, "HOW", "Errors and warnings as text or as JSON, one a line", false,
        diagnostic_formats},
    Option {"color", 0, Shape::choice, "WHEN", "Colours: auto, always or never; auto heeds NO_COLOR", false,
        colour_choices},
    Option {"quiet", 'q', Shape::flag, "", "No progress, no summary, no warnings; errors are still told"},
    Option {"help", 'h', Shape::flag, "", "Show this help"},
};

constexpr std::array input {
    Option {"kind", 0, Shape::choice, "KIND",
        "Read only this kind of log; settles doubt where a record could be of several (`trawl kinds`)", false,
        kind_names},
    Option {"columns", 0, Shape::text, "NAMES",
        "With --kind vpc_flow or cloudfront: the columns, in order, of lines that have no header to name them"},
    Option {"from", 0, Shape::time, "T", "Only events at or after T: RFC 3339, a date, or now-7d (units s m h d w)"},
    Option {"to", 0, Shape::time, "T", "Only events before T"},
    Option {"threads", 'j', Shape::number, "N",
        "Threads; 0, the default, is one a core. The answer is the same for every N"},
    Option {"keep-duplicates", 0, Shape::flag, "", "Keep copies of an event; AWS delivers at least once"},
    Option {"temp", 0, Shape::folder, "DIR",
        "Where to put what must be ordered and does not fit in memory (default: $TMPDIR or /tmp)"},
};

constexpr Option format_of_rows {"format", 0, Shape::choice, "FORMAT",
    "How to print; default: table on a terminal, else ndjson", false, row_formats};
constexpr Option out {
    "out", 'o', Shape::output_file, "FILE", "Write there, whole or not at all, instead of to standard output"};
constexpr Option wide {"wide", 0, Shape::flag, "", "Tables: never cut a cell"};
constexpr Option summary {
    "summary", 0, Shape::output_file, "FILE", "Write what was read, skipped and rejected as JSON"};
constexpr Option no_progress {"no-progress", 0, Shape::flag, "", "No progress bar"};
constexpr Option lists {"lists", 0, Shape::input_file, "FILE",
    "Named lists ($InternalIPRange …) in YAML; `trawl lists check` tests the file"};
constexpr Option rejects {"rejects", 0, Shape::output_file, "FILE",
    "Write each record that could not be decoded there, as NDJSON with place and reason"};

constexpr std::array row_output {format_of_rows, out, wide};
constexpr std::array read_output {format_of_rows, out, wide, summary, rejects, no_progress};
constexpr std::array coverage_output {
    Option {"format", 0, Shape::choice, "FORMAT",
        "How to print; default: table on a terminal, else json. html is a page with a heat map of hours by kind", false,
        coverage_formats},
    out,
    summary,
    rejects,
    no_progress,
};
constexpr std::array scan_output {
    Option {"format", 0, Shape::choice, "FORMAT",
        "How to print; default: table on a terminal, else ndjson. html is a page that needs no network", false,
        finding_formats},
    out,
    wide,
    summary,
    rejects,
    no_progress,
};

constexpr std::array detection {
    Option {"rules", 'r', Shape::input, "PATH",
        "Sigma rules beside the built-in ones: a file or a folder of .yml files", true},
    Option {"no-builtin", 0, Shape::flag, "", "Leave the built-in rules out"},
    Option {"skip-bad-rules", 0, Shape::flag, "", "Name rules that cannot be used and go on with the rest"},
    lists,
    Option {
        "level", 'l', Shape::choice, "LEVEL", "Leave out findings below this level (default: low)", false, level_names},
    Option {"fail-on", 0, Shape::choice, "LEVEL", "Exit with 1 when there is a finding of this level or above", false,
        level_names},
    Option {"matches", 0, Shape::flag, "", "Print each event that a rule matches instead of findings"},
    Option {"no-rollup", 0, Shape::flag, "",
        "One finding for each hit, instead of one a day for each rule, account and principal"},
};

constexpr std::array coverage_rules {
    Option {"rules", 'r', Shape::input, "PATH", "Rules beside the built-in ones whose logs may be missing", true},
};

constexpr std::array asking {
    Option {"file", 'f', Shape::input_file, "FILE", "Read the query from there; `-` is standard input"},
    lists,
    Option {"table", 't', Shape::text, "NAME=FILE", "Bind a CSV file to the table of a `lookup` or `cidrlookup`", true},
    Option {"fix", 0, Shape::flag, "", "Print the query with what the warnings hint at put right, and read nothing"},
};

constexpr std::array decoding {
    Option {"raw", 0, Shape::flag, "", "Add @message: the record's own text as it stands in the object"},
};

constexpr std::array rule_reading {lists};
constexpr std::array documentation {Option {"markdown", 0, Shape::flag, "", "Print docs/CLI.md"}};
constexpr std::array kind_output {
    format_of_rows,
    out,
    wide,
    Option {"markdown", 0, Shape::flag, "", "Print the page of the kind in docs/kinds, without KIND its list of pages"},
};

std::vector<Command> make_table()
{
    const Argument path {"PATH", Shape::input, true, true};
    const Argument rule_path {"PATH", Shape::input, false, true};
    std::vector<Command> table;
    table.push_back({"scan", "Find threats: run the rules over logs",
        "Reads all logs below each PATH, runs the detection rules over them in one pass and prints the findings.\n"
        "Hits of one rule by the same account and principal within a day are one finding. Exit status: 0 done, 1 with\n"
        "--fail-on, 2 wrong arguments or rules, 3 part of the input could not be read, 4 output could not be written.",
        {path}, {{"Rules", detection}, {"Input", input}, {"Output", scan_output}},
        {{"What happened in this folder of logs?", "trawl scan logs/"},
            {"The same as a page to open in a browser or to send on",
                "trawl scan --format html --out report.html logs/"},
            {"In a pipeline: fail when something grave is found",
                "trawl scan --fail-on high --format sarif --out trawl.sarif logs/"},
            {"With rules and lists of your own",
                "trawl scan --rules my-rules/ --lists lists.yaml --from now-7d logs/"}},
        commands::scan});
    table.push_back({"query", "Ask: run a CloudWatch Logs Insights query over logs",
        "Runs a query in the language of CloudWatch Logs Insights over all logs below each PATH. With -f the query is "
        "read\n"
        "from a file and all arguments are paths. Named lists are written $Name.",
        {{"QUERY", Shape::text, false, false}, {"PATH", Shape::input, false, true}},
        {{"Query", asking}, {"Input", input}, {"Output", read_output}},
        {{"Who was denied what?",
             "trawl query 'filter errorCode like /Denied|Unauthorized/ | stats count(*) as n by userIdentity.arn, "
             "eventName | sort n desc' logs/"},
            {"The last hundred sign-ins, for a spreadsheet",
                "trawl query --format csv --out logins.csv 'filter eventName = \"ConsoleLogin\" | sort @timestamp desc "
                "| limit 100' logs/"},
            {"A query kept in a file, with lists", "trawl query --lists lists.yaml -f outside-the-office.txt logs/"},
            {"Which ports were refused?",
                "trawl query --kind vpc_flow 'filter action = \"REJECT\" | stats count(*) as n by dstPort | sort n "
                "desc | limit 20' flows/"}},
        commands::query, "QUERY PATH… | -f FILE PATH…"});
    table.push_back({"decode", "Show logs as normalised events",
        "Prints every record as one event: @timestamp, @kind, @source, @record, @account, @region, the fields common "
        "to all\n"
        "kinds (@principal @src_ip @action @resource @outcome @user_agent) and the record's own fields. As table and "
        "CSV it\n"
        "prints the common fields and, with --kind, the fields of that kind.",
        {path}, {{"Events", decoding}, {"Input", input}, {"Output", read_output}},
        {{"What is in these files?", "trawl decode --format table logs/"},
            {"As NDJSON for jq", "trawl decode logs/ | jq -r '[.\"@timestamp\", .\"@action\"] | @tsv'"},
            {"Keep what could not be decoded", "trawl decode --rejects rejects.ndjson --out events.ndjson logs/"},
            {"Flow logs from standard input", "zcat flows.log.gz | trawl decode --kind vpc_flow -"}},
        commands::decode});
    table.push_back({"coverage", "Say which logs are there, where the holes are and which detections are blind",
        "Counts the events of each of the 25 kinds by account, region and hour, lists hours without events, and for "
        "each\n"
        "detection that has no log to look at the log to switch on and how.",
        {path}, {{"Rules", coverage_rules}, {"Input", input}, {"Output", coverage_output}},
        {{"What do these logs cover?", "trawl coverage --format table logs/"},
            {"As a page with a heat map", "trawl coverage --format html --out coverage.html logs/"}},
        commands::coverage});
    table.push_back({"diff", "Compare two snapshots: user data, metadata options, users, keys, configurations",
        "Reads the records of --kind (ec2_metadata, config, iam or any other) below both paths and prints which "
        "resources\n"
        "were added and removed and which of their fields changed. The last record of a resource counts.",
        {{"BEFORE", Shape::input, true, false}, {"AFTER", Shape::input, true, false}},
        {{"Input", input}, {"Output", read_output}},
        {{"Which users and keys changed?", "trawl diff --kind iam monday.csv friday.csv"},
            {"What changed in the instances' user data?", "trawl diff --kind ec2_metadata before/ after/"}},
        commands::diff});
    table.push_back({"kinds", "List the kinds of logs, or tell all about one",
        "Without KIND: the kinds that are read. With KIND: where it comes from, how to switch it on, how it is "
        "recognised,\n"
        "which CloudTrail events belong to it, and its fields as they are named in queries and rules, with type, "
        "meaning and\n"
        "the page of AWS's documentation. ndjson and csv have the fields alone, json is one object with everything.",
        {{"KIND", Shape::choice, false, false, kind_names}}, {{"Output", kind_output}},
        {{"Which kinds are read?", "trawl kinds"}, {"What is in a flow log?", "trawl kinds vpc_flow"},
            {"How is it switched on?", "trawl kinds vpc_flow --format json | jq -r .switch_on"}},
        commands::kinds});
    table.push_back({"rules", "List, show, test and lint detection rules",
        "Without PATH the commands are about the built-in rules; with PATH about rules of your own.", {}, {},
        {{"Which rules are there?", "trawl rules list"},
            {"Test the rules of a folder", "trawl rules test my-rules/"}}});
    table.push_back({"rules list", "List the rules with level and technique", "", {rule_path},
        {{"Rules", rule_reading}, {"Output", row_output}},
        {{"Which rules are there?", "trawl rules list"},
            {"As a spreadsheet", "trawl rules list --format csv --out rules.csv"}},
        commands::rules_list});
    table.push_back({"rules show", "Print a rule as it is written", "ID is the rule's id, its name or its title.",
        {{"ID", Shape::text, true, false}, rule_path}, {{"Rules", rule_reading}},
        {{"How does this rule work?", "trawl rules show \"Root account used\""}}, commands::rules_show});
    table.push_back({"rules test", "Run the tests that rules bring along",
        "Ends with \"N passed, N failed\"; exit status 1 when one fails.", {rule_path}, {{"Rules", rule_reading}},
        {{"Test the rules of a folder", "trawl rules test my-rules/"}, {"Test the built-in rules", "trawl rules test"}},
        commands::rules_test});
    table.push_back({"rules lint", "Say what is wrong or doubtful about rules",
        "Finds rules that can never match, misspelt fields and missing tests; exit status 2 on an error.", {rule_path},
        {{"Rules", rule_reading}}, {{"Lint the rules of a folder", "trawl rules lint my-rules/"}},
        commands::rules_lint});
    table.push_back(
        {"lists", "Check files of named lists", "", {}, {}, {{"Is this file right?", "trawl lists check lists.yaml"}}});
    table.push_back({"lists check", "Check a file of named lists",
        "Prints each list with its type and how many entries it has. Exit status 2 when something is wrong.",
        {{"FILE", Shape::input_file, true, false}}, {{"Output", row_output}},
        {{"Is this file right?", "trawl lists check lists.yaml"}}, commands::lists_check});
    table.push_back(
        {"completion", "Print the completions of a shell", "", {{"SHELL", Shape::choice, true, false, shell_names}}, {},
            {{"bash, for this session", "source <(trawl completion bash)"},
                {"bash, for good", "trawl completion bash > ~/.local/share/bash-completion/completions/trawl"},
                {"zsh, into a folder of $fpath", "trawl completion zsh > ~/.zfunc/_trawl"},
                {"fish", "trawl completion fish > ~/.config/fish/completions/trawl.fish"}},
            commands::completion});
    table.push_back(
        {"version", "Print the version", "", {}, {}, {{"Which version is this?", "trawl version"}}, commands::version});
    table.push_back({"help", "Show how a command is used", "", {{"COMMAND", Shape::choice, false, true, command_names}},
        {{"", documentation}}, {{"How is scan used?", "trawl help scan"}}, commands::help});
    return table;
}

} // namespace

const Option* Command::option(std::string_view option_name) const
{
    for (const OptionGroup& group : groups) {
        for (const Option& option : group.options) {
            if (option.name == option_name) {
                return &option;
            }
        }
    }
    for (const Option& option : common) {
        if (option.name == option_name) {
            return &option;
        }
    }
    return nullptr;
}

const std::vector<Command>& command_table()
{
    static const std::vector<Command> table = make_table();
    return table;
}

const Command* find_command(std::string_view name)
{
    const auto& table = command_table();
    const auto found = std::ranges::find(table, name, &Command::name);
    return found == table.end() ? nullptr : &*found;
}

std::span<const Option> common_options()
{
    return common;
}

} // namespace trawl::app::cli
