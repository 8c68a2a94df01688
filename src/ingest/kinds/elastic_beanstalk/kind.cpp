#include <algorithm>
#include <string>

#include "base/regex.h"
#include "base/text.h"
#include "ingest/kinds/derive.h"
#include "ingest/kinds/log_kind.h"

// AWS Elastic Beanstalk: events of the CLI (JSON and `eb events`), EventBridge events, health, eb-engine.log and
// eb-activity.log.
namespace trawl::ingest::kinds::elastic_beanstalk {

using event::Value;

namespace {

constexpr std::string_view health_page
    = "https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_DescribeEnvironmentHealth.html";
constexpr std::string_view log_page
    = "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-features.logging.html";

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

const base::Regex& event_line()
{
    static const base::Regex pattern = *base::Regex::create(
        R"((?s)^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\s{2,}(TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\s+(.*)$)");
    return pattern;
}

const base::Regex& engine_line()
{
    static const base::Regex pattern = *base::Regex::create(
        R"((?s)^(?:(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d+) \[(\w+)\] (.*)|\[(\d{4}-\d\d-\d\dT[\d:.]+Z)\] (\w+) +(\[\d+\].*))$)");
    return pattern;
}

class Decoder final : public LineDecoder {
public:
    Outcome decode(std::string_view text, LineRow& row) override
    {
        if (row.names.size() != 3 || row.names.front() != "time") {
            row.names = {"time", "level", "message"};
            ++row.layout;
        }
        row.values.assign(3, Value());
        if (text.starts_with("$ ")) {
            return Outcome::skipped; // The prompt of a copied session.
        }
        std::size_t first = 1;
        if (!event_line().find(text, 0, groups_)) {
            if (!engine_line().find(text, 0, groups_)) {
                return Outcome::rejected;
            }
            first = groups_[1].empty() ? 4 : 1;
        }
        time_ = std::string(groups_[first]);
        std::replace(time_.begin(), time_.begin() + 10, '/', '-');
        row.values[0] = Value::string(time_);
        row.values[1] = Value::string(groups_[first + 1]);
        row.values[2] = Value::string(groups_[first + 2]);
        return Outcome::event;
    }
    bool continues(std::string_view record, std::string_view line) const override
    {
        return !record.starts_with("$ ") && !event_line().search(line) && !engine_line().search(line);
    }
    std::string_view reject_code() const override { return "elastic-beanstalk-line"; }
    std::string_view reject_reason() const override { return "the line begins like no line of a Beanstalk log"; }

private:
    std::vector<std::string_view> groups_;
    std::string time_;
};

Confidence recognise_lines(const LineProbe& probe)
{
    // Other programs write such lines into their own log groups.
    const std::string_view group = probe.context->log_group;
    if (!group.empty() && group.find("beanstalk") == std::string_view::npos) {
        return Confidence::no;
    }
    for (const std::string_view line : probe.lines) {
        if (event_line().search(line) || engine_line().search(line)) {
            return Confidence::likely;
        }
    }
    return Confidence::no;
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
        {"@action", "string", "detail-type, else the message", {"detail-type", "Message", "message"},
            derive::first_present},
        {"@resource", "string", "Environment or instance",
            {"EnvironmentName", "detail.EnvironmentName", "InstanceId", "Ec2InstanceId", "ApplicationName"},
            derive::first_present},
        {"@outcome", "string", "Severity or health", {"Severity", "detail.Severity", "HealthStatus", "level"},
            derive::first_present},
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
        },
        .recognised_by = "Lines of eb events (time, level, message) and of eb-engine.log (time, [LEVEL], message), in log groups only when the group names beanstalk; JSON objects with the names below. EventBridge events must be of source aws.elasticbeanstalk.",
        .fields = fields,
        .event_sources = event_sources,
        .derived = derived_fields(),
        .hallmarks = {{"detail-type", "source", "detail"}, {"EventDate", "Message"}, {"HealthStatus", "Color"},
            {"EnvironmentInfo"}},
        .confirm = is_beanstalk,
        .recognise_lines = recognise_lines,
        .make_line_decoder = [] { return std::unique_ptr<LineDecoder>(std::make_unique<Decoder>()); },
        .multi_line = true,
        .list_names = {"InstanceHealthList"},
    };
    return elastic_beanstalk;
}

} // namespace trawl::ingest::kinds::elastic_beanstalk
