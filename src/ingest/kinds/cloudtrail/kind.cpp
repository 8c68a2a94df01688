#include "ingest/kinds/cloudtrail/derived.h"
#include "ingest/kinds/log_kind.h"

// Management, data, network-activity and Insights events of AWS CloudTrail.
namespace trawl::ingest::kinds::cloudtrail {

namespace {

constexpr std::string_view record_page
    = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html";
constexpr std::string_view identity_page
    = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html";
constexpr std::string_view insights_page
    = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-insights-fields-insight-details.html";

constexpr FieldDescription fields[] = {
    {"eventVersion", "string", "Version of the record format", "", ""},
    {"userIdentity", "object", "Who made the request", identity_page, ""},
    {"userIdentity.type", "string",
        "Root, IAMUser, AssumedRole, Role, FederatedUser, Directory, AWSAccount, AWSService, IdentityCenterUser, "
        "SAMLUser, WebIdentityUser, Unknown",
        identity_page, ""},
    {"userIdentity.principalId", "string", "Unique id of the caller", identity_page, ""},
    {"userIdentity.arn", "string", "ARN of the caller", identity_page, ""},
    {"userIdentity.accountId", "string", "Account that owns the caller", identity_page, ""},
    {"userIdentity.accessKeyId", "string", "Access key that signed the request", identity_page, ""},
    {"userIdentity.userName", "string", "Friendly name of the caller", identity_page, ""},
    {"userIdentity.invokedBy", "string", "AWS service that made the request for the caller", identity_page, ""},
    {"userIdentity.identityProvider", "string", "Identity provider of a federated caller", identity_page, ""},
    {"userIdentity.credentialId", "string", "Credential of a request with a bearer token", identity_page, ""},
    {"userIdentity.onBehalfOf", "object", "Identity Center user on whose behalf the request was made", identity_page,
        ""},
    {"userIdentity.sessionContext", "object",
        "Session of temporary credentials: sessionIssuer, attributes, webIdFederationData, sourceIdentity, "
        "ec2RoleDelivery, assumedRoot",
        identity_page, ""},
    {"userIdentity.sessionContext.sessionIssuer.arn", "string", "Role or user that issued the session", identity_page,
        ""},
    {"userIdentity.sessionContext.attributes.mfaAuthenticated", "string",
        "Whether the session was made with MFA: true or false, as text", identity_page, ""},
    {"eventTime", "time", "When the request was completed, UTC", "", ""},
    {"eventSource", "string", "Service that the request went to", "", ""},
    {"eventName", "string", "Action of the service's API", "", ""},
    {"awsRegion", "string", "Region that the request went to", "", ""},
    {"sourceIPAddress", "string", "Address that the request came from; a name for services of AWS", "", ""},
    {"userAgent", "string", "Agent through which the request was made", "", ""},
    {"errorCode", "string", "Error of the service, absent on success", "", ""},
    {"errorMessage", "string", "Description of the error", "", ""},
    {"requestParameters", "object", "Parameters sent with the request", "", ""},
    {"responseElements", "object", "Answer of actions that change something", "", ""},
    {"additionalEventData", "object", "More about the event that belongs to neither request nor response", "", ""},
    {"requestID", "string", "Id of the request, made by the service", "", ""},
    {"eventID", "string", "Id of the event, made by CloudTrail", "", ""},
    {"eventType", "string",
        "AwsApiCall, AwsServiceEvent, AwsConsoleAction, AwsConsoleSignIn, AwsCloudTrailInsight, AwsVpceEvent", "", ""},
    {"apiVersion", "string", "Version of the API", "", ""},
    {"managementEvent", "boolean", "Whether it is a management event", "", ""},
    {"readOnly", "boolean", "Whether the action only reads", "", ""},
    {"resources", "array", "Resources that the event acted on: ARN, accountId, type", "", ""},
    {"recipientAccountId", "string", "Account that received the event", "", ""},
    {"serviceEventDetails", "object", "What a service event was about", "", ""},
    {"sharedEventID", "string", "Id that copies of one event in several accounts share", "", ""},
    {"vpcEndpointId", "string", "VPC endpoint that the request went through", "", ""},
    {"vpcEndpointAccountId", "string", "Account that owns the VPC endpoint", "", ""},
    {"eventCategory", "string", "Management, Data, Insight, NetworkActivity", "", ""},
    {"addendum", "object", "Why an event was delivered late or again", "", ""},
    {"sessionCredentialFromConsole", "string", "true when the request came from a console session", "", ""},
    {"eventContext", "object", "Tags and condition keys of enriched events", "", ""},
    {"edgeDeviceDetails", "object", "Edge device that was the target", "", ""},
    {"tlsDetails", "object", "TLS version, cipher suite and host name of the request", "", ""},
    {"tlsDetails.tlsVersion", "string", "TLS version of the request", "", ""},
    {"insightDetails", "object", "Insights events: state, eventSource, eventName, insightType, insightContext",
        insights_page, ""},
    {"userIdentity.inScopeOf", "object",
        "Resource that the caller's credentials were issued for: sourceArn, sourceAccount, issuerType, "
        "credentialsIssuedTo",
        identity_page, ""},
    {"userIdentity.onBehalfOf.userId", "string", "Identity Center user that the call was made for", identity_page, ""},
    {"userIdentity.onBehalfOf.identityStoreArn", "string", "Identity store of that user", identity_page, ""},
    {"userIdentity.sessionContext.sessionIssuer.type", "string", "Kind of issuer: Root, IAMUser, Role", identity_page,
        ""},
    {"userIdentity.sessionContext.sessionIssuer.userName", "string", "Name of the role or user that issued the session",
        identity_page, ""},
    {"userIdentity.sessionContext.sessionIssuer.accountId", "string", "Account of the issuer", identity_page, ""},
    {"userIdentity.sessionContext.attributes.creationDate", "time", "When the temporary credentials were issued",
        identity_page, ""},
    {"userIdentity.sessionContext.webIdFederationData", "object",
        "Identity provider of a web identity: federatedProvider, attributes", identity_page, ""},
    {"userIdentity.sessionContext.sourceIdentity", "string", "Identity that the first caller of a chain of roles gave",
        identity_page, ""},
    {"userIdentity.sessionContext.ec2RoleDelivery", "string",
        "Version of the instance metadata service that gave the credentials: 1.0 or 2.0", identity_page, ""},
    {"userIdentity.sessionContext.assumedRoot", "string", "Whether the session is one of AssumeRoot", identity_page,
        ""},
    {"userIdentity.sessionContext.ec2IssuedInVpc", "string", "VPC in which the instance's credentials were issued",
        identity_page, ""},
    {"tlsDetails.cipherSuite", "string", "TLS cipher of the request", "", ""},
    {"tlsDetails.clientProvidedHostHeader", "string", "Host name that the client asked for", "", ""},
    {"addendum.reason", "string", "Why the event is late or sent again: DELIVERY_DELAY, UPDATED_DATA, SERVICE_OUTAGE",
        "", ""},
    {"addendum.updatedFields", "string", "Members that the addendum changes", "", ""},
    {"addendum.originalEventID", "string", "Event that the addendum is for", "", ""},
    {"additionalEventData.MFAUsed", "string", "Whether a console sign-in used MFA: Yes or No", "", ""},
};

constexpr std::string_view event_sources[] = {"cloudtrail"};

// Notifications of S3 have the same names; their source is "aws:s3".
bool is_event(std::size_t, std::span<const event::Value> values)
{
    return values.size() != 3 || !values[1].raw().starts_with("aws:");
}

} // namespace

const LogKind& kind()
{
    static const LogKind cloudtrail {
        .id = "cloudtrail",
        .number = 1,
        .title = "CloudTrail events",
        .page = record_page,
        .switch_on = "aws cloudtrail create-trail --name TRAIL --s3-bucket-name BUCKET --is-multi-region-trail --enable-log-file-validation, then start-logging; data events by put-event-selectors",
        .places = {
            "S3 AWSLogs/ACCOUNT/CloudTrail/REGION/YYYY/MM/DD/ACCOUNT_CloudTrail_REGION_TIME_ID.json.gz; AWSLogs/ORGANIZATION/ACCOUNT/… of an organization trail",
            "S3 AWSLogs/ACCOUNT/CloudTrail-Insight/… and CloudTrail-NetworkActivity/…; CloudTrail-Digest/… holds no events",
            "CloudWatch Logs, one event a message",
            "EventBridge, detail-type AWS API Call via CloudTrail and its like",
            "aws cloudtrail lookup-events",
        },
        .recognised_by = "JSON objects with the names of an event. Records of S3, SQS and Kinesis notifications, whose eventSource begins with aws:, are none; an EventBridge event is taken for its detail.",
        .fields = fields,
        .event_sources = event_sources,
        .derived = derived_fields(),
        .usual_time = usual_time,
        .is_usual_time = is_usual_time,
        .hallmarks = {{"eventVersion", "eventSource", "eventName"}, {"eventTime", "eventSource", "eventName"},
            {"insightDetails", "eventVersion"}},
        .unmistakable = true,
        .confirm = is_event,
        .detail_is_record = true,
        .identity = {"eventID", "recipientAccountId", "userIdentity.accountId"},
    };
    return cloudtrail;
}

} // namespace trawl::ingest::kinds::cloudtrail
