#include <set>

#include <doctest/doctest.h>

#include "engine_fixture.h"

namespace trawl::test {

using detect::Rollup;
using detect::Rule;
using detect::ScanOptions;
using event::Level;

namespace {

std::string stop(std::string_view time, std::string_view id, std::string_view who = "alice")
{
    return record(time,
        "\"eventID\":\"" + std::string(id)
            + "\",\"eventName\":\"StopLogging\",\"recipientAccountId\":\"111122223333\","
              "\"awsRegion\":\"eu-west-1\",\"sourceIPAddress\":\"203.0.113.9\",\"userIdentity\":{\"arn\":\"arn:aws:iam:"
              ":111122223333:user/"
            + std::string(who) + "\"}");
}

Rule stop_rule()
{
    return event_rule("stop", is("eventName", {"StopLogging"}));
}

} // namespace

TEST_CASE("hits of one rule, account and principal within a day are one finding")
{
    const ScanResult result = scan({stop_rule()},
        {{"a.json",
            {stop("03:00:00", "e1"), stop("05:00:00", "e3"), stop("04:00:00", "e2"), stop("04:00:00", "b1", "bob")}}});
    REQUIRE(result.findings.size() == 2);
    const auto& alice = result.findings[0];
    CHECK(alice.count == 3);
    CHECK(alice.title == "Title of stop");
    CHECK(alice.account == "111122223333");
    CHECK(alice.region == "eu-west-1");
    CHECK(alice.principal == "arn:aws:iam::111122223333:user/alice");
    CHECK(alice.source_ip == "203.0.113.9");
    CHECK(trawl::base::format_time(alice.first_seen) == "2026-01-02T03:00:00Z");
    CHECK(trawl::base::format_time(alice.last_seen) == "2026-01-02T05:00:00Z");
    REQUIRE(alice.events.size() == 3);
    CHECK(alice.events[1].event_id == "e2");
    CHECK(alice.events[1].record == 3);
    CHECK(alice.events[1].source == "a.json");
    CHECK(alice.events[0].summary == "StopLogging from 203.0.113.9");
    CHECK(result.findings[1].principal == "arn:aws:iam::111122223333:user/bob");
    CHECK(alice.finding_id.size() == 36);
    CHECK(alice.finding_id != result.findings[1].finding_id);
}

TEST_CASE("a day begins with the first hit")
{
    const auto at = [](std::string_view day, std::string_view id) {
        std::string text = stop("03:00:00", id);
        text.replace(text.find("2026-01-02"), 10, day);
        return text;
    };
    const ScanResult result
        = scan({stop_rule()}, {{"a.json", {at("2026-01-04", "e3"), at("2026-01-02", "e1"), at("2026-01-03", "e2")}}});
    REQUIRE(result.findings.size() == 2);
    CHECK(result.findings[0].count == 2);
    CHECK(result.findings[1].count == 1);
    CHECK(result.findings[1].events[0].event_id == "e3");
}

TEST_CASE("no roll-up: a finding a hit, each with its own id, copies kept on demand included")
{
    ScanOptions options;
    options.rollup = Rollup::off;
    std::vector<std::string> records;
    for (int i = 0; i < 5; ++i) {
        records.push_back(record("03:00:00", "\"eventName\":\"StopLogging\""));
    }
    const ScanResult result = scan({stop_rule()}, {{"a.json", records}}, options);
    REQUIRE(result.findings.size() == 5);
    std::set<std::string> ids;
    for (const auto& finding : result.findings) {
        ids.insert(finding.finding_id);
    }
    CHECK(ids.size() == 5);
}

TEST_CASE("at most ten events are listed, all are counted, copies are not")
{
    std::vector<std::string> records;
    for (int i = 0; i < 40; ++i) {
        records.push_back(stop("03:00:" + std::to_string(10 + i), "e" + std::to_string(i)));
    }
    const ScanResult result = scan({stop_rule()}, {{"a.json", records}, {"b.json", records}});
    REQUIRE(result.findings.size() == 1);
    CHECK(result.findings[0].count == 40);
    REQUIRE(result.findings[0].events.size() == 10);
    CHECK(result.findings[0].events[9].event_id == "e9");
    CHECK(result.findings[0].events[9].source == "a.json");
}

TEST_CASE("events without time make findings of their own, which come last")
{
    const std::string timeless = R"({"eventID":"t","eventName":"StopLogging"})";
    const ScanResult result = scan({stop_rule()},
        {{"a.json", {timeless, timeless.substr(0, 12) + "u" + timeless.substr(13), stop("03:00:00", "e1")}}});
    REQUIRE(result.findings.size() == 2);
    CHECK(result.findings[0].has_time);
    CHECK_FALSE(result.findings[1].has_time);
    CHECK(result.findings[1].count == 2);
    CHECK_FALSE(result.findings[1].events[0].has_timestamp);
}

TEST_CASE("the level is that of the highest hit; denied events and cases change a hit's level")
{
    Rule rule = stop_rule();
    rule.level = Level::medium;
    rule.level_if_denied = Level::low;
    rule.level_cases.push_back({is("awsRegion", {"us-gov-*"}), Level::critical});
    const auto level_of = [&](std::vector<std::string> members) {
        std::vector<std::string> records;
        for (const std::string& member : members) {
            records.push_back(record("03:00:00", "\"eventName\":\"StopLogging\"" + member));
        }
        ScanOptions options;
        options.level = Level::informational;
        const ScanResult result = scan({rule}, {{"a.json", records}}, options);
        REQUIRE(result.findings.size() == 1);
        return result.findings[0].level;
    };
    const std::string denied = ",\"errorCode\":\"AccessDenied\"";
    const std::string special = ",\"awsRegion\":\"us-gov-west-1\"";
    CHECK(level_of({""}) == Level::medium);
    CHECK(level_of({denied}) == Level::low);
    CHECK(level_of({denied, "", denied}) == Level::medium);
    CHECK(level_of({"", special}) == Level::critical);
}

TEST_CASE("findings and matches below the level are left out")
{
    Rule quiet = event_rule("quiet", is("eventName", {"StopLogging"}), Level::informational);
    Rule low = event_rule("low", is("eventName", {"StopLogging"}), Level::low);
    ScanOptions options;
    CHECK(scan({quiet, low}, {{"a.json", {stop("03:00:00", "e1")}}}, options).findings.size() == 1);
    options.level = Level::informational;
    CHECK(scan({quiet, low}, {{"a.json", {stop("03:00:00", "e1")}}}, options).findings.size() == 2);
    options.matches = true;
    CHECK(scan({quiet, low}, {{"a.json", {stop("03:00:00", "e1")}}}, options).matches.size() == 2);
    options.level = Level::medium;
    CHECK(scan({quiet, low}, {{"a.json", {stop("03:00:00", "e1")}}}, options).matches.empty());
}

TEST_CASE("messages are filled from the first event")
{
    Rule rule = stop_rule();
    rule.message = "{who} stopped {requestParameters.name} in {account}/{region} from {source_ip}, {count} times; "
                   "{resource} { not a name }";
    const std::string text = record(
        "03:00:00", R"("eventName":"StopLogging","awsRegion":"eu-west-1","requestParameters":{"name":"a\nb"})");
    const ScanResult result = scan({rule}, {{"a.json", {text, text, text}}});
    REQUIRE(result.findings.size() == 1);
    CHECK(result.findings[0].message == "- stopped a b in -/eu-west-1 from -, 3 times; - { not a name }");
    const ScanResult plain = scan({stop_rule()}, {{"a.json", {stop("03:00:00", "e1")}}});
    CHECK(plain.findings[0].message
        == "Title of stop: arn:aws:iam::111122223333:user/alice from 203.0.113.9 in 111122223333, eu-west-1");
}

TEST_CASE("invalid UTF-8 and long values do not reach a finding")
{
    Rule rule = stop_rule();
    rule.message = "{requestParameters.name}";
    const std::string text = record("03:00:00",
        "\"eventName\":\"StopLogging\",\"requestParameters\":{\"name\":\"a\xFF" + std::string(5000, 'b') + "\"}");
    const ScanResult result = scan({rule}, {{"a.json", {text}}});
    REQUIRE(result.findings.size() == 1);
    CHECK(result.findings[0].message.size() < 600);
    CHECK(result.findings[0].message.starts_with("a\xEF\xBF\xBD"
                                                 "b"));
}

TEST_CASE("the roll-up key is the rule's group")
{
    Rule rule = stop_rule();
    rule.group = {"requestParameters.name"};
    const auto named = [](std::string_view time, std::string_view name) {
        return record(time, "\"eventName\":\"StopLogging\",\"requestParameters\":{\"name\":" + std::string(name) + "}");
    };
    const ScanResult result = scan({rule},
        {{"a.json",
            {named("03:00:00", "\"x\""), named("03:00:01", "\"y\""), named("03:00:02", "\"x\""),
                named("03:00:03", "null"), named("03:00:04", "\"\"")}}});
    CHECK(result.findings.size() == 4);
}

TEST_CASE("the answer is the same for every number of workers and with spilling")
{
    std::vector<TestObject> objects;
    for (int object = 0; object < 7; ++object) {
        TestObject made;
        made.path = "o" + std::to_string(object) + ".json";
        for (int i = 0; i < 300; ++i) {
            const int number = (object * 7919 + i * 104'729) % 1500;
            made.records.push_back(
                stop("0" + std::to_string(number % 9) + ":" + std::to_string(10 + number % 49) + ":00",
                    "e" + std::to_string(number), "user" + std::to_string(number % 37)));
        }
        objects.push_back(made);
    }
    Rule other = stop_rule();
    other.id = "another";
    other.group = {"eventID"};
    const std::vector<Rule> rules = {stop_rule(), other};
    const std::string expected = describe(scan(rules, objects));
    CHECK(expected.size() > 1000);
    ScanOptions small;
    small.memory_bytes = 4096;
    CHECK(describe(scan(rules, objects, small, 3)) == expected);
    CHECK(describe(scan(rules, objects, {}, 7)) == expected);
}

TEST_CASE("rule matches come in path order, base rules included, with their event")
{
    Rule base = stop_rule();
    base.is_base = true;
    ScanOptions options;
    options.matches = true;
    const ScanResult result = scan({base, event_rule("all", is("eventName", {"*"}))},
        {{"a.json", {stop("03:00:00", "e1"), record("03:00:01", "\"eventName\":\"X\"")}},
            {"b.json", {stop("02:00:00", "e0"), stop("03:00:00", "e1")}}},
        options);
    CHECK(result.findings.empty());
    CHECK(describe(result) == "stop a.json:1 e1\nall a.json:1 e1\nall a.json:2 \nstop b.json:1 e0\nall b.json:1 e0\n");
    CHECK(result.matches[0].has_timestamp);
}

} // namespace trawl::test
