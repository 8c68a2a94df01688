// OCSF 1.3.0 Detection Finding (class 2004), an object a line: https://schema.ocsf.io/1.3.0/classes/detection_finding
#include "base/text.h"
#include "deliver/finding_format.h"
#include "deliver/json_writer.h"

namespace trawl::deliver::findings::ocsf {

namespace {

// severity_id: 1 Informational … 5 Critical, in the order of our levels.
std::string severity_name(event::Level level)
{
    std::string name(event::level_name(level));
    name.front() = static_cast<char>(name.front() - ('a' - 'A'));
    return name;
}

std::int64_t milliseconds(base::Time time)
{
    return time / 1000;
}

class OcsfFindings final : public FindingSink {
public:
    OcsfFindings(Output& output, std::string version) : output_(output), version_(std::move(version)) {}

    base::Result<void> finding(const event::Finding& finding) override
    {
        line_.clear();
        JsonWriter json(line_);
        json.open_object();
        json.number("class_uid", 2004);
        json.text("class_name", "Detection Finding");
        json.number("category_uid", 2);
        json.text("category_name", "Findings");
        json.number("activity_id", 1);
        json.text("activity_name", "Create");
        json.number("type_uid", 200401);
        json.text("type_name", "Detection Finding: Create");
        json.number("severity_id", static_cast<std::uint64_t>(finding.level) + 1);
        json.text("severity", severity_name(finding.level));
        json.number("status_id", 1);
        json.text("status", "New");
        // Required; a finding without any time has none that could be made up.
        json.integer("time", finding.has_time ? milliseconds(finding.last_seen) : 0);
        if (finding.has_time) {
            json.integer("start_time", milliseconds(finding.first_seen));
            json.integer("end_time", milliseconds(finding.last_seen));
        }
        json.number("count", finding.count);
        json.text("message", finding.message);
        write_metadata(json, finding);
        write_finding_info(json, finding);
        write_cloud(json, finding);
        write_evidence(json, finding);
        if (!finding.response.empty()) {
            json.open_object("remediation");
            json.text("desc", finding.response);
            json.close_object();
        }
        json.close_object();
        line_ += '\n';
        return output_.write(line_);
    }

    base::Result<void> finish(const RunReport&) override { return {}; }

private:
    void write_metadata(JsonWriter& json, const event::Finding& finding) const
    {
        json.open_object("metadata");
        json.text("version", "1.3.0");
        json.text("uid", finding.finding_id);
        json.open_object("product");
        json.text("name", "trawl");
        json.text("vendor_name", "trawl");
        json.text("version", version_);
        json.close_object();
        json.open_array("profiles");
        json.element("cloud");
        json.close_array();
        json.close_object();
    }

    static void write_finding_info(JsonWriter& json, const event::Finding& finding)
    {
        json.open_object("finding_info");
        json.text("uid", finding.finding_id);
        json.text("title", finding.title.empty() ? finding.rule_id : finding.title);
        json.text("desc", finding.description);
        if (finding.has_time) {
            json.integer("first_seen_time", milliseconds(finding.first_seen));
            json.integer("last_seen_time", milliseconds(finding.last_seen));
        }
        json.open_array("types");
        for (const std::string& technique : finding.techniques) {
            json.element(technique);
        }
        json.close_array();
        json.open_object("analytic");
        json.text("uid", finding.rule_id);
        json.text("name", finding.title);
        json.number("type_id", 1);
        json.text("type", "Rule");
        json.close_object();
        json.open_array("attacks");
        for (const std::string& attack : finding.mitre) {
            const std::size_t dot = attack.find('.');
            json.open_object();
            json.open_object("technique");
            json.text("uid", std::string_view(attack).substr(0, dot));
            json.close_object();
            if (dot != std::string::npos) {
                json.open_object("sub_technique");
                json.text("uid", attack);
                json.close_object();
            }
            json.close_object();
        }
        json.close_array();
        json.open_array("related_events");
        for (const event::FindingEvent& event : finding.events) {
            json.open_object();
            json.text(
                "uid", event.event_id.empty() ? event.source + "#" + std::to_string(event.record) : event.event_id);
            json.text("desc", event.summary);
            if (event.has_timestamp) {
                json.integer("first_seen_time", milliseconds(event.timestamp));
            }
            json.close_object();
        }
        json.close_array();
        json.close_object();
    }

    static void write_cloud(JsonWriter& json, const event::Finding& finding)
    {
        json.open_object("cloud");
        json.text("provider", "AWS");
        json.text("region", finding.region);
        if (!finding.account.empty()) {
            json.open_object("account");
            json.text("uid", finding.account);
            json.number("type_id", 10);
            json.text("type", "AWS Account");
            json.close_object();
        }
        json.close_object();
        if (!finding.resource.empty()) {
            json.open_array("resources");
            json.open_object();
            json.text("uid", finding.resource);
            json.close_object();
            json.close_array();
        }
    }

    static void write_evidence(JsonWriter& json, const event::Finding& finding)
    {
        if (finding.principal.empty() && finding.source_ip.empty()) {
            return;
        }
        json.open_array("evidences");
        json.open_object();
        if (!finding.principal.empty()) {
            json.open_object("actor");
            json.open_object("user");
            json.text("uid", finding.principal);
            json.close_object();
            json.close_object();
        }
        if (!finding.source_ip.empty()) {
            json.open_object("src_endpoint");
            // An AWS service stands there under its name.
            const bool is_name = finding.source_ip.ends_with(".amazonaws.com");
            json.text(is_name ? "svc_name" : "ip", finding.source_ip);
            json.close_object();
        }
        json.close_object();
        json.close_array();
    }

    Output& output_; // Outlives the sink.
    std::string version_;
    std::string line_;
};

} // namespace

const FindingFormat& format()
{
    static const FindingFormat ocsf {
        "ocsf", "OCSF Detection Finding (class 2004), an object a line", [](const FindingSinkOptions& options) {
            return std::unique_ptr<FindingSink>(std::make_unique<OcsfFindings>(options.output, options.version));
        }};
    return ocsf;
}

} // namespace trawl::deliver::findings::ocsf
