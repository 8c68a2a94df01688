#include <doctest/doctest.h>

#include "event/finding.h"

using trawl::event::Finding;
using trawl::event::FindingEvent;
using trawl::event::Level;

namespace {

std::string json(const Finding& finding)
{
    std::string out;
    append_json(out, finding);
    return out;
}

} // namespace

TEST_CASE("Levels have names in order")
{
    Level level = Level::low;
    for (const char* name : {"informational", "low", "medium", "high", "critical"}) {
        REQUIRE(trawl::event::parse_level(name, level));
        CHECK(trawl::event::level_name(level) == name);
    }
    CHECK(trawl::event::parse_level("HIGH", level));
    CHECK(level == Level::high);
    for (const char* name : {"", "hig", "highest", "info", " high"}) {
        CHECK_MESSAGE(!trawl::event::parse_level(name, level), std::string(name));
    }
    CHECK(level == Level::high);
    CHECK(Level::informational < Level::low);
    CHECK(Level::high < Level::critical);
}

TEST_CASE("A finding without anything keeps its lists and its count")
{
    CHECK(json({}) == R"({"level":"informational","techniques":[],"mitre":[],"count":0,"events":[]})");
}

TEST_CASE("A finding is written in the order of the contract")
{
    Finding finding;
    finding.finding_id = "f-1";
    finding.rule_id = "r-1";
    finding.title = "Root \"used\"\n";
    finding.author = "A. Nobody";
    finding.level = Level::critical;
    finding.techniques = {"root-activity", "no-mfa"};
    finding.mitre = {"T1078.004"};
    finding.first_seen = -1;
    finding.last_seen = 1'500'000;
    finding.has_time = true;
    finding.count = 18446744073709551615ULL;
    finding.account = "111122223333";
    finding.region = "us-east-1";
    finding.principal = "arn:aws:iam::111122223333:root";
    finding.source_ip = "203.0.113.7";
    finding.resource = "bucket\xFF";
    finding.message = "m";
    finding.response = "r";
    finding.description = "d";
    FindingEvent full;
    full.source = "a/b.json.gz";
    full.record = 3;
    full.event_id = "e-1";
    full.has_timestamp = true;
    full.summary = "ConsoleLogin from 203.0.113.7";
    FindingEvent bare;
    bare.source = "c.json";
    bare.record = 1;
    bare.timestamp = 5; // Not written: has_timestamp is false.
    finding.events = {full, bare};
    CHECK(json(finding)
        == R"({"finding_id":"f-1","rule_id":"r-1","title":"Root \"used\"\n","level":"critical",)"
           R"("techniques":["root-activity","no-mfa"],"mitre":["T1078.004"],)"
           R"("first_seen":"1969-12-31T23:59:59.999999Z","last_seen":"1970-01-01T00:00:01.5Z",)"
           R"("count":18446744073709551615,"account":"111122223333","region":"us-east-1",)"
           R"("principal":"arn:aws:iam::111122223333:root","source_ip":"203.0.113.7","resource":"bucket)"
           "\uFFFD"
           R"(","message":"m","author":"A. Nobody","description":"d","response":"r",)"
           R"("events":[{"source":"a/b.json.gz","record":3,"event_id":"e-1","@timestamp":"1970-01-01T00:00:00Z",)"
           R"("summary":"ConsoleLogin from 203.0.113.7"},{"source":"c.json","record":1}]})");
}

TEST_CASE("A finding is appended to what is there")
{
    std::string out = "[";
    append_json(out, Finding {});
    CHECK(out.starts_with("[{\"level\""));
    CHECK(out.ends_with("}"));
}
