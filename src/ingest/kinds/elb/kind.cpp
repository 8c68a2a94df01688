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

// Cuts "192.0.2.1:2817" and "[2001:db8::1]:443" and "2001:db8::1:443" at the last colon.
void cut_endpoint(std::string_view text, std::string_view& address, std::string_view& port)
{
    if (text == "-") {
        address = port = "-";
        return;
    }
    const std::size_t colon = text.rfind(':');
    address = text.substr(0, colon);
    port = colon == std::string_view::npos ? std::string_view("-") : text.substr(colon + 1);
    if (address.starts_with('[') && address.ends_with(']')) {
        address = address.substr(1, address.size() - 2);
    }
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
        if (wanted_layout_ != row.layout || wanted_count_ != row.wanted.size()) {
            note_wanted(row);
        }
        expand(*format);
        if (!layout.fill(expanded_, row, code_, reason_)) {
            code_ = "elb-" + code_;
            return Outcome::rejected;
        }
        return Outcome::event;
    }
    std::string_view reject_code() const override { return code_; }
    std::string_view reject_reason() const override { return reason_; }

private:
    void note_wanted(const LineRow& row)
    {
        wanted_layout_ = row.layout;
        wanted_count_ = row.wanted.size();
        is_wanted_.assign(row.names.size(), 0);
        for (const std::uint32_t column : row.wanted) {
            is_wanted_[column] = 1;
        }
    }
    bool wants(std::size_t first, std::size_t count) const
    {
        const auto begin = is_wanted_.begin() + static_cast<std::ptrdiff_t>(std::min(first, is_wanted_.size()));
        const auto end = is_wanted_.begin() + static_cast<std::ptrdiff_t>(std::min(first + count, is_wanted_.size()));
        return std::find(begin, end, 1) != end;
    }

    // Puts address and port, and the parts of the request, in columns of their own; where nobody wants them, anything.
    void expand(const Format& format)
    {
        const std::vector<Form>& forms = elb::forms(format.type);
        expanded_.clear();
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const std::string_view column = columns_[i];
            switch (i < forms.size() ? forms[i] : Form::value) {
            case Form::value: expanded_.push_back(column); break;
            case Form::endpoint: add_endpoint(column); break;
            case Form::request: add_request(column); break;
            case Form::quoted_list:
                // It is printed as it stands.
                expanded_.push_back(column != "-" && column.data()[-1] == '"'
                        ? std::string_view(column.data() - 1, column.size() + 2)
                        : column);
                break;
            }
        }
    }

    void add_endpoint(std::string_view column)
    {
        std::string_view address = "-";
        std::string_view port = "-";
        if (wants(expanded_.size(), 2)) {
            cut_endpoint(column, address, port);
        }
        expanded_.push_back(address);
        expanded_.push_back(port);
    }

    void add_request(std::string_view request)
    {
        constexpr std::size_t parts = 3;
        expanded_.push_back(request);
        if (!wants(expanded_.size(), parts)) {
            expanded_.resize(expanded_.size() + parts, "-");
            return;
        }
        const std::size_t first = request.find(' ');
        const std::size_t last = request.rfind(' ', request.find_last_not_of(' '));
        const bool whole = first != std::string_view::npos && last != first && last != std::string_view::npos;
        expanded_.push_back(first == std::string_view::npos ? std::string_view("-") : request.substr(0, first));
        expanded_.push_back(whole ? request.substr(first + 1, last - first - 1) : std::string_view("-"));
        expanded_.push_back(whole ? base::trim(request.substr(last + 1)) : std::string_view("-"));
    }

    std::array<ColumnLayout, format_count> layouts_ = format_layouts();
    LineMarks marks_;
    std::vector<std::string_view> columns_;
    std::vector<std::string_view> expanded_;
    std::vector<std::uint8_t> is_wanted_; // By column of the row.
    std::uint32_t wanted_layout_ = 0;
    std::size_t wanted_count_ = 0;
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
    std::string_view address;
    std::string_view port;
    cut_endpoint(endpoint.raw(), address, port);
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
