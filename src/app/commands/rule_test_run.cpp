#include "app/commands/rule_test_run.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "app/rule_files.h"
#include "detect/engine/scan.h"
#include "ingest/decoder.h"

namespace trawl::app {

namespace {

constexpr std::size_t whole_object_bytes = 16u << 20;

// Gives the records of a test to a scan's worker.
class TestRecords final : public ingest::RecordHandler {
public:
    explicit TestRecords(event::Consumer& consumer) : consumer_(consumer) {}

    void on_event(ingest::Record& record) override { consumer_.consume(record, events_++); }
    void on_reject(const ingest::RejectedRecord& reject) override
    {
        if (problem_.empty()) {
            problem_ = "record " + std::to_string(reject.record) + " cannot be decoded: " + std::string(reject.reason);
        }
    }
    void on_filtered(std::string_view kind) override
    {
        if (problem_.empty()) {
            problem_ = kind.empty() ? "a record is of no kind that is known"
                                    : "a record is of the kind " + std::string(kind);
        }
    }
    bool wants_no_more() const override { return false; }

    const std::string& problem() const { return problem_; }
    std::uint32_t events() const { return events_; }

private:
    event::Consumer& consumer_;
    std::uint32_t events_ = 0;
    std::string problem_;
};

// Tests may repeat an eventID: no record of theirs is a copy.
class NoDuplicates final : public event::Duplicates {
public:
    bool is_copy(std::uint32_t) const override { return false; }
};

class FindingsOfRule final : public detect::FindingSink {
public:
    explicit FindingsOfRule(const std::string& rule_id) : rule_id_(rule_id) {}

    base::Result<void> finding(const event::Finding& finding) override
    {
        if (finding.rule_id == rule_id_) {
            ++findings;
            count += finding.count;
            level = std::max(level.value_or(finding.level), finding.level);
        }
        return {};
    }
    base::Result<void> match(const detect::RuleMatch&) override { return {}; }

    std::uint64_t findings = 0;
    std::uint64_t count = 0;
    std::optional<event::Level> level;

private:
    const std::string& rule_id_;
};

// The rule with all it stands on, so that it makes findings of its own.
detect::RuleSet with_bases(const detect::RuleSet& rules, std::size_t rule)
{
    std::set<std::size_t> needed = {rule};
    std::vector<std::size_t> open = {rule};
    while (!open.empty()) {
        const detect::Rule& next = rules.rules[open.back()];
        open.pop_back();
        for (const std::size_t base : next.correlation ? next.correlation->rule_indexes : std::vector<std::size_t>()) {
            if (needed.insert(base).second) {
                open.push_back(base);
            }
        }
    }
    std::map<std::size_t, std::size_t> places;
    detect::RuleSet set;
    for (const std::size_t at : needed) {
        places[at] = set.rules.size();
        set.rules.push_back(rules.rules[at]);
        set.rules.back().tests.clear();
    }
    for (detect::Rule& copy : set.rules) {
        for (std::size_t& base : copy.correlation ? copy.correlation->rule_indexes : open) {
            base = places[base];
        }
        copy.is_base = true;
    }
    set.rules[places[rule]].is_base = false;
    return set;
}

std::string describe(std::uint64_t number, const char* what)
{
    return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

TestOutcome judge(const detect::RuleTest& test, const FindingsOfRule& found)
{
    const std::string came
        = "there came " + describe(found.findings, "finding") + " of " + describe(found.count, "event");
    if (test.match && *test.match != (found.findings > 0)) {
        return {false, *test.match ? "expected a match, and nothing matched" : "expected quiet, and " + came};
    }
    if (test.findings && *test.findings != found.findings) {
        return {false, "expected " + describe(*test.findings, "finding") + ", and " + came};
    }
    if (test.count && *test.count != found.count) {
        return {false, "expected a count of " + std::to_string(*test.count) + ", and " + came};
    }
    if (test.level && found.level != test.level) {
        return {false,
            "expected the level " + std::string(event::level_name(*test.level)) + ", and it was "
                + (found.level ? std::string(event::level_name(*found.level)) : "none")};
    }
    return {true, {}};
}

// Records of one form: JSON records stand in one object, log lines in another, as they would in logs.
std::vector<std::string> make_objects(const std::vector<std::string>& events)
{
    std::vector<std::string> objects;
    bool was_json = false;
    for (const std::string& event : events) {
        const bool is_json = event.starts_with('{');
        if (objects.empty() || is_json != was_json) {
            objects.emplace_back();
        }
        was_json = is_json;
        objects.back() += event;
        if (!event.ends_with('\n')) {
            objects.back() += '\n';
        }
    }
    return objects;
}

// A list that the rules use and nobody has bound; empty when there is none.
std::string find_unbound(const detect::RuleSet& rules, const query::Lists& lists)
{
    for (const detect::Rule& rule : rules.rules) {
        for (const std::string& name : rule.lists) {
            const auto list = lists.find(name);
            if (list == lists.end() || (list->second.is_default && !rule.is_builtin)) {
                return name;
            }
        }
    }
    return {};
}

base::Result<TestOutcome> run_test(detect::RuleSet rules, const std::string& rule_id, const detect::RuleTest& test,
    const query::Lists& lists, const std::string& temp_folder)
{
    detect::ScanOptions options;
    options.views = kind_views();
    options.level = event::Level::informational;
    options.temp_folder = temp_folder;
    TRY(const auto scan, detect::Scan::create(std::move(rules), lists, std::move(options)));
    FindingsOfRule found(rule_id);
    const auto collector = scan->make_collector(found);
    const auto consumer = scan->make_consumer();
    ingest::Decoder decoder(scan->projection(), test.kind, whole_object_bytes);
    int number = 0;
    for (const std::string& object : make_objects(test.events)) {
        TestRecords records(*consumer);
        const std::string name = "test/" + std::to_string(++number);
        const ingest::ObjectResult result = decoder.decode_bytes(name, object, records);
        if (!result.error.code.empty()) {
            return TestOutcome {false, "the records cannot be read: " + result.error.message};
        }
        if (!records.problem().empty() || records.events() == 0) {
            return TestOutcome {
                false, records.problem().empty() ? "there is no record in the test" : records.problem()};
        }
        TRY(const event::Appetite appetite, collector->absorb(consumer->take(), NoDuplicates()));
        static_cast<void>(appetite);
    }
    TRY_VOID(collector->finish());
    return judge(test, found);
}

} // namespace

TestOutcome RuleTestRun::run(std::size_t rule, const detect::RuleTest& test) const
{
    const detect::Rule& tested = rules_.rules[rule];
    detect::RuleSet set = with_bases(rules_, rule);
    query::Lists lists = lists_;
    for (const auto& [name, list] : test.lists) {
        lists[name] = list;
    }
    if (const std::string unbound = find_unbound(set, lists); !unbound.empty()) {
        return {false, "the list " + unbound + " is not bound: bind it in the test's `lists`, or by --lists"};
    }
    if (!test.lists.empty()) {
        // What a rule compiles to depends on its lists.
        std::vector<detect::RuleFile> files;
        std::copy_if(files_.begin(), files_.end(), std::back_inserter(files), [&](const detect::RuleFile& file) {
            return std::any_of(set.rules.begin(), set.rules.end(),
                [&](const detect::Rule& needed) { return needed.file == file.path; });
        });
        std::vector<base::Diagnostic> diagnostics;
        const detect::RuleSet again = detect::read_rules(files, lists, diagnostics);
        const auto found = std::find_if(again.rules.begin(), again.rules.end(), [&](const detect::Rule& candidate) {
            return !candidate.is_inner && candidate.id == tested.id && candidate.file == tested.file;
        });
        if (found == again.rules.end()) {
            return {
                false, diagnostics.empty() ? "the rule cannot be read with these lists" : diagnostics.front().message};
        }
        set = with_bases(again, static_cast<std::size_t>(found - again.rules.begin()));
    }
    const auto outcome = run_test(std::move(set), tested.id, test, lists, temp_folder_);
    return outcome ? *outcome : TestOutcome {false, outcome.error().message};
}

} // namespace trawl::app
