#include <algorithm>
#include <array>

#include "base/regex.h"
#include "base/text.h"
#include "ingest/kinds/derive.h"
#include "ingest/kinds/log_kind.h"

// AWS IoT Core logs (AWSIotLogsV2, and AWSIotLogs before it), LoRaWAN and Sidewalk logs, presence events, Device Defender
// violations and audit findings.
namespace trawl::ingest::kinds::iot {

using event::Value;

namespace {

constexpr std::string_view wireless_page
    = "https://docs.aws.amazon.com/iot-wireless/latest/developerguide/connect-iot-lorawan-wireless-log-entries.html";
constexpr std::string_view presence_page
    = "https://docs.aws.amazon.com/iot/latest/developerguide/life-cycle-events.html";
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
    {"principalIdentifier", "string", "Certificate or other principal of a presence event", presence_page, ""},
    {"ipAddress", "address", "Address of the client of a presence event", presence_page, ""},
    {"sessionIdentifier", "string", "Session of a presence event", presence_page, ""},
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

// Lines of AWSIotLogs, the log before AWSIotLogsV2: "TIME [LEVEL] TRACEID:… PRINCIPALID:… [LEVEL or EVENT] EVENT:… …".
const base::Regex& old_line()
{
    static const base::Regex pattern = *base::Regex::create(
        R"((?s)^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+)(?: \[?(TRACE|DEBUG|INFO|WARN|ERROR)\]?)? TRACEID: ?(\S*)(?: PRINCIPALID: ?(\S*))?(?: \[([^\]]*)\])?\s*(.*)$)");
    return pattern;
}

class Decoder final : public LineDecoder {
public:
    Outcome decode(std::string_view text, LineRow& row) override
    {
        if (!std::equal(row.names.begin(), row.names.end(), column_names.begin(), column_names.end())) {
            row.names.assign(column_names.begin(), column_names.end());
            ++row.layout;
        }
        row.values.assign(column_names.size(), Value());
        if (!old_line().find(text, 0, groups_)) {
            return Outcome::rejected;
        }
        const auto set = [&row](std::size_t column, std::string_view value) {
            row.values[column] = value.empty() ? Value() : Value::string(value);
        };
        constexpr std::array<std::string_view, 5> levels {"TRACE", "DEBUG", "INFO", "WARN", "ERROR"};
        const bool is_level = std::find(levels.begin(), levels.end(), groups_[5]) != levels.end();
        const std::string_view rest = groups_[6];
        set(0, groups_[1]);
        set(1, is_level ? groups_[5] : groups_[2]);
        set(2, groups_[3]);
        set(3, groups_[4]);
        const std::string_view named = of_word(rest, "EVENT:");
        set(4, named.empty() && !is_level ? groups_[5] : named);
        set(5, of_word(rest, "TOPICNAME:"));
        const std::size_t message = rest.find("MESSAGE:");
        set(6, base::trim(message == std::string_view::npos ? rest : rest.substr(message + message_word)));
        static const base::Regex address = *base::Regex::create(R"((?i)\bip(?:address)?: ?([0-9a-f.:]*[0-9a-f]))");
        if (address.find(rest, 0, groups_)) {
            set(7, groups_[1]);
        }
        return Outcome::event;
    }
    bool continues(std::string_view, std::string_view line) const override { return !old_line().search(line); }
    std::string_view reject_code() const override { return "iot-line"; }
    std::string_view reject_reason() const override { return "the line begins like no line of AWSIotLogs"; }

private:
    static constexpr std::size_t message_word = 8;
    static constexpr std::array<std::string_view, 8> column_names {
        "timestamp", "logLevel", "traceId", "principalId", "eventType", "topicName", "message", "sourceIp"};

    // What stands behind a word in capitals, up to the next such word.
    static std::string_view of_word(std::string_view text, std::string_view word)
    {
        const std::size_t at = text.find(word);
        if (at == std::string_view::npos) {
            return {};
        }
        const std::string_view rest = text.substr(at + word.size());
        static const base::Regex next = *base::Regex::create(R"( [A-Z]{4,}:)");
        std::vector<std::string_view> found;
        const std::size_t end
            = next.find(rest, 0, found) ? static_cast<std::size_t>(found[0].data() - rest.data()) : rest.size();
        return base::trim(rest.substr(0, end));
    }

    std::vector<std::string_view> groups_;
};

Confidence recognise_lines(const LineProbe& probe)
{
    return !probe.lines.empty() && old_line().search(probe.lines.front()) ? Confidence::certain : Confidence::no;
}

const std::vector<DerivedField>& derived_fields()
{
    static const std::vector<DerivedField> derived {
        {"@timestamp", "time", "timestamp", {"timestamp", "violationEventTime", "lastViolationTime", "findingTime"},
            derive::time},
        {"@account", "string", "accountId", {"accountId"}, derive::account},
        {"@region", "string", "Region of the object's key", {}, derive::region},
        {"@principal", "string", "principalId", {"principalId", "principalIdentifier"}, derive::first_present},
        {"@src_ip", "address", "sourceIp", {"sourceIp", "ipAddress"}, derive::first_present},
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
            "CloudWatch Logs, group AWSIotLogsV2 (IoT Core, LoRaWAN, Sidewalk); AWSIotLogs before it",
            "What a rule forwards of the topics $aws/events/presence/…",
            "aws iot list-violation-events, list-active-violations, list-audit-findings; SNS",
        },
        .recognised_by = "JSON objects with the names below; lines that begin with a time and TRACEID: (the log before AWSIotLogsV2).",
        .fields = fields,
        .event_sources = event_sources,
        .derived = derived_fields(),
        .hallmarks = {{"timestamp", "logLevel", "eventType"}, {"timestamp", "logLevel", "traceId", "status"}, {"logLevel", "accountId", "status"},
            {"resource", "wirelessDeviceType"}, {"resource", "wirelessGatewayType"}, {"resource", "wirelessGatewayId"}, {"resource", "logLevel", "event"},
            {"violationId", "thingName"}, {"findingId", "checkName"},
            {"clientId", "eventType", "principalIdentifier"}},
        .recognise_lines = recognise_lines,
        .make_line_decoder = [] { return std::unique_ptr<LineDecoder>(std::make_unique<Decoder>()); },
        .multi_line = true,
        .list_names = {"violationEvents", "activeViolations"},
        .dotted_names = true,
    };
    return iot;
}

} // namespace trawl::ingest::kinds::iot
