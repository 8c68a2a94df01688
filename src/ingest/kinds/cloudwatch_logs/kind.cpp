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

const std::vector<DerivedField>& derived_fields()
{
    static const std::vector<DerivedField> derived {
        {"@timestamp", "time", "Time of the log event", {}, derive_timestamp},
        {"@account", "string", "Account of the log group", {}, derive_account},
        {"@region", "string", "Region of the object's key", {}, derive_region},
        {"@resource", "string", "Name of the log group", {}, derive_resource},
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
            "aws logs get-log-events, filter-log-events",
        },
        .recognised_by = "A payload with messageType, logGroup and logEvents, or a list of messages with their timestamps. Lines of an export task are told by the name of the object, six digits, or by --kind cloudwatch_logs. A message that another kind knows is of that kind; all others, of whatever text, are of this one.",
        .fields = fields,
        .event_sources = event_sources,
        .derived = derived_fields(),
        .dotted_names = true,
    };
    return cloudwatch_logs;
}

} // namespace trawl::ingest::kinds::cloudwatch_logs
