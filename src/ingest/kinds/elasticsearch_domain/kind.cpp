#include "ingest/kinds/derive.h"
#include "ingest/kinds/log_kind.h"

// Domains of Amazon OpenSearch Service (Elasticsearch Service): EventBridge notifications, and what the CLI describes.
namespace trawl::ingest::kinds::elasticsearch_domain {

using event::Value;

namespace {

constexpr std::string_view status_page
    = "https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DomainStatus.html";

constexpr FieldDescription fields[] = {
    {"detail-type", "string", "Software update, Auto-Tune, cluster status, error and VPC endpoint notifications", "",
        ""},
    {"source", "string", "Source of the event: aws.es", "", ""},
    {"account", "string", "Account of the event", "", ""},
    {"time", "time", "Time of the event", "", ""},
    {"region", "string", "Region of the event", "", ""},
    {"resources", "array", "ARN of the domain", "", ""},
    {"detail.event", "string", "What happened to the domain", "", ""},
    {"detail.status", "string", "Available, Started, Completed, Failed, Required, Pending, Cancelled", "", ""},
    {"detail.severity", "string", "Informational, Low, Medium, High", "", ""},
    {"detail.description", "string", "What happened, in words", "", ""},
    {"DomainId", "string", "Id of the domain", status_page, ""},
    {"DomainName", "string", "Name of the domain", status_page, ""},
    {"ARN", "string", "ARN of the domain", status_page, ""},
    {"Endpoint", "string", "Host name that requests go to", status_page, ""},
    {"ElasticsearchVersion", "string", "Version of the engine", status_page, "EngineVersion"},
    {"AccessPolicies", "string", "Resource policy as JSON text", status_page, ""},
    {"VPCOptions", "object", "VPC of the domain", status_page, ""},
    {"EncryptionAtRestOptions", "object", "Encryption at rest", status_page, ""},
    {"NodeToNodeEncryptionOptions", "object", "Encryption between nodes", status_page, ""},
    {"DomainEndpointOptions", "object", "HTTPS and TLS policy", status_page, ""},
    {"AdvancedSecurityOptions", "object", "Fine-grained access control", status_page, ""},
    {"LogPublishingOptions", "object", "Logs that are published", status_page, ""},
    {"detail.scheduleTime", "time", "When the action is to happen", "", ""},
    {"detail.startTime", "time", "When the action began", "", ""},
    {"detail.completionTime", "time", "When the action ended", "", ""},
    {"UpgradeProcessing", "boolean", "Whether an upgrade is under way", status_page, ""},
    {"ElasticsearchClusterConfig", "object", "Instances of the cluster", status_page, "ClusterConfig"},
    {"EBSOptions", "object", "Volumes of the nodes", status_page, ""},
    {"SnapshotOptions", "object", "Hour of the daily snapshot", status_page, ""},
    {"CognitoOptions", "object", "Sign-in to the dashboards by Cognito", status_page, ""},
    {"AdvancedOptions", "object", "Settings of the engine", status_page, ""},
    {"ServiceSoftwareOptions", "object", "Version of the service software, and updates", status_page, ""},
    {"AutoTuneOptions", "object", "State of Auto-Tune", status_page, ""},
};

const std::vector<DerivedField>& derived_fields()
{
    static const std::vector<DerivedField> derived {
        {"@timestamp", "time", "time", {"time"}, derive::time},
        {"@account", "string", "account, else of ARN", {"account", "ARN"}, derive::account_or_arn},
        {"@region", "string", "region, else of ARN", {"region", "ARN"}, derive::region_or_arn},
        {"@action", "string", "detail.event, else detail-type", {"detail.event", "detail-type"}, derive::first_present},
        {"@resource", "string", "ARN of the domain", {"resources.0", "ARN", "DomainName"}, derive::first_present},
        {"@outcome", "string", "detail.status", {"detail.status"}, derive::first_present},
    };
    return derived;
}

constexpr std::string_view event_sources[] = {"es", "aoss", "osis"};

bool is_domain(std::size_t set, std::span<const Value> values)
{
    return set != 0 || values[1].raw() == "aws.es" || values[1].raw() == "aws.opensearch"
        || values[1].raw() == "aws.aoss";
}

} // namespace

const LogKind& kind()
{
    static const LogKind elasticsearch_domain {
        .id = "elasticsearch_domain",
        .number = 23,
        .title = "OpenSearch Service domain events",
        .page = "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/monitoring-events.html",
        .switch_on = "An EventBridge rule for source aws.es; aws opensearch describe-domains",
        .places = {
            "EventBridge (source aws.es)",
            "aws opensearch describe-domains, aws es describe-elasticsearch-domains",
        },
        .recognised_by = "EventBridge events of source aws.es, aws.opensearch or aws.aoss, and JSON objects with the names below.",
        .fields = fields,
        .event_sources = event_sources,
        .derived = derived_fields(),
        .hallmarks = {{"detail-type", "source", "detail"}, {"DomainId", "DomainName", "ARN"}, {"ElasticsearchVersion", "ElasticsearchClusterConfig"},
            {"ElasticsearchClusterConfig", "EBSOptions"}, {"ClusterConfig", "EBSOptions"}, {"EngineVersion", "ClusterConfig"},
            {"ElasticsearchVersion", "AccessPolicies"}, {"EngineVersion", "AccessPolicies"}},
        .confirm = is_domain,
        .list_names = {"DomainStatus", "DomainStatusList", "DomainConfig"},
    };
    return elasticsearch_domain;
}

} // namespace trawl::ingest::kinds::elasticsearch_domain
