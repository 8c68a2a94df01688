// AWS Security Finding Format, as `aws securityhub batch-import-findings --findings file://…` takes it: one array.
// https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html
#include <algorithm>
#include <array>

#include "base/address.h"
#include "base/text.h"
#include "deliver/finding_format.h"
#include "deliver/finding_text.h"
#include "deliver/json_writer.h"

namespace trawl::deliver::findings::asff {

namespace {

// Of a finding that does not say: required members, with values that no account has.
constexpr std::string_view no_account = "000000000000";
constexpr std::string_view no_region = "us-east-1";
constexpr std::size_t longest_title = 256;
constexpr std::size_t longest_description = 1024;
constexpr std::size_t longest_recommendation = 512;

// Technique → type of finding: namespace/category.
constexpr std::array<std::pair<std::string_view, std::string_view>, 15> types {{
    {"unusual-resource-access", "TTPs/Credential Access"},
    {"failed-logins", "TTPs/Credential Access"},
    {"network-acl-change", "Software and Configuration Checks/AWS Security Best Practices"},
    {"suspicious-api-calls", "TTPs/Defense Evasion"},
    {"unusual-resource-activity", "Effects/Resource Consumption"},
    {"root-activity", "Unusual Behaviors/User"},
    {"cloudtrail-config-change", "TTPs/Defense Evasion"},
    {"sensitive-s3-access", "Effects/Data Exposure"},
    {"principal-usage", "TTPs/Privilege Escalation"},
    {"cloudformation-events", "TTPs/Execution"},
    {"elastic-ip-activity", "TTPs/Command and Control"},
    {"network-exposure", "Effects/Data Exposure"},
    {"tag-modification", "TTPs/Defense Evasion"},
    {"auto-scaling-volume", "Effects/Resource Consumption"},
    {"cloudfront-origin-access", "Effects/Data Exposure"},
}};

std::string type_of(const event::Finding& finding)
{
    if (finding.techniques.empty()) {
        return "TTPs";
    }
    const std::string& technique = finding.techniques.front();
    const auto found = std::ranges::find(types, technique, [](const auto& entry) { return entry.first; });
    return std::string(found == types.end() ? std::string_view("Unusual Behaviors") : found->second) + "/" + technique;
}

bool is_account(std::string_view text)
{
    return text.size() == 12 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// RFC 3339 with milliseconds, as Security Hub takes it.
std::string time_of(base::Time time)
{
    return base::format_time(time - time % 1000);
}

std::string_view severity_label(event::Level level)
{
    switch (level) {
    case event::Level::critical: return "CRITICAL";
    case event::Level::high: return "HIGH";
    case event::Level::medium: return "MEDIUM";
    case event::Level::low: return "LOW";
    case event::Level::informational: return "INFORMATIONAL";
    }
    return "INFORMATIONAL";
}

class AsffFindings final : public FindingSink {
public:
    AsffFindings(Output& output, std::string version) : output_(output), version_(std::move(version)) {}

    base::Result<void> finding(const event::Finding& finding) override
    {
        const std::string account(is_account(finding.account) ? std::string_view(finding.account) : no_account);
        const std::string region(finding.region.empty() ? no_region : std::string_view(finding.region));
        const std::string_view title = finding.title.empty() ? finding.rule_id : finding.title;
        line_ = first_ ? "[\n" : ",\n";
        first_ = false;
        JsonWriter json(line_);
        json.open_object();
        json.text("SchemaVersion", "2018-10-08");
        json.text("Id", finding.finding_id);
        json.text("ProductArn", "arn:aws:securityhub:" + region + ":" + account + ":product/" + account + "/default");
        json.text("ProductName", "trawl");
        json.text("GeneratorId", finding.rule_id);
        json.text("AwsAccountId", account);
        json.text("Region", region);
        json.open_array("Types");
        json.element(type_of(finding));
        json.close_array();
        json.text("CreatedAt", time_of(finding.has_time ? finding.first_seen : 0));
        json.text("UpdatedAt", time_of(finding.has_time ? finding.last_seen : 0));
        if (finding.has_time) {
            json.text("FirstObservedAt", time_of(finding.first_seen));
            json.text("LastObservedAt", time_of(finding.last_seen));
        }
        json.open_object("Severity");
        json.text("Label", severity_label(finding.level));
        json.text("Original", event::level_name(finding.level));
        json.close_object();
        json.text("Title", shortened(title, longest_title));
        json.text("Description",
            shortened(finding.message.empty() ? title : std::string_view(finding.message), longest_description));
        if (!finding.response.empty()) {
            json.open_object("Remediation");
            json.open_object("Recommendation");
            json.text("Text", shortened(finding.response, longest_recommendation));
            json.close_object();
            json.close_object();
        }
        write_source(json, finding);
        write_resources(json, finding, account, region);
        write_product_fields(json, finding);
        json.open_object("Workflow");
        json.text("Status", "NEW");
        json.close_object();
        json.text("RecordState", "ACTIVE");
        json.close_object();
        return output_.write(line_);
    }

    base::Result<void> finish(const RunReport&) override { return output_.write(first_ ? "[]\n" : "\n]\n"); }

private:
    static void write_source(JsonWriter& json, const event::Finding& finding)
    {
        const auto address = base::parse_address(finding.source_ip);
        if (address) {
            json.open_object("Network");
            json.text(address->is_v4() ? "SourceIpV4" : "SourceIpV6", finding.source_ip);
            json.close_object();
        }
    }

    // At least one is required: the resource, else the account.
    static void write_resources(
        JsonWriter& json, const event::Finding& finding, const std::string& account, const std::string& region)
    {
        json.open_array("Resources");
        json.open_object();
        json.text("Type", finding.resource.empty() ? "AwsAccount" : "Other");
        json.text("Id", finding.resource.empty() ? "AWS::::Account:" + account : shortened(finding.resource, 512));
        json.text("Partition", "aws");
        json.text("Region", region);
        json.close_object();
        json.close_array();
    }

    void write_product_fields(JsonWriter& json, const event::Finding& finding) const
    {
        json.open_object("ProductFields");
        json.text("trawl/Version", version_);
        json.text("trawl/Principal", shortened(finding.principal, longest_description));
        json.text("trawl/SourceIp", shortened(finding.source_ip, longest_description));
        json.text("trawl/Count", std::to_string(finding.count));
        json.text("trawl/Mitre", joined(finding.mitre, " "));
        std::string ids;
        for (const event::FindingEvent& event : finding.events) {
            ids += ids.empty() || event.event_id.empty() ? "" : " ";
            ids += event.event_id;
        }
        json.text("trawl/EventIds", shortened(ids, longest_description));
        json.close_object();
    }

    Output& output_; // Outlives the sink.
    std::string version_;
    std::string line_;
    bool first_ = true;
};

} // namespace

const FindingFormat& format()
{
    static const FindingFormat asff {
        "asff", "AWS Security Finding Format, for Security Hub", [](const FindingSinkOptions& options) {
            return std::unique_ptr<FindingSink>(std::make_unique<AsffFindings>(options.output, options.version));
        }};
    return asff;
}

} // namespace trawl::deliver::findings::asff
