#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "findings.h"

namespace trawl::deliver {

namespace {

using nlohmann::json;
using testing::bare_finding;
using testing::full_finding;
using testing::print;

TEST_CASE("formats of findings are found by name")
{
    std::vector<std::string_view> names;
    for (const auto* format : deliver::finding_format_table()) {
        names.push_back(format->name);
    }
    CHECK(names == std::vector<std::string_view> {"asff", "csv", "html", "json", "ndjson", "ocsf", "sarif", "table"});
}

TEST_CASE("findings as json are one array")
{
    CHECK(json::parse(print("json", {})) == json::array());
    const json two = json::parse(print("json", {full_finding(), bare_finding()}));
    REQUIRE(two.size() == 2);
    CHECK(two[0]["level"] == "high");
    CHECK(two[0]["events"][0]["record"] == 7);
    CHECK_FALSE(two[1].contains("principal"));
}

TEST_CASE("findings as csv have a header also when there are none")
{
    const std::string none = print("csv", {});
    CHECK(none.starts_with("finding_id,rule_id,title,level,"));
    CHECK(std::count(none.begin(), none.end(), '\n') == 1);
    event::Finding hostile = bare_finding();
    hostile.title = "=HYPERLINK(\"http://example.com\")";
    hostile.principal = "a,\"b\"\nc";
    const std::string text = print("csv", {hostile});
    CHECK(text.find("\"'=HYPERLINK(\"\"http://example.com\"\")\"") != std::string::npos);
    CHECK(text.find("\"a,\"\"b\"\"\nc\"") != std::string::npos);
}

TEST_CASE("the table of findings says who, what, when and from where at a glance")
{
    const std::string text = print("table", {full_finding()});
    CHECK(text.find("high") != std::string::npos);
    CHECK(text.find("2026-03-05 01:52:10") != std::string::npos);
    CHECK(text.find("user/legacy-backup") != std::string::npos);
    CHECK(text.find("203.0.113.66") != std::string::npos);
    // The message of a grave finding stands below it; one account for all is no column.
    CHECK(text.find("\n       legacy-backup gave AdministratorAccess") != std::string::npos);
    CHECK(text.find("ACCOUNT") == std::string::npos);
    CHECK(text.find('\033') == std::string::npos);
}

TEST_CASE("the table of findings names accounts where there are several")
{
    event::Finding other = full_finding();
    other.account = "444455556666";
    const std::string text = print("table", {full_finding(), other});
    CHECK(text.find("ACCOUNT") != std::string::npos);
    // The principal of another account than the finding's keeps its own.
    CHECK(text.find("111122223333:user/legacy-backup") != std::string::npos);
}

TEST_CASE("the table of findings fits the terminal and obeys no escape sequence")
{
    event::Finding hostile = full_finding();
    hostile.title = "\033[2J" + std::string(300, 'x');
    hostile.message = "\033]0;owned\a";
    const std::string text = print("table", {hostile}, {}, {80, deliver::Colours::off, false});
    CHECK(text.find('\033') == std::string::npos);
    CHECK(text.find("\\x1b") != std::string::npos);
    std::size_t start = 0;
    while (start < text.size()) {
        const std::size_t end = text.find('\n', start);
        std::size_t width = 0;
        for (std::size_t i = start; i < end; ++i) {
            width += (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U ? 1U : 0U;
        }
        CHECK(width <= 80);
        start = end + 1;
    }
}

TEST_CASE("the table colours levels")
{
    const std::string text = print("table", {full_finding()}, {}, {100, deliver::Colours::on, false});
    CHECK(text.find("\033[1;31mhigh\033[0m") != std::string::npos);
}

TEST_CASE("sarif names rules once and results by index")
{
    event::Finding again = full_finding();
    again.finding_id = "f-3";
    deliver::RunReport report;
    report.problems.push_back({"logs/x y.gz", 3, "gzip-cut", "the end is missing"});
    const json log = json::parse(print("sarif", {full_finding(), bare_finding(), again}, report));
    CHECK(log["version"] == "2.1.0");
    const json& run = log["runs"][0];
    REQUIRE(run["tool"]["driver"]["rules"].size() == 2);
    CHECK(run["tool"]["driver"]["rules"][0]["id"] == full_finding().rule_id);
    CHECK(run["tool"]["driver"]["rules"][0]["properties"]["tags"]
        == json({"security", "principal-usage", "suspicious-api-calls", "attack.t1098.003", "attack.t1078"}));
    REQUIRE(run["results"].size() == 3);
    CHECK(run["results"][0]["level"] == "error");
    CHECK(run["results"][1]["level"] == "note");
    CHECK(run["results"][1]["ruleIndex"] == 1);
    CHECK(run["results"][2]["ruleIndex"] == 0);
    // Every result has a text, and paths are URIs.
    CHECK(run["results"][1]["message"]["text"] == "r-2");
    CHECK(run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "logs/a%20b.json.gz");
    CHECK(run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"] == "record 3: the end is missing");
}

TEST_CASE("sarif without findings is a log with an empty run")
{
    const json log = json::parse(print("sarif", {}));
    CHECK(log["runs"][0]["results"] == json::array());
    CHECK(log["runs"][0]["tool"]["driver"]["semanticVersion"] == "1.2.3");
}

TEST_CASE("ocsf findings are of class 2004")
{
    const std::string text = print("ocsf", {full_finding(), bare_finding()});
    const json full = json::parse(text.substr(0, text.find('\n')));
    CHECK(full["class_uid"] == 2004);
    CHECK(full["type_uid"] == 200401);
    CHECK(full["severity_id"] == 4);
    CHECK(full["severity"] == "High");
    CHECK(full["time"] == 1772675700500);
    CHECK(full["finding_info"]["attacks"][0]
        == json({{"technique", {{"uid", "T1098"}}}, {"sub_technique", {{"uid", "T1098.003"}}}}));
    CHECK(full["finding_info"]["attacks"][1] == json({{"technique", {{"uid", "T1078"}}}}));
    CHECK(full["cloud"]["account"]["uid"] == "111122223333");
    CHECK(full["evidences"][0]["src_endpoint"]["ip"] == "203.0.113.66");
    const json bare = json::parse(text.substr(text.find('\n') + 1));
    CHECK(bare["severity_id"] == 1);
    CHECK_FALSE(bare.contains("evidences"));
}

TEST_CASE("asff findings have all required members within their bounds")
{
    event::Finding longest = full_finding();
    longest.title = std::string(300, 't');
    longest.message = std::string(2000, 'm');
    longest.response = std::string(2000, 'r');
    const json all = json::parse(print("asff", {longest, bare_finding()}));
    REQUIRE(all.size() == 2);
    for (const json& finding : all) {
        for (const char* member : {"SchemaVersion", "Id", "ProductArn", "GeneratorId", "AwsAccountId", "Types",
                 "CreatedAt", "UpdatedAt", "Severity", "Title", "Description", "Resources"}) {
            CHECK_MESSAGE(finding.contains(member), member);
        }
        CHECK(finding["AwsAccountId"].get<std::string>().size() == 12);
        CHECK(finding["Resources"].size() == 1);
    }
    CHECK(all[0]["Title"].get<std::string>().size() <= 256);
    CHECK(all[0]["Description"].get<std::string>().size() <= 1024);
    CHECK(all[0]["Remediation"]["Recommendation"]["Text"].get<std::string>().size() <= 512);
    CHECK(all[0]["Severity"]["Label"] == "HIGH");
    CHECK(all[0]["Network"]["SourceIpV4"] == "203.0.113.66");
    CHECK(all[0]["ProductArn"] == "arn:aws:securityhub:us-east-1:111122223333:product/111122223333/default");
    CHECK(all[0]["CreatedAt"] == "2026-03-05T01:52:10Z");
    CHECK_FALSE(all[1].contains("Network"));
}

} // namespace

} // namespace trawl::deliver
