#include "app/commands/rules_command.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "app/builtin_rules.h"
#include "app/commands/rule_test_run.h"
#include "app/rule_files.h"
#include "detect/rules/rule.h"

namespace trawl::app {

namespace {

constexpr int done = 0;
constexpr int answer_is_no = 1;
constexpr int wrong_input = 2;
constexpr int not_written = 4;

// The rules that a subcommand is about, with what they were read from.
struct Loaded {
    std::vector<detect::RuleFile> files;
    query::Lists lists;
    detect::RuleSet rules;
    std::vector<base::Diagnostic> diagnostics;
    bool are_builtin = true;

    // The built-in rules are read along with a user's, which may refer to them.
    bool is_meant(const detect::Rule& rule) const { return !rule.is_inner && rule.is_builtin == are_builtin; }
};

base::Result<Loaded> load(const RulesArguments& arguments)
{
    Loaded loaded;
    loaded.are_builtin = arguments.paths.empty();
    loaded.lists = read_rule_lists(arguments.lists_file, loaded.diagnostics);
    const auto builtin = builtin_rules();
    loaded.files.assign(builtin.begin(), builtin.end());
    if (!loaded.are_builtin) {
        TRY(auto files, read_rule_files(arguments.paths));
        loaded.files.insert(
            loaded.files.end(), std::make_move_iterator(files.begin()), std::make_move_iterator(files.end()));
    }
    loaded.rules = detect::read_rules(loaded.files, loaded.lists, detect::ReadFor::inspection, loaded.diagnostics);
    return loaded;
}

class Teller {
public:
    Teller(const RulesArguments& arguments, const Loaded& loaded, const RulesStreams& streams)
        : arguments_(arguments), loaded_(loaded), streams_(streams)
    {
    }

    void tell(const base::Diagnostic& diagnostic)
    {
        if (diagnostic.severity == base::Severity::note) {
            return;
        }
        ++(diagnostic.severity == base::Severity::error ? errors_ : warnings_);
        streams_.err(base::render(
            diagnostic, text_of(diagnostic, loaded_.files), arguments_.diagnostic_format, arguments_.colour));
    }

    void tell(const std::vector<base::Diagnostic>& diagnostics)
    {
        for (const base::Diagnostic& diagnostic : diagnostics) {
            tell(diagnostic);
        }
    }

    std::size_t errors() const { return errors_; }
    std::size_t warnings() const { return warnings_; }

private:
    const RulesArguments& arguments_;
    const Loaded& loaded_;
    const RulesStreams& streams_;
    std::size_t errors_ = 0;
    std::size_t warnings_ = 0;
};

int refuse(const base::Error& error, const RulesStreams& streams)
{
    streams.err("error: " + error.message + "\n");
    return wrong_input;
}

int status_of(const base::Result<void>& written, const RulesStreams& streams)
{
    if (written || written.error().code == "closed") {
        return done;
    }
    streams.err("error: " + written.error().message + "\n");
    return not_written;
}

std::string join(const std::vector<std::string>& texts)
{
    std::string joined;
    for (const std::string& text : texts) {
        joined += (joined.empty() ? "" : ", ") + text;
    }
    return joined;
}

// Lists of the rule that hold nothing.
std::vector<std::string> empty_lists(const detect::Rule& rule, const query::Lists& lists)
{
    std::vector<std::string> names;
    for (const std::string& name : rule.lists) {
        const auto list = lists.find(name);
        if (list == lists.end() || list->second.values.empty()) {
            names.push_back(name);
        }
    }
    return names;
}

std::string kind_of(const detect::RuleSet& rules, const detect::Rule& rule)
{
    if (!rule.correlation) {
        return rule.kind.empty() ? "every" : rule.kind;
    }
    std::vector<std::string> kinds;
    for (const std::size_t base : rule.correlation->rule_indexes) {
        std::string kind = kind_of(rules, rules.rules[base]);
        if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
            kinds.push_back(std::move(kind));
        }
    }
    return join(kinds);
}

// Whether only lists are unbound: tests may bind them, and a list of rules needs none.
bool can_go_on(const std::vector<base::Diagnostic>& diagnostics)
{
    return std::none_of(diagnostics.begin(), diagnostics.end(), [](const base::Diagnostic& diagnostic) {
        return diagnostic.severity == base::Severity::error && diagnostic.code != "E201";
    });
}

// Tells what is wrong; an unbound list is a warning here. Returns whether to go on.
bool tell_loading(const Loaded& loaded, Teller& teller)
{
    for (base::Diagnostic diagnostic : loaded.diagnostics) {
        if (diagnostic.code == "E201") {
            diagnostic.severity = base::Severity::warning;
        }
        teller.tell(diagnostic);
    }
    return can_go_on(loaded.diagnostics);
}

} // namespace

int list_rules(const RulesArguments& arguments, event::RowSink& rows, const RulesStreams& streams)
{
    const auto loaded = load(arguments);
    if (!loaded) {
        return refuse(loaded.error(), streams);
    }
    Teller teller(arguments, *loaded, streams);
    const bool is_whole = tell_loading(*loaded, teller);
    static const std::array<std::string, 9> names
        = {"id", "level", "technique", "title", "kind", "tests", "status", "off", "file"};
    base::Result<void> written = rows.begin(names);
    for (const detect::Rule& rule : loaded->rules.rules) {
        if (!written || !loaded->is_meant(rule)) {
            continue;
        }
        const std::string techniques = join(rule.techniques);
        const std::string kind = kind_of(loaded->rules, rule);
        const std::string off = join(empty_lists(rule, loaded->lists));
        const auto text
            = [](std::string_view value) { return value.empty() ? event::Value() : event::Value::string(value); };
        const std::array<event::Value, 9> values
            = {text(rule.id), text(event::level_name(rule.level)), text(techniques), text(rule.title), text(kind),
                event::Value::integer(static_cast<std::int64_t>(rule.tests.size())), text(rule.status), text(off),
                text(rule.file)};
        written = rows.row(values);
    }
    if (written) {
        written = rows.finish();
    }
    const int status = status_of(written, streams);
    return status == done && !is_whole ? wrong_input : status;
}

int show_rule(const RulesArguments& arguments, const std::string& id, const RulesStreams& streams)
{
    const auto loaded = load(arguments);
    if (!loaded) {
        return refuse(loaded.error(), streams);
    }
    std::vector<const detect::Rule*> found;
    for (const detect::Rule& rule : loaded->rules.rules) {
        if (!rule.is_inner && (rule.id == id || rule.name == id || rule.title == id)) {
            found.push_back(&rule);
        }
    }
    if (found.empty()) {
        streams.err("error: no rule has the id, name or title " + id + "\nhelp: `trawl rules list` shows all rules\n");
        return wrong_input;
    }
    for (const detect::Rule* const rule : found) {
        const auto written = streams.out.write((found.size() > 1 ? "---\n" : "") + rule->text + "\n");
        if (!written) {
            return status_of(written, streams);
        }
    }
    return status_of(streams.out.commit(), streams);
}

int test_rules(const RulesArguments& arguments, const RulesStreams& streams)
{
    const auto loaded = load(arguments);
    if (!loaded) {
        return refuse(loaded.error(), streams);
    }
    Teller teller(arguments, *loaded, streams);
    if (!tell_loading(*loaded, teller)) {
        return wrong_input;
    }
    const RuleTestRun run(loaded->rules, loaded->files, loaded->lists, arguments.temp_folder);
    std::size_t passed = 0;
    std::size_t failed = 0;
    base::Result<void> written;
    for (std::size_t at = 0; at < loaded->rules.rules.size(); ++at) {
        const detect::Rule& rule = loaded->rules.rules[at];
        if (!loaded->is_meant(rule)) {
            continue;
        }
        for (const detect::RuleTest& test : rule.tests) {
            const TestOutcome outcome = run.run(at, test);
            ++(outcome.passed ? passed : failed);
            if (!outcome.passed && written) {
                written = streams.out.write("FAILED " + rule.file + ":" + std::to_string(test.line) + ": " + rule.title
                    + " / " + test.name + ": " + outcome.reason + "\n");
            }
        }
    }
    if (written) {
        written = streams.out.write(std::to_string(passed) + " passed, " + std::to_string(failed) + " failed\n");
    }
    if (written) {
        written = streams.out.commit();
    }
    const int status = status_of(written, streams);
    return status == done && failed > 0 ? answer_is_no : status;
}

int lint_rules(const RulesArguments& arguments, const RulesStreams& streams)
{
    const auto loaded = load(arguments);
    if (!loaded) {
        return refuse(loaded.error(), streams);
    }
    Teller teller(arguments, *loaded, streams);
    teller.tell(loaded->diagnostics);
    const auto is_of_builtin_file = [&](const base::Diagnostic& diagnostic) {
        return std::any_of(loaded->files.begin(), loaded->files.end(),
            [&](const detect::RuleFile& file) { return file.is_builtin && file.path == diagnostic.file; });
    };
    for (const base::Diagnostic& diagnostic : detect::lint(loaded->rules)) {
        if (is_of_builtin_file(diagnostic) == loaded->are_builtin) {
            teller.tell(diagnostic);
        }
    }
    const auto rules = std::count_if(loaded->rules.rules.begin(), loaded->rules.rules.end(),
        [&](const detect::Rule& rule) { return loaded->is_meant(rule); });
    base::Result<void> written = streams.out.write(std::to_string(rules) + " rules, " + std::to_string(teller.errors())
        + " errors, " + std::to_string(teller.warnings()) + " warnings\n");
    if (written) {
        written = streams.out.commit();
    }
    const int status = status_of(written, streams);
    return status == done && teller.errors() > 0 ? wrong_input : status;
}

} // namespace trawl::app
