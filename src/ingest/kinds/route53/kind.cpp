#include <algorithm>

#include "base/time.h"
#include "ingest/kinds/column_layout.h"
#include "ingest/kinds/derive.h"
#include "ingest/kinds/log_kind.h"

// Route 53 query logs: of public hosted zones (text) and of the VPC resolver with its DNS firewall (JSON).
namespace trawl::ingest::kinds::route53 {

namespace {

constexpr std::string_view resolver_page
    = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-format.html";

constexpr FieldDescription fields[] = {
    {"version", "string", "Version of the log format", "", ""},
    {"queryTimestamp", "time", "When Route 53 answered", "", ""},
    {"hostZoneId", "string", "Hosted zone that the query was for", "", ""},
    {"queryName", "string", "Name that was asked for", "", ""},
    {"queryType", "string", "Record type that was asked for", "", ""},
    {"responseCode", "string", "DNS response code", "", ""},
    {"protocol", "string", "UDP or TCP", "", ""},
    {"edgeLocation", "string", "Edge location that answered", "", ""},
    {"resolverIp", "address", "Address of the resolver that asked", "", ""},
    {"ednsClientSubnet", "string", "Part of the client's address that the resolver told", "", ""},
    {"account_id", "string", "Account of the VPC", resolver_page, ""},
    {"region", "string", "Region of the VPC", resolver_page, ""},
    {"vpc_id", "string", "VPC of the query", resolver_page, ""},
    {"query_timestamp", "time", "When the query was made", resolver_page, ""},
    {"query_name", "string", "Name that was asked for", resolver_page, ""},
    {"query_type", "string", "Record type that was asked for", resolver_page, ""},
    {"query_class", "string", "Class of the query", resolver_page, ""},
    {"rcode", "string", "DNS response code", resolver_page, ""},
    {"answers", "array", "Rdata, Type, Class of the answers", resolver_page, ""},
    {"srcaddr", "address", "Address of the instance that asked", resolver_page, ""},
    {"srcport", "number", "Port of the instance that asked", resolver_page, ""},
    {"transport", "string", "UDP, TCP, DOH …", resolver_page, ""},
    {"srcids", "object", "instance, resolver_endpoint, resolver_network_interface", resolver_page, ""},
    {"firewall_rule_action", "string", "ALLOW, ALERT or BLOCK", resolver_page, ""},
    {"firewall_rule_group_id", "string", "Rule group that matched", resolver_page, ""},
    {"firewall_domain_list_id", "string", "Domain list that matched", resolver_page, ""},
    {"firewall_protection", "string", "DNS Firewall Advanced protection that matched", resolver_page, ""},
};

constexpr std::size_t public_columns = 10;

class Decoder final : public LineDecoder {
public:
    Outcome decode(std::string_view line, LineRow& row) override
    {
        layout_.apply(row);
        cut_spaced_columns(line, marks_, columns_);
        if (!layout_.fill(columns_, row, code_, reason_)) {
            code_ = "route53-" + code_;
            return Outcome::rejected;
        }
        return Outcome::event;
    }
    std::string_view reject_code() const override { return code_; }
    std::string_view reject_reason() const override { return reason_; }

private:
    LineMarks marks_;
    ColumnLayout layout_ {{"version", "queryTimestamp", "hostZoneId", "queryName", "queryType", "responseCode",
                              "protocol", "edgeLocation", "resolverIp", "ednsClientSubnet"},
        {}, public_columns};
    std::vector<std::string_view> columns_;
    std::string code_;
    std::string reason_;
};

Confidence recognise_lines(const LineProbe& probe)
{
    std::vector<std::string_view> columns;
    for (const std::string_view line : probe.lines) {
        cut_spaced_columns(line, columns);
        if (columns.size() >= public_columns && columns[0].starts_with("1.") && base::parse_time(columns[1])
            && columns[2].starts_with('Z')) {
            return Confidence::certain;
        }
    }
    return Confidence::no;
}

const std::vector<DerivedField>& derived_fields()
{
    static const std::vector<DerivedField> derived {
        {"@timestamp", "time", "queryTimestamp or query_timestamp", {"queryTimestamp", "query_timestamp"},
            derive::time},
        {"@account", "string", "account_id", {"account_id"}, derive::account},
        {"@region", "string", "region", {"region"}, derive::region},
        {"@principal", "string", "srcids.instance", {"srcids.instance"}, derive::first_present},
        {"@src_ip", "address", "srcaddr, else resolverIp", {"srcaddr", "resolverIp"}, derive::first_present},
        {"@action", "string", "Type of the query", {"queryType", "query_type"}, derive::first_present},
        {"@resource", "string", "Name of the query", {"queryName", "query_name"}, derive::first_present},
        {"@outcome", "string", "Response code", {"responseCode", "rcode"}, derive::first_present},
    };
    return derived;
}

constexpr std::string_view event_sources[] = {"route53", "route53resolver", "route53domains", "servicediscovery"};

} // namespace

const LogKind& kind()
{
    static const LogKind route53 {
        .id = "route53",
        .number = 15,
        .title = "Route 53 query logs",
        .page = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/query-logs.html",
        .switch_on = "aws route53resolver create-resolver-query-log-config, then associate-resolver-query-log-config; public zones: aws route53 create-query-logging-config",
        .places = {
            "CloudWatch Logs, group /aws/route53/ZONE (public zones): lines",
            "S3 AWSLogs/ACCOUNT/vpcdnsquerylogs/VPC/YYYY/MM/DD/VPC_vpcdnsquerylogs_ACCOUNT_TIME_ID.log.gz (resolver): JSON",
            "CloudWatch Logs or Firehose (resolver)",
        },
        .recognised_by = "Lines of version 1.x, a time and the id of a hosted zone (Z…); JSON objects with the names below.",
        .fields = fields,
        .event_sources = event_sources,
        .derived = derived_fields(),
        .hallmarks = {{"query_name", "rcode"}, {"query_name", "query_type", "vpc_id"}},
        .unmistakable = true,
        .recognise_lines = recognise_lines,
        .make_line_decoder = [] { return std::unique_ptr<LineDecoder>(std::make_unique<Decoder>()); },
    };
    return route53;
}

} // namespace trawl::ingest::kinds::route53
