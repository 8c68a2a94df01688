#include <algorithm>
#include <string>

#include "base/regex.h"
#include "base/text.h"
#include "ingest/kinds/derive.h"
#include "ingest/kinds/log_kind.h"

// AWS Glue: EventBridge events of jobs, crawlers and the catalogue, messages of crawlers, job runs of the API.
namespace trawl::ingest::kinds::glue {

using event::Value;

namespace {

constexpr std::string_view log_page = "https://docs.aws.amazon.com/glue/latest/dg/monitor-continuous-logging.html";
constexpr std::string_view run_page = "https://docs.aws.amazon.com/glue/latest/webapi/API_JobRun.html";

constexpr std::string_view spark_page = "https://docs.aws.amazon.com/glue/latest/dg/monitor-spark-ui.html";

constexpr FieldDescription fields[] = {
    {"Event", "string", "SparkListenerJobStart, SparkListenerTaskEnd …: of the Spark UI's event log", spark_page, ""},
    {"Timestamp", "time", "Time of an event of Spark", spark_page, ""},
    {"detail-type", "string",
        "Glue Job State Change, Glue Crawler State Change, Glue Data Catalog Table State Change …", "", ""},
    {"source", "string", "Source of the event: aws.glue", "", ""},
    {"account", "string", "Account of the event", "", ""},
    {"time", "time", "Time of the event", "", ""},
    {"region", "string", "Region of the event", "", ""},
    {"detail.jobName", "string", "Job that changed its state", "", ""},
    {"detail.jobRunId", "string", "Run of the job", "", ""},
    {"detail.crawlerName", "string", "Crawler that changed its state", "", ""},
    {"detail.databaseName", "string", "Database of the catalogue", "", ""},
    {"detail.tableName", "string", "Table of the catalogue", "", ""},
    {"detail.state", "string", "State of job or crawler", "", ""},
    {"detail.message", "string", "Why the state is what it is", "", ""},
    {"crawl_id", "string", "Run of the crawler", log_page, ""},
    {"level", "string", "BENCHMARK, INFO, WARN, ERROR", log_page, ""},
    {"message", "string", "Message of crawler or job", log_page, ""},
    {"crawler", "string", "Crawler, where the message names it", log_page, ""},
    {"logged_at", "time", "Time that the line carries", log_page, ""},
    {"class", "string", "Class that logged the line", log_page, ""},
    {"Id", "string", "Run of the job", run_page, ""},
    {"JobName", "string", "Job of the run", run_page, ""},
    {"JobRunState", "string", "State of the run", run_page, ""},
    {"StartedOn", "time", "When the run began", run_page, ""},
    {"CompletedOn", "time", "When the run ended", run_page, ""},
    {"ErrorMessage", "string", "Why the run failed", run_page, ""},
    {"detail.warningMessage", "string", "Warning of the crawler", "", ""},
    {"detail.runningTime", "string", "Seconds that the crawler ran", "", ""},
    {"detail.tablesCreated", "string", "Tables that the crawler made", "", ""},
    {"detail.tablesUpdated", "string", "Tables that the crawler changed", "", ""},
    {"detail.tablesDeleted", "string", "Tables that the crawler deleted", "", ""},
    {"detail.partitionsCreated", "string", "Partitions that the crawler made", "", ""},
    {"detail.typeOfChange", "string", "What changed in the catalogue", "", ""},
    {"detail.changedTables", "array", "Tables of the database that changed", "", ""},
    {"detail.changedPartitions", "array", "Partitions of the table that changed", "", ""},
    {"Attempt", "number", "How often the run was tried before", run_page, ""},
    {"Arguments", "object", "Arguments of the run", run_page, ""},
};

constexpr std::string_view group_start = "/aws-glue/";

const base::Regex& pattern(std::string_view text)
{
    // Both patterns are constants of this file: they compile, or the tests of this kind fail.
    static const base::Regex crawler = *base::Regex::create(
        R"((?s)^(?:(\d{4}-\d\d-\d\d[T ])?(\d\d:\d\d:\d\d[.,\d]*)\s+)?\[([0-9a-f]{8}(?:-[0-9a-f-]{27})?)\]\s+([A-Z]+)\s*:\s*(.*)$)");
    static const base::Regex job = *base::Regex::create(
        R"((?s)^(\d\d/\d\d/\d\d|\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d[.,\d]*) (TRACE|DEBUG|INFO|WARN|ERROR|FATAL) (?:\[[^\]]*\] )?([\w.$]+)(?: \((?:[^()]|\([^()]*\))*\))?: (.*)$)");
    return text == "job" ? job : crawler;
}

class Decoder final : public LineDecoder {
public:
    void start(const EnvelopeContext& context) override { is_in_group_ = context.log_group.starts_with(group_start); }

    Outcome decode(std::string_view text, LineRow& row) override
    {
        if (row.names.size() != 6 || row.names.front() != "crawl_id") {
            row.names = {"crawl_id", "level", "message", "crawler", "logged_at", "class"};
            ++row.layout;
        }
        row.values.assign(6, Value());
        if (pattern("crawler").find(text, 0, groups_)) {
            row.values[0] = Value::string(groups_[3]);
            row.values[1] = Value::string(groups_[4]);
            row.values[2] = Value::string(groups_[5]);
            constexpr std::string_view mark = "for Crawler ";
            const std::size_t at = groups_[5].find(mark);
            if (at != std::string_view::npos) {
                const std::string_view name = groups_[5].substr(at + mark.size());
                row.values[3] = Value::string(name.substr(0, name.find_first_of(" \n")));
            }
            if (!groups_[1].empty()) {
                logged_at_ = std::string(groups_[1]) + std::string(groups_[2]);
                row.values[4] = Value::string(logged_at_);
            }
            return Outcome::event;
        }
        if (pattern("job").find(text, 0, groups_)) {
            logged_at_ = groups_[1].size() == 8 ? "20" + std::string(groups_[1]) : std::string(groups_[1]);
            std::replace(logged_at_.begin(), logged_at_.end(), '/', '-');
            logged_at_ += ' ';
            logged_at_ += groups_[2];
            row.values[1] = Value::string(groups_[3]);
            row.values[2] = Value::string(groups_[5]);
            row.values[4] = Value::string(logged_at_);
            row.values[5] = Value::string(groups_[4]);
            return Outcome::event;
        }
        if (is_in_group_) {
            row.values[2] = Value::string(text); // What a script printed.
            return Outcome::event;
        }
        return Outcome::rejected;
    }
    bool continues(std::string_view, std::string_view line) const override
    {
        return !pattern("crawler").search(line) && !pattern("job").search(line);
    }
    std::string_view reject_code() const override { return "glue-line"; }
    std::string_view reject_reason() const override { return "the line begins like no message of crawler or job"; }

private:
    bool is_in_group_ = false;
    std::vector<std::string_view> groups_;
    std::string logged_at_;
};

Confidence recognise_lines(const LineProbe& probe)
{
    // Lines of a job are those of log4j, which other programs write into their own log groups.
    const std::string_view group = probe.context->log_group;
    const bool of_glue = group.starts_with(group_start);
    for (const std::string_view line : probe.lines) {
        if (pattern("crawler").search(line)) {
            return Confidence::certain;
        }
        if (of_glue && pattern("job").search(line)) {
            return Confidence::certain;
        }
        if (group.empty() && pattern("job").search(line)) {
            return Confidence::possible;
        }
    }
    return of_glue ? Confidence::possible : Confidence::no;
}

// Streams of crawlers are named for them, those of jobs for the run: "jr_0123456789abcdef_g-1", "jr_0123456789abcdef-driver".
Value derive_resource(DeriveInputs& inputs)
{
    const Value own = derive::first_present(inputs);
    const std::string_view stream = inputs.context().log_stream;
    if (!own.is_absent() || stream.empty() || !inputs.context().log_group.starts_with(group_start)) {
        return own;
    }
    if (!stream.starts_with("jr_")) {
        return Value::string(stream);
    }
    const std::string_view run = stream.substr(0, stream.find('-'));
    return Value::string(run.ends_with("_g") ? run.substr(0, run.size() - 2) : run);
}

const std::vector<DerivedField>& derived_fields()
{
    static const std::vector<DerivedField> derived {
        {"@timestamp", "time", "time, else the line's, else the log event's",
            {"time", "logged_at", "StartedOn", "Timestamp"}, derive::time},
        {"@account", "string", "account", {"account"}, derive::account},
        {"@region", "string", "region", {"region"}, derive::region},
        {"@action", "string", "detail-type, else the level", {"detail-type", "level", "Event"}, derive::first_present},
        {"@resource", "string", "Job, crawler or table, else what the log stream is named for",
            {"detail.jobName", "detail.crawlerName", "detail.tableName", "detail.databaseName",
                "detail.context.tableName", "JobName", "crawler", "App Name"},
            derive_resource},
        {"@outcome", "string", "State", {"detail.state", "JobRunState"}, derive::first_present},
    };
    return derived;
}

constexpr std::string_view event_sources[] = {"glue", "lakeformation", "athena"};

bool is_glue(std::size_t set, std::span<const Value> values)
{
    const std::size_t of_spark = 2;
    if (set == of_spark) {
        return values[0].raw().starts_with("SparkListener") || values[0].raw().starts_with("org.apache.spark.");
    }
    return set != 0 || values[1].raw().starts_with("aws.glue");
}

} // namespace

const LogKind& kind()
{
    static const LogKind glue {
        .id = "glue",
        .number = 25,
        .title = "Glue events and crawler messages",
        .page = "https://docs.aws.amazon.com/glue/latest/dg/automating-awsglue-with-cloudwatch-events.html",
        .switch_on = "An EventBridge rule for source aws.glue; continuous logging in the job (--enable-continuous-cloudwatch-log true)",
        .places = {
            "EventBridge (source aws.glue)",
            "CloudWatch Logs, groups /aws-glue/crawlers, /aws-glue/jobs/…",
            "aws glue get-job-runs",
            "S3, the folder of the Spark UI's event logs",
        },
        .recognised_by = "Lines of a crawler ([id] LEVEL : message) or of a job's log4j; the latter look like other logs: they are taken in files where nothing else fits, in log groups only when the group begins with /aws-glue/. In groups that begin with /aws-glue/ all other messages too: what scripts print. JSON objects with the names below; events of the Spark UI are those of SparkListener; EventBridge events must be of source aws.glue.",
        .fields = fields,
        .event_sources = event_sources,
        .derived = derived_fields(),
        .hallmarks = {{"detail-type", "source", "detail"}, {"JobName", "JobRunState"}, {"Event"}},
        .confirm = is_glue,
        .recognise_lines = recognise_lines,
        .make_line_decoder = [] { return std::unique_ptr<LineDecoder>(std::make_unique<Decoder>()); },
        .multi_line = true,
        .list_names = {"JobRuns", "JobRun"},
    };
    return glue;
}

} // namespace trawl::ingest::kinds::glue
