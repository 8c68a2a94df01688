#include "base/text.h"
#include "ingest/kinds/log_kind.h"

// Messages of CloudWatch Logs that no other kind reads, as subscriptions, Firehose and the CLI deliver them.
namespace trawl::ingest::kinds::cloudwatch_logs {

namespace {

constexpr FieldDescription fields[] = {
    {"message", "string", "The log event's text; the fields of a JSON message stand at top level beside it", "", ""},
    {"timestamp", "number", "Time of the log event, milliseconds since 1970", "", ""},
    {"id", "string", "Id of the log event", "", "eventId"},
    {"ingestionTime", "number", "When CloudWatch received it, milliseconds since 1970", "", ""},
    {"logGroup", "string", "Name of the log group", "", ""},
    {"logStream", "string", "Name of the log stream", "", "logStreamName"},
    {"owner", "string", "Account of the log group", "", ""},
    {"subscriptionFilters", "array", "Filters that the payload matched", "", ""},
};

constexpr std::string_view event_sources[] = {"logs", "monitoring", "events"};

event::Value derive_timestamp(DeriveInputs& inputs)
{
    return inputs.context().timestamp;
}

event::Value derive_account(DeriveInputs& inputs)
{
    const EnvelopeContext& context = inputs.context();
    const std::string_view account = context.owner.empty() ? context.account : context.owner;
    return account.empty() ? event::Value() : event::Value::string(account);
}

event::Value derive_region(DeriveInputs& inputs)
{
    return inputs.context().region.empty() ? event::Value() : event::Value::string(inputs.context().region);
}

event::Value derive_resource(DeriveInputs& inputs)
{
    return inputs.context().log_group.empty() ? event::Value() : event::Value::string(inputs.context().log_group);
}

// What Insights finds in the lines that Lambda writes itself and those of its runtimes
// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html). Input: message
std::string_view lambda_line(DeriveInputs& inputs)
{
    const bool is_lambda = inputs.context().log_group.starts_with("/aws/lambda/");
    return is_lambda ? inputs.input(0).text(inputs.arena()) : std::string_view();
}

event::Value derive_lambda_type(DeriveInputs& inputs)
{
    const std::string_view line = lambda_line(inputs);
    for (const std::string_view type : {"START", "END", "REPORT", "INIT_START"}) {
        if (line.starts_with(type) && line.substr(type.size()).starts_with(' ')) {
            return event::Value::string(type);
        }
    }
    return {};
}

event::Value derive_request_id(DeriveInputs& inputs)
{
    const std::string_view line = lambda_line(inputs);
    constexpr std::string_view mark = "RequestId: ";
    constexpr std::size_t id_size = 36;
    const auto is_id = [](std::string_view text) {
        return text.size() == id_size && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-';
    };
    if (const std::size_t at = line.find(mark); at != std::string_view::npos) {
        const std::string_view id = line.substr(at + mark.size(), id_size);
        return is_id(id) ? event::Value::string(id) : event::Value();
    }
    // Lines of Node.js have it in the second column, those of Python in the third.
    const std::vector<std::string_view> columns = base::split(line, '\t');
    for (std::size_t i = 1; i < columns.size() && i < 3; ++i) {
        if (is_id(columns[i])) {
            return event::Value::string(columns[i]);
        }
    }
    return {};
}

// A text of the REPORT line behind "NAME: ".
std::string_view of_report(DeriveInputs& inputs, std::string_view name)
{
    const std::string_view line = lambda_line(inputs);
    if (!line.starts_with("REPORT ")) {
        return {};
    }
    for (const std::string_view column : base::split(line, '\t')) {
        const std::string_view trimmed = base::trim(column);
        if (trimmed.starts_with(name) && trimmed.substr(name.size()).starts_with(": ")) {
            return trimmed.substr(name.size() + 2);
        }
    }
    return {};
}

// Milliseconds stay; Insights gives megabytes in bytes.
event::Value number_of_report(DeriveInputs& inputs, std::string_view name)
{
    std::string_view text = of_report(inputs, name);
    constexpr std::string_view megabytes = " MB";
    double factor = 1;
    if (text.ends_with(megabytes)) {
        constexpr double bytes = 1e6;
        factor = bytes;
    }
    text = text.substr(0, text.find(' '));
    double number = 0;
    return base::parse_number(text, number) ? event::Value::real(number * factor) : event::Value();
}

event::Value text_of_report(DeriveInputs& inputs, std::string_view name)
{
    const std::string_view text = of_report(inputs, name);
    return text.empty() ? event::Value() : event::Value::string(text);
}

const std::vector<DerivedField>& derived_fields()
{
    static const std::vector<DerivedField> derived {
        {"@timestamp", "time", "Time of the log event", {}, derive_timestamp},
        {"@account", "string", "Account of the log group", {}, derive_account},
        {"@region", "string", "Region of the object's key", {}, derive_region},
        {"@resource", "string", "Name of the log group", {}, derive_resource},
        {"@type", "string", "START, END, REPORT, INIT_START: of Lambda's own lines", {"message"}, derive_lambda_type},
        {"@requestId", "string", "Request of a line of Lambda or of its runtimes", {"message"}, derive_request_id},
        {"@duration", "number", "Milliseconds of a REPORT line of Lambda", {"message"},
            [](DeriveInputs& inputs) { return number_of_report(inputs, "Duration"); }},
        {"@billedDuration", "number", "Milliseconds that were billed", {"message"},
            [](DeriveInputs& inputs) { return number_of_report(inputs, "Billed Duration"); }},
        {"@initDuration", "number", "Milliseconds that the start took", {"message"},
            [](DeriveInputs& inputs) { return number_of_report(inputs, "Init Duration"); }},
        {"@memorySize", "number", "Bytes that the function may use", {"message"},
            [](DeriveInputs& inputs) { return number_of_report(inputs, "Memory Size"); }},
        {"@maxMemoryUsed", "number", "Bytes that the function used", {"message"},
            [](DeriveInputs& inputs) { return number_of_report(inputs, "Max Memory Used"); }},
        {"@xrayTraceId", "string", "Trace of X-Ray", {"message"},
            [](DeriveInputs& inputs) { return text_of_report(inputs, "XRAY TraceId"); }},
        {"@xraySegmentId", "string", "Segment of X-Ray", {"message"},
            [](DeriveInputs& inputs) { return text_of_report(inputs, "SegmentId"); }},
    };
    return derived;
}

} // namespace

const LogKind& kind()
{
    static const LogKind cloudwatch_logs {
        .id = "cloudwatch_logs",
        .number = 3,
        .title = "CloudWatch Logs messages",
        .page = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html",
        .switch_on = "aws logs put-subscription-filter --log-group-name GROUP --filter-name all --filter-pattern '' --destination-arn FIREHOSE_ARN, or create-export-task",
        .places = {
            "Subscription to Lambda ({\"awslogs\":{\"data\":…}}), Kinesis or Firehose: payloads of a log group, compressed or not",
            "S3 PREFIX/TASK/STREAM/000000.gz of an export task",
            "aws logs get-log-events, filter-log-events, get-log-record, get-query-results, tail",
        },
        .recognised_by = "A payload with messageType, logGroup and logEvents, or a list of messages with their timestamps; rows of Insights. Lines of aws logs tail begin with a time and the name of a stream. Lines of an export task are told by the name of the object, six digits, or by --kind cloudwatch_logs. A message that another kind knows is of that kind; all others, of whatever text, are of this one.",
        .fields = fields,
        .event_sources = event_sources,
        .derived = derived_fields(),
        .dotted_names = true,
    };
    return cloudwatch_logs;
}

} // namespace trawl::ingest::kinds::cloudwatch_logs
