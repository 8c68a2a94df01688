#include "event/json.h"
#include "ingest/kinds/derive.h"
#include "ingest/kinds/log_kind.h"

// AWS Config: configuration items of snapshots and histories, notifications, compliance, input of Lambda rules.
namespace trawl::ingest::kinds::config {

using event::Value;

namespace {

constexpr FieldDescription fields[] = {
    {"configurationItemVersion", "string", "Version of the item's format", "", "version"},
    {"configurationItemCaptureTime", "time", "When the configuration was recorded", "", ""},
    {"configurationStateId", "string", "Order of the items of a resource", "", ""},
    {"awsAccountId", "string", "Account of the resource", "", "accountId"},
    {"configurationItemStatus", "string",
        "OK, ResourceDiscovered, ResourceNotRecorded, ResourceDeleted, ResourceDeletedNotRecorded", "", ""},
    {"resourceId", "string", "Id of the resource", "", ""},
    {"resourceName", "string", "Name of the resource", "", ""},
    {"resourceType", "string", "Type of the resource", "", ""},
    {"ARN", "string", "ARN of the resource", "", "arn"},
    {"awsRegion", "string", "Region of the resource", "", ""},
    {"availabilityZone", "string", "Availability zone of the resource", "", ""},
    {"configurationStateMd5Hash", "string", "Hash of the configuration", "", ""},
    {"resourceCreationTime", "time", "When the resource was made", "", ""},
    {"tags", "object", "Tags of the resource", "", ""},
    {"relatedEvents", "array", "CloudTrail events that changed it", "", ""},
    {"relationships", "array", "Resources that it is related to", "", ""},
    {"configuration", "object", "The configuration, as the service's API describes it", "", ""},
    {"supplementaryConfiguration", "object", "More configuration; the values are JSON texts", "", ""},
    {"messageType", "string", "Kind of the notification",
        "https://docs.aws.amazon.com/config/latest/developerguide/notifications-for-AWS-Config.html", ""},
    {"notificationCreationTime", "time", "When the notification was made", "", ""},
    {"configurationItem", "object", "The item of a change notification", "", ""},
    {"configurationItemDiff", "object", "Which properties changed, with values before and after", "", ""},
    {"configurationItemSummary", "object", "Summary of an item that is too large", "", ""},
    {"configRuleName", "string", "Name of the rule", "", "ConfigRuleName"},
    {"configRuleArn", "string", "ARN of the rule", "", ""},
    {"newEvaluationResult", "object", "Compliance after the evaluation", "", ""},
    {"invokingEvent", "string", "JSON text of the event that started a Lambda rule", "", ""},
    {"ruleParameters", "string", "JSON text of the rule's parameters", "", ""},
    {"Compliance", "object", "Compliance of a rule or resource", "", ""},
    {"configRuleId", "string", "Id of the rule that was evaluated", "", ""},
    {"resultToken", "string", "Token that the rule's Lambda function answers with", "", ""},
    {"executionRoleArn", "string", "Role that the rule's function runs with", "", ""},
    {"eventLeftScope", "boolean", "Whether the resource left the scope of the rule", "", ""},
    {"requestId", "string", "Id of the delivery of a history file", "", ""},
};

// A member of the event that started a Lambda rule: of its item, of the summary of one that is too large, or its own.
Value of_invoking_event(const Value& event, std::string_view name, base::Arena& arena)
{
    for (const std::string_view part : {"configurationItem", "configurationItemSummary"}) {
        const Value item = derive::member_of_text(event, part, arena);
        const Value value = item.type() == event::Type::object ? event::json::member(item.raw(), name) : Value();
        if (!value.is_absent()) {
            return value;
        }
    }
    return derive::member_of_text(event, name, arena);
}

// The last input of these is the text of such an event.
Value derive_time(DeriveInputs& inputs)
{
    derive::MembersOfTexts opened(
        inputs, 1, {"configurationItemCaptureTime", "notificationCreationTime"}, of_invoking_event);
    return derive::time(opened);
}

Value derive_region(DeriveInputs& inputs)
{
    derive::MembersOfTexts opened(inputs, 1, {"awsRegion"}, of_invoking_event);
    return derive::region(opened);
}

Value derive_action(DeriveInputs& inputs)
{
    derive::MembersOfTexts opened(inputs, 1, {"messageType"}, of_invoking_event);
    return derive::first_present(opened);
}

Value derive_resource(DeriveInputs& inputs)
{
    derive::MembersOfTexts opened(inputs, 1, {"resourceType", "resourceId"}, of_invoking_event);
    return derive::joined(opened);
}

const std::vector<DerivedField>& derived_fields()
{
    static const std::vector<DerivedField> derived {
        {"@timestamp", "time", "configurationItemCaptureTime, else notificationCreationTime",
            {"configurationItemCaptureTime", "configurationItem.configurationItemCaptureTime",
                "configurationItemSummary.configurationItemCaptureTime", "notificationCreationTime",
                "newEvaluationResult.resultRecordedTime", "ResultRecordedTime", "detail.notificationCreationTime",
                "time", "invokingEvent"},
            derive_time},
        {"@account", "string", "awsAccountId, accountId",
            {"awsAccountId", "accountId", "configurationItem.awsAccountId", "configurationItemSummary.awsAccountId",
                "account"},
            derive::account},
        {"@region", "string", "awsRegion",
            {"awsRegion", "configurationItem.awsRegion", "configurationItemSummary.awsRegion", "region",
                "invokingEvent"},
            derive_region},
        {"@action", "string", "messageType, configurationItemStatus or change type",
            {"messageType", "configurationItemDiff.changeType", "configurationItemStatus", "detail-type",
                "invokingEvent"},
            derive_action},
        {"@resource", "string", "Type and id of the resource",
            {"resourceType", "resourceId", "ResourceType", "ResourceId", "configurationItem.resourceType",
                "configurationItem.resourceId", "configurationItemSummary.resourceType",
                "configurationItemSummary.resourceId",
                "EvaluationResultIdentifier.EvaluationResultQualifier.ResourceType",
                "EvaluationResultIdentifier.EvaluationResultQualifier.ResourceId", "invokingEvent"},
            derive_resource},
        {"@outcome", "string", "Compliance",
            {"newEvaluationResult.complianceType", "Compliance.ComplianceType", "ComplianceType"},
            derive::first_present},
    };
    return derived;
}

constexpr std::string_view event_sources[] = {"config"};

bool is_config(std::size_t set, std::span<const Value> values)
{
    return set != 0 || values[1].raw() == "aws.config";
}

} // namespace

const LogKind& kind()
{
    static const LogKind config {
        .id = "config",
        .number = 5,
        .title = "AWS Config items and notifications",
        .page = "https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationItem.html",
        .switch_on = "aws configservice put-configuration-recorder, put-delivery-channel, then start-configuration-recorder",
        .places = {
            "S3 AWSLogs/ACCOUNT/Config/REGION/YYYY/M/D/ConfigSnapshot/… and ConfigHistory/….json.gz",
            "SNS and EventBridge (source aws.config)",
            "Lambda rules, as invokingEvent",
            "aws configservice get-resource-config-history, get-compliance-details-by-config-rule",
        },
        .recognised_by = "JSON objects with the names below; EventBridge events of source aws.config are taken for their detail where it is an item or a notification.",
        .fields = fields,
        .event_sources = event_sources,
        .derived = derived_fields(),
        .hallmarks = {{"detail-type", "source", "detail"}, {"configurationItemCaptureTime", "resourceType"},
            {"snapshotVersion", "resourceId", "resourceType"}, {"configurationItemStatus", "resourceType"},
            {"messageType", "notificationCreationTime"}, {"messageType", "configSnapshotId"}, {"messageType", "recordVersion"},
            {"invokingEvent", "configRuleName"}, {"invokingEvent", "resultToken"}, {"configRuleName", "newEvaluationResult"},
            {"Compliance", "ConfigRuleName"}, {"Compliance", "ResourceType"}, {"ComplianceType", "EvaluationResultIdentifier"},
            {"messageType", "s3ObjectKey"}},
        .confirm = is_config,
        .list_names = {"configurationItems", "ComplianceByConfigRules", "ComplianceByResources", "EvaluationResults"},
        .detail_is_record = true,
    };
    return config;
}

} // namespace trawl::ingest::kinds::config
