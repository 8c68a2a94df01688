#pragma once

#include <algorithm>
#include <string>

#include "deliver/finding_format.h"

namespace trawl::deliver::testing {

// A finding with everything that a finding can have.
inline event::Finding full_finding()
{
    event::Finding finding;
    finding.finding_id = "f-1";
    finding.rule_id = "11111111-1111-4111-8111-111111111111";
    finding.title = "Administrator policy attached";
    finding.author = "Example Corp";
    finding.level = event::Level::high;
    finding.techniques = {"principal-usage", "suspicious-api-calls"};
    finding.mitre = {"T1098.003", "T1078"};
    finding.first_seen = *base::parse_time("2026-03-05T01:52:10Z");
    finding.last_seen = *base::parse_time("2026-03-05T01:55:00.5Z");
    finding.has_time = true;
    finding.count = 12;
    finding.account = "111122223333";
    finding.region = "us-east-1";
    finding.principal = "arn:aws:iam::111122223333:user/legacy-backup";
    finding.source_ip = "203.0.113.66";
    finding.resource = "arn:aws:iam::111122223333:user/support";
    finding.message = "legacy-backup gave AdministratorAccess to support";
    finding.response = "Ask who made the change.";
    finding.description = "Administrators can do everything.";
    finding.events.push_back({"logs/a b.json.gz", 7, "00000000-0000-4000-8000-000000000001", finding.first_seen, true,
        "AttachUserPolicy from 203.0.113.66"});
    return finding;
}

// A finding with what it must have, and nothing else.
inline event::Finding bare_finding()
{
    event::Finding finding;
    finding.finding_id = "f-2";
    finding.rule_id = "r-2";
    finding.count = 1;
    return finding;
}

inline std::string print(std::string_view format, const std::vector<event::Finding>& findings,
    const RunReport& report = {}, TableStyle style = {})
{
    std::string text;
    Output output = Output::into(text);
    const auto& table = finding_format_table();
    const auto found = std::ranges::find(table, format, &FindingFormat::name);
    const auto sink = (*found)->make({output, style, "1.2.3"});
    for (const event::Finding& finding : findings) {
        if (!sink->finding(finding)) {
            return "finding() failed";
        }
    }
    return sink->finish(report) ? text : "finish() failed";
}

} // namespace trawl::deliver::testing
