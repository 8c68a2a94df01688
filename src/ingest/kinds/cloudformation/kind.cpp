#include <algorithm>
#include <array>

#include "base/text.h"
#include "ingest/kinds/derive.h"
#include "ingest/kinds/log_kind.h"

// CloudFormation stack and resource events: SNS notifications (text lines Key='value'), the CLI, EventBridge, and
// requests of custom resources.
namespace trawl::ingest::kinds::cloudformation {

using event::Value;

namespace {

constexpr std::string_view bridge_page
    = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/eventbridge-events.html";
constexpr std::string_view custom_page
    = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html";

constexpr FieldDescription fields[] = {
    {"StackId", "string", "ARN of the stack", "", ""},
    {"StackName", "string", "Name of the stack", "", ""},
    {"EventId", "string", "Id of the event", "", ""},
    {"Timestamp", "time", "Time of the event", "", ""},
    {"LogicalResourceId", "string", "Name of the resource in the template", "", ""},
    {"PhysicalResourceId", "string", "Id of the resource", "", ""},
    {"ResourceType", "string", "Type of the resource", "", ""},
    {"ResourceStatus", "string", "CREATE_IN_PROGRESS, CREATE_COMPLETE, UPDATE_FAILED, DELETE_COMPLETE …", "", ""},
    {"ResourceStatusReason", "string", "Why the resource has the status", "", ""},
    {"ResourceProperties", "string", "Properties of the resource as JSON text", "", ""},
    {"ClientRequestToken", "string", "Token of the request that started the action", "", ""},
    {"PrincipalId", "string", "Who started the action (SNS)", "", ""},
    {"Namespace", "string", "Account of the stack (SNS)", "", ""},
    {"HookType", "string", "Hook that was called", "", ""},
    {"HookStatus", "string", "Status of the hook", "", ""},
    {"HookStatusReason", "string", "Why the hook has the status", "", ""},
    {"DetailedStatus", "string", "CONFIGURATION_COMPLETE or VALIDATION_FAILED", "", ""},
    {"OperationId", "string", "Operation that the event belongs to", "", ""},
    {"detail-type", "string",
        "CloudFormation Stack Status Change, Resource Status Change, Drift Detection Status Change", bridge_page, ""},
    {"detail.stack-id", "string", "ARN of the stack", bridge_page, ""},
    {"detail.logical-resource-id", "string", "Name of the resource in the template", bridge_page, ""},
    {"detail.physical-resource-id", "string", "Id of the resource", bridge_page, ""},
    {"detail.resource-type", "string", "Type of the resource", bridge_page, ""},
    {"detail.status-details", "object", "status and status-reason", bridge_page, ""},
    {"RequestType", "string", "Create, Update or Delete of a custom resource", custom_page, ""},
    {"ResponseURL", "string", "Presigned URL for the answer, masked", custom_page, ""},
    {"RequestId", "string", "Id of the request of a custom resource", custom_page, ""},
    {"HookInvocationPoint", "string", "When the hook ran: PRE_PROVISION", "", ""},
    {"HookFailureMode", "string", "FAIL or WARN: what a failing hook does", "", ""},
    {"OldResourceProperties", "object", "Properties before the update of a custom resource", "", ""},
    {"ServiceToken", "string", "Function or topic that serves the custom resource", "", ""},
};

// The keys of an SNS notification, which begin a value; others stand inside one.
constexpr std::array<std::string_view, 13> keys {"StackId", "Timestamp", "EventId", "LogicalResourceId", "Namespace",
    "PhysicalResourceId", "PrincipalId", "ResourceProperties", "ResourceStatus", "ResourceStatusReason", "ResourceType",
    "StackName", "ClientRequestToken"};

std::string_view key_of(std::string_view line)
{
    const std::size_t equals = line.find("='");
    const std::string_view key = line.substr(0, equals == std::string_view::npos ? 0 : equals);
    return std::find(keys.begin(), keys.end(), key) != keys.end() ? key : std::string_view();
}

// One notification is one record: lines Key='value', where a value may span lines and hold quotes.
class Decoder final : public LineDecoder {
public:
    Outcome decode(std::string_view text, LineRow& row) override
    {
        if (row.names.empty() || row.layout == 0) {
            row.names.assign(keys.begin(), keys.end());
            row.values.assign(keys.size(), Value());
            ++row.layout;
        }
        row.values.assign(keys.size(), Value());
        std::size_t current = keys.size();
        std::size_t start = 0;
        std::size_t at = 0;
        const auto finish = [&](std::size_t end) {
            if (current < keys.size()) {
                std::string_view value = base::trim_end(text.substr(start, end - start));
                if (value.ends_with('\'')) {
                    value.remove_suffix(1);
                }
                row.values[current] = Value::string(value);
            }
        };
        while (at < text.size()) {
            const std::size_t end = std::min(text.find('\n', at), text.size());
            const std::string_view key = key_of(text.substr(at, end - at));
            if (!key.empty()) {
                finish(at);
                current = static_cast<std::size_t>(std::find(keys.begin(), keys.end(), key) - keys.begin());
                start = at + key.size() + 2;
            }
            at = end + 1;
        }
        finish(text.size());
        if (row.values[0].is_absent()) {
            return Outcome::rejected;
        }
        return Outcome::event;
    }
    bool continues(std::string_view, std::string_view line) const override { return key_of(line) != "StackId"; }
    std::string_view reject_code() const override { return "cloudformation-stack-id"; }
    std::string_view reject_reason() const override { return "the notification has no StackId"; }
};

Confidence recognise_lines(const LineProbe& probe)
{
    const bool ours = !probe.lines.empty() && probe.lines.front().starts_with("StackId='arn:");
    return ours ? Confidence::certain : Confidence::no;
}

const std::vector<DerivedField>& derived_fields()
{
    static const std::vector<DerivedField> derived {
        {"@timestamp", "time", "Timestamp, else time", {"Timestamp", "time"}, derive::time},
        {"@account", "string", "Account of the stack's ARN", {"StackId", "detail.stack-id"}, derive::account_of_arn},
        {"@region", "string", "Region of the stack's ARN", {"StackId", "detail.stack-id"}, derive::region_of_arn},
        {"@principal", "string", "PrincipalId", {"PrincipalId"}, derive::first_present},
        {"@action", "string", "ResourceType:ResourceStatus",
            {"ResourceType", "detail.resource-type", "ResourceStatus", "detail.status-details.status", "RequestType"},
            derive::joined},
        {"@resource", "string", "PhysicalResourceId",
            {"PhysicalResourceId", "detail.physical-resource-id", "LogicalResourceId", "detail.stack-id", "StackId"},
            derive::first_present},
        {"@outcome", "string", "ResourceStatus", {"ResourceStatus", "detail.status-details.status"},
            derive::first_present},
    };
    return derived;
}

constexpr std::string_view event_sources[] = {"cloudformation"};

bool is_event(std::size_t set, std::span<const Value> values)
{
    return set != 0 || values[1].raw() == "aws.cloudformation";
}

} // namespace

const LogKind& kind()
{
    static const LogKind cloudformation {
        .id = "cloudformation",
        .number = 9,
        .title = "CloudFormation stack and resource events",
        .page = "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackEvent.html",
        .switch_on = "NotificationARNs of the stacks, or an EventBridge rule for source aws.cloudformation; once: aws cloudformation describe-stack-events --stack-name STACK",
        .places = {
            "SNS topics of the stacks (NotificationARNs): lines of Name='value'",
            "EventBridge (source aws.cloudformation)",
            "aws cloudformation describe-stack-events",
            "Requests to custom resources (Lambda, SNS)",
        },
        .recognised_by = "Text that begins with StackId='arn:, or JSON objects with the names below. EventBridge events must be of source aws.cloudformation.",
        .fields = fields,
        .event_sources = event_sources,
        .derived = derived_fields(),
        .hallmarks = {{"detail-type", "source", "detail"}, {"StackId", "EventId", "ResourceStatus"},
            {"StackId", "LogicalResourceId", "ResourceStatus"}, {"RequestType", "StackId", "LogicalResourceId"}},
        .confirm = is_event,
        .recognise_lines = recognise_lines,
        .make_line_decoder = [] { return std::unique_ptr<LineDecoder>(std::make_unique<Decoder>()); },
        .multi_line = true,
        .list_names = {"StackEvents"},
        .secrets = {"ResponseURL"},
    };
    return cloudformation;
}

} // namespace trawl::ingest::kinds::cloudformation
