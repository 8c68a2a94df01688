#include "deliver/html/report_page.h"

#include <algorithm>

#include <fmt/format.h>

#include "deliver/finding_text.h"
#include "deliver/html/finding_card.h"
#include "deliver/html/heat_map.h"
#include "deliver/html/page_parts.h"
#include "deliver/html/text.h"
#include "deliver/html/timeline.h"

namespace trawl::deliver::html {

namespace {

constexpr std::size_t most_ranked = 6;
constexpr std::size_t most_paths = 4;
constexpr std::size_t most_accounts = 5;

// The gravest first.
constexpr std::array<event::Level, level_count> levels {
    event::Level::critical, event::Level::high, event::Level::medium, event::Level::low, event::Level::informational};

std::string capital(std::string_view word)
{
    std::string out(word);
    if (!out.empty() && out.front() >= 'a' && out.front() <= 'z') {
        out.front() = static_cast<char>(out.front() - ('a' - 'A'));
    }
    return out;
}

std::string counted(std::uint64_t count, std::string_view noun)
{
    return with_commas(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

// What a reader wants to know first.
std::string headline(const ReportData& data)
{
    if (data.total() == 0) {
        return "Nothing was found";
    }
    const std::uint64_t critical = data.count(event::Level::critical);
    const std::uint64_t high = data.count(event::Level::high);
    if (critical + high == 0) {
        return counted(data.total(), "finding") + ", none of them grave";
    }
    std::string grave = critical > 0 ? with_commas(critical) + " critical" : "";
    grave += critical > 0 && high > 0 ? " and " : "";
    grave += high > 0 ? with_commas(high) + " high" : "";
    const std::uint64_t others = data.total() - critical - high;
    return grave + (critical + high == 1 ? " finding" : " findings")
        + (others > 0 ? ", and " + with_commas(others) + (others == 1 ? " lesser one" : " lesser ones") : "");
}

std::string head(const ReportData& data)
{
    std::string out = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                      "'unsafe-inline'; script-src ";
    out += script_source(report_script());
    out += "; base-uri 'none'; form-action 'none'\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<title>";
    out += text(headline(data)) + " – trawl</title>\n<style>";
    out += report_style();
    out += heat_style();
    return out + "</style>\n</head>\n<body>\n";
}

void append_about(std::string& out, std::string_view name, const std::string& value)
{
    if (!value.empty()) {
        out += "<div><dt>" + std::string(name) + "</dt><dd>" + text(value) + "</dd></div>";
    }
}

std::string masthead(const ReportData& data, const RunReport& report)
{
    std::string out
        = "<header class=\"masthead\"><div>\n<div class=\"brand\">"
          "<svg viewBox=\"0 0 24 24\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.7\" aria-hidden=\"true\">"
          "<path d=\"M3 5c0 9 4 14 9 14s9-5 9-14M3 5h18M7.5 5c0 7 2 11.500 4.500 13.800M16.500 5c0 7-2 11.500-4.500 "
          "13.800M12 5v14M4.200 11h15.600\"/></svg>trawl</div>\n<h1>";
    out += text(headline(data)) + "</h1>\n<dl class=\"about\">";
    std::string paths;
    for (std::size_t i = 0; i < std::min(report.paths.size(), most_paths); ++i) {
        paths += (i > 0 ? ", " : "") + report.paths[i];
    }
    if (report.paths.size() > most_paths) {
        paths += fmt::format(" and {} more", report.paths.size() - most_paths);
    }
    append_about(out, "Logs", paths);
    if (data.has_time()) {
        append_about(out, "Findings from",
            time_for_people(data.first_seen(), true) + " to " + time_for_people(data.last_seen(), true) + " UTC");
    }
    std::string accounts;
    std::size_t named = 0;
    for (const std::string& account : data.accounts()) {
        if (named == most_accounts) {
            accounts += fmt::format(" and {} more", data.accounts().size() - named);
            break;
        }
        accounts += (named++ == 0 ? "" : ", ") + account;
    }
    append_about(out, data.accounts().size() == 1 ? "Account" : "Accounts", accounts);
    append_about(out, "Events", with_commas(report.events) + " in " + counted(report.objects, "object"));
    return out + "</dl>\n</div></header>\n";
}

std::string level_tiles(const ReportData& data)
{
    std::string out = "<ul class=\"levels\" aria-label=\"Findings by level\">\n";
    for (const event::Level level : levels) {
        const std::string name(event::level_name(level));
        out += "<li class=\"" + name + (data.count(level) == 0 ? " none" : "") + "\"><b>"
            + with_commas(data.count(level)) + "</b> <span>" + name + "</span></li>\n";
    }
    return out + "</ul>\n";
}

std::string timeline_panel(const ReportData& data)
{
    const std::string chart = timeline(data);
    if (chart.empty()) {
        return {};
    }
    std::string out
        = "<section class=\"panel\" aria-labelledby=\"when\"><header><h2 id=\"when\">When</h2><div class=\"legend\">";
    for (const event::Level level : levels) {
        if (data.count(level) > 0) {
            const std::string name(event::level_name(level));
            out += "<span class=\"" + name + "\"><i></i>" + name + "</span>";
        }
    }
    return out + "</div></header>\n<div class=\"scroll\">" + chart + "</div></section>\n";
}

// ATT&CK ids behind a technique's name.
std::string ids_of(const Tally& tally)
{
    std::string ids;
    for (const std::string& also : tally.also) {
        ids += " " + also;
    }
    return ids.empty() ? ids : "<span class=\"ids mono\">" + text(ids) + "</span>";
}

std::string rank_panel(
    std::string_view id, std::string_view title, const std::vector<Ranked>& ranked, const std::string& account)
{
    std::string out = "<section class=\"panel\" aria-labelledby=\"" + std::string(id) + "\"><header><h2 id=\""
        + std::string(id) + "\">" + std::string(title) + "</h2></header>\n";
    if (ranked.empty()) {
        return out + "<p class=\"more\">The findings do not say.</p></section>\n";
    }
    std::uint64_t highest = 1;
    for (const Ranked& entry : ranked) {
        highest = std::max(highest, entry.tally.findings);
    }
    out += "<ul class=\"rank\">\n";
    for (std::size_t i = 0; i < std::min(ranked.size(), most_ranked); ++i) {
        const Ranked& entry = ranked[i];
        const std::string level(event::level_name(entry.tally.gravest));
        const std::string shown = short_principal(entry.name, account);
        out += "<li><button type=\"button\" class=\"" + level + "\" data-filter=\"" + text(shown) + "\" title=\""
            + text(entry.name) + "\"><span class=\"dot\"></span><span class=\"name\">" + text(shown)
            + ids_of(entry.tally) + "</span><span class=\"count\">" + with_commas(entry.tally.findings)
            + "<span class=\"hidden\"> findings, the gravest " + level + "</span></span>";
        out += fmt::format("<span class=\"share\"><i style=\"width:{:.1f}%\"></i></span></button></li>\n",
            100.0 * static_cast<double>(entry.tally.findings) / static_cast<double>(highest));
    }
    out += "</ul>";
    if (ranked.size() > most_ranked) {
        out += "<p class=\"more\">and " + with_commas(ranked.size() - most_ranked) + " more</p>";
    }
    return out + "</section>\n";
}

std::string toolbar(const ReportData& data)
{
    std::string out
        = "<div class=\"toolbar\" role=\"search\"><label class=\"hidden\" for=\"filter\">Filter the findings</label>"
          "<input id=\"filter\" type=\"search\" placeholder=\"Filter: a name, an address, an event id …   /\" "
          "autocomplete=\"off\" spellcheck=\"false\">"
          "<div class=\"set\" role=\"group\" aria-label=\"Levels\">";
    for (const event::Level level : levels) {
        if (data.count(level) > 0) {
            const std::string name(event::level_name(level));
            out += "<button type=\"button\" class=\"" + name + "\" data-level=\"" + name + "\" aria-pressed=\"true\">"
                + capital(name) + "</button>";
        }
    }
    return out
        + "</div><button type=\"button\" id=\"unfold\" class=\"act\" aria-pressed=\"false\">Unfold all</button><output "
          "id=\"shown\" for=\"filter\"></output></div>\n";
}

std::string problems_panel(const RunReport& report)
{
    const std::uint64_t count = report.unreadable_objects + report.rejected;
    if (count == 0) {
        return "<section class=\"panel\" aria-labelledby=\"unread\"><header><h2 id=\"unread\">What could not be "
               "read</h2></header><p>Everything was read.</p></section>\n";
    }
    std::string out = "<section class=\"panel warn\" aria-labelledby=\"unread\"><header><h2 id=\"unread\">What could "
                      "not be read</h2><p>"
        + counted(report.unreadable_objects, "object") + ", " + counted(report.rejected, "record")
        + "</p></header>\n"
          "<div class=\"scroll\"><table><thead><tr><th>Where</th><th>Why</th><th>Code</th></tr></thead><tbody>\n";
    for (const Problem& problem : report.problems) {
        out += "<tr><td>" + text(problem.source)
            + (problem.record > 0 ? " record " + std::to_string(problem.record) : "") + "</td><td>"
            + text(problem.reason) + "</td><td class=\"mono\">" + text(problem.code) + "</td></tr>\n";
    }
    out += "</tbody></table></div>";
    if (count > report.problems.size()) {
        out += "<p class=\"more\">and " + with_commas(count - report.problems.size())
            + " more; the program's option --rejects keeps all records</p>";
    }
    return out + "</section>\n";
}

// What was read of each kind, and in which hours.
std::string kinds_table(const RunReport& report)
{
    if (report.kinds.empty()) {
        return {};
    }
    constexpr std::int64_t most_cells = 120;
    std::vector<const HourCounts*> rows;
    rows.reserve(report.kinds.size());
    for (const KindLine& kind : report.kinds) {
        rows.push_back(&kind.hours);
    }
    const HeatScale scale(rows, most_cells);
    std::string out = "<div class=\"scroll\"><table><thead><tr><th>Kind of log</th><th "
                      "class=\"number\">Records</th><th class=\"number\">Events</th><th class=\"number\">Rejected</th>";
    if (!scale.is_empty()) {
        out += fmt::format("<th>{} to {}: a cell is {}</th>", hour_text(scale.first_hour()),
            hour_text(scale.behind_last_hour()), counted(static_cast<std::uint64_t>(scale.hours_of_a_cell()), "hour"));
    }
    out += "</tr></thead><tbody>\n";
    for (const KindLine& kind : report.kinds) {
        out += "<tr><td>" + text(kind.kind) + "</td><td class=\"number\">" + with_commas(kind.records)
            + "</td><td class=\"number\">" + with_commas(kind.events) + "</td><td class=\"number\">"
            + with_commas(kind.rejected) + "</td>";
        if (!scale.is_empty()) {
            out += "<td class=\"heat\">" + heat_strip(scale, kind.hours) + "</td>";
        }
        out += "</tr>\n";
    }
    return out + "</tbody></table></div>";
}

std::string coverage_panel(const RunReport& report)
{
    std::string out = "<section class=\"panel\" aria-labelledby=\"coverage\"><header><h2 id=\"coverage\">What was "
                      "read</h2></header>\n<dl class=\"coverage\">";
    const auto fact = [&out](std::string_view name, const std::string& value) {
        out += "<div><dt>" + std::string(name) + "</dt><dd>" + value + "</dd></div>";
    };
    fact("Objects", with_commas(report.objects));
    fact("Records", with_commas(report.records));
    fact("Events", with_commas(report.events));
    fact("Copies left out", with_commas(report.duplicates));
    fact("Filtered", with_commas(report.filtered));
    fact("Rejected", with_commas(report.rejected));
    fact("Uncompressed", bytes_for_people(report.bytes));
    fact("Rules", with_commas(report.rules));
    out += "</dl>\n";
    return out + kinds_table(report) + "</section>\n";
}

base::Result<void> write_findings(Output& output, const ReportData& data)
{
    for (const event::Level level : levels) {
        const auto& findings = data.findings(level);
        if (findings.empty()) {
            continue;
        }
        const std::string name(event::level_name(level));
        TRY_VOID(
            output.write("<section class=\"level " + name + "\" aria-labelledby=\"level-" + name + "\"><h2 id=\"level-"
                + name + "\">" + capital(name) + " <span>" + with_commas(data.count(level)) + "</span></h2>\n"));
        for (const event::Finding& finding : findings) {
            TRY_VOID(
                output.write(finding_card(finding, data.accounts().size() > 1 ? Accounts::several : Accounts::one)));
        }
        if (data.count(level) > findings.size()) {
            TRY_VOID(output.write("<p class=\"more\">" + with_commas(data.count(level) - findings.size())
                + " more of this level are not shown; --format ndjson gives all of them.</p>\n"));
        }
        TRY_VOID(output.write("</section>\n"));
    }
    return {};
}

} // namespace

base::Result<void> write_page(
    Output& output, const ReportData& data, const RunReport& report, const std::string& version)
{
    TRY_VOID(output.write(head(data)));
    TRY_VOID(output.write(masthead(data, report) + "<main>\n" + level_tiles(data)));
    if (data.total() > 0) {
        const std::string account = data.accounts().size() == 1 ? *data.accounts().begin() : std::string();
        TRY_VOID(output.write(timeline_panel(data) + "<div class=\"ranks\">\n"
            + rank_panel("who", "Who", data.principals(), account)
            + rank_panel("from", "From where", data.addresses(), account)
            + rank_panel("how", "Technique", data.techniques(), account) + "</div>\n" + toolbar(data)));
        TRY_VOID(write_findings(output, data));
        TRY_VOID(output.write("<div class=\"panel nothing\" id=\"nothing-left\" hidden><b>No finding fits the "
                              "filter</b>Fewer words or more levels show more.</div>\n"));
    } else {
        TRY_VOID(output.write("<div class=\"panel nothing\"><b>No finding</b>"
            + text(counted(report.rules, "rule") + " looked at " + counted(report.events, "event")) + ".</div>\n"));
    }
    TRY_VOID(
        output.write("<div class=\"tail\">\n" + problems_panel(report) + coverage_panel(report) + "</div>\n</main>\n"));
    TRY_VOID(output.write("<footer>Made by trawl " + text(version)
        + ". All times are UTC. This page loads nothing: it can be kept, printed and sent on as it "
          "is.</footer>\n<script>"));
    TRY_VOID(output.write(report_script()));
    return output.write("</script>\n</body>\n</html>\n");
}

} // namespace trawl::deliver::html
