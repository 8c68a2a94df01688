#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "base/time.h"
#include "ingest/kinds/column_layout.h"
#include "ingest/kinds/derive.h"
#include "ingest/kinds/elb/formats.h"
#include "ingest/kinds/log_kind.h"

// Elastic Load Balancing: access logs of Application, Network and Classic Load Balancers, connection and health check
// logs of Application Load Balancers. One file may hold lines of several formats: each line is judged by itself.
namespace trawl::ingest::kinds::elb {

using event::Type;
using event::Value;

namespace {

// Address or port of "192.0.2.1:2817", "[2001:db8::1]:443" and "2001:db8::1:443": they are cut at the last colon.
std::string_view cut_endpoint(std::string_view text, Piece piece)
{
    if (text == "-") {
        return text;
    }
    const std::size_t colon = text.rfind(':');
    if (piece == Piece::port) {
        return colon == std::string_view::npos ? std::string_view("-") : text.substr(colon + 1);
    }
    const std::string_view address = text.substr(0, colon);
    return address.starts_with('[') && address.ends_with(']') ? address.substr(1, address.size() - 2) : address;
}

// A part of "GET https://www.example.com:443/ HTTP/1.1".
std::string_view cut_request(std::string_view request, Piece piece)
{
    const std::size_t first = request.find(' ');
    if (piece == Piece::verb) {
        return first == std::string_view::npos ? std::string_view("-") : request.substr(0, first);
    }
    const std::size_t last = request.rfind(' ', request.find_last_not_of(' '));
    if (first == std::string_view::npos || last == std::string_view::npos || last == first) {
        return "-";
    }
    return piece == Piece::url ? request.substr(first + 1, last - first - 1) : base::trim(request.substr(last + 1));
}

class Decoder final : public LineDecoder {
public:
    Outcome decode(std::string_view line, LineRow& row) override
    {
        if (!cut_spaced_columns(line, marks_, columns_)) {
            code_ = "elb-quotes";
            reason_ = "a quote does not close";
            return Outcome::rejected;
        }
        const Format* const format = recognise_format(columns_);
        if (format == nullptr) {
            code_ = "elb-format";
            reason_ = "the line has none of the formats of Elastic Load Balancing";
            return Outcome::rejected;
        }
        ColumnLayout& layout = layouts_[static_cast<std::size_t>(format->type)];
        layout.apply(row);
        const std::vector<Part>& parts = elb::parts(format->type);
        const auto column = [&](std::size_t i) { return piece_of(parts[i]); };
        if (!layout.fill_each(count_parts(*format, columns_.size()), column, row, code_, reason_)) {
            code_ = "elb-" + code_;
            return Outcome::rejected;
        }
        if (columns_.size() > format->columns.size()) {
            row.extra.assign(columns_.begin() + static_cast<std::ptrdiff_t>(format->columns.size()), columns_.end());
        }
        return Outcome::event;
    }
    std::string_view reject_code() const override { return code_; }
    std::string_view reject_reason() const override { return reason_; }

private:
    std::string_view piece_of(const Part& part) const
    {
        const std::string_view column = columns_[part.column];
        switch (part.piece) {
        case Piece::whole: return column;
        case Piece::address:
        case Piece::port: return cut_endpoint(column, part.piece);
        case Piece::verb:
        case Piece::url:
        case Piece::protocol: return cut_request(column, part.piece);
        case Piece::quoted_list:
            // It is given as it stands.
            return column != "-" && column.data()[-1] == '"' ? std::string_view(column.data() - 1, column.size() + 2)
                                                             : column;
        }
        return column;
    }

    std::array<ColumnLayout, format_count> layouts_ = format_layouts();
    LineMarks marks_;
    std::vector<std::string_view> columns_;
    std::string code_;
    std::string reason_;
};

Confidence recognise_lines(const LineProbe& probe)
{
    std::vector<std::string_view> columns;
    for (const std::string_view line : probe.lines) {
        if (cut_spaced_columns(line, columns) && recognise_format(columns) != nullptr) {
            return Confidence::certain;
        }
    }
    return Confidence::no;
}

// Inputs: client_ip, client:port (JSON)
Value derive_src_ip(DeriveInputs& inputs)
{
    const Value endpoint = inputs.input(1);
    if (!inputs.input(0).is_absent() || endpoint.type() != Type::string) {
        return inputs.input(0);
    }
    const std::string_view address = cut_endpoint(endpoint.raw(), Piece::address);
    return address == "-" ? Value() : Value::string(address);
}

// Inputs: request_verb, request_line (JSON)
Value derive_action(DeriveInputs& inputs)
{
    const Value line = inputs.input(1);
    if (!inputs.input(0).is_absent() || line.type() != Type::string) {
        return inputs.input(0);
    }
    const std::string_view verb = line.raw().substr(0, line.raw().find(' '));
    return verb == "-" ? Value() : Value::string(verb);
}

const std::vector<DerivedField>& derived_fields()
{
    static const std::vector<DerivedField> derived {
        {"@timestamp", "time", "time or timestamp", {"time", "timestamp"}, derive::time},
        {"@account", "string", "Account of target_group_arn or chosen_cert_arn, else of the object's key",
            {"target_group_arn", "chosen_cert_arn"}, derive::account_of_arn},
        {"@region", "string", "Region of target_group_arn or chosen_cert_arn, else of the object's key",
            {"target_group_arn", "chosen_cert_arn"}, derive::region_of_arn},
        {"@src_ip", "address", "client_ip, else the address of client:port", {"client_ip", "client:port"},
            derive_src_ip},
        {"@action", "string", "request_verb, else the method of request_line", {"request_verb", "request_line"},
            derive_action},
        {"@resource", "string", "elb, else target_group_id", {"elb", "target_group_id"}, derive::first_present},
        {"@outcome", "string", "elb_status_code, tls_verify_status or status",
            {"elb_status_code", "tls_verify_status", "status"}, derive::first_present},
        {"@user_agent", "string", "user_agent", {"user_agent"}, derive::first_present},
    };
    return derived;
}

constexpr std::string_view event_sources[] = {"elasticloadbalancing"};

} // namespace

const LogKind& kind()
{
    static const LogKind elb {
        .id = "elb",
        .number = 8,
        .title = "Elastic Load Balancing logs",
        .page = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html",
        .switch_on = "aws elbv2 modify-load-balancer-attributes --load-balancer-arn ARN --attributes Key=access_logs.s3.enabled,Value=true Key=access_logs.s3.bucket,Value=BUCKET",
        .places = {
            "S3 AWSLogs/ACCOUNT/elasticloadbalancing/REGION/YYYY/MM/DD/ACCOUNT_elasticloadbalancing_REGION_app.NAME.ID_TIME_IP_ID.log.gz (application; net. for network load balancers)",
            "S3 …/conn_log.ACCOUNT_elasticloadbalancing_… (connections), …/health_check_log_ACCOUNT_elasticloadbalancing_… (health checks)",
            "S3 …/ACCOUNT_elasticloadbalancing_REGION_NAME_TIME_IP_ID.log (classic), plain text",
        },
        .recognised_by = "Each line by itself, so that one object may mix formats: application lines begin with http, https, h2, grpcs, ws or wss and a time, network lines with tls and 2.0, classic lines with a time, a name and two addresses with ports, connection lines with a time, an address and two ports, health checks with a protocol, a time and PASS or FAIL. JSON objects with the names below, as CloudWatch Logs has them.",
        .fields = fields(),
        .event_sources = event_sources,
        .derived = derived_fields(),
        .usual_time = [](const Value& time) {
            return time.type() == Type::string ? base::parse_time(time.raw()) : std::nullopt;
        },
        .is_usual_time = [](const Value& time, const Value& /*second*/) {
            return time.type() == Type::string && base::is_common_time(time.raw());
        },
        .hallmarks = {{"elb", "client_ip", "elb_status_code"}, {"elb", "client:port", "elb_status_code"},
            {"client_ip", "listener_port", "tls_verify_status"}, {"target_addr", "target_group_id", "status"}},
        .recognise_lines = recognise_lines,
        .make_line_decoder = [] { return std::unique_ptr<LineDecoder>(std::make_unique<Decoder>()); },
    };
    return elb;
}

} // namespace trawl::ingest::kinds::elb
