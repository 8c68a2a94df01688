// SARIF 2.1.0 (OASIS, sarif-v2.1.0-os). Results are streamed; the rules that they name follow, since which ones occur is
// known at the end.
#include <map>

#include "base/text.h"
#include "deliver/finding_format.h"
#include "deliver/finding_text.h"
#include "deliver/json_writer.h"

namespace trawl::deliver::findings::sarif {

namespace {

std::string_view sarif_level(event::Level level)
{
    switch (level) {
    case event::Level::critical:
    case event::Level::high: return "error";
    case event::Level::medium: return "warning";
    case event::Level::low:
    case event::Level::informational: return "note";
    }
    return "note";
}

// What code scanning sorts by (0.1–3.9 low, 4.0–6.9 medium, 7.0–8.9 high, from 9.0 critical).
std::string_view security_severity(event::Level level)
{
    switch (level) {
    case event::Level::critical: return "9.5";
    case event::Level::high: return "8.0";
    case event::Level::medium: return "5.5";
    case event::Level::low: return "3.0";
    case event::Level::informational: return "0.0";
    }
    return "0.0";
}

// A path as a URI reference: everything but unreserved characters and "/" is percent-encoded (RFC 3986).
std::string uri_of(std::string_view path)
{
    std::string out = path.starts_with('/') ? "file://" : "";
    for (const char c : path) {
        const bool kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'
            || c == '.' || c == '_' || c == '~' || c == '/';
        if (kept) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += "0123456789ABCDEF"[byte >> 4U];
        out += "0123456789ABCDEF"[byte & 0xFU];
    }
    return out;
}

struct RuleEntry {
    std::size_t index = 0;
    std::string json;
};

class SarifFindings final : public FindingSink {
public:
    SarifFindings(Output& output, std::string version) : output_(output), version_(std::move(version))
    {
        pending_ = "{\"$schema\":\"https://json.schemastore.org/"
                   "sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\"results\":[";
    }

    base::Result<void> finding(const event::Finding& finding) override
    {
        const std::size_t index = rule_index(finding);
        line_ = first_ ? "\n" : ",\n";
        first_ = false;
        JsonWriter json(line_);
        json.open_object();
        json.text("ruleId", finding.rule_id);
        json.number("ruleIndex", index);
        json.text("level", sarif_level(finding.level));
        json.open_object("message");
        json.text("text", finding.message.empty() ? title_of(finding) : finding.message);
        json.close_object();
        write_locations(json, finding);
        json.open_object("partialFingerprints");
        json.text("trawlFindingId/v1", finding.finding_id);
        json.close_object();
        json.number("occurrenceCount", std::max<std::uint64_t>(1, finding.count));
        json.open_object("properties");
        json.text("level", event::level_name(finding.level));
        if (finding.has_time) {
            json.text("first_seen", base::format_time(finding.first_seen));
            json.text("last_seen", base::format_time(finding.last_seen));
        }
        json.text("account", finding.account);
        json.text("region", finding.region);
        json.text("principal", finding.principal);
        json.text("source_ip", finding.source_ip);
        json.text("resource", finding.resource);
        json.text("response", finding.response);
        json.close_object();
        json.close_object();
        TRY_VOID(start());
        return output_.write(line_);
    }

    base::Result<void> finish(const RunReport& report) override
    {
        TRY_VOID(start());
        line_ = "\n],\"tool\":{\"driver\":{";
        JsonWriter json(line_);
        json.text("name", "trawl");
        json.text("semanticVersion", version_);
        json.open_array("rules");
        std::vector<std::string_view> in_order(rules_.size());
        for (const auto& [id, rule] : rules_) {
            in_order[rule.index] = rule.json;
        }
        for (std::size_t i = 0; i < in_order.size(); ++i) {
            line_ += i > 0 ? ",\n" : "\n";
            line_ += in_order[i];
        }
        line_ += "]}}";
        write_invocation(json, report);
        line_ += "}]}\n";
        return output_.write(line_);
    }

private:
    static std::string_view title_of(const event::Finding& finding)
    {
        return finding.title.empty() ? std::string_view(finding.rule_id) : std::string_view(finding.title);
    }

    base::Result<void> start() { return output_.write(std::exchange(pending_, std::string())); }

    std::size_t rule_index(const event::Finding& finding)
    {
        const auto [entry, added] = rules_.try_emplace(finding.rule_id);
        if (added) {
            entry->second.index = rules_.size() - 1;
            JsonWriter json(entry->second.json);
            json.open_object();
            json.text("id", finding.rule_id);
            json.open_object("shortDescription");
            json.text("text", title_of(finding));
            json.close_object();
            if (!finding.description.empty()) {
                json.open_object("fullDescription");
                json.text("text", finding.description);
                json.close_object();
            }
            if (!finding.response.empty()) {
                json.open_object("help");
                json.text("text", finding.response);
                json.close_object();
            }
            json.open_object("defaultConfiguration");
            json.text("level", sarif_level(finding.level));
            json.close_object();
            json.open_object("properties");
            json.text("security-severity", security_severity(finding.level));
            json.open_array("tags");
            json.element("security");
            for (const std::string& technique : finding.techniques) {
                json.element(technique);
            }
            for (const std::string& attack : finding.mitre) {
                json.element("attack." + base::to_lower_ascii(attack));
            }
            json.close_array();
            json.close_object();
            json.close_object();
        }
        return entry->second.index;
    }

    static void write_locations(JsonWriter& json, const event::Finding& finding)
    {
        json.open_array("locations");
        for (const event::FindingEvent& event : finding.events) {
            json.open_object();
            json.open_object("physicalLocation");
            json.open_object("artifactLocation");
            json.text("uri", uri_of(event.source));
            json.close_object();
            json.close_object();
            json.open_array("logicalLocations");
            json.open_object();
            json.text("name", "record " + std::to_string(event.record));
            json.text("fullyQualifiedName", event.event_id);
            json.text("kind", "record");
            json.close_object();
            json.close_array();
            if (!event.summary.empty()) {
                json.open_object("message");
                json.text("text", event.summary);
                json.close_object();
            }
            json.close_object();
        }
        json.close_array();
    }

    void write_invocation(JsonWriter& json, const RunReport& report)
    {
        json.open_array("invocations");
        json.open_object();
        json.boolean("executionSuccessful", true);
        json.open_array("toolExecutionNotifications");
        for (const Problem& problem : report.problems) {
            json.open_object();
            json.text("level", "error");
            json.open_object("descriptor");
            json.text("id", problem.code);
            json.close_object();
            json.open_object("message");
            json.text("text",
                problem.record == 0 ? problem.reason
                                    : "record " + std::to_string(problem.record) + ": " + problem.reason);
            json.close_object();
            json.open_array("locations");
            json.open_object();
            json.open_object("physicalLocation");
            json.open_object("artifactLocation");
            json.text("uri", uri_of(problem.source));
            json.close_object();
            json.close_object();
            json.close_object();
            json.close_array();
            json.close_object();
        }
        json.close_array();
        json.close_object();
        json.close_array();
    }

    Output& output_; // Outlives the sink.
    std::string version_;
    std::string pending_;
    std::string line_;
    bool first_ = true;
    std::map<std::string, RuleEntry> rules_; // As many as there are rules.
};

} // namespace

const FindingFormat& format()
{
    static const FindingFormat sarif {"sarif", "SARIF 2.1.0, for code scanning", [](const FindingSinkOptions& options) {
                                          return std::unique_ptr<FindingSink>(
                                              std::make_unique<SarifFindings>(options.output, options.version));
                                      }};
    return sarif;
}

} // namespace trawl::deliver::findings::sarif
