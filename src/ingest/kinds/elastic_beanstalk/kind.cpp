#include <algorithm>
#include <string>

#include "base/text.h"
#include "ingest/kinds/derive.h"
#include "ingest/kinds/elastic_beanstalk/log_lines.h"
#include "ingest/kinds/log_kind.h"

// AWS Elastic Beanstalk: events of the CLI (JSON and `eb events`), EventBridge events, notifications, health, and the logs of
// the instances.
namespace trawl::ingest::kinds::elastic_beanstalk {

using event::Value;

namespace {

constexpr std::string_view health_page
    = "https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_DescribeEnvironmentHealth.html";
constexpr std::string_view log_page
    = "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-features.logging.html";

constexpr std::string_view access_page
    = "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/AWSHowTo.cloudwatchlogs.html";
constexpr std::string_view health_log_page
    = "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/health-enhanced-serverlogs.html";

constexpr FieldDescription fields[] = {
    {"EventDate", "time", "Time of the event", "", ""},
    {"Message", "string", "What happened, in words", "", ""},
    {"ApplicationName", "string", "Application that the event is about", "", ""},
    {"EnvironmentName", "string", "Environment that the event is about", "", ""},
    {"VersionLabel", "string", "Version of the application", "", ""},
    {"PlatformArn", "string", "Platform of the environment", "", ""},
    {"RequestId", "string", "Id of the request", "", ""},
    {"Severity", "string", "TRACE, DEBUG, INFO, WARN, ERROR, FATAL", "", ""},
    {"time", "time", "Time of a line", log_page, ""},
    {"level", "string", "Level of a line", log_page, ""},
    {"message", "string", "Message of a line", log_page, ""},
    {"log_file", "string", "Path of the log that a section of a bundle holds", log_page, ""},
    {"program", "string", "Program that wrote a line of the system log", log_page, ""},
    {"host", "string", "Host of a line of the system log", log_page, ""},
    {"pid", "string", "Process that wrote a line", log_page, ""},
    {"remote_addr", "address", "Address of the connection: most often the load balancer's", access_page, ""},
    {"remote_user", "string", "User of the request", access_page, ""},
    {"request_method", "string", "Method of the request", access_page, ""},
    {"uri", "string", "What was asked for", access_page, ""},
    {"server_protocol", "string", "HTTP/1.1 …", access_page, ""},
    {"status", "number", "Status of the answer", access_page, ""},
    {"body_bytes_sent", "number", "Bytes of the answer", access_page, ""},
    {"http_referer", "string", "Referer of the request", access_page, ""},
    {"http_user_agent", "string", "User agent of the request", access_page, ""},
    {"http_x_forwarded_for", "string", "Addresses that proxies named, the client's first", access_page, ""},
    {"request_time", "number", "Seconds that the request took", health_log_page, ""},
    {"upstream_response_time", "string", "Seconds that the application took", health_log_page, ""},
    {"detail-type", "string", "Elastic Beanstalk resource status change, Health status change …",
        "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/AWSHowTo.eventbridge.html", ""},
    {"detail", "object", "Status, EventDate, ApplicationName, Message, EnvironmentName, Severity", "", ""},
    {"HealthStatus", "string", "Ok, Warning, Degraded, Severe, Info, Pending, Unknown, Suspended", health_page, ""},
    {"Color", "string", "Green, Yellow, Red, Grey", health_page, ""},
    {"Causes", "array", "Why the health is what it is", health_page, ""},
    {"ApplicationMetrics", "object", "Requests, statuses, latency", health_page, ""},
    {"InstanceId", "string", "Instance whose health it is", health_page, "Ec2InstanceId"},
    {"EnvironmentInfo", "array", "InfoType (tail, bundle, analyze), Ec2InstanceId, SampleTimestamp, Message",
        "https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_EnvironmentInfoDescription.html", ""},
    {"TemplateName", "string", "Configuration template of the event",
        "https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_EnvironmentInfoDescription.html", ""},
};

// Whether the first lines are those of a bundle: a line of dashes, then the path of a log.
bool is_bundle(std::span<const std::string_view> lines)
{
    return lines.size() > 1 && begins_section(lines[0]) && lines[1].starts_with("/var/");
}

bool is_notification(std::span<const std::string_view> lines)
{
    const auto has = [lines](std::string_view start) {
        return std::any_of(
            lines.begin(), lines.end(), [start](std::string_view line) { return line.starts_with(start); });
    };
    return lines.front().starts_with("Timestamp: ") && has("Environment: ") && has("Application: ");
}

Confidence recognise_lines(const LineProbe& probe)
{
    // Other programs write such lines into their own log groups.
    const std::string_view group = probe.context->log_group;
    const bool is_ours = group.find("elasticbeanstalk") != std::string_view::npos
        || (group.empty()
            && (probe.path.find("elasticbeanstalk-") != std::string_view::npos || probe.path.starts_with("var/log/")));
    if (probe.lines.empty() || (!group.empty() && !is_ours)) {
        return Confidence::no;
    }
    if (is_bundle(probe.lines) || is_notification(probe.lines)) {
        return Confidence::certain;
    }
    for (const std::string_view line : probe.lines) {
        if (is_own_line(line) || (is_ours && is_usual_line(line))) {
            return Confidence::likely;
        }
    }
    return group.empty() ? Confidence::no : Confidence::possible;
}

// The first address that a proxy named, else that of the connection. Inputs: http_x_forwarded_for, remote_addr
Value derive_address(DeriveInputs& inputs)
{
    const Value forwarded = inputs.input(0);
    const std::string_view first = base::trim(forwarded.raw().substr(0, forwarded.raw().find(',')));
    return forwarded.type() == event::Type::string && !first.empty() ? Value::string(first) : inputs.input(1);
}

// The environment is part of the group's name: /aws/elasticbeanstalk/ENVIRONMENT/var/log/…
Value derive_resource(DeriveInputs& inputs)
{
    const Value own = derive::first_present(inputs);
    constexpr std::string_view start = "/aws/elasticbeanstalk/";
    const std::string_view group = inputs.context().log_group;
    if (!own.is_absent() || !group.starts_with(start)) {
        return own;
    }
    const std::string_view rest = group.substr(start.size());
    return Value::string(rest.substr(0, rest.find('/')));
}

const std::vector<DerivedField>& derived_fields()
{
    static const std::vector<DerivedField> derived {
        {"@timestamp", "time", "EventDate, time of the line or of the event",
            {"EventDate", "detail.EventDate", "time", "RefreshedAt", "SampleTimestamp"}, derive::time},
        {"@account", "string", "Account of the event, else of the platform's ARN", {"account", "PlatformArn"},
            derive::account_or_arn},
        {"@region", "string", "Region of the event, else of the platform's ARN", {"region", "PlatformArn"},
            derive::region_or_arn},
        {"@action", "string", "detail-type, else the request's method, else the message",
            {"detail-type", "Message", "request_method", "message", "uri"}, derive::first_present},
        {"@principal", "string", "User of a request", {"remote_user"}, derive::first_present},
        {"@src_ip", "address", "http_x_forwarded_for, else remote_addr", {"http_x_forwarded_for", "remote_addr"},
            derive_address},
        {"@user_agent", "string", "http_user_agent", {"http_user_agent"}, derive::first_present},
        {"@resource", "string", "Environment or instance",
            {"EnvironmentName", "detail.EnvironmentName", "InstanceId", "Ec2InstanceId", "ApplicationName"},
            derive_resource},
        {"@outcome", "string", "Severity, health or status",
            {"Severity", "detail.Severity", "HealthStatus", "level", "status"}, derive::first_present},
    };
    return derived;
}

constexpr std::string_view event_sources[] = {"elasticbeanstalk"};

bool is_beanstalk(std::size_t set, std::span<const Value> values)
{
    return set != 0 || values[1].raw() == "aws.elasticbeanstalk";
}

} // namespace

const LogKind& kind()
{
    static const LogKind elastic_beanstalk {
        .id = "elastic_beanstalk",
        .number = 21,
        .title = "Elastic Beanstalk events and logs",
        .page = "https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_EventDescription.html",
        .switch_on = "Log streaming to CloudWatch in the environment (aws:elasticbeanstalk:cloudwatch:logs StreamLogs=true); aws elasticbeanstalk describe-events",
        .places = {
            "aws elasticbeanstalk describe-events, describe-instances-health, request-environment-info; eb events",
            "CloudWatch Logs, groups /aws/elasticbeanstalk/ENVIRONMENT/…",
            "EventBridge (source aws.elasticbeanstalk)",
            "S3 elasticbeanstalk-REGION-ACCOUNT/resources/environments/logs/publish|bundle|tail/ENVIRONMENT-ID/INSTANCE/…",
        },
        .recognised_by = "Lines of eb events (time, level, message), of eb-engine.log (time, [LEVEL], message), of eb-activity.log and of the health log of nginx; bundles, whose sections begin with dashes and the path of a log; texts of notifications. In log groups that name elasticbeanstalk, and below buckets elasticbeanstalk-… and the folders var/log of archives, lines of web servers and the system log too. JSON objects with the names below. EventBridge events must be of source aws.elasticbeanstalk.",
        .fields = fields,
        .event_sources = event_sources,
        .derived = derived_fields(),
        .hallmarks = {{"detail-type", "source", "detail"}, {"EventDate", "Message"}, {"HealthStatus", "Color"},
            {"EnvironmentInfo"}},
        .confirm = is_beanstalk,
        .recognise_lines = recognise_lines,
        .make_line_decoder = make_line_decoder,
        .multi_line = true,
        .list_names = {"InstanceHealthList"},
    };
    return elastic_beanstalk;
}

} // namespace trawl::ingest::kinds::elastic_beanstalk
