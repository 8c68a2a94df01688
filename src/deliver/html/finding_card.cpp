#include "deliver/html/finding_card.h"

#include "deliver/finding_text.h"
#include "deliver/html/text.h"

namespace trawl::deliver::html {

namespace {

void append_fact(std::string& out, std::string_view name, const std::string& value)
{
    if (!value.empty()) {
        out += "<span><em>" + std::string(name) + "</em>" + text(value) + "</span>";
    }
}

void append_detail(std::string& out, std::string_view name, const std::string& value)
{
    if (!value.empty()) {
        out += "<div><dt>" + std::string(name) + "</dt><dd>" + text(value) + "</dd></div>";
    }
}

void append_chips(std::string& out, std::string_view name, const std::vector<std::string>& values)
{
    if (values.empty()) {
        return;
    }
    out += "<div><dt>" + std::string(name) + "</dt><dd>";
    for (const std::string& value : values) {
        out += "<span class=\"chip\">" + text(value) + "</span>";
    }
    out += "</dd></div>";
}

void append_summary(std::string& out, const event::Finding& finding, Accounts accounts)
{
    out += "<summary><div><h3>" + text(finding.title.empty() ? finding.rule_id : finding.title) + "</h3>";
    if (!finding.message.empty()) {
        out += "<p class=\"said\">" + text(message_for_people(finding)) + "</p>";
    }
    out += "<div class=\"facts\">";
    append_fact(out, "who", short_principal(finding.principal, finding.account));
    append_fact(out, "from", finding.source_ip);
    append_fact(out, "region", finding.region);
    if (accounts == Accounts::several) {
        append_fact(out, "account", finding.account);
    }
    out += "</div></div><div class=\"when\">";
    if (finding.has_time) {
        const std::string time = time_for_people(finding.first_seen, true);
        out += "<b>" + time.substr(0, 10) + "</b>" + time.substr(11) + " ";
    }
    out += "<span class=\"times\">"
        + (finding.count > 1 ? "· " + with_commas(finding.count) + " events" : std::string("· 1 event"))
        + "</span></div></summary>\n";
}

void append_events(std::string& out, const event::Finding& finding)
{
    if (finding.events.empty()) {
        return;
    }
    out += "<h4>Events";
    if (finding.count > finding.events.size()) {
        out += " (" + std::to_string(finding.events.size()) + " of " + with_commas(finding.count) + ")";
    }
    out += "</h4><div class=\"scroll\"><table class=\"events\"><thead><tr><th>Time (UTC)</th><th>What</th><th>Where it "
           "is written</th></tr></thead><tbody>\n";
    for (const event::FindingEvent& event : finding.events) {
        out += "<tr><td class=\"time\">" + time_for_people(event.timestamp, event.has_timestamp) + "</td><td>"
            + text(event.summary);
        if (!event.event_id.empty()) {
            out += "<small>" + text(event.event_id) + "</small>";
        }
        out += "</td><td><small>" + text(event.source) + " record " + std::to_string(event.record)
            + "</small></td></tr>\n";
    }
    out += "</tbody></table></div>\n";
}

} // namespace

std::string finding_card(const event::Finding& finding, Accounts accounts)
{
    const std::string level(event::level_name(finding.level));
    std::string out = "<details class=\"finding " + level + "\" id=\"" + text(finding.finding_id) + "\" data-level=\""
        + level + "\">";
    append_summary(out, finding, accounts);
    out += "<div class=\"body\">\n";
    if (!finding.response.empty()) {
        out += "<div class=\"check\"><h4>Check first</h4><p>" + text(finding.response) + "</p></div>\n";
    }
    if (!finding.description.empty()) {
        out += "<h4>Why this matters</h4><p>" + text(finding.description) + "</p>\n";
    }
    out += "<h4>Details</h4><dl class=\"details\">";
    append_detail(out, "Principal", finding.principal);
    append_detail(out, "Source address", finding.source_ip);
    append_detail(out, "Resource", finding.resource);
    append_detail(out, "Account", finding.account);
    append_detail(out, "Region", finding.region);
    if (finding.has_time && finding.last_seen != finding.first_seen) {
        append_detail(out, "First and last seen",
            time_for_people(finding.first_seen, true) + " – " + time_for_people(finding.last_seen, true));
    }
    append_chips(out, "Technique", finding.techniques);
    append_chips(out, "MITRE ATT&amp;CK", finding.mitre);
    append_detail(out, "Rule", finding.rule_id);
    append_detail(out, "Rule by", finding.author);
    append_detail(out, "Finding", finding.finding_id);
    out += "</dl>\n";
    append_events(out, finding);
    return out + "</div></details>\n";
}

} // namespace trawl::deliver::html
