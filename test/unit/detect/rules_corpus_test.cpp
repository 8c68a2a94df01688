#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include <doctest/doctest.h>

#include "base/file.h"
#include "engine_fixture.h"
#include "event/json.h"
#include "rules_fixture.h"

namespace trawl::test {

namespace {

namespace json = event::json;

std::string text_of(event::Value value)
{
    base::Arena arena;
    return std::string(value.text(arena));
}

query::Lists lists_of_case(event::Value lists)
{
    query::Lists made;
    if (lists.type() != event::Type::object) {
        return made;
    }
    json::for_each_member(lists.raw(), [&](event::Value name, event::Value list) {
        query::NamedList named = list_of(text_of(name), query::ListType::string, {});
        json::for_each_element(json::member(list.raw(), "values").raw(), [&](event::Value value) {
            named.values.push_back(text_of(value));
            return true;
        });
        made.emplace(named.name, named);
        return true;
    });
    return made;
}

// Runs one case of the conformance file: which records a rule matches, or the groups of a correlation.
void run_case(std::string_view line)
{
    const std::string id = text_of(json::member(line, "id"));
    CAPTURE(id);
    const query::Lists lists = lists_of_case(json::member(line, "lists"));
    const ReadResult result = read(text_of(json::member(line, "rule")), lists);
    REQUIRE_MESSAGE(!base::has_error(result.diagnostics), result.codes());
    TestObject object;
    std::vector<std::string> ids;
    json::for_each_element(json::member(line, "events").raw(), [&](event::Value event) {
        const event::Value message = json::member(event.raw(), "@message");
        std::string record(message.raw());
        record.insert(1, "\"eventTime\":\"" + text_of(json::member(event.raw(), "@timestamp")) + "\",");
        object.records.push_back(record);
        ids.push_back(text_of(json::member(message.raw(), "id")));
        return true;
    });
    const event::Value expected = json::member(json::member(line, "expect").raw(), "match");
    detect::ScanOptions options;
    options.level = event::Level::informational;
    options.matches = expected.type() == event::Type::array;
    const ScanResult scanned = scan(result.set.rules, {object}, options, 1, lists);
    REQUIRE(scanned.error.empty());
    if (!options.matches) {
        // A correlation: at least one group is expected to cross its threshold.
        CHECK(!scanned.findings.empty());
        return;
    }
    std::set<std::string> found;
    for (const detect::RuleMatch& match : scanned.matches) {
        found.insert(ids[match.record - 1]);
    }
    std::set<std::string> wanted;
    json::for_each_element(expected.raw(), [&](event::Value value) {
        wanted.insert(text_of(value));
        return true;
    });
    CHECK(found == wanted);
}

} // namespace

TEST_CASE("SigmaHQ's rules for CloudTrail load without a word, but for the one with a list")
{
    const std::string folder = "../shared/sigma/cloudtrail";
    if (!std::filesystem::exists(folder)) {
        MESSAGE("skipped: there is no " << folder);
        return;
    }
    std::vector<detect::RuleFile> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        detect::RuleFile file;
        file.path = entry.path().string();
        file.text = base::read_file(file.path).value();
        files.push_back(std::move(file));
    }
    std::vector<base::Diagnostic> diagnostics;
    const detect::RuleSet set = detect::read_rules(files, {}, diagnostics);
    for (const base::Diagnostic& diagnostic : diagnostics) {
        CHECK_MESSAGE(false, diagnostic.file << ": " << diagnostic.code << " " << diagnostic.message);
    }
    CHECK(set.rules.size() == files.size());
    detect::ScanOptions options;
    CHECK(scan(set.rules, {}, options).error.empty());
}

TEST_CASE("the conformance cases of Sigma")
{
    std::ifstream file("../shared/check/cases.jsonl");
    if (!file) {
        MESSAGE("skipped: there are no conformance cases");
        return;
    }
    std::string line;
    while (std::getline(file, line)) {
        if (text_of(json::member(line, "lang")) == "sigma") {
            run_case(line);
        }
    }
}

} // namespace trawl::test
