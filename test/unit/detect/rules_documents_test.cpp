#include <algorithm>

#include <doctest/doctest.h>

#include "detect/rules/yaml_compact.h"
#include "detect/rules/yaml_parser.h"
#include "engine_fixture.h"
#include "rules_fixture.h"

namespace trawl::test {

using detect::CorrelationType;
using detect::ReadFor;
using query::plan::Comparison;

namespace {

const std::string base_rule = "title: Base\nname: fail\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n  "
                              "s: {eventName: F}\n  condition: s\n";

std::string correlation(std::string_view body)
{
    return "title: Many\nid: 11111111-2222-4333-8444-555555555555\nlevel: high\ncorrelation:\n" + std::string(body)
        + "---\n" + base_rule;
}

std::string with_logsource(std::string_view logsource)
{
    return "title: A\nlogsource: " + std::string(logsource) + "\ndetection:\n  s: {a: 1}\n  condition: s\n";
}

std::string codes_of(std::string_view yaml)
{
    return read(yaml).codes();
}

} // namespace

TEST_CASE("a rule's members")
{
    const ReadResult result = read(R"(title: Snapshot shared
id: 0a7c0000-0000-4000-8000-000000000001
name: snap
status: stable
level: High
author: [A. One, B. Two]
description: |
  Text.
technique: unusual-resource-activity
tags: [attack.exfiltration, attack.t1537, attack.T1078.004, cve.2020-1]
logsource: {product: aws, service: cloudtrail}
level_if_denied: low
group: [account, requestParameters.snapshotId]
falsepositives: none known
message: "{who} shared"
response: Look.
references: [https://docs.aws.amazon.com/]
levels:
  - {when: all_world, level: critical}
detection:
  s: {a: 1}
  all_world: {b: all}
  condition: s
)");
    REQUIRE(result.codes().empty());
    REQUIRE(result.set.rules.size() == 1);
    const detect::Rule& rule = result.set.rules[0];
    CHECK(rule.id == "0a7c0000-0000-4000-8000-000000000001");
    CHECK(rule.name == "snap");
    CHECK(rule.title == "Snapshot shared");
    CHECK(rule.author == "A. One, B. Two");
    CHECK(rule.description == "Text.");
    CHECK(rule.level == event::Level::high);
    CHECK(rule.level_if_denied == event::Level::low);
    CHECK(rule.techniques == std::vector<std::string> {"unusual-resource-activity"});
    CHECK(rule.mitre == std::vector<std::string> {"T1537", "T1078.004"});
    CHECK(rule.group == std::vector<std::string> {"account", "requestParameters.snapshotId"});
    CHECK(rule.falsepositives == std::vector<std::string> {"none known"});
    CHECK(rule.kind == "cloudtrail");
    CHECK(rule.line == 1);
    REQUIRE(rule.level_cases.size() == 1);
    CHECK(rule.level_cases[0].level == event::Level::critical);
    CHECK(rule.level_cases[0].when.path.text == "b");
    CHECK(rule.text.starts_with("title: Snapshot shared\n"));
    CHECK(rule.text.ends_with("condition: s"));
}

TEST_CASE("a rule without an id has the same one wherever its file lies")
{
    const detect::RuleFile here {"a/x.yml", base_rule, false, {}};
    const detect::RuleFile there {"/b/c/x.yml", base_rule, false, {}};
    std::vector<base::Diagnostic> diagnostics;
    const std::string id = detect::read_rules({here}, {}, diagnostics).rules.at(0).id;
    CHECK(id == detect::read_rules({there}, {}, diagnostics).rules.at(0).id);
    CHECK(id.size() == 36);
    CHECK(id[14] == '8');
}

TEST_CASE("log sources")
{
    CHECK(read(with_logsource("{product: aws, service: vpc_flow}")).set.rules.at(0).kind == "vpc_flow");
    CHECK(read(with_logsource("{product: aws, service: vpcflow}")).set.rules.at(0).kind == "vpc_flow");
    CHECK(read(with_logsource("{product: AWS, service: CloudTrail}")).set.rules.at(0).kind == "cloudtrail");
    CHECK(read(with_logsource("{product: aws}")).set.rules.at(0).kind.empty());
    CHECK(read(with_logsource("{product: kubernetes, service: audit}")).set.rules.at(0).kind == "cloudwatch_logs");
    CHECK(codes_of(with_logsource("{product: aws, service: cloudtrial}")) == "E507");
    CHECK(codes_of(with_logsource("{product: [aws], service: x}")) == "E507");
    CHECK(codes_of(with_logsource("aws")) == "E507");
    const ReadResult foreign = read(with_logsource("{product: windows, category: process_creation}"));
    CHECK(foreign.codes() == "W404");
    CHECK(foreign.set.rules.empty());
}

TEST_CASE("what is wrong with a document is told, and the others are read")
{
    CHECK(codes_of("") == "");
    CHECK(codes_of("# nothing\n") == "");
    CHECK(codes_of("- a\n") == "E504");
    CHECK(codes_of("just text") == "E504");
    CHECK(codes_of("title: x\n") == "E504");
    CHECK(codes_of("action: global\ntitle: x\n") == "E529");
    CHECK(codes_of("a: [1, 2\nb: {") == "E501");
    CHECK(codes_of("a: \"\\q\"\n") == "E501");
    CHECK(codes_of("a: 1\n\tb: 2\n") == "E501");
    CHECK(codes_of(std::string("\0\x01\x02\xff", 4)).substr(0, 1) == "E");
    CHECK(codes_of(rule_of("  s: {a: 1, a: 2}\n  condition: s\n")) == "E502");
    CHECK(codes_of(rule_of("  s: {a: 1}\n")) == "E509");
    CHECK(codes_of(rule_of("  s: {}\n  condition: s\n")) == "E508");
    CHECK(codes_of(rule_of("  s: []\n  condition: s\n")) == "E508");
    CHECK(codes_of(rule_of("  s: {a: []}\n  condition: s\n")) == "E508");
    CHECK(codes_of(rule_of("  s: {a: {b: 1}}\n  condition: s\n")) == "E508");
    CHECK(codes_of(rule_of("  s: {a: [[1]]}\n  condition: s\n")) == "E508");
    CHECK(codes_of(rule_of("  condition: s\n")) == "E508");
    CHECK(codes_of("title: x\nlogsource: {product: aws}\ndetection: s\n") == "E508");
    CHECK(codes_of("title: [x]\nlogsource: {product: aws}\ndetection:\n  s: {a: 1}\n  condition: s\n").substr(0, 4)
        == "E505");
    CHECK(codes_of("logsource: {product: aws}\ndetection:\n  s: {a: 1}\n  condition: s\n") == "E505");
    CHECK(codes_of(rule_of("  s: {a: 1}\n  condition: s\n", "status: x\nlevel_if_denied: severe\n")) == "E506");
    CHECK(codes_of(rule_of("  s: {a: 1}\n  condition: s\n", "technique: root-activty\n")) == "E525");
    CHECK(codes_of(rule_of("  s: {a: 1}\n  condition: s\n", "levels: [{when: t, level: low}]\n")) == "E511");
    CHECK(codes_of(rule_of("  s: {a: 1}\n  condition: s\n", "levels: [{when: s}]\n")) == "E527");
    CHECK(codes_of(rule_of("  s: {a: 1}\n  condition: s\n", "falsepositives:\n  - Deployments: by hand\n  -\n"))
        == "W410");
    CHECK(codes_of(rule_of("  s: {a: 1}\n  condition: s\n", "lists: {X: maybe}\n")) == "E527");
    CHECK(codes_of(item_rule("a|contain: x")) == "E512");
    CHECK(codes_of(item_rule("a|gt|contains: 1")) == "E513");
    CHECK(codes_of(item_rule("a|re|cidr: 1")) == "E513");
    CHECK(codes_of(item_rule("a|i: x")) == "E513");
    CHECK(codes_of(item_rule("a|gt: x")) == "E514");
    CHECK(codes_of(item_rule("a|contains: null")) == "E514");
    CHECK(codes_of(item_rule("a|exists: maybe")) == "E514");
    CHECK(codes_of(item_rule("a|cidr: 10.0.0.0/33")) == "E516");
    CHECK(codes_of(item_rule("a|expand: '%InternalIPRange%'")) == "E201");

    const ReadResult several = read(
        "title: broken\n  x: [\n---\n" + base_rule + "---\ntitle: no\n...\n---\n" + with_logsource("{product: aws}"));
    CHECK(several.codes() == "E501 E504");
    CHECK(several.set.rules.size() == 2);
    CHECK(several.set.rules[0].line == 4);
    CHECK(several.set.rules[1].text.starts_with("title: A\n"));
}

TEST_CASE("hostile YAML is bounded")
{
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 12; ++i) {
        const std::string before = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
        for (int j = 0; j < 9; ++j) {
            bomb += before + ", ";
        }
        bomb += before + "]\n";
    }
    CHECK(codes_of(bomb) == "E503");
    CHECK(codes_of("a: " + std::string(100'000, '[')).starts_with("E50"));
    CHECK(codes_of("a: &x [*x]\n") == "E503");
    CHECK(codes_of(std::string(100'000, '{')).starts_with("E50"));
    CHECK(codes_of("a: *nowhere\n") == "E501");
}

TEST_CASE("anchors, merge keys, CRLF, BOM and directives")
{
    const ReadResult merged = read("x: &common {logsource: {product: aws, service: cloudtrail}, level: low}\n<<: "
                                   "*common\nlevel: high\ntitle: T\ndetection:\n  s: {a: 1}\n  condition: s\n");
    REQUIRE(merged.codes().empty());
    CHECK(merged.set.rules.at(0).level == event::Level::high);
    std::string text = "\xEF\xBB\xBF%YAML 1.2\n---\n" + rule_of("  s: {a: 1}\n  condition: t\n");
    std::string crlf;
    for (const char c : text) {
        crlf += c == '\n' ? "\r\n" : std::string(1, c);
    }
    for (const std::string& yaml : {text, crlf}) {
        const ReadResult result = read(yaml);
        REQUIRE(result.codes() == "E511");
        CHECK(yaml.substr(result.diagnostics[0].span.start, 1) == "t");
        CHECK(yaml.substr(result.diagnostics[0].span.start - 2, 2) == ": ");
    }
}

TEST_CASE("the parsed form of a file reads as the file")
{
    const std::string text
        = correlation("  type: event_count\n  rules: [fail]\n  timespan: 5m\n  condition: {gte: 3}\n") + "---\n"
        + rule_of(
            "  s: {a: ['1', 2, null, '']}\n  condition: s\n", "tests:\n  - {name: t, event: {a: 1}, expect: match}\n");
    std::vector<base::Diagnostic> diagnostics;
    std::string compact;
    detect::rules::append_compact(compact, detect::rules::parse_yaml(text, diagnostics));
    const detect::RuleFile parsed {"x.yml", text, true, compact};
    const detect::RuleFile plain {"x.yml", text, true, {}};
    for (const ReadFor purpose : {ReadFor::scanning, ReadFor::inspection}) {
        std::vector<base::Diagnostic> a;
        std::vector<base::Diagnostic> b;
        const detect::RuleSet first = detect::read_rules({parsed}, {}, purpose, a);
        const detect::RuleSet second = detect::read_rules({plain}, {}, purpose, b);
        REQUIRE(first.rules.size() == 3);
        REQUIRE(second.rules.size() == 3);
        CHECK(a.size() == b.size());
        for (std::size_t at = 0; at < 3; ++at) {
            CHECK(first.rules[at].text == second.rules[at].text);
            CHECK(first.rules[at].line == second.rules[at].line);
            CHECK(first.rules[at].id == second.rules[at].id);
            CHECK(first.rules[at].tests.size() == second.rules[at].tests.size());
        }
        CHECK(first.rules[2].tests.size() == (purpose == ReadFor::inspection ? 1 : 0));
    }
    for (std::size_t size = 0; size < compact.size(); ++size) {
        detect::rules::read_compact(std::string_view(compact).substr(0, size), {});
    }
}

TEST_CASE("correlations")
{
    const ReadResult result = read(
        correlation("  type: value_count\n  rules:\n    - fail\n  group-by: [user]\n  timespan: 90m\n"
                    "  condition: {field: ip, gte: 3, lt: 9}\n  aliases:\n    user: {fail: userIdentity.arn}\n"));
    REQUIRE(result.codes().empty());
    REQUIRE(result.set.rules.size() == 2);
    const detect::Correlation& made = *result.set.rules[0].correlation;
    CHECK(made.type == CorrelationType::value_count);
    CHECK(made.rule_indexes == std::vector<std::size_t> {1});
    CHECK(made.timespan == 90 * 60 * base::microseconds_per_second);
    CHECK(made.value_fields == std::vector<std::string> {"ip"});
    REQUIRE(made.bounds.size() == 2);
    CHECK(made.bounds[1].comparison == Comparison::less);
    CHECK(made.aliases.at("user").at("fail") == "userIdentity.arn");
    CHECK(result.set.rules[1].is_base);

    CHECK_FALSE(read(
        correlation("  type: event_count\n  rules: [fail]\n  timespan: 1h\n  generate: true\n  condition: {gt: 3}\n"))
            .set.rules.at(1)
            .is_base);
    CHECK(codes_of(correlation("  type: temporal_ordered\n  rules: [fail, Base]\n  timespan: 1d\n")) == "W403");
    CHECK(codes_of(correlation("  type: event_count\n  rules: fail\n  timespan: 1h\n  condition: {gte: 2}\n")) == "");
    CHECK(codes_of(correlation("  type: event_count\n  rules: [fail]\n  timespan: 1h\n")) == "E519");
    CHECK(codes_of(correlation("  type: event_count\n  rules: [fail]\n  timespan: 1\n  condition: {gte: 2}\n"))
        == "E519");
    CHECK(codes_of(correlation("  type: event_count\n  rules: [fail]\n  timespan: -1h\n  condition: {gte: 2}\n"))
        == "E519");
    CHECK(codes_of(correlation("  type: event_count\n  rules: []\n  timespan: 1h\n  condition: {gte: 2}\n")) == "E519");
    CHECK(codes_of(correlation("  type: event_count\n  rules: [fail]\n  timespan: 1h\n  condition: {gte: many}\n"))
            .starts_with("E519"));
    CHECK(codes_of(correlation("  type: value_count\n  rules: [fail]\n  timespan: 1h\n  condition: {gte: 2}\n"))
        == "E519");
    CHECK(codes_of(correlation("  type: value_avg\n  rules: [fail]\n  timespan: 1h\n  condition: {field: x, gte: 2}\n"))
        == "E520");
    CHECK(codes_of(correlation("  type: temporal\n  rules: [fail]\n  timespan: 1h\n  condition: fail and okay\n"))
        == "E520");
    CHECK(codes_of(correlation("  type: event_count\n  rules: [nothing]\n  timespan: 1h\n  condition: {gte: 2}\n"))
        == "E521");
    CHECK(codes_of("title: A\nname: a\ncorrelation: {type: temporal, rules: [b], timespan: 1h}\n---\ntitle: B\nname: "
                   "b\ncorrelation: {type: temporal, rules: [a], timespan: 1h}\n")
        == "E522 W409");
    CHECK(codes_of("title: A\nname: a\ncorrelation: {type: temporal, rules: [a], timespan: 1h}\n") == "E522");
    CHECK(codes_of(correlation("  type: event_count\n  rules: [fail]\n  timespan: 1h\n  condition: {gte: 2}\n")
              + "---\n" + base_rule + "id: x\n")
        == "E523");
    const std::string foreign
        = "title: W\nname: win\nlogsource: {product: windows}\ndetection:\n  s: {a: 1}\n  condition: s\n";
    CHECK(codes_of(foreign + "---\n"
              + correlation("  type: event_count\n  rules: [win]\n  timespan: 1h\n  condition: {gte: 2}\n"))
        == "W404 W404");
}

TEST_CASE("an old condition that counts becomes a correlation")
{
    const ReadResult result
        = read(rule_of("  s: {eventName: F}\n  timeframe: 10m\n  condition: s | count(ip) by user, account >= 2\n"));
    REQUIRE(result.codes().empty());
    REQUIRE(result.set.rules.size() == 2);
    const detect::Rule& inner = result.set.rules[0];
    const detect::Rule& outer = result.set.rules[1];
    CHECK(inner.is_inner);
    CHECK(inner.is_base);
    REQUIRE(outer.correlation);
    CHECK(outer.id == inner.id);
    CHECK(outer.correlation->type == CorrelationType::value_count);
    CHECK(outer.correlation->group_by == std::vector<std::string> {"user", "account"});
    CHECK(outer.level == event::Level::high);
    const std::vector<std::string> records
        = {record("00:00:00", R"("eventName":"F","user":"a","account":"1","ip":"1.1.1.1")"),
            record("00:05:00", R"("eventName":"F","user":"a","account":"1","ip":"2.2.2.2")"),
            record("00:06:00", R"("eventName":"F","user":"b","account":"1","ip":"2.2.2.2")")};
    const ScanResult scanned = scan(result.set.rules, {{"a.json", records}});
    REQUIRE(scanned.findings.size() == 1);
    CHECK(scanned.findings[0].rule_id == outer.id);
    CHECK(scanned.findings[0].count == 2);
}

TEST_CASE("filters are joined to the rules that they name")
{
    const std::string filter = "title: Admins\nlogsource: {product: aws, service: cloudtrail}\nfilter:\n  rules: "
                               "[fail]\n  admin: {user: admin}\n  condition: not admin\n---\n";
    const ReadResult result = read(filter + base_rule);
    REQUIRE(result.codes().empty());
    CHECK(matches(result, R"({"eventName":"F","user":"x"})"));
    CHECK_FALSE(matches(result, R"({"eventName":"F","user":"Admin"})"));
    std::string all = filter + base_rule;
    all.replace(all.find("[fail]"), 6, "any");
    CHECK_FALSE(matches(read(all), R"({"eventName":"F","user":"Admin"})"));
    std::string other_kind = filter + base_rule;
    other_kind.replace(other_kind.find("cloudtrail"), 10, "vpc_flow");
    CHECK(matches(read(other_kind), R"({"eventName":"F","user":"Admin"})"));
    std::string no_not = filter + base_rule;
    no_not.replace(no_not.find("not admin"), 9, "admin");
    CHECK(codes_of(no_not) == "W401");
    std::string nowhere = filter + base_rule;
    nowhere.replace(nowhere.find("[fail]"), 6, "[gone]");
    CHECK(codes_of(nowhere) == "W406");
    CHECK(codes_of("title: F\nlogsource: {product: aws}\nfilter: {a: {b: 1}, condition: not a}\n") == "E524");
    CHECK(codes_of("title: F\nlogsource: {product: aws}\nfilter: {rules: any, a: {b: 1}}\n") == "E524");
}

TEST_CASE("double ids: a user's rule stands in for a built-in one, another gets its own")
{
    const std::string id = "id: 99999999-0000-4000-8000-000000000001\n";
    const detect::RuleFile builtin {"rules/b.yml", id + base_rule, true, {}};
    const detect::RuleFile user {"u.yml", id + with_logsource("{product: aws}"), false, {}};
    const detect::RuleFile other {"v.yml", id + "level: low\n" + with_logsource("{product: aws}"), false, {}};
    const detect::RuleFile copy {"copy/u.yml", user.text, false, {}};
    std::vector<base::Diagnostic> diagnostics;
    detect::RuleSet set = detect::read_rules({builtin, user}, {}, diagnostics);
    REQUIRE(set.rules.size() == 1);
    CHECK(set.rules[0].file == "u.yml");
    REQUIRE(diagnostics.size() == 1);
    CHECK(diagnostics[0].code == "N401");
    diagnostics.clear();
    set = detect::read_rules({user, other, copy}, {}, diagnostics);
    REQUIRE(set.rules.size() == 2);
    CHECK(set.rules[0].id != set.rules[1].id);
    CHECK(diagnostics.size() == 2);
    CHECK(diagnostics[0].code == "W405");
    // A correlation of the built-in rules that named it stands on the user's.
    const detect::RuleFile many {"rules/m.yml",
        "title: M\ncorrelation: {type: event_count, rules: [fail], timespan: 1h, condition: {gte: 2}}\n", true, {}};
    diagnostics.clear();
    set = detect::read_rules({builtin, many, user}, {}, diagnostics);
    REQUIRE(set.rules.size() == 2);
    CHECK(set.rules[0].correlation->rule_indexes == std::vector<std::size_t> {1});
}

TEST_CASE("tests of a rule: records as JSON with YAML's types, a base, log lines")
{
    const std::string more = R"(test_base:
  eventName: Put
  requestParameters: {a: 1, b: {c: [x], d: y}}
  errorCode: denied
tests:
  - name: types
    event: {s: '1', n: 007, t: true, q: 'true', z: null, f: 1.50, d: 2026-01-02, e: {}, h: 0x1F, w: +5, "k\"": "v\n"}
    expect: match
    level: high
  - name: merged
    events:
      - {requestParameters: {b: {c: [z], d: __absent__}}, errorCode: __absent__, new: {gone: __absent__}}
      - 2 123456789010 eni-0a1b2c3d
    expect: {findings: 1, count: 2}
    lists: {Nets: [10.0.0.0/8], Own: {type: glob, values: [a*]}, Empty: []}
)";
    const query::Lists lists = lists_of({list_of("Nets", query::ListType::cidr, {})});
    const ReadResult result = read(rule_of("  s: {a: 1}\n  condition: s\n", more), lists, ReadFor::inspection);
    REQUIRE(result.codes().empty());
    const std::vector<detect::RuleTest>& tests = result.set.rules.at(0).tests;
    REQUIRE(tests.size() == 2);
    CHECK(tests[0].events.at(0)
        == R"({"eventName":"Put","requestParameters":{"a":1,"b":{"c":["x"],"d":"y"}},"errorCode":"denied","s":"1","n":7,"t":true,"q":"true","z":null,"f":1.50,"d":"2026-01-02","e":{},"h":31,"w":5,"k\"":"v\n"})");
    CHECK(tests[0].match == true);
    CHECK(tests[0].level == event::Level::high);
    CHECK(tests[0].kind == "cloudtrail");
    CHECK(tests[1].events.at(0) == R"({"eventName":"Put","requestParameters":{"a":1,"b":{"c":["z"]}},"new":{}})");
    CHECK(tests[1].events.at(1) == "2 123456789010 eni-0a1b2c3d");
    CHECK(tests[1].findings == 1);
    CHECK(tests[1].count == 2);
    CHECK(tests[1].lists.at("Nets").type == query::ListType::cidr);
    CHECK(tests[1].lists.at("Own").values == std::vector<std::string> {"a*"});
    CHECK(tests[1].lists.at("Empty").values.empty());
    CHECK(read(rule_of("  s: {a: 1}\n  condition: s\n", more), lists).set.rules.at(0).tests.empty());
    for (const char* const wrong : {"{event: {a: 1}, expect: match}", "{name: x, expect: match}",
             "{name: x, event: {a: 1}}", "{name: x, event: {a: 1}, expect: often}",
             "{name: x, event: {a: 1}, expect: {findings: many}}", "{name: x, events: [], expect: quiet}", "text"}) {
        CHECK(read(rule_of("  s: {a: 1}\n  condition: s\n", "tests: [" + std::string(wrong) + "]\n"), {},
                  ReadFor::inspection)
                  .codes()
            == "E526");
    }
}

} // namespace trawl::test
