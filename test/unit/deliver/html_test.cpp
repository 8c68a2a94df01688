#include <doctest/doctest.h>

#include "deliver/html/page_parts.h"
#include "deliver/html/text.h"
#include "findings.h"

namespace trawl::deliver {

namespace {

using testing::bare_finding;
using testing::full_finding;
using testing::print;

std::size_t occurrences(std::string_view text, std::string_view part)
{
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) {
        ++count;
    }
    return count;
}

TEST_CASE("text of logs is no markup in the report")
{
    const std::string hostile = "\"><img src=x onerror=alert(1)><script>alert('x')</script>&lt;";
    event::Finding finding = full_finding();
    for (std::string* member : {&finding.finding_id, &finding.rule_id, &finding.title, &finding.author,
             &finding.account, &finding.region, &finding.principal, &finding.source_ip, &finding.resource,
             &finding.message, &finding.response, &finding.description}) {
        *member = hostile;
    }
    finding.techniques = {hostile};
    finding.mitre = {hostile};
    finding.events[0].source = hostile;
    finding.events[0].event_id = hostile;
    finding.events[0].summary = hostile;
    deliver::RunReport report;
    report.paths = {hostile};
    report.unreadable_objects = 1;
    report.problems.push_back({hostile, 1, hostile, hostile});
    report.kinds.push_back({hostile, 1, 1, 0, {{0, 1}}});
    const std::string page = print("html", {finding}, report);
    CHECK(occurrences(page, "<img") == 0);
    CHECK(occurrences(page, "<script") == 1);
    CHECK(occurrences(page, "</script") == 1);
    CHECK(occurrences(page, "onerror=alert(1)&gt;") > 10);
    // An attribute that holds it is not ended by its quote.
    CHECK(occurrences(page, "=\"\">") == 0);
}

TEST_CASE("control characters and marks of direction are shown in the report")
{
    event::Finding finding = full_finding();
    finding.title = std::string("a\0b\x1b[0m\xE2\x80\xAE"
                                "c\xff",
        13);
    const std::string page = print("html", {finding});
    CHECK(page.find("a\\x00b\\x1b[0m\\u202ec\xEF\xBF\xBD") != std::string::npos);
    CHECK(page.find('\0') == std::string::npos);
}

TEST_CASE("the report loads nothing")
{
    deliver::RunReport report;
    report.rules = 5;
    for (const auto& findings : {std::vector<event::Finding> {}, {full_finding(), bare_finding()}}) {
        const std::string page = print("html", findings, report);
        for (const char* part : {"http://", "https://", "src=", "<link", "@import", "url("}) {
            CHECK_MESSAGE(occurrences(page, part) == 0, part);
        }
        CHECK(occurrences(page, "default-src 'none'") == 1);
        CHECK(occurrences(page, html::script_source(html::report_script())) == 1);
    }
}

TEST_CASE("a script is named by its hash")
{
    // printf '' | openssl dgst -sha256 -binary | base64
    CHECK(html::script_source("") == "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
}

TEST_CASE("the report shows each finding with its events, levels from the gravest")
{
    event::Finding critical = full_finding();
    critical.level = event::Level::critical;
    critical.finding_id = "f-critical";
    const std::string page = print("html", {bare_finding(), full_finding(), critical});
    CHECK(page.find("1 critical and 1 high findings, and 1 lesser one") != std::string::npos);
    CHECK(page.find("id=\"f-critical\"") < page.find("id=\"f-1\""));
    CHECK(page.find("id=\"f-1\"") < page.find("id=\"f-2\""));
    CHECK(occurrences(page, "AttachUserPolicy from 203.0.113.66") == 2);
    CHECK(occurrences(page, "Ask who made the change.") == 2);
    CHECK(page.find("<svg class=\"timeline\"") != std::string::npos);
    CHECK(occurrences(page, "<rect class=\"fill-critical\"") == 1);
    CHECK(page.find("Everything was read.") != std::string::npos);
}

TEST_CASE("a report without findings says what was looked at")
{
    deliver::RunReport report;
    report.rules = 140;
    report.events = 12'345;
    const std::string page = print("html", {}, report);
    CHECK(page.find("<h1>Nothing was found</h1>") != std::string::npos);
    CHECK(page.find("140 rules looked at 12,345 events") != std::string::npos);
    CHECK(page.find("<svg class=\"timeline\"") == std::string::npos);
}

TEST_CASE("the report's timeline takes any span of time")
{
    for (const char* last :
        {"2026-03-05T01:59:00Z", "2026-03-06T00:00:00Z", "2026-12-31T00:00:00Z", "9999-12-31T23:59:59Z"}) {
        event::Finding early = full_finding();
        early.first_seen = *base::parse_time("1969-12-31T22:30:00Z");
        event::Finding late = full_finding();
        late.first_seen = *base::parse_time(last);
        for (const auto& findings : {std::vector<event::Finding> {late}, {early, late}}) {
            const std::string page = print("html", findings);
            CHECK(occurrences(page, "<rect class=\"fill-high\"") == findings.size());
            CHECK(page.find("nan") == std::string::npos);
        }
    }
}

TEST_CASE("a report with very many findings stays readable")
{
    event::Finding finding = full_finding();
    std::vector<event::Finding> findings(1200, finding);
    const std::string page = print("html", findings);
    CHECK(occurrences(page, "<details class=\"finding") == 1000);
    CHECK(page.find("200 more of this level are not shown") != std::string::npos);
    CHECK(page.find("<b>1,200</b>") != std::string::npos);
}

} // namespace

} // namespace trawl::deliver
