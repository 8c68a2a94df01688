#include <algorithm>

#include "ingest/kinds/column_layout.h"
#include "ingest/kinds/derive.h"
#include "ingest/kinds/log_kind.h"

// Amazon S3 server access logs: one line a request, 17 columns in the oldest and 26 and more in the newest files.
namespace trawl::ingest::kinds::s3_access {

using event::Type;
using event::Value;

namespace {

constexpr std::string_view json_page = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/sal-cw-log-format.html";
constexpr std::string_view page = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html";

// Names as in Athena's table: https://repost.aws/knowledge-center/analyze-logs-athena.
constexpr FieldDescription fields[] = {
    {"bucketowner", "string", "Canonical user id of the bucket's owner", "", "bucket_owner_id"},
    {"bucket_name", "string", "Bucket that the request was processed against", "", "bucket"},
    {"requestdatetime", "time", "When the request was received", "", "request_time"},
    {"remoteip", "address", "Apparent address of the requester", "", "remote_ip"},
    {"requester", "string", "Canonical user id or ARN of the requester; absent for anonymous requests", "", ""},
    {"requestid", "string", "Id of the request", "", ""},
    {"operation", "string",
        "SOAP.operation, REST.METHOD.resource, WEBSITE.METHOD.resource, BATCH.DELETE.OBJECT, S3.action.resource", "",
        ""},
    {"key", "string", "Object key, URL-encoded", "", ""},
    {"request_uri", "string", "Request line of HTTP", "", ""},
    {"httpstatus", "number", "Status of the response", "", ""},
    {"errorcode", "string", "S3's error code", "", ""},
    {"bytessent", "number", "Bytes of the response", "", ""},
    {"objectsize", "number", "Size of the object", "", ""},
    {"totaltime", "number", "Milliseconds that the request was in flight", "", ""},
    {"turnaroundtime", "number", "Milliseconds that S3 spent processing", "", ""},
    {"referrer", "string", "Referer header of the request", "", "referer"},
    {"useragent", "string", "User-Agent header of the request", "", ""},
    {"versionid", "string", "Version of the object", "", ""},
    {"hostid", "string", "Extended request id", "", ""},
    {"sigv", "string", "SigV2 or SigV4", "", ""},
    {"ciphersuite", "string", "TLS cipher; absent for HTTP", "", ""},
    {"authtype", "string", "AuthHeader, QueryString; absent for anonymous requests", "", ""},
    {"endpoint", "string", "Host name of S3 that was used", "", ""},
    {"tlsversion", "string", "TLS version; absent for HTTP", "", ""},
    {"accesspointarn", "string", "Access point of the request", "", ""},
    {"aclrequired", "string", "Yes when an ACL was needed for authorization", "", ""},
    {"sourceregion", "string", "Region that the request came from", "", ""},
    {"schema_version_id", "string", "Version of the record in CloudWatch Logs, where records are JSON", json_page, ""},
    {"bucket_arn", "string", "ARN of the bucket, in CloudWatch Logs", json_page, ""},
};

constexpr std::size_t oldest_columns = 17;
constexpr std::size_t request_column = 8;

bool is_status(std::string_view text)
{
    return text == "-"
        || (text.size() == 3 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }));
}

// Cuts a line. Quotes inside the quoted columns are not escaped: the request ends where a quote is followed by a
// status, the others where a quote is followed by a blank.
bool cut(std::string_view line, LineMarks& marks, std::vector<std::string_view>& columns)
{
    columns.clear();
    const std::span<const std::uint32_t> found = marks.find(line, ' ', '"', ']');
    auto mark = found.begin();
    const auto find_mark = [&](const auto& is_wanted) {
        while (mark != found.end() && !is_wanted(*mark)) {
            ++mark;
        }
        return mark != found.end();
    };
    std::size_t at = 0;
    while (at < line.size()) {
        if (line[at] == ' ') {
            ++at;
            continue;
        }
        if (line[at] == '[') {
            if (!find_mark([&](std::size_t place) { return place > at && line[place] == ']'; })) {
                return false;
            }
            columns.push_back(line.substr(at + 1, *mark - at - 1));
            at = *mark + 1;
            continue;
        }
        if (line[at] != '"') {
            const bool is_cut = find_mark([&](std::size_t place) { return place > at && line[place] == ' '; });
            const std::size_t end = is_cut ? *mark : line.size();
            columns.push_back(line.substr(at, end - at));
            at = end;
            continue;
        }
        const auto is_end = [&](std::size_t place) {
            if (place <= at || line[place] != '"' || (place + 1 < line.size() && line[place + 1] != ' ')) {
                return false;
            }
            if (columns.size() != request_column || place + 1 == line.size()) {
                return true;
            }
            const std::string_view rest = line.substr(place + 2);
            return is_status(rest.substr(0, rest.find(' ')));
        };
        if (!find_mark(is_end)) {
            return false;
        }
        columns.push_back(line.substr(at + 1, *mark - at - 1));
        at = *mark + 1;
    }
    return true;
}

class Decoder final : public LineDecoder {
public:
    Decoder()
    {
        std::vector<std::string_view> names;
        for (const FieldDescription& field : fields) {
            if (field.page.empty()) { // Else it is a field of JSON alone.
                names.push_back(field.name);
            }
        }
        layout_ = ColumnLayout(std::move(names), fields, oldest_columns);
    }

    Outcome decode(std::string_view line, LineRow& row) override
    {
        layout_.apply(row);
        if (!cut(line, marks_, columns_)) {
            code_ = "s3-access-quotes";
            reason_ = "a quote or bracket does not close";
            return Outcome::rejected;
        }
        if (!layout_.fill(columns_, row, code_, reason_)) {
            code_ = "s3-access-" + code_;
            return Outcome::rejected;
        }
        return Outcome::event;
    }
    std::string_view reject_code() const override { return code_; }
    std::string_view reject_reason() const override { return reason_; }

private:
    ColumnLayout layout_;
    LineMarks marks_;
    std::vector<std::string_view> columns_;
    std::string code_;
    std::string reason_;
};

bool is_row(std::string_view line)
{
    LineMarks marks;
    std::vector<std::string_view> columns;
    return cut(line, marks, columns) && columns.size() >= oldest_columns
        && derive::parse_web_log_time(columns[2]).has_value() && columns[6].find('.') != std::string_view::npos
        && is_status(columns[9]);
}

Confidence recognise_lines(const LineProbe& probe)
{
    for (const std::string_view line : probe.lines) {
        if (is_row(line)) {
            return Confidence::certain;
        }
    }
    return Confidence::no;
}

// Inputs: endpoint. s3.eu-central-1.amazonaws.com, bucket.s3.eu-central-1.amazonaws.com, s3.amazonaws.com
Value derive_region(DeriveInputs& inputs)
{
    const Value endpoint = inputs.input(0);
    if (endpoint.type() == Type::string) {
        const std::string_view host = endpoint.raw();
        const std::size_t start = host.find("s3.");
        const std::size_t end = host.find(".amazonaws.com");
        if (start != std::string_view::npos && end != std::string_view::npos && start + 3 < end) {
            return Value::string(host.substr(start + 3, end - start - 3));
        }
    }
    return inputs.context().region.empty() ? Value() : Value::string(inputs.context().region);
}

// Inputs: bucket_name, key
Value derive_resource(DeriveInputs& inputs)
{
    const Value key = inputs.input(1);
    if (key.is_absent()) {
        return inputs.input(0);
    }
    std::string out(inputs.input(0).text(inputs.arena()));
    out += '/';
    out += key.text(inputs.arena());
    return Value::string(inputs.arena().copy(out));
}

const std::vector<DerivedField>& derived_fields()
{
    static const std::vector<DerivedField> derived {
        {"@timestamp", "time", "requestdatetime", {"requestdatetime"}, derive::time},
        {"@account", "string", "Account of the requester's ARN, else of the object's key", {"requester"},
            derive::account_of_arn},
        {"@region", "string", "Region of the endpoint, else of the object's key", {"endpoint"}, derive_region},
        {"@principal", "string", "requester", {"requester"}, derive::first_present},
        {"@src_ip", "address", "remoteip", {"remoteip"}, derive::first_present},
        {"@action", "string", "operation", {"operation"}, derive::first_present},
        {"@resource", "string", "bucket_name/key", {"bucket_name", "key"}, derive_resource},
        {"@outcome", "string", "httpstatus", {"httpstatus"}, derive::first_present},
        {"@user_agent", "string", "useragent", {"useragent"}, derive::first_present},
    };
    return derived;
}

constexpr std::string_view event_sources[] = {"s3", "s3express", "s3-outposts", "s3-object-lambda"};

} // namespace

const LogKind& kind()
{
    static const LogKind s3_access {
        .id = "s3_access",
        .number = 4,
        .title = "S3 server access logs",
        .page = page,
        .switch_on = "aws s3api put-bucket-logging --bucket BUCKET --bucket-logging-status '{\"LoggingEnabled\":{\"TargetBucket\":\"LOGS\",\"TargetPrefix\":\"BUCKET/\"}}'",
        .places = {
            "S3 PREFIX/YYYY-MM-DD-hh-mm-ss-ID, plain text",
            "S3 PREFIX/ACCOUNT/REGION/BUCKET/YYYY/MM/DD/YYYY-MM-DD-hh-mm-ss-ID (partitioned)",
            "CloudWatch Logs, as JSON",
        },
        .recognised_by = "Lines of at least 17 columns: the time in brackets is the third, an operation with a dot the seventh, a status the tenth. JSON objects with the names below.",
        .fields = fields,
        .event_sources = event_sources,
        .derived = derived_fields(),
        .usual_time = [](const Value& time) {
            return time.type() == Type::string ? derive::parse_web_log_time(time.raw()) : std::nullopt;
        },
        .hallmarks = {{"schema_version_id", "bucket_arn", "request_time"}},
        .recognise_lines = recognise_lines,
        .make_line_decoder = [] { return std::unique_ptr<LineDecoder>(std::make_unique<Decoder>()); },
    };
    return s3_access;
}

} // namespace trawl::ingest::kinds::s3_access
