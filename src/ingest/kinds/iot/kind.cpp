#include "base/text.h"
#include "ingest/kinds/derive.h"
#include "ingest/kinds/log_kind.h"

// AWS IoT Core logs (AWSIotLogsV2), LoRaWAN and Sidewalk logs, Device Defender violations and audit findings.
namespace trawl::ingest::kinds::iot {

namespace {

constexpr std::string_view wireless_page
    = "https://docs.aws.amazon.com/iot-wireless/latest/developerguide/connect-iot-lorawan-wireless-log-entries.html";
constexpr std::string_view defender_page
    = "https://docs.aws.amazon.com/iot/latest/apireference/API_ViolationEvent.html";

constexpr FieldDescription fields[] = {
    {"timestamp", "time", "Time of the event, UTC", "", ""},
    {"logLevel", "string", "DEBUG, INFO, WARN, ERROR", "", ""},
    {"traceId", "string", "Id that joins the events of one request", "", ""},
    {"accountId", "string", "Account that the event belongs to", "", ""},
    {"status", "string", "Success or Failure", "", ""},
    {"eventType", "string", "Connect, Disconnect, Publish-In, Publish-Out, Subscribe, RuleExecution …", "", ""},
    {"protocol", "string", "MQTT or HTTP", "", ""},
    {"topicName", "string", "MQTT topic", "", ""},
    {"clientId", "string", "Client id of the MQTT connection", "", ""},
    {"principalId", "string", "Certificate or other principal", "", ""},
    {"sourceIp", "address", "Address of the client", "", ""},
    {"sourcePort", "number", "Port of the client", "", ""},
    {"reason", "string", "Why it failed", "", ""},
    {"details", "string", "More about the failure", "", ""},
    {"disconnectReason", "string", "Why the client was disconnected", "", ""},
    {"ruleName", "string", "Rule of the rules engine", "", ""},
    {"thingName", "string", "Thing that the event is about", "", ""},
    {"resource", "string", "WirelessDevice or WirelessGateway", wireless_page, ""},
    {"event", "string", "Join, Rejoin, Uplink_Data, Downlink_Data, Registration …", wireless_page, ""},
    {"wirelessDeviceId", "string", "Id of the wireless device", wireless_page, "WirelessDeviceId"},
    {"wirelessGatewayId", "string", "Id of the wireless gateway", wireless_page, ""},
    {"message", "string", "Message of the log entry", wireless_page, ""},
    {"violationId", "string", "Violation of a security profile", defender_page, ""},
    {"violationEventType", "string", "in-alarm, alarm-cleared, alarm-invalidated", defender_page, ""},
    {"violationEventTime", "time", "When the violation happened", defender_page, ""},
    {"securityProfileName", "string", "Security profile that was violated", defender_page, ""},
    {"ruleAction", "string", "Action of the rule", "", ""},
    {"clientToken", "string", "Token that the client gave with the request", "", ""},
    {"deviceShadowName", "string", "Shadow of the device", "", ""},
    {"jobId", "string", "Job that the device runs", "", ""},
    {"versionNumber", "number", "Version of the job execution", "", ""},
    {"thingGroupNames", "array", "Thing groups of the event", "", ""},
    {"dynamicThingGroupNames", "array", "Dynamic groups that the thing could not be added to", "", ""},
    {"deviceCertificateId", "string", "Certificate that provisioning gave the device", "", ""},
    {"provisioningTemplateName", "string", "Template that the device was provisioned by", "", ""},
    {"qos", "number", "Quality of service of the publication", "", ""},
    {"retain", "string", "Whether the message was to be retained", "", ""},
    {"lastModifiedDate", "time", "When the retained message was changed", "", ""},
    {"resultTopic", "string", "Topic that the result went to", "", ""},
    {"wirelessDeviceType", "string", "LoRaWAN or Sidewalk", wireless_page, ""},
    {"wirelessGatewayType", "string", "LoRaWAN", wireless_page, ""},
    {"devEui", "string", "EUI of the device", wireless_page, ""},
    {"gatewayEui", "string", "EUI of the gateway", wireless_page, ""},
};

const std::vector<DerivedField>& derived_fields()
{
    static const std::vector<DerivedField> derived {
        {"@timestamp", "time", "timestamp", {"timestamp", "violationEventTime", "lastViolationTime", "findingTime"},
            derive::time},
        {"@account", "string", "accountId", {"accountId"}, derive::account},
        {"@region", "string", "Region of the object's key", {}, derive::region},
        {"@principal", "string", "principalId", {"principalId"}, derive::first_present},
        {"@src_ip", "address", "sourceIp", {"sourceIp"}, derive::first_present},
        {"@action", "string", "eventType or event", {"eventType", "event", "violationEventType"},
            derive::first_present},
        {"@resource", "string", "topicName, thingName, clientId or device",
            {"topicName", "thingName", "clientId", "wirelessDeviceId", "WirelessDeviceId", "wirelessGatewayId"},
            derive::first_present},
        {"@outcome", "string", "status", {"status"}, derive::first_present},
    };
    return derived;
}

constexpr std::string_view event_sources[] = {"iot", "iotsitewise", "iotwireless", "greengrass", "iotsecuredtunneling"};

} // namespace

const LogKind& kind()
{
    static const LogKind iot {
        .id = "iot",
        .number = 24,
        .title = "IoT Core logs",
        .page = "https://docs.aws.amazon.com/iot/latest/developerguide/cwl-format.html",
        .switch_on = "aws iot set-v2-logging-options --role-arn ROLE --default-log-level INFO",
        .places = {
            "CloudWatch Logs, group AWSIotLogsV2 (IoT Core, LoRaWAN, Sidewalk)",
            "aws iot list-violation-events, list-active-violations, list-audit-findings; SNS",
        },
        .recognised_by = "JSON objects with the names below.",
        .fields = fields,
        .event_sources = event_sources,
        .derived = derived_fields(),
        .hallmarks = {{"timestamp", "logLevel", "eventType"}, {"timestamp", "logLevel", "traceId", "status"}, {"logLevel", "accountId", "status"},
            {"resource", "wirelessDeviceType"}, {"resource", "wirelessGatewayType"}, {"resource", "wirelessGatewayId"}, {"resource", "logLevel", "event"},
            {"violationId", "thingName"}, {"findingId", "checkName"}},
        .list_names = {"violationEvents", "activeViolations"},
        .dotted_names = true,
    };
    return iot;
}

} // namespace trawl::ingest::kinds::iot
