#include "event/json.h"
#include "ingest/kinds/derive.h"
#include "ingest/kinds/log_kind.h"

// GuardDuty findings: EventBridge, S3 export (JSON lines) and `aws guardduty get-findings` with its PascalCase names;
// and the same in the form of Security Hub (ASFF).
namespace trawl::ingest::kinds::guardduty {

using event::Type;
using event::Value;

namespace {

// The AWS Security Finding Format.
constexpr std::string_view asff_page
    = "https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format-syntax.html";

constexpr FieldDescription fields[] = {
    {"schemaVersion", "string", "Version of the finding format", "", ""},
    {"accountId", "string", "Account that the finding is about", "", "AccountId"},
    {"region", "string", "Region of the finding", "", "Region"},
    {"partition", "string", "Partition of the region", "", "Partition"},
    {"id", "string", "Id of the finding; stays the same when it is updated", "", "Id"},
    {"arn", "string", "ARN of the finding", "", "Arn"},
    {"type", "string", "Finding type: ThreatPurpose:Resource/Family.Mechanism!Artifact",
        "https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-format.html", "Type"},
    {"resource", "object", "Resource that was the target or actor", "", "Resource"},
    {"resource.resourceType", "string",
        "AccessKey, Instance, S3Bucket, EKSCluster, ECSCluster, Container, Lambda, RDSDBInstance", "", ""},
    {"resource.accessKeyDetails.userName", "string", "User of the access key", "", ""},
    {"resource.instanceDetails.instanceId", "string", "Instance that the finding is about", "", ""},
    {"service", "object", "What GuardDuty saw: action, resourceRole, count, times", "", "Service"},
    {"service.action.actionType", "string",
        "AWS_API_CALL, NETWORK_CONNECTION, PORT_PROBE, DNS_REQUEST, KUBERNETES_API_CALL, RDS_LOGIN_ATTEMPT", "", ""},
    {"service.archived", "boolean", "Whether the finding is archived", "", ""},
    {"service.count", "number", "How often it was seen", "", ""},
    {"service.eventFirstSeen", "time", "When it was seen first", "", ""},
    {"service.eventLastSeen", "time", "When it was seen last", "", ""},
    {"severity", "number", "0.1-3.9 low, 4-6.9 medium, 7-8.9 high, 9-10 critical", "", "Severity"},
    {"title", "string", "Headline of the finding", "", "Title"},
    {"description", "string", "The finding in a sentence", "", "Description"},
    {"createdAt", "time", "When the finding was made", "", "CreatedAt"},
    {"updatedAt", "time", "When the finding was updated", "", "UpdatedAt"},
    {"detail-type", "string", "GuardDuty Finding, of an event whose detail is none", "", ""},
    {"detail", "object", "The finding in an EventBridge event", "", ""},
    {"resource.accessKeyDetails.accessKeyId", "string", "Access key that the finding is about", "", ""},
    {"resource.accessKeyDetails.principalId", "string", "Principal of the access key", "", ""},
    {"resource.accessKeyDetails.userType", "string", "Kind of principal: IAMUser, Role, Root …", "", ""},
    {"resource.instanceDetails", "object",
        "The instance: instanceType, launchTime, networkInterfaces, iamInstanceProfile, imageId, tags", "", ""},
    {"resource.s3BucketDetails", "array", "The buckets: arn, name, type, owner, publicAccess", "", ""},
    {"resource.eksClusterDetails", "object", "The EKS cluster: name, arn, vpcId, status", "", ""},
    {"resource.kubernetesDetails", "object", "Kubernetes user and workload", "", ""},
    {"resource.lambdaDetails", "object", "The function: functionArn, functionName, role", "", ""},
    {"resource.rdsDbInstanceDetails", "object",
        "The database instance: dbInstanceIdentifier, engine, dbClusterIdentifier", "", ""},
    {"resource.ebsVolumeDetails", "object", "Volumes that were scanned for malware", "", ""},
    {"service.detectorId", "string", "Detector that made the finding", "", ""},
    {"service.resourceRole", "string", "ACTOR or TARGET: the part that the resource played", "", ""},
    {"service.additionalInfo", "object", "More about the finding; `sample` is true for sample findings", "", ""},
    {"service.evidence", "object", "Threat lists that the finding rests on", "", ""},
    {"service.featureName", "string", "Protection plan that made the finding", "", ""},
    {"service.detection", "object", "Anomaly, or sequence of an attack", "", ""},
    {"service.action.awsApiCallAction", "object",
        "The API call: api, serviceName, callerType, remoteIpDetails, errorCode", "", ""},
    {"service.action.networkConnectionAction", "object",
        "The connection: connectionDirection, protocol, localPortDetails, remoteIpDetails, remotePortDetails", "", ""},
    {"service.action.portProbeAction", "object", "The probe: blocked, portProbeDetails", "", ""},
    {"service.action.dnsRequestAction", "object", "The DNS request: domain, protocol, blocked", "", ""},
    {"associatedAttackSequenceArn", "string", "Attack sequence that the finding belongs to", "", ""},
    {"ProductArn", "string", "Product of the finding, in the form of Security Hub", asff_page, ""},
    {"AwsAccountId", "string", "Account that the finding is about, in the form of Security Hub", asff_page, ""},
    {"Types", "array", "Types of the finding as Security Hub writes them: TTPs/Discovery/Recon:EC2-Portscan", asff_page,
        ""},
    {"Severity.Label", "string", "INFORMATIONAL, LOW, MEDIUM, HIGH, CRITICAL, in the form of Security Hub", asff_page,
        ""},
    {"Severity.Normalized", "number", "0 to 100, in the form of Security Hub", asff_page, ""},
    {"Resources", "array", "Resources of the finding: Type, Id, Details; in the form of Security Hub", asff_page, ""},
    {"Action", "object",
        "What was done: ActionType, NetworkConnectionAction, AwsApiCallAction …, in the form of Security Hub",
        asff_page, ""},
    {"ProductFields", "object", "What GuardDuty says beyond the form of Security Hub", asff_page, ""},
    {"RecordState", "string", "ACTIVE or ARCHIVED, in the form of Security Hub", asff_page, ""},
    {"Workflow.Status", "string", "NEW, NOTIFIED, SUPPRESSED, RESOLVED, in the form of Security Hub", asff_page, ""},
    {"findingDetails", "array", "Types of an announcement about new or changed findings", "", ""},
    {"featureDetails", "array", "Features of an announcement", "", ""},
};

// Inputs: service, Service, and Action of the Security Hub form
Value derive_source(DeriveInputs& inputs)
{
    for (std::size_t i = 0; i < inputs.count(); ++i) {
        const bool pascal = i > 0;
        const Value action
            = i == 2 ? inputs.input(i) : event::json::member(inputs.input(i).raw(), pascal ? "Action" : "action");
        Value found;
        event::json::for_each_member(action.raw(), [&](Value, Value details) {
            Value remote = event::json::member(details.raw(), pascal ? "RemoteIpDetails" : "remoteIpDetails");
            if (remote.type() != Type::object) {
                const Value probes
                    = event::json::member(details.raw(), pascal ? "PortProbeDetails" : "portProbeDetails");
                remote = event::json::member(
                    event::json::element(probes.raw(), 0).raw(), pascal ? "RemoteIpDetails" : "remoteIpDetails");
            }
            for (const std::string_view name :
                {pascal ? "IpAddressV4" : "ipAddressV4", pascal ? "IpAddressV6" : "ipAddressV6"}) {
                const Value address = event::json::member(remote.raw(), name);
                if (found.is_absent() && address.type() == Type::string && !address.raw().empty()) {
                    found = address;
                }
            }
            return found.is_absent();
        });
        if (!found.is_absent()) {
            return found;
        }
    }
    return {};
}

const std::vector<DerivedField>& derived_fields()
{
    static const std::vector<DerivedField> derived {
        {"@timestamp", "time", "updatedAt, else service.eventLastSeen",
            {"updatedAt", "UpdatedAt", "service.eventLastSeen", "Service.EventLastSeen", "time"}, derive::time},
        {"@account", "string", "accountId", {"accountId", "AccountId", "AwsAccountId", "account"}, derive::account},
        {"@region", "string", "region", {"region", "Region"}, derive::region},
        {"@principal", "string", "User of the access key",
            {"resource.accessKeyDetails.userName", "Resource.AccessKeyDetails.UserName",
                "Resources.0.Details.AwsIamAccessKey.PrincipalName"},
            derive::first_present},
        {"@src_ip", "address", "Remote address of the action", {"service", "Service", "Action"}, derive_source},
        {"@action", "string", "type", {"type", "Type", "Types.0", "detail-type"}, derive::first_present},
        {"@resource", "string", "Instance, bucket, user or type of the resource",
            {"resource.instanceDetails.instanceId", "Resource.InstanceDetails.InstanceId",
                "resource.s3BucketDetails.0.name", "Resource.S3BucketDetails.0.Name",
                "resource.accessKeyDetails.accessKeyId", "Resource.AccessKeyDetails.AccessKeyId",
                "resource.resourceType", "Resource.ResourceType", "Resources.0.Id"},
            derive::first_present},
        {"@outcome", "string", "severity", {"Severity.Label", "severity", "Severity"}, derive::first_present},
    };
    return derived;
}

constexpr std::string_view event_sources[] = {"guardduty", "detective", "inspector2", "macie2", "securityhub"};

bool is_finding(std::size_t set, std::span<const Value> values)
{
    // Security Hub has findings of many products in one form.
    const std::size_t of_events = 2;
    const std::size_t of_security_hub = 5;
    return (set != of_events || values[1].raw() == "aws.guardduty")
        && (set != of_security_hub || values[1].raw().ends_with("product/aws/guardduty"));
}

} // namespace

const LogKind& kind()
{
    static const LogKind guardduty {
        .id = "guardduty",
        .number = 12,
        .title = "GuardDuty findings",
        .page = "https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Finding.html",
        .switch_on = "aws guardduty create-detector --enable, then create-publishing-destination to S3",
        .places = {
            "S3 AWSLogs/ACCOUNT/GuardDuty/REGION/YYYY/MM/DD/ID.jsonl.gz",
            "EventBridge (source aws.guardduty)",
            "aws guardduty get-findings",
            "aws securityhub get-findings and EventBridge (source aws.securityhub): those of product aws/guardduty",
        },
        .recognised_by = "JSON objects with the names below, in lower (exports, events) or upper camel case (CLI); EventBridge events must be of source aws.guardduty, findings in the form of Security Hub of product aws/guardduty.",
        .fields = fields,
        .event_sources = event_sources,
        .derived = derived_fields(),
        .hallmarks = {{"schemaVersion", "severity", "service"}, {"SchemaVersion", "Severity", "Service"},
            {"detail-type", "source", "detail"}, {"findingDetails", "type"}, {"featureDetails", "type"},
            {"SchemaVersion", "ProductArn", "AwsAccountId"}},
        .confirm = is_finding,
        .list_names = {"Findings"},
        .detail_is_record = true,
    };
    return guardduty;
}

} // namespace trawl::ingest::kinds::guardduty
