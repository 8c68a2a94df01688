#include "ingest/kinds/derive.h"
#include "ingest/kinds/log_kind.h"

// Stacks as a whole: the objects that describe-stacks and list-stacks print, and (as a view) those records of
// cloudformation whose resource is the stack itself.
namespace trawl::ingest::kinds::cloudformation_stack {

using event::Value;

namespace {

constexpr FieldDescription fields[] = {
    {"StackId", "string", "ARN of the stack", "", ""},
    {"StackName", "string", "Name of the stack", "", ""},
    {"ChangeSetId", "string", "Change set that made the stack", "", ""},
    {"Description", "string", "Description of the template", "", "TemplateDescription"},
    {"Parameters", "array", "ParameterKey, ParameterValue, ResolvedValue", "", ""},
    {"CreationTime", "time", "When the stack was made", "", ""},
    {"LastUpdatedTime", "time", "When the stack was updated", "", ""},
    {"DeletionTime", "time", "When the stack was deleted", "", ""},
    {"StackStatus", "string", "Status of the stack", "", ""},
    {"StackStatusReason", "string", "Why the stack has the status", "", ""},
    {"Capabilities", "array", "CAPABILITY_IAM, CAPABILITY_NAMED_IAM, CAPABILITY_AUTO_EXPAND", "", ""},
    {"Outputs", "array", "OutputKey, OutputValue, ExportName", "", ""},
    {"RoleARN", "string", "Role that CloudFormation acts with", "", ""},
    {"EnableTerminationProtection", "boolean", "Whether the stack is protected from deletion", "", ""},
    {"DriftInformation", "object", "Whether the stack has drifted: StackDriftStatus, LastCheckTimestamp", "", ""},
    {"NotificationARNs", "array", "SNS topics that are told", "", ""},
    {"ParentId", "string", "Parent of a nested stack", "", ""},
    {"RootId", "string", "Root of a nested stack", "", ""},
    {"StackDriftStatus", "string", "DRIFTED, IN_SYNC, UNKNOWN, NOT_CHECKED", "", "StackResourceDriftStatus"},
    {"RollbackConfiguration", "object", "Alarms that roll the stack back", "", ""},
    {"DisableRollback", "boolean", "Whether a failed creation stays", "", ""},
    {"TimeoutInMinutes", "number", "Time within which the stack must be created", "", ""},
};

// Inputs: ResourceType, detail.resource-type, detail-type
Value is_stack_row(DeriveInputs& inputs)
{
    for (std::size_t i = 0; i < 2; ++i) {
        const Value type = inputs.input(i);
        if (!type.is_absent()) {
            return Value::boolean(type.raw() == "AWS::CloudFormation::Stack");
        }
    }
    return Value::boolean(inputs.input(2).raw() == "CloudFormation Stack Status Change");
}

const DerivedField& stack_rows()
{
    static const DerivedField test {"", "boolean",
        "rows whose ResourceType is AWS::CloudFormation::Stack, and events of the detail-type CloudFormation Stack "
        "Status Change",
        {"ResourceType", "detail.resource-type", "detail-type"}, is_stack_row};
    return test;
}

const std::vector<DerivedField>& derived_fields()
{
    static const std::vector<DerivedField> derived {
        {"@timestamp", "time", "LastUpdatedTime, else CreationTime", {"LastUpdatedTime", "CreationTime", "Timestamp"},
            derive::time},
        {"@account", "string", "Account of StackId", {"StackId"}, derive::account_of_arn},
        {"@region", "string", "Region of StackId", {"StackId"}, derive::region_of_arn},
        {"@resource", "string", "StackId", {"StackId"}, derive::first_present},
        {"@outcome", "string", "StackStatus", {"StackStatus", "StackDriftStatus", "StackResourceDriftStatus"},
            derive::first_present},
    };
    return derived;
}

constexpr std::string_view event_sources[] = {"cloudformation"};

} // namespace

const LogKind& kind()
{
    static const LogKind cloudformation_stack {
        .id = "cloudformation_stack",
        .number = 22,
        .title = "CloudFormation stacks",
        .page = "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Stack.html",
        .switch_on = "aws cloudformation describe-stacks, kept daily, and what cloudformation needs",
        .places = {
            "aws cloudformation describe-stacks, list-stacks, describe-stack-resource-drifts",
            "All places of cloudformation, for the rows of whole stacks",
        },
        .recognised_by = "JSON objects with the names below. Of the records of cloudformation it selects those about a stack itself.",
        .fields = fields,
        .event_sources = event_sources,
        .derived = derived_fields(),
        .hallmarks = {{"StackName", "StackStatus"}, {"StackId", "StackDriftStatus"}, {"StackId", "StackResourceDriftStatus"}},
        .list_names = {"Stacks", "StackSummaries", "StackResourceDrifts"},
        .view_of = "cloudformation",
        .in_view = &stack_rows(),
    };
    return cloudformation_stack;
}

} // namespace trawl::ingest::kinds::cloudformation_stack
