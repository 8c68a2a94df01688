#include "ingest/kinds/elb/formats.h"

#include <algorithm>

#include "base/address.h"
#include "base/time.h"

namespace trawl::ingest::kinds::elb {

namespace {

constexpr std::string_view alb = "";
constexpr std::string_view clb
    = "https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html";
constexpr std::string_view nlb
    = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html";
constexpr std::string_view connection
    = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-connection-logs.html";
constexpr std::string_view health
    = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-health-check-logs.html";

constexpr FieldDescription table[] = {
    {"type", "string", "http, https, h2, grpcs, ws, wss; tls for Network Load Balancers", alb, ""},
    {"time", "time", "When the response was generated", alb, ""},
    {"elb", "string", "Name or resource id of the load balancer", alb, ""},
    {"client_ip", "address", "Address of the client", alb, ""},
    {"client_port", "number", "Port of the client", alb, ""},
    {"target_ip", "address", "Address of the target", alb, ""},
    {"target_port", "number", "Port of the target", alb, ""},
    {"request_processing_time", "number", "Seconds until the request was sent to the target; -1 without one", alb, ""},
    {"target_processing_time", "number", "Seconds until the target began to answer; -1 without one", alb, ""},
    {"response_processing_time", "number", "Seconds until the response began to be sent; -1 without one", alb, ""},
    {"elb_status_code", "string", "Status of the response of the load balancer", alb, ""},
    {"target_status_code", "string", "Status of the response of the target", alb, ""},
    {"received_bytes", "number", "Size of the request", alb, ""},
    {"sent_bytes", "number", "Size of the response", alb, ""},
    {"request", "string", "Request line: method, URL and version of HTTP", alb, ""},
    {"request_line", "string", "Request line in the JSON of CloudWatch Logs", alb, ""},
    {"client:port", "string", "Address and port of the client in the JSON of CloudWatch Logs", alb, ""},
    {"target:port", "string", "Address and port of the target in the JSON of CloudWatch Logs", alb, ""},
    {"request_verb", "string", "Method of the request line", alb, ""},
    {"request_url", "string", "URL of the request line", alb, ""},
    {"request_proto", "string", "Protocol of the request line", alb, ""},
    {"user_agent", "string", "User-Agent of the client", alb, ""},
    {"ssl_cipher", "string", "TLS cipher of the connection to the client", alb, ""},
    {"ssl_protocol", "string", "TLS protocol of the connection to the client", alb, ""},
    {"target_group_arn", "string", "Target group that the request went to", alb, ""},
    {"trace_id", "string", "X-Amzn-Trace-Id header", alb, ""},
    {"domain_name", "string", "Server name of the TLS handshake", alb, ""},
    {"chosen_cert_arn", "string", "Certificate presented to the client", alb, ""},
    {"matched_rule_priority", "number", "Priority of the rule that matched", alb, ""},
    {"request_creation_time", "time", "When the request was received", alb, ""},
    {"actions_executed", "string", "Actions taken for the request", alb, ""},
    {"redirect_url", "string", "Target of a redirection", alb, ""},
    {"error_reason", "string", "Why an action failed", alb, "lambda_error_reason"},
    {"target_port_list", "string", "Addresses and ports of the targets", alb, ""},
    {"target_status_code_list", "string", "Statuses of the targets", alb, ""},
    {"classification", "string", "Acceptable, Ambiguous or Severe: how the request met RFC 7230", alb, ""},
    {"classification_reason", "string", "Why it was classified so", alb, ""},
    {"conn_trace_id", "string", "Id that joins connection and access log", alb, ""},
    {"transformed_host", "string", "Host after a rewrite", alb, ""},
    {"transformed_uri", "string", "URI after a rewrite", alb, ""},
    {"request_transform_status", "string", "Outcome of a rewrite", alb, ""},
    {"ip_address", "address", "Address of the load balancer's node", alb, ""},
    {"backend_ip", "address", "Address of the instance", clb, ""},
    {"backend_port", "number", "Port of the instance", clb, ""},
    {"backend_processing_time", "number", "Seconds until the instance began to answer; -1 without one", clb, ""},
    {"backend_status_code", "string", "Status of the response of the instance", clb, ""},
    {"version", "string", "Version of the log entry", nlb, ""},
    {"listener", "string", "Resource id of the TLS listener", nlb, ""},
    {"destination_ip", "address", "Address of the destination", nlb, ""},
    {"destination_port", "number", "Port of the destination", nlb, ""},
    {"connection_time", "number", "Milliseconds of the whole connection", nlb, ""},
    {"tls_handshake_time", "number", "Milliseconds of the TLS handshake", nlb, ""},
    {"incoming_tls_alert", "string", "TLS alert of the client", nlb, ""},
    {"chosen_cert_serial", "string", "Kept for later by AWS, always absent", nlb, ""},
    {"tls_cipher", "string", "TLS cipher negotiated with the client", nlb, ""},
    {"tls_protocol_version", "string", "TLS protocol negotiated with the client", nlb, ""},
    {"tls_named_group", "string", "Kept for later by AWS, always absent", nlb, ""},
    {"alpn_fe_protocol", "string", "Application protocol with the client", nlb, ""},
    {"alpn_be_protocol", "string", "Application protocol with the target", nlb, ""},
    {"alpn_client_preference_list", "string", "Application protocols that the client offers", nlb, ""},
    {"tls_connection_creation_time", "time", "When the TLS connection began", nlb, ""},
    {"timestamp", "time", "When the connection was made", connection, ""},
    {"listener_port", "number", "Port of the listener", connection, ""},
    {"tls_protocol", "string", "TLS protocol of the handshake", connection, ""},
    {"tls_handshake_latency", "number", "Seconds of the TLS handshake", connection, ""},
    {"leaf_client_cert_subject", "string", "Subject of the client's certificate", connection, ""},
    {"leaf_client_cert_validity", "string", "Validity of the client's certificate", connection, ""},
    {"leaf_client_cert_serial_number", "string", "Serial number of the client's certificate", connection, ""},
    {"tls_verify_status", "string", "Success or Failed:CODE", connection, ""},
    {"tls_keyexchange", "string", "Key exchange of the handshake", connection, ""},
    {"latency", "number", "Seconds of the health check", health, ""},
    {"target_addr", "string", "Address of the target", health, ""},
    {"target_group_id", "string", "Target group of the checked target", health, ""},
    {"status", "string", "PASS or FAIL", health, ""},
    {"status_code", "string", "Status of the target's answer", health, ""},
    {"reason_code", "string", "Why the check failed", health, ""},
};

const std::array<Format, format_count>& formats()
{
    static const std::array<Format, format_count> all {{
        {FormatType::application,
            {"type", "time", "elb", "client:port", "target:port", "request_processing_time", "target_processing_time",
                "response_processing_time", "elb_status_code", "target_status_code", "received_bytes", "sent_bytes",
                "request", "user_agent", "ssl_cipher", "ssl_protocol", "target_group_arn", "trace_id", "domain_name",
                "chosen_cert_arn", "matched_rule_priority", "request_creation_time", "actions_executed", "redirect_url",
                "error_reason", "target_port_list", "target_status_code_list", "classification",
                "classification_reason", "conn_trace_id", "transformed_host", "transformed_uri",
                "request_transform_status", "ip_address"},
            18},
        {FormatType::classic,
            {"time", "elb", "client:port", "backend:port", "request_processing_time", "backend_processing_time",
                "response_processing_time", "elb_status_code", "backend_status_code", "received_bytes", "sent_bytes",
                "request", "user_agent", "ssl_cipher", "ssl_protocol"},
            12},
        {FormatType::network,
            {"type", "version", "time", "elb", "listener", "client:port", "destination:port", "connection_time",
                "tls_handshake_time", "received_bytes", "sent_bytes", "incoming_tls_alert", "chosen_cert_arn",
                "chosen_cert_serial", "tls_cipher", "tls_protocol_version", "tls_named_group", "domain_name",
                "alpn_fe_protocol", "alpn_be_protocol", "alpn_client_preference_list", "tls_connection_creation_time"},
            18},
        {FormatType::connection,
            {"timestamp", "client_ip", "client_port", "listener_port", "tls_protocol", "tls_cipher",
                "tls_handshake_latency", "leaf_client_cert_subject", "leaf_client_cert_validity",
                "leaf_client_cert_serial_number", "tls_verify_status", "conn_trace_id", "tls_keyexchange"},
            11},
        {FormatType::health_check,
            {"type", "time", "latency", "target_addr", "target_group_id", "status", "status_code", "reason_code"}, 7},
    }};
    return all;
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words)
{
    return std::find(words.begin(), words.end(), text) != words.end();
}

bool is_time(std::string_view text)
{
    return base::is_common_time(text) || (text.size() >= 19 && base::parse_time(text).has_value());
}

bool is_endpoint(std::string_view text)
{
    return text == "-" || text.find(':') != std::string_view::npos;
}

} // namespace

std::span<const FieldDescription> fields()
{
    return table;
}

const std::vector<Part>& parts(FormatType type)
{
    static const std::array<std::vector<Part>, format_count> all = [] {
        std::array<std::vector<Part>, format_count> made;
        for (const Format& format : formats()) {
            std::vector<Part>& parts = made[static_cast<std::size_t>(format.type)];
            for (std::size_t i = 0; i < format.columns.size(); ++i) {
                const std::string_view column = format.columns[i];
                if (column.ends_with(":port")) {
                    parts.insert(parts.end(), {{i, Piece::address}, {i, Piece::port}});
                } else if (column == "request") {
                    parts.insert(
                        parts.end(), {{i, Piece::whole}, {i, Piece::verb}, {i, Piece::url}, {i, Piece::protocol}});
                } else {
                    parts.push_back({i, column == "alpn_client_preference_list" ? Piece::quoted_list : Piece::whole});
                }
            }
        }
        return made;
    }();
    return all[static_cast<std::size_t>(type)];
}

std::size_t count_parts(const Format& format, std::size_t columns)
{
    const std::vector<Part>& all = parts(format.type);
    if (columns >= format.columns.size()) {
        return all.size() + (columns - format.columns.size());
    }
    const auto behind
        = std::find_if(all.begin(), all.end(), [columns](const Part& part) { return part.column >= columns; });
    return static_cast<std::size_t>(behind - all.begin());
}

const Format* recognise_format(const std::vector<std::string_view>& columns)
{
    const std::size_t count = columns.size();
    const auto format = [](FormatType type) { return &formats()[static_cast<std::size_t>(type)]; };
    if (count >= 14 && is_one_of(columns[0], {"http", "https", "h2", "grpcs", "ws", "wss"}) && is_time(columns[1])
        && is_endpoint(columns[3])) {
        return format(FormatType::application);
    }
    if (count >= 12 && columns[0] == "tls" && is_time(columns[2]) && is_endpoint(columns[5])) {
        return format(FormatType::network);
    }
    if (count >= 7 && count <= 10 && is_one_of(columns[0], {"http", "https", "HTTP", "HTTPS", "grpc", "GRPC"})
        && is_time(columns[1]) && is_one_of(columns[5], {"PASS", "FAIL"})) {
        return format(FormatType::health_check);
    }
    if (count < 10 || !is_time(columns[0])) {
        return nullptr;
    }
    if (base::parse_address(columns[1])) {
        return format(FormatType::connection);
    }
    return is_endpoint(columns[2]) && is_endpoint(columns[3]) && columns[2] != "-" ? format(FormatType::classic)
                                                                                   : nullptr;
}

const std::array<ColumnLayout, format_count>& format_layouts()
{
    static const std::array<ColumnLayout, format_count> layouts = [] {
        std::array<ColumnLayout, format_count> made;
        for (const Format& format : formats()) {
            std::vector<std::string_view> names;
            std::size_t required = 0;
            for (std::size_t i = 0; i < format.columns.size(); ++i) {
                const std::string_view column = format.columns[i];
                if (column == "client:port") {
                    names.insert(names.end(), {"client_ip", "client_port"});
                } else if (column == "target:port") {
                    names.insert(names.end(), {"target_ip", "target_port"});
                } else if (column == "backend:port") {
                    names.insert(names.end(), {"backend_ip", "backend_port"});
                } else if (column == "destination:port") {
                    names.insert(names.end(), {"destination_ip", "destination_port"});
                } else if (column == "request") {
                    names.insert(names.end(), {"request", "request_verb", "request_url", "request_proto"});
                } else {
                    names.push_back(column);
                }
                if (i + 1 == format.required) {
                    required = names.size();
                }
            }
            made[static_cast<std::size_t>(format.type)] = ColumnLayout(std::move(names), table, required);
        }
        return made;
    }();
    return layouts;
}

} // namespace trawl::ingest::kinds::elb
