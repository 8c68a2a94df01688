#include <algorithm>

#include "app/coverage/coverage.h"
#include "base/text.h"
#include "deliver/html/heat_map.h"
#include "ingest/kinds/log_kind.h"

namespace trawl::app {

namespace {

constexpr std::size_t shown_holes = 20;

std::vector<const ingest::LogKind*> kinds_by_number()
{
    std::vector<const ingest::LogKind*> kinds = ingest::kind_table();
    std::sort(kinds.begin(), kinds.end(),
        [](const ingest::LogKind* a, const ingest::LogKind* b) { return a->number < b->number; });
    return kinds;
}

std::string padded(std::string_view text, std::size_t width)
{
    std::string out(text.substr(0, width));
    out.resize(std::max(width, out.size()), ' ');
    return out;
}

std::string counted(std::size_t count, std::string_view one, std::string_view many)
{
    return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

std::size_t blind_count(const Coverage& coverage, std::string_view kind)
{
    return static_cast<std::size_t>(std::count_if(coverage.blind.begin(), coverage.blind.end(),
        [kind](const BlindDetection& detection) { return detection.kind == kind; }));
}

void append_texts(std::string& out, const std::set<std::string>& texts)
{
    out += '[';
    bool first = true;
    for (const std::string& text : texts) {
        out += first ? "" : ",";
        first = false;
        base::append_json_string(out, text);
    }
    out += ']';
}

std::string escaped_html(std::string_view text)
{
    std::string out;
    for (const char c : base::sanitize_utf8(text)) {
        switch (c) {
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '&': out += "&amp;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        default: out += c; break;
        }
    }
    return out;
}

using deliver::html::HeatScale;
using deliver::html::hour_text;

HeatScale scale_of(const Coverage& coverage, std::int64_t most_cells)
{
    std::vector<const deliver::html::HourCounts*> rows;
    rows.reserve(coverage.kinds.size());
    for (const auto& [id, kind] : coverage.kinds) {
        rows.push_back(&kind.hours);
    }
    return {rows, most_cells};
}

// Two of the 25 kinds that AWS names are one log: CloudFront's access logs.
std::size_t numbers_of(std::string_view kind)
{
    return kind == "cloudfront" ? 2 : 1;
}

} // namespace

std::string coverage_json(const Coverage& coverage)
{
    std::string out = "{\"kinds\":[";
    bool first = true;
    for (const ingest::LogKind* const kind : kinds_by_number()) {
        const KindCoverage& there = coverage.kinds.at(std::string(kind->id));
        out += first ? "{\"kind\":" : ",{\"kind\":";
        first = false;
        base::append_json_string(out, kind->id);
        out += ",\"title\":";
        base::append_json_string(out, kind->title);
        out += ",\"events\":" + std::to_string(there.events) + ",\"accounts\":";
        append_texts(out, there.accounts);
        out += ",\"regions\":";
        append_texts(out, there.regions);
        if (!there.hours.empty()) {
            out += ",\"first\":\"" + hour_text(there.hours.begin()->first) + "\",\"last\":\""
                + hour_text(there.hours.rbegin()->first) + "\"";
        }
        out += ",\"hours\":[";
        bool first_hour = true;
        for (const auto& [hour, count] : there.hours) {
            out += first_hour ? "[\"" : ",[\"";
            first_hour = false;
            out += hour_text(hour) + "\"," + std::to_string(count) + "]";
        }
        out += "],\"blind_detections\":" + std::to_string(blind_count(coverage, kind->id)) + ",\"switch_on\":";
        base::append_json_string(out, kind->switch_on);
        out += '}';
    }
    out += "],\"holes\":[";
    first = true;
    for (const Hole& hole : coverage.holes) {
        out += first ? "{\"kind\":" : ",{\"kind\":";
        first = false;
        base::append_json_string(out, hole.kind);
        out += ",\"account\":";
        base::append_json_string(out, hole.account);
        out += ",\"region\":";
        base::append_json_string(out, hole.region);
        out += ",\"from\":\"" + hour_text(hole.first_hour) + "\",\"hours\":" + std::to_string(hole.hours) + "}";
    }
    out += "],\"blind\":[";
    first = true;
    for (const BlindDetection& detection : coverage.blind) {
        out += first ? "{\"rule_id\":" : ",{\"rule_id\":";
        first = false;
        base::append_json_string(out, detection.rule_id);
        out += ",\"title\":";
        base::append_json_string(out, detection.title);
        out += ",\"kind\":";
        base::append_json_string(out, detection.kind);
        out += '}';
    }
    return out + "]}\n";
}

std::string coverage_text(const Coverage& coverage, bool colour)
{
    const std::string_view dim = colour ? "\033[2m" : "";
    const std::string_view good = colour ? "\033[32m" : "";
    const std::string_view reset = colour ? "\033[0m" : "";
    constexpr std::int64_t strip_cells = 24;
    const HeatScale scale = scale_of(coverage, strip_cells);
    std::string out
        = padded("KIND", 22) + padded("EVENTS", 10) + padded("ACCOUNTS", 10) + padded("REGIONS", 9) + "WHEN\n";
    std::size_t present = 0;
    std::size_t all = 0;
    for (const ingest::LogKind* const kind : kinds_by_number()) {
        const KindCoverage& there = coverage.kinds.at(std::string(kind->id));
        present += there.events > 0 ? numbers_of(kind->id) : 0;
        all += numbers_of(kind->id);
        out += there.events > 0 ? good : dim;
        out += padded(kind->id, 22) + padded(there.events > 0 ? std::to_string(there.events) : "-", 10)
            + padded(there.accounts.empty() ? "-" : std::to_string(there.accounts.size()), 10)
            + padded(there.regions.empty() ? "-" : std::to_string(there.regions.size()), 9);
        out += reset;
        if (!there.hours.empty()) {
            for (const std::uint64_t count : scale.cells(there.hours)) {
                out += count > 0 ? "#" : ".";
            }
        }
        out += '\n';
    }
    if (!scale.is_empty()) {
        out += "\nFrom " + hour_text(scale.first_hour()) + " to " + hour_text(scale.behind_last_hour())
            + "; a mark of WHEN is " + counted(static_cast<std::size_t>(scale.hours_of_a_cell()), "hour", "hours")
            + ".\n";
    }
    out += counted(present, "kind", "kinds") + " of " + std::to_string(all) + " present, "
        + counted(coverage.holes.size(), "hole", "holes") + ", "
        + counted(coverage.blind.size(), "detection", "detections") + " blind.\n";
    for (std::size_t i = 0; i < std::min(coverage.holes.size(), shown_holes); ++i) {
        const Hole& hole = coverage.holes[i];
        out += "  hole: " + hole.kind + " " + (hole.account.empty() ? "-" : hole.account) + " "
            + (hole.region.empty() ? "-" : hole.region) + " has nothing for "
            + counted(static_cast<std::size_t>(hole.hours), "hour", "hours") + " from " + hour_text(hole.first_hour)
            + "\n";
    }
    if (coverage.holes.size() > shown_holes) {
        out += "  … and " + std::to_string(coverage.holes.size() - shown_holes)
            + " more; --format json lists them all\n";
    }
    for (const ingest::LogKind* const kind : kinds_by_number()) {
        const std::size_t blind = blind_count(coverage, kind->id);
        if (blind > 0) {
            out += "\n" + counted(blind, "detection is", "detections are") + " blind without " + std::string(kind->id)
                + ":\n";
            for (const BlindDetection& detection : coverage.blind) {
                if (detection.kind == kind->id) {
                    out += "  " + base::sanitize_utf8(detection.title) + "\n";
                }
            }
            out += "  switch it on: " + std::string(kind->switch_on) + "\n";
        }
    }
    return out;
}

std::string coverage_html(const Coverage& coverage)
{
    constexpr std::int64_t most_cells = 168;
    const HeatScale scale = scale_of(coverage, most_cells);
    std::string out
        = R"(<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>trawl coverage</title><style>
:root{color-scheme:light dark;--ink:#1c2430;--dim:#667085;--paper:#fff;--line:#e3e7ee;--heat-none:#eef1f5;--heat:16,122,87}
@media(prefers-color-scheme:dark){:root{--ink:#e6eaf0;--dim:#93a0b4;--paper:#12161d;--line:#29303b;--heat-none:#1d232d;--heat:52,199,142}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);margin:2rem auto;max-width:1200px;padding:0 1.25rem}
h1{font-size:1.6rem;margin:0}h2{font-size:1.15rem;margin:2rem 0 .5rem}p{color:var(--dim);margin:.25rem 0 1rem}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top;white-space:nowrap}
th{color:var(--dim);font-weight:600;font-size:.85rem}td.n{text-align:right;font-variant-numeric:tabular-nums}td.off{color:var(--dim)}td.wide{white-space:normal}
code{font:13px ui-monospace,monospace;background:var(--heat-none);padding:.1rem .3rem;border-radius:4px;white-space:normal}
)";
    out += deliver::html::heat_style();
    out += "</style></head><body><h1>What the logs cover</h1>";
    if (!scale.is_empty()) {
        out += "<p>" + hour_text(scale.first_hour()) + " to " + hour_text(scale.behind_last_hour()) + "; a cell is "
            + counted(static_cast<std::size_t>(scale.hours_of_a_cell()), "hour", "hours")
            + ", the darker the more events.</p>";
    }
    out += "<table><thead><tr><th>Kind</th><th>Events</th><th>Accounts</th><th>Regions</th><th>Hours</th></tr></"
           "thead><tbody>";
    for (const ingest::LogKind* const kind : kinds_by_number()) {
        const KindCoverage& there = coverage.kinds.at(std::string(kind->id));
        const std::string_view off = there.events == 0 ? " class=\"off\"" : "";
        out += "<tr><td" + std::string(off) + " title=\"" + escaped_html(kind->title) + "\">" + escaped_html(kind->id)
            + "</td><td class=\"n\">" + std::to_string(there.events) + "</td><td class=\"n\">"
            + std::to_string(there.accounts.size()) + "</td><td class=\"n\">" + std::to_string(there.regions.size())
            + "</td><td>" + deliver::html::heat_strip(scale, there.hours) + "</td></tr>";
    }
    out += "</tbody></table><h2>" + counted(coverage.holes.size(), "hole", "holes") + "</h2>";
    if (!coverage.holes.empty()) {
        out += "<table><thead><tr><th>Kind</th><th>Account</th><th>Region</th><th>From</th><th>Hours</th></tr></"
               "thead><tbody>";
        for (const Hole& hole : coverage.holes) {
            out += "<tr><td>" + escaped_html(hole.kind) + "</td><td>" + escaped_html(hole.account) + "</td><td>"
                + escaped_html(hole.region) + "</td><td>" + hour_text(hole.first_hour) + "</td><td class=\"n\">"
                + std::to_string(hole.hours) + "</td></tr>";
        }
        out += "</tbody></table>";
    }
    out += "<h2>" + counted(coverage.blind.size(), "blind detection", "blind detections") + "</h2>";
    for (const ingest::LogKind* const kind : kinds_by_number()) {
        if (blind_count(coverage, kind->id) == 0) {
            continue;
        }
        out += "<h3>" + escaped_html(kind->title) + "</h3><p>Switch it on: <code>" + escaped_html(kind->switch_on)
            + "</code></p><ul>";
        for (const BlindDetection& detection : coverage.blind) {
            if (detection.kind == kind->id) {
                out += "<li>" + escaped_html(detection.title) + "</li>";
            }
        }
        out += "</ul>";
    }
    return out + "</body></html>\n";
}

} // namespace trawl::app
