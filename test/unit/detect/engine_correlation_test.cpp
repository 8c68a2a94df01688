#include <doctest/doctest.h>

#include "engine_fixture.h"

namespace trawl::test {

using detect::CorrelationType;
using detect::Rule;
using detect::ScanOptions;
using event::Level;

namespace {

constexpr trawl::base::Time minute = 60 * trawl::base::microseconds_per_second;

Rule base_rule(std::string id, std::string name)
{
    Rule rule = event_rule(std::move(id), is("eventName", {std::move(name)}), Level::informational);
    rule.is_base = true;
    return rule;
}

std::string call(std::string_view time, std::string_view name, std::string_view user, std::string_view more = "")
{
    static int number = 0;
    std::string members
        = "\"eventID\":\"e" + std::to_string(++number) + "\",\"eventName\":\"" + std::string(name) + "\"";
    if (!user.empty()) {
        members += ",\"user\":\"" + std::string(user) + "\"";
    }
    return record(time, members + std::string(more));
}

} // namespace

TEST_CASE("event_count: a sliding window with both ends in, one finding a burst")
{
    const std::vector<Rule> rules = {base_rule("fail", "F"),
        correlation_rule("many", CorrelationType::event_count, {"fail"}, {"user"}, 10 * minute, 3)};
    SUBCASE("three within ten minutes, any order of records, any case of the group")
    {
        const ScanResult result = scan(rules,
            {{"a.json",
                {call("00:10:00", "F", "a"), call("00:00:00", "F", "A"), call("00:05:00", "F", "a"),
                    call("00:05:00", "F", "b")}}});
        REQUIRE(result.findings.size() == 1);
        CHECK(result.findings[0].rule_id == "many");
        CHECK(result.findings[0].count == 3);
        CHECK(result.findings[0].events.size() == 3);
        CHECK(result.findings[0].level == Level::high);
        CHECK(trawl::base::format_time(result.findings[0].first_seen) == "2026-01-02T00:00:00Z");
        CHECK(trawl::base::format_time(result.findings[0].last_seen) == "2026-01-02T00:10:00Z");
    }
    SUBCASE("a second more is too far")
    {
        CHECK(scan(
            rules, {{"a.json", {call("00:00:00", "F", "a"), call("00:05:00", "F", "a"), call("00:10:01", "F", "a")}}})
                .findings.empty());
    }
    SUBCASE("a burst that goes on grows the finding; after a pause there is another")
    {
        std::vector<std::string> records;
        for (int i = 10; i < 50; ++i) {
            records.push_back(call("00:" + std::to_string(i) + ":00", "F", "a"));
        }
        for (int i = 10; i < 14; ++i) {
            records.push_back(call("02:" + std::to_string(i) + ":00", "F", "a"));
        }
        const ScanResult result = scan(rules, {{"a.json", records}});
        REQUIRE(result.findings.size() == 2);
        CHECK(result.findings[0].count == 40);
        CHECK(result.findings[0].events.size() == 10);
        CHECK(result.findings[1].count == 4);
        CHECK(result.findings[0].finding_id != result.findings[1].finding_id);
    }
    SUBCASE("events without group or time are left out and counted; copies are no events")
    {
        const std::string one = call("00:00:00", "F", "a");
        const ScanResult result
            = scan(rules, {{"a.json", {one, one, one, call("00:00:00", "F", ""), R"({"eventName":"F","user":"a"})"}}});
        CHECK(result.findings.empty());
        REQUIRE(result.left_out.size() == 1);
        CHECK(result.left_out[0].first == "many");
        CHECK(result.left_out[0].second == 2);
    }
}

TEST_CASE("base rules make findings of their own only when asked to")
{
    Rule base = base_rule("fail", "F");
    const Rule many = correlation_rule("many", CorrelationType::event_count, {"fail"}, {"user"}, 10 * minute, 2);
    ScanOptions options;
    options.level = Level::informational;
    const TestObject object = {"a.json", {call("00:00:00", "F", "a"), call("00:00:01", "F", "a")}};
    CHECK(scan({base, many}, {object}, options).findings.size() == 1);
    base.is_base = false;
    CHECK(scan({base, many}, {object}, options).findings.size() == 2);
}

TEST_CASE("other bounds: a range, and less than")
{
    Rule many = correlation_rule("many", CorrelationType::event_count, {"fail"}, {"user"}, 10 * minute, 2);
    many.correlation->bounds.push_back({trawl::query::plan::Comparison::less, 4});
    const auto count_of = [&](int events) {
        std::vector<std::string> records;
        for (int i = 0; i < events; ++i) {
            records.push_back(call("00:00:00", "F", "a"));
        }
        return scan({base_rule("fail", "F"), many}, {{"a.json", records}}).findings.size();
    };
    CHECK(count_of(1) == 0);
    CHECK(count_of(2) == 1);
    CHECK(count_of(3) == 1);
    CHECK(count_of(4) == 0);
}

TEST_CASE("value_count counts distinct values, elements of arrays too, whatever their case")
{
    Rule many = correlation_rule("many", CorrelationType::value_count, {"get"}, {"user"}, 10 * minute, 3);
    many.correlation->value_fields = {"name", "names"};
    const std::vector<Rule> rules = {base_rule("get", "G"), many};
    const auto named = [](std::string_view time, std::string_view member) {
        return call(time, "G", "a", "," + std::string(member));
    };
    CHECK(scan(rules,
        {{"a.json",
            {named("00:00:00", R"("name":"x")"), named("00:00:01", R"("name":"y")"), named("00:00:02", R"("name":"X")"),
                named("00:00:03", R"("other":"z")")}}})
            .findings.empty());
    const ScanResult spread = scan(rules,
        {{"a.json",
            {named("00:00:00", R"("name":"x")"), named("00:00:01", R"("name":"x")"), named("00:00:02", R"("name":"y")"),
                named("00:10:00", R"("name":"z")")}}});
    REQUIRE(spread.findings.size() == 1);
    CHECK(spread.findings[0].count == 4);
    CHECK(scan(rules, {{"a.json", {named("00:00:00", R"("names":["x","y","z"])")}}}).findings.size() == 1);
    // The first x is out of the window when z comes, the second is not.
    CHECK(scan(rules,
        {{"a.json",
            {named("00:00:00", R"("name":"x")"), named("00:05:00", R"("name":"y")"),
                named("00:10:01", R"("name":"z")")}}})
            .findings.empty());
    CHECK(scan(rules,
              {{"a.json",
                  {named("00:00:00", R"("name":"x")"), named("00:05:00", R"("name":"y")"),
                      named("00:06:00", R"("name":"x")"), named("00:10:01", R"("name":"z")")}}})
              .findings.size()
        == 1);
}

TEST_CASE("temporal: all rules in any order, the events shown include each rule")
{
    const std::vector<Rule> rules = {base_rule("one", "A"), base_rule("two", "B"),
        correlation_rule("both", CorrelationType::temporal, {"one", "two"}, {"user"}, 10 * minute, 0)};
    std::vector<std::string> records
        = {call("00:09:00", "B", "a"), call("00:00:00", "B", "b"), call("00:11:00", "A", "b")};
    CHECK(scan(rules, {{"a.json", records}}).findings.empty());
    for (int i = 10; i < 40; ++i) {
        records.push_back(call("00:00:" + std::to_string(i), "A", "a"));
    }
    const ScanResult result = scan(rules, {{"a.json", records}});
    REQUIRE(result.findings.size() == 1);
    CHECK(result.findings[0].count == 31);
    REQUIRE(result.findings[0].events.size() == 10);
    CHECK(result.findings[0].events[9].record == 1);
}

TEST_CASE("temporal: an event may count for two rules")
{
    Rule second = event_rule("two", is("user", {"a"}));
    second.is_base = true;
    const ScanResult result
        = scan({base_rule("one", "A"), second,
                   correlation_rule("both", CorrelationType::temporal, {"one", "two"}, {"user"}, minute, 0)},
            {{"a.json", {call("00:00:00", "A", "a")}}});
    REQUIRE(result.findings.size() == 1);
    CHECK(result.findings[0].count == 1);
    CHECK(result.findings[0].events.size() == 1);
}

TEST_CASE("temporal_ordered: strictly increasing times in the order of the rules")
{
    const std::vector<Rule> rules = {base_rule("one", "A"), base_rule("two", "B"), base_rule("three", "C"),
        correlation_rule(
            "chain", CorrelationType::temporal_ordered, {"one", "two", "three"}, {"user"}, 10 * minute, 0)};
    const auto findings_of = [&](std::vector<std::pair<const char*, const char*>> calls) {
        std::vector<std::string> records;
        for (const auto& [time, name] : calls) {
            records.push_back(call(time, name, "a"));
        }
        return scan(rules, {{"a.json", records}}).findings.size();
    };
    CHECK(findings_of({{"00:00:00", "A"}, {"00:01:00", "B"}, {"00:02:00", "C"}}) == 1);
    CHECK(findings_of({{"00:00:00", "A"}, {"00:10:00", "C"}, {"00:01:00", "B"}}) == 1);
    CHECK(findings_of({{"00:00:00", "A"}, {"00:01:00", "C"}, {"00:02:00", "B"}}) == 0);
    CHECK(findings_of({{"00:00:00", "A"}, {"00:01:00", "B"}, {"00:01:00", "C"}}) == 0);
    CHECK(findings_of({{"00:00:00", "A"}, {"00:01:00", "B"}, {"00:10:01", "C"}}) == 0);
    // The later A still reaches C.
    CHECK(findings_of({{"00:00:00", "A"}, {"00:01:00", "A"}, {"00:02:00", "B"}, {"00:10:30", "C"}}) == 1);
    // The later A comes after the only B.
    CHECK(findings_of({{"00:00:00", "A"}, {"00:02:00", "B"}, {"00:03:00", "A"}, {"00:10:30", "C"}}) == 0);
    CHECK(findings_of({{"00:02:00", "B"}, {"00:03:00", "C"}}) == 0);
}

TEST_CASE("aliases name different fields of the base rules; arrays put an event into several groups")
{
    Rule chain
        = correlation_rule("chain", CorrelationType::temporal_ordered, {"one", "two"}, {"instance"}, 10 * minute, 0);
    chain.correlation->aliases["instance"]
        = {{"one", "requestParameters.instanceId"}, {"two", "responseElements.items.id"}};
    const std::vector<Rule> rules = {base_rule("one", "A"), base_rule("two", "B"), chain};
    const std::string first = call("00:00:00", "A", "", R"(,"requestParameters":{"instanceId":"i-2"})");
    CHECK(scan(rules,
              {{"a.json",
                  {first, call("00:01:00", "B", "", R"(,"responseElements":{"items":[{"id":"i-1"},{"id":"i-2"}]})")}}})
              .findings.size()
        == 1);
    CHECK(scan(rules,
        {{"a.json",
            {first, call("00:01:00", "B", "", R"(,"responseElements":{"items":[{"id":"i-1"},{"id":"i-3"}]})")}}})
            .findings.empty());
    CHECK(scan(rules, {{"a.json", {first, call("00:01:00", "B", "", R"(,"requestParameters":{"instanceId":"i-2"})")}}})
            .findings.empty());
}

TEST_CASE("a correlation may stand on a correlation")
{
    Rule burst = correlation_rule("burst", CorrelationType::event_count, {"fail"}, {"user"}, 10 * minute, 3);
    burst.is_base = true;
    const Rule chain
        = correlation_rule("chain", CorrelationType::temporal_ordered, {"burst", "okay"}, {"user"}, 30 * minute, 0);
    // The outer one first: the order of the rules does not matter.
    const std::vector<Rule> rules = {chain, burst, base_rule("fail", "F"), base_rule("okay", "S")};
    std::vector<std::string> records
        = {call("00:00:00", "F", "a"), call("00:01:00", "F", "a"), call("00:05:00", "S", "a")};
    CHECK(scan(rules, {{"a.json", records}}).findings.empty());
    records.push_back(call("00:02:00", "F", "a"));
    const ScanResult result = scan(rules, {{"a.json", records}});
    REQUIRE(result.findings.size() == 1);
    CHECK(result.findings[0].rule_id == "chain");
    CHECK(result.findings[0].count == 2);
    CHECK(result.findings[0].message == "Title of chain");
    burst.is_base = false;
    CHECK(scan({chain, burst, base_rule("fail", "F"), base_rule("okay", "S")}, {{"a.json", records}}).findings.size()
        == 2);
}

TEST_CASE("a chain sees that a burst still goes on; counting bursts counts each once")
{
    Rule burst = correlation_rule("burst", CorrelationType::event_count, {"fail"}, {"user"}, 10 * minute, 3);
    burst.is_base = true;
    const Rule chain
        = correlation_rule("chain", CorrelationType::temporal_ordered, {"burst", "okay"}, {"user"}, 5 * minute, 0);
    const Rule bursts = correlation_rule("bursts", CorrelationType::event_count, {"burst"}, {"user"}, 300 * minute, 2);
    const std::vector<Rule> rules = {chain, bursts, burst, base_rule("fail", "F"), base_rule("okay", "S")};
    std::vector<std::string> records;
    for (int i = 10; i < 60; ++i) {
        records.push_back(call("00:" + std::to_string(i) + ":00", "F", "a"));
    }
    records.push_back(call("01:01:00", "S", "a"));
    const ScanResult one = scan(rules, {{"a.json", records}});
    REQUIRE(one.findings.size() == 1);
    CHECK(one.findings[0].rule_id == "chain");
    for (int i = 10; i < 14; ++i) {
        records.push_back(call("03:" + std::to_string(i) + ":00", "F", "a"));
    }
    CHECK(scan(rules, {{"a.json", records}}).findings.size() == 2);
}

TEST_CASE("a correlation over itself, or over a rule that is not there, is an error")
{
    const Rule loop = correlation_rule("loop", CorrelationType::event_count, {"other"}, {}, minute, 1);
    const Rule other = correlation_rule("other", CorrelationType::event_count, {"loop"}, {}, minute, 1);
    CHECK(scan({loop, other}, {}).error.starts_with("rule: "));
    CHECK(scan({loop}, {}).error.starts_with("rule: "));
}

TEST_CASE("a correlation of denied events alone has its level for those")
{
    Rule many = correlation_rule("many", CorrelationType::event_count, {"fail"}, {}, 10 * minute, 2);
    many.level_if_denied = Level::low;
    const std::vector<Rule> rules = {base_rule("fail", "F"), many};
    const std::string denied = R"(,"errorCode":"AccessDenied")";
    CHECK(scan(rules, {{"a.json", {call("00:00:00", "F", "a", denied), call("00:00:01", "F", "b", denied)}}})
              .findings.at(0)
              .level
        == Level::low);
    CHECK(
        scan(rules,
            {{"a.json",
                {call("00:00:00", "F", "a", denied), call("00:00:01", "F", "b", denied), call("00:00:02", "F", "b")}}})
            .findings.at(0)
            .level
        == Level::high);
}

TEST_CASE("correlations give the same for every number of workers and with spilling")
{
    Rule distinct = correlation_rule("distinct", CorrelationType::value_count, {"fail"}, {"user"}, 30 * minute, 4);
    distinct.correlation->value_fields = {"eventID"};
    const std::vector<Rule> rules = {base_rule("fail", "F"), base_rule("okay", "S"), distinct,
        correlation_rule("many", CorrelationType::event_count, {"fail"}, {"user"}, 10 * minute, 3),
        correlation_rule("chain", CorrelationType::temporal_ordered, {"many", "okay"}, {"user"}, 30 * minute, 0)};
    std::vector<TestObject> objects;
    for (int object = 0; object < 5; ++object) {
        TestObject made;
        made.path = "o" + std::to_string(object) + ".json";
        for (int i = 0; i < 200; ++i) {
            const int number = (object * 7919 + i * 104'729) % 3000;
            made.records.push_back(
                call("0" + std::to_string(number % 9) + ":" + std::to_string(10 + number % 49) + ":00",
                    number % 5 == 0 ? "S" : "F", "user" + std::to_string(number % 7)));
        }
        objects.push_back(made);
    }
    const std::string expected = describe(scan(rules, objects));
    CHECK(expected.find(" chain ") != std::string::npos);
    CHECK(expected.find(" distinct ") != std::string::npos);
    ScanOptions small;
    small.memory_bytes = 4096;
    CHECK(describe(scan(rules, objects, small, 3)) == expected);
    CHECK(describe(scan(rules, objects, {}, 2)) == expected);
}

} // namespace trawl::test
