#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "app/builtin_rules.h"
#include "app/commands/rules_command.h"
#include "app/rule_files.h"
#include "base/text.h"

namespace trawl::app {

namespace {

namespace fs = std::filesystem;

// A folder of its own that goes away with the test.
class Folder {
public:
    Folder() : path_((fs::temp_directory_path() / "trawl-rules-XXXXXX").string())
    {
        REQUIRE(mkdtemp(path_.data()) != nullptr);
    }
    ~Folder() { fs::remove_all(path_); }
    std::string write(const std::string& name, std::string_view text) const
    {
        const fs::path path = fs::path(path_) / name;
        fs::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << text;
        return path.string();
    }
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

class Rows final : public event::RowSink {
public:
    base::Result<void> begin(std::span<const std::string> names) override
    {
        for (const std::string& name : names) {
            text += name + ";";
        }
        text += "\n";
        return {};
    }
    base::Result<void> row(std::span<const event::Value> values) override
    {
        base::Arena arena;
        for (const event::Value& value : values) {
            text += std::string(value.text(arena)) + ";";
        }
        text += "\n";
        return {};
    }
    base::Result<void> finish() override { return {}; }
    std::string text;
};

struct Outcome {
    int status = -1;
    std::string out;
    std::string err;
};

template <typename Command> Outcome run(const RulesArguments& arguments, Command command)
{
    Outcome outcome;
    deliver::Output output = deliver::Output::into(outcome.out);
    const RulesStreams streams {output, [&](std::string_view text) { outcome.err += text; }};
    outcome.status = command(arguments, streams);
    return outcome;
}

RulesArguments arguments_for(const Folder& folder)
{
    RulesArguments arguments;
    arguments.paths = {folder.path()};
    arguments.temp_folder = folder.path();
    return arguments;
}

constexpr std::string_view header = "title: Role taken\nid: 0a7c0000-0000-4000-8000-000000000001\nlevel: high\n"
                                    "logsource: {product: aws, service: cloudtrail}\n";

constexpr std::string_view tests = R"(
test_base: {eventVersion: '1.09', userIdentity: {type: IAMUser, arn: 'arn:aws:iam::111122223333:user/a'}, eventTime: '2026-01-02T03:04:05Z',
  eventSource: sts.amazonaws.com, eventName: AssumeRole, awsRegion: us-east-1, sourceIPAddress: 203.0.113.9, recipientAccountId: '111122223333'}
tests:
  - {name: taken, event: {eventID: x}, expect: match, level: high}
  - {name: three, events: [{eventID: x}, {eventID: x}, {eventID: y}], expect: {findings: 1, count: 3}}
  - {name: trusted, event: {eventID: x}, expect: quiet, lists: {Trusted: {type: cidr, values: [203.0.113.0/24]}}}
)";

std::string rule_with(std::string_view more)
{
    return std::string(header)
        + "detection:\n  s: {eventName: AssumeRole}\n  t:\n    sourceIPAddress|expand: '%Trusted%'\n  condition: s and "
          "not t\n"
        + std::string(more);
}

} // namespace

TEST_CASE("rules test: records go through decoders and engine, lists of a test bind its lists")
{
    const Folder folder;
    folder.write("a/rule.yml", rule_with(tests));
    RulesArguments arguments = arguments_for(folder);
    arguments.lists_file = folder.write("lists.yaml", "lists: {Trusted: {type: cidr, values: []}}");
    arguments.paths = {folder.path() + "/a"};
    const Outcome passed = run(arguments, test_rules);
    CHECK(passed.out == "3 passed, 0 failed\n");
    CHECK(passed.err == "");
    CHECK(passed.status == 0);

    folder.write("a/rule.yml",
        rule_with(std::string(tests) + R"(  - {name: wrong level, event: {eventID: x}, expect: match, level: low}
  - {name: wrong count, event: {eventID: x}, expect: {count: 2}}
  - {name: not quiet, event: {eventID: x}, expect: quiet}
  - {name: no match, event: {eventName: Other}, expect: match}
  - {name: no record, event: {a: 1}, expect: quiet}
)"));
    const Outcome failed = run(arguments, test_rules);
    CHECK(failed.status == 1);
    CHECK(failed.out.ends_with("3 passed, 5 failed\n"));
    CHECK(failed.out.find("rule.yml:17: Role taken / wrong level: expected the level low, and it was high\n")
        != std::string::npos);
    CHECK(failed.out.find("wrong count: expected a count of 2, and there came 1 finding of 1 event\n")
        != std::string::npos);
    CHECK(failed.out.find("not quiet: expected quiet, and there came 1 finding of 1 event\n") != std::string::npos);
    CHECK(failed.out.find("no match: expected a match, and nothing matched\n") != std::string::npos);
    CHECK(failed.out.find("no record: ") != std::string::npos);
}

TEST_CASE("rules test: without the list only tests that bind it can pass")
{
    const Folder folder;
    folder.write("rule.yml", rule_with(tests));
    const Outcome outcome = run(arguments_for(folder), test_rules);
    CHECK(outcome.err.starts_with("warning[E201]"));
    CHECK(outcome.status == 1);
    CHECK(outcome.out.ends_with("1 passed, 2 failed\n"));
}

TEST_CASE("rules test: correlations, log lines")
{
    const Folder folder;
    folder.write("many.yml", R"(title: Many
id: 0a7c0000-0000-4000-8000-000000000002
level: medium
correlation: {type: event_count, rules: [ssh], group-by: [srcAddr], timespan: 1h, condition: {gte: 2}}
tests:
  - name: two
    events:
      - 2 123456789010 eni-0a1b2c3d 203.0.113.9 10.0.0.5 44321 22 6 20 4249 1418530010 1418530070 REJECT OK
      - 2 123456789010 eni-0a1b2c3d 203.0.113.9 10.0.0.6 44322 22 6 20 4249 1418530110 1418530170 REJECT OK
    expect: {findings: 1, count: 2}
---
title: SSH refused
name: ssh
logsource: {product: aws, service: vpc_flow}
detection:
  s: {dstPort: 22, action: REJECT}
  condition: s
tests:
  - {name: one, event: 2 123456789010 eni-0a1b2c3d 203.0.113.9 10.0.0.5 44321 22 6 20 4249 1418530010 1418530070 REJECT OK, expect: match}
  - {name: another kind, event: '{"eventVersion":"1.09","eventSource":"a","eventName":"b","userIdentity":{},"eventTime":"2026-01-02T03:04:05Z","eventID":"x"}', expect: quiet}
)");
    const Outcome outcome = run(arguments_for(folder), test_rules);
    CHECK(outcome.out.ends_with("2 passed, 1 failed\n"));
    CHECK(outcome.out.find("another kind") != std::string::npos);
}

TEST_CASE("rules list, show and lint")
{
    const Folder folder;
    folder.write("b.yml", rule_with(tests));
    folder.write("a.yaml",
        "title: Old\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n  s: {eventName: [X, PassRole]}\n  "
        "timeframe: 5m\n  condition: s | count() by awsRegion > 3\n");
    folder.write("readme.txt", "no rule");
    RulesArguments arguments = arguments_for(folder);
    Rows rows;
    const Outcome listed = run(arguments,
        [&](const RulesArguments& given, const RulesStreams& streams) { return list_rules(given, rows, streams); });
    CHECK(listed.status == 0);
    CHECK(rows.text.starts_with("id;level;technique;title;kind;tests;status;off;file;\n"));
    CHECK(std::count(rows.text.begin(), rows.text.end(), '\n') == 3);
    CHECK(rows.text.find(";informational;;Old;cloudtrail;0;;;") != std::string::npos);
    CHECK(rows.text.find("0a7c0000-0000-4000-8000-000000000001;high;;Role taken;cloudtrail;3;;Trusted;" + folder.path()
              + "/b.yml;\n")
        != std::string::npos);

    const auto show = [](const char* id) {
        return [id](const RulesArguments& given, const RulesStreams& streams) { return show_rule(given, id, streams); };
    };
    const Outcome shown = run(arguments, show("Role taken"));
    CHECK(shown.status == 0);
    CHECK(shown.out == std::string(base::trim(rule_with(tests))) + "\n");
    CHECK(run(arguments, show("nothing")).status == 2);

    const Outcome linted = run(arguments, lint_rules);
    CHECK(linted.status == 2);
    CHECK(linted.out.starts_with("2 rules, 1 errors, "));
    CHECK(linted.err.find("error[E201]") != std::string::npos);
    CHECK(linted.err.find("rules/") == std::string::npos);

    folder.write("c.yml", "title: [\n");
    CHECK(run(arguments, test_rules).status == 2);
    arguments.paths = {folder.path() + "/nowhere"};
    const Outcome missing = run(arguments, lint_rules);
    CHECK(missing.status == 2);
    CHECK(missing.err.find("no such file or folder") != std::string::npos);
}

TEST_CASE("the built-in rules are whole: none is refused, lint finds no error, and their parsed form is in the program")
{
    for (const detect::RuleFile& file : builtin_rules()) {
        CHECK_MESSAGE(!file.compact.empty(), file.path);
        CHECK(file.is_builtin);
        CHECK(file.path.starts_with("rules/"));
    }
    std::vector<base::Diagnostic> diagnostics;
    const query::Lists lists = read_rule_lists("", diagnostics);
    CHECK(diagnostics.empty());
    for (const auto& [name, list] : lists) {
        CHECK(list.is_default);
    }
    const Outcome linted = run(RulesArguments {}, lint_rules);
    CHECK_MESSAGE(linted.status == 0, linted.err);
}

} // namespace trawl::app
