#include <random>

#include <doctest/doctest.h>

#include "engine_fixture.h"

namespace trawl::test {

using detect::Rule;
using detect::ScanOptions;
using event::Level;

namespace {

std::vector<std::string> matched_rules(
    std::vector<Rule> rules, const std::string& text, const std::string& kind = "cloudtrail")
{
    ScanOptions options;
    options.matches = true;
    options.level = Level::informational;
    std::vector<std::string> ids;
    for (const auto& match : scan(std::move(rules), {{"a.json", {text}, kind}}, options).matches) {
        ids.push_back(match.rule_id);
    }
    return ids;
}

} // namespace

TEST_CASE("rules are judged by all their leaves, gates and others")
{
    const std::vector<Rule> rules = {
        event_rule("trail",
            all_of({is("eventSource", {"cloudtrail.amazonaws.com"}), is("eventName", {"StopLogging", "DeleteTrail"})})),
        event_rule("root", is("userIdentity.type", {"Root"})),
        event_rule("glob", is("eventName", {"Stop*"})),
        event_rule("not", all_of({is("eventName", {"StopLogging"}), none_of(is("errorCode", {"*"}))})),
        event_rule("parameter", contains("requestParameters.name", {"arn:"})),
        event_rule("either", any_of({is("eventName", {"GetObject"}), is("userAgent", {"*curl*"})})),
        event_rule("keyword", keyword("secret-word")),
    };
    using Ids = std::vector<std::string>;
    CHECK(matched_rules(rules, R"({"eventSource":"cloudtrail.amazonaws.com","eventName":"StopLogging"})")
        == Ids {"trail", "glob", "not"});
    CHECK(matched_rules(rules,
              R"({"eventSource":"CLOUDTRAIL.amazonaws.com","eventName":"STOPLOGGING","errorCode":"AccessDenied"})")
        == Ids {"trail", "glob"});
    CHECK(
        matched_rules(rules, R"({"eventSource":"x","eventName":"y","userIdentity":{"type":"Root"}})") == Ids {"root"});
    CHECK(matched_rules(rules, R"({"eventName":"y","requestParameters":{"name":"ARN:aws"},"userAgent":"my curl/8"})")
        == Ids {"parameter", "either"});
    CHECK(matched_rules(rules, R"({"eventName":"y","nested":{"deep":["a secret-word b"]}})") == Ids {"keyword"});
    CHECK(matched_rules(rules, "{}").empty());
    CHECK(matched_rules(rules, "not json at all").empty());
}

TEST_CASE("gates take values of any type")
{
    const std::vector<Rule> rules = {
        event_rule("read", is("readOnly", {"true"})),
        event_rule("list", is("eventName", {"b"})),
        event_rule("none", absent("errorCode")),
    };
    using Ids = std::vector<std::string>;
    CHECK(matched_rules(rules, R"({"readOnly":true,"eventName":["a","b"],"errorCode":null})")
        == Ids {"read", "list", "none"});
    CHECK(matched_rules(rules, R"({"readOnly":"TRUE","eventName":"\u0062","errorCode":""})") == Ids {"read", "list"});
    CHECK(matched_rules(rules, R"({"readOnly":false,"eventName":{"b":1},"errorCode":1})").empty());
    CHECK(matched_rules(rules, "{\"eventName\":\"" + std::string(100'000, 'b') + "\",\"errorCode\":\"x\"}").empty());
}

TEST_CASE("a rule is bound to its kind; one without kind sees every event")
{
    Rule any = event_rule("any", is("action", {"REJECT"}));
    any.kind.clear();
    Rule flow = event_rule("flow", is("action", {"REJECT"}));
    flow.kind = "vpc_flow";
    const std::string text = R"({"action":"REJECT"})";
    using Ids = std::vector<std::string>;
    CHECK(matched_rules({any, flow}, text, "vpc_flow") == Ids {"any", "flow"});
    CHECK(matched_rules({any, flow}, text, "cloudtrail") == Ids {"any"});
}

TEST_CASE("one element must meet the whole map")
{
    const std::vector<Rule> rules = {event_rule("pair",
        all_of({is("eventName", {"A"}), element("list", all_of({is("port", {"22"}), is("range", {"0.0.0.0/0"})}))}))};
    CHECK(matched_rules(rules, R"({"eventName":"A","list":[{"port":22,"range":"0.0.0.0/0"}]})").size() == 1);
    CHECK(matched_rules(rules, R"({"eventName":"A","list":{"port":22,"range":"0.0.0.0/0"}})").size() == 1);
    CHECK(matched_rules(
        rules, R"({"eventName":"A","list":[{"port":22,"range":"10.0.0.0/8"},{"port":443,"range":"0.0.0.0/0"}]})")
            .empty());
    CHECK(matched_rules(rules, R"({"eventName":"A","list":[]})").empty());
    CHECK(matched_rules(rules, R"({"eventName":"A","list":null})").empty());
}

TEST_CASE("constant conditions")
{
    trawl::query::plan::Expression always;
    always.literal.boolean = true;
    trawl::query::plan::Expression never;
    CHECK(matched_rules({event_rule("always", always), event_rule("never", never)}, "{}")
        == std::vector<std::string> {"always"});
}

TEST_CASE("an event without candidates is asked for nothing but the gates")
{
    trawl::detect::RuleSet set;
    set.rules = {event_rule("a",
        all_of({is("eventSource", {"s3.amazonaws.com"}), is("eventName", {"PutBucketAcl"}),
            contains("requestParameters", {"AllUsers"})}))};
    auto scan = trawl::detect::Scan::create(std::move(set), {}, {});
    REQUIRE(scan.has_value());
    const auto consumer = (*scan)->make_consumer();
    const std::string text
        = R"({"eventSource":"ec2.amazonaws.com","eventName":"PutBucketAcl","requestParameters":{"a":"AllUsers"}})";
    JsonEvent event((*scan)->projection(), text, "cloudtrail", {"a.json", 1, 0});
    consumer->consume(event, 0);
    std::size_t asked = 0;
    for (std::size_t column = 0; column < event.asked.size(); ++column) {
        asked += event.asked[column] > 0 ? 1U : 0U;
    }
    CHECK(asked == 1);
    CHECK(consumer->gathered_bytes() == 0);
}

TEST_CASE("thousands of values and combinations change no answer")
{
    // Columns that retire and states that are forgotten on the way.
    std::vector<Rule> rules = {
        event_rule("agent", is("userAgent", {"*7*"})),
        event_rule("name", all_of({is("eventName", {"*1"}), is("errorCode", {"*2*", "*33"})})),
        event_rule("address", all_of({is("sourceIPAddress", {"*9"}), none_of(is("awsRegion", {"*4"}))})),
    };
    std::vector<std::string> names;
    for (int i = 0; i < 40; ++i) {
        names.push_back("N" + std::to_string(i));
        rules.push_back(event_rule("r" + std::to_string(i),
            all_of({is("eventName", {"N" + std::to_string(i)}), is("userAgent", {"*" + std::to_string(i) + "*"})})));
    }
    std::mt19937 random(7);
    TestObject object;
    std::vector<std::string> expected;
    const auto ends_with = [](const std::string& text, std::string_view end) { return text.ends_with(end); };
    for (int i = 0; i < 20'000; ++i) {
        const std::string name = "N" + std::to_string(random() % 50);
        const std::string agent = "agent " + std::to_string(random());
        const std::string error = "E" + std::to_string(random() % 100);
        const std::string address = std::to_string(random());
        const std::string region = "R" + std::to_string(random() % 20);
        object.records.push_back("{\"eventName\":\"" + name + "\",\"userAgent\":\"" + agent + "\",\"errorCode\":\""
            + error + "\",\"sourceIPAddress\":\"" + address + "\",\"awsRegion\":\"" + region + "\"}");
        const std::string at = ":" + std::to_string(i + 1);
        if (agent.find('7') != std::string::npos) {
            expected.push_back("agent" + at);
        }
        if (ends_with(name, "1") && (error.find('2') != std::string::npos || ends_with(error, "33"))) {
            expected.push_back("name" + at);
        }
        if (ends_with(address, "9") && !ends_with(region, "4")) {
            expected.push_back("address" + at);
        }
        for (std::size_t n = 0; n < names.size(); ++n) {
            if (name == names[n] && agent.find(std::to_string(n)) != std::string::npos) {
                expected.push_back("r" + std::to_string(n) + at);
            }
        }
    }
    ScanOptions options;
    options.matches = true;
    std::vector<std::string> found;
    for (const auto& match : scan(rules, {object}, options).matches) {
        found.push_back(match.rule_id + ":" + std::to_string(match.record));
    }
    CHECK(found == expected);
}

TEST_CASE("what cannot be compiled is an error that names the rule")
{
    Rule empty = event_rule("empty", is("a", {"b"}));
    empty.condition.reset();
    CHECK(scan({empty}, {}).error.starts_with("rule: "));
    trawl::query::plan::Expression inner;
    inner.kind = trawl::query::plan::ExpressionKind::call;
    const std::string error = scan({event_rule("call", element("a", inner))}, {}).error;
    CHECK(error.find("Title of call") != std::string::npos);
}

} // namespace trawl::test
