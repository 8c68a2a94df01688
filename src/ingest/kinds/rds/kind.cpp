#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/regex.h"
#include "base/text.h"
#include "ingest/kinds/derive.h"
#include "ingest/kinds/log_kind.h"
#include "ingest/kinds/rds/text_formats.h"

// Amazon RDS and Aurora: logs of MySQL, MariaDB, PostgreSQL, SQL Server, Oracle and Db2, database activity streams, RDS
// events.
namespace trawl::ingest::kinds::rds {

using event::Type;
using event::Value;

namespace {

constexpr std::string_view postgresql_page
    = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Concepts.PostgreSQL.html";
constexpr std::string_view mysql_page
    = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.MySQL.LogFileSize.html";
constexpr std::string_view audit_page
    = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Auditing.html";
constexpr std::string_view stream_page
    = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/DBActivityStreams.Monitoring.html";
constexpr std::string_view sqlserver_page
    = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Concepts.SQLServer.html";
constexpr std::string_view oracle_page
    = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Concepts.Oracle.html";
constexpr std::string_view db2_page
    = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Concepts.Db2.html";
constexpr std::string_view event_page
    = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-cloud-watch-events.html";

constexpr FieldDescription fields[] = {
    {"log_time", "time", "Time of a PostgreSQL line", postgresql_page, ""},
    {"remote_host", "string", "Address or name of the client", postgresql_page, ""},
    {"remote_port", "number", "Port of the client", postgresql_page, ""},
    {"user_name", "string", "Database user of the session", postgresql_page, ""},
    {"database_name", "string", "Database that the session is connected to", postgresql_page, ""},
    {"process_id", "number", "Process of the server", postgresql_page, ""},
    {"error_severity", "string", "LOG, ERROR, FATAL, STATEMENT, DETAIL …", postgresql_page, ""},
    {"message", "string", "Text of the log line", postgresql_page, ""},
    {"connection_from", "string", "Address and port of the client (csvlog)", postgresql_page, ""},
    {"session_id", "string", "Id of the session", postgresql_page, ""},
    {"session_line_num", "number", "Number of the line in the session", postgresql_page, ""},
    {"command_tag", "string", "Command of the session, such as SELECT or authentication", postgresql_page, ""},
    {"session_start_time", "time", "When the session began", postgresql_page, ""},
    {"virtual_transaction_id", "string", "Virtual id of the transaction", postgresql_page, ""},
    {"transaction_id", "number", "Id of the transaction; 0 is none", postgresql_page, ""},
    {"sql_state_code", "string", "SQLSTATE code of the error", postgresql_page, ""},
    {"hint", "string", "Hint about the error (csvlog)", postgresql_page, ""},
    {"internal_query", "string", "Internal query that failed (csvlog)", postgresql_page, ""},
    {"internal_query_pos", "number", "Place of the error in the internal query (csvlog)", postgresql_page, ""},
    {"context", "string", "Context of the error (csvlog)", postgresql_page, ""},
    {"query", "string", "Statement that failed (csvlog)", postgresql_page, ""},
    {"query_pos", "number", "Place of the error in the statement (csvlog)", postgresql_page, ""},
    {"location", "string", "Place in PostgreSQL's source (csvlog)", postgresql_page, ""},
    {"application_name", "string", "Program of the client", postgresql_page, ""},
    {"backend_type", "string", "Kind of server process (csvlog)", postgresql_page, ""},
    {"leader_pid", "number", "Leader of a parallel query (csvlog)", postgresql_page, ""},
    {"query_id", "number", "Id of the statement's shape (csvlog)", postgresql_page, ""},
    {"statement_id", "string", "Number of the statement in the session (pgaudit)", postgresql_page, ""},
    {"substatement_id", "string", "Number of the part of the statement (pgaudit)", postgresql_page, ""},
    {"audit_type", "string", "SESSION or OBJECT (pgaudit)", postgresql_page, ""},
    {"class", "string", "READ, WRITE, FUNCTION, ROLE, DDL, MISC (pgaudit); class of an activity stream's event",
        postgresql_page, ""},
    {"command", "string", "Command of the audited statement, such as SELECT or ALTER TABLE", postgresql_page, ""},
    {"object_type", "string", "Type of the object (pgaudit)", postgresql_page, ""},
    {"object_name", "string", "Object that the audited statement is about (pgaudit)", postgresql_page, ""},
    {"statement", "string", "Text of the audited statement (pgaudit)", postgresql_page, ""},
    {"parameter", "string", "Parameters of the audited statement, where they are logged (pgaudit)", postgresql_page,
        ""},
    {"timestamp", "time", "Time of an audit row", audit_page, ""},
    {"serverhost", "string", "Instance that wrote the audit line", audit_page, ""},
    {"username", "string", "Database user of the audited connection", audit_page, ""},
    {"host", "string", "Host of the client", audit_page, ""},
    {"connectionid", "number", "Id of the connection", audit_page, ""},
    {"queryid", "number", "Id of the query, joins the events of one query", audit_page, ""},
    {"operation", "string",
        "CONNECT, DISCONNECT, FAILED_CONNECT, QUERY, READ, WRITE, CREATE, ALTER, RENAME, DROP, TABLE", audit_page, ""},
    {"database", "string", "Database that was active", audit_page, ""},
    {"object", "string", "Statement or table", audit_page, ""},
    {"retcode", "number", "Error number of the operation; 0 is success", audit_page, ""},
    {"connection_type", "number",
        "How the client was connected: 0 undefined, 1 TCP/IP, 2 socket, 3 named pipe, 4 TLS, 5 shared memory",
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.MySQL.Options.AuditPlugin.html", ""},
    {"query_time", "number", "Seconds of a slow query", mysql_page, ""},
    {"lock_time", "number", "Seconds that a slow query waited", mysql_page, ""},
    {"rows_sent", "number", "Rows sent to the client (slow query)", mysql_page, ""},
    {"rows_examined", "number", "Rows read for the answer (slow query)", mysql_page, ""},
    {"user", "string", "User of a slow query", mysql_page, ""},
    {"ip", "address", "Address of a slow query's client", mysql_page, ""},
    {"schema", "string", "Schema of a slow query", mysql_page, ""},
    {"sql", "string", "Statement of a slow query", mysql_page, ""},
    {"level", "string", "Level of an error log's line", mysql_page, ""},
    {"error_code", "string", "Code of an error log's line", mysql_page, ""},
    {"subsystem", "string", "Subsystem of an error log's line", mysql_page, ""},
    {"argument", "string", "Argument of a general log's line", mysql_page, ""},
    {"process", "string", "Process of SQL Server that wrote the line: spid…, Logon, Server", sqlserver_page, ""},
    {"connect_data", "string", "What the client asked Oracle's listener for", oracle_page, ""},
    {"protocol_address", "string", "Address of the client, as Oracle's listener writes it", oracle_page, ""},
    {"program", "string", "Program of the client of Oracle's listener", oracle_page, ""},
    {"os_user", "string", "Operating-system user of the client of Oracle's listener", oracle_page, ""},
    {"service", "string", "Service or SID that Oracle's listener was asked for", oracle_page, ""},
    {"return_code", "number", "Code of a line of Oracle's listener; 0 is success", oracle_page, ""},
    {"ACTION", "string", "Action of Oracle's audit trail: a name, or its number", oracle_page, ""},
    {"USERID", "string", "Database user of Oracle's audit trail", oracle_page, ""},
    {"DATABASE_USER", "string", "Database user of Oracle's audit trail of administrators", oracle_page, ""},
    {"CLIENT_USER", "string", "Operating-system user of the client (Oracle's audit trail)", oracle_page, ""},
    {"PRIVILEGE", "string", "SYSDBA, SYSOPER … (Oracle's audit trail)", oracle_page, ""},
    {"USERHOST", "string", "Machine of the client (Oracle's audit trail)", oracle_page, ""},
    {"RETURNCODE", "string", "Error number of the action; 0 is success (Oracle's audit trail)", oracle_page, ""},
    {"STATUS", "string", "Error number of an administrator's action; 0 is success (Oracle's audit trail)", oracle_page,
        ""},
    {"Extended_Timestamp", "time", "Time of a record of Oracle's audit trail as XML", oracle_page, ""},
    {"DB_User", "string", "Database user (Oracle's audit trail as XML)", oracle_page, ""},
    {"OS_User", "string", "Operating-system user of the client (Oracle's audit trail as XML)", oracle_page, ""},
    {"Userhost", "string", "Machine of the client (Oracle's audit trail as XML)", oracle_page, ""},
    {"Action", "string", "Number of the action (Oracle's audit trail as XML)", oracle_page, ""},
    {"Returncode", "string", "Error number of the action; 0 is success (Oracle's audit trail as XML)", oracle_page, ""},
    {"Sql_Text", "string", "Statement (Oracle's audit trail as XML)", oracle_page, ""},
    {"msg_id", "string", "Id of a message of Oracle's alert log as XML", oracle_page, ""},
    {"host_addr", "address", "Address of the instance (Oracle's alert log as XML)", oracle_page, ""},
    {"LEVEL", "string", "Level of a record of Db2's diag.log: Info, Warning, Error, Severe …", db2_page, ""},
    {"FUNCTION", "string", "Product, component and function that wrote a record of Db2's diag.log", db2_page, ""},
    {"MESSAGE", "string", "Message of a record of Db2's diag.log", db2_page, ""},
    {"AUTHID", "string", "User of a record of Db2's diag.log", db2_page, ""},
    {"DB", "string", "Database of a record of Db2's diag.log", db2_page, ""},
    {"data", "string", "Data that a record of Db2's diag.log carries", db2_page, ""},
    {"clusterId", "string", "Cluster of an activity stream", stream_page, ""},
    {"instanceId", "string", "Instance of an activity stream", stream_page, ""},
    {"detail-type", "string", "RDS DB Instance Event, RDS DB Cluster Event, RDS DB Snapshot Event …", event_page, ""},
    {"detail", "object",
        "Details of an error as text (csvlog); of an event: EventCategories, SourceType, SourceArn, Date, Message, "
        "SourceIdentifier, EventID",
        event_page, ""},
    {"SourceIdentifier", "string", "Source of an event", event_page, ""},
    {"SourceType", "string", "Type of the source", event_page, ""},
    {"Message", "string", "Message of an event", event_page, ""},
    {"Date", "time", "Time of an event", event_page, ""},
    {"clientApplication", "string", "Program of the client (activity stream)", stream_page, ""},
    {"commandText", "string", "Text of the statement (activity stream)", stream_page, ""},
    {"databaseName", "string", "Database of the session (activity stream)", stream_page, ""},
    {"dbUserName", "string", "Database user of the session (activity stream)", stream_page, ""},
    {"errorMessage", "string", "Why the statement failed (activity stream)", stream_page, ""},
    {"exitCode", "number", "Error number of the statement, 0 is success (activity stream)", stream_page, ""},
    {"logTime", "time", "When the event was logged (activity stream)", stream_page, ""},
    {"objectName", "string", "Object that the statement is about (activity stream)", stream_page, ""},
    {"objectType", "string", "Kind of that object (activity stream)", stream_page, ""},
    {"remoteHost", "address", "Address of the client (activity stream)", stream_page, ""},
    {"rowCount", "number", "Rows that the statement returned or changed (activity stream)", stream_page, ""},
    {"sessionId", "string", "Session of the statement (activity stream)", stream_page, ""},
};

constexpr std::string_view group_start = "/aws/rds/";

class Decoder final : public LineDecoder {
public:
    void start(const EnvelopeContext& context) override { is_in_group_ = context.log_group.starts_with(group_start); }

    Outcome decode(std::string_view record, LineRow& row) override
    {
        seen_ = 0;
        is_csv_ = false;
        is_open_ = false;
        texts_.clear();
        const TextFormat format = format_of(record.substr(0, record.find('\n')));
        if (format == TextFormat::none && is_banner(record)) {
            return Outcome::skipped;
        }
        if (format == TextFormat::none && is_in_group_) {
            // Logs of upgrades and traces, refused IAM sign-ins: text of any form.
            columns_.assign(1, {"message", Value::string(record)});
        } else if (!read_record(format, record, columns_, texts_)) {
            return Outcome::rejected;
        }
        if (format == TextFormat::oracle_alert && record.find('\n') == std::string_view::npos) {
            // A time before a line that has its own, as the listener's log writes it.
            return Outcome::skipped;
        }
        carry_time(format);
        const bool same = row.names.size() == columns_.size()
            && std::equal(columns_.begin(), columns_.end(), row.names.begin(),
                [](const Column& column, std::string_view name) { return column.name == name; });
        if (!same) {
            row.names.clear();
            for (const Column& column : columns_) {
                row.names.push_back(column.name);
            }
            ++row.layout;
        }
        row.values.clear();
        for (const Column& column : columns_) {
            row.values.push_back(column.value);
        }
        return Outcome::event;
    }

    bool continues(std::string_view record, std::string_view line) const override
    {
        const TextFormat format = format_of(line);
        if (is_open_csv(record)) {
            return format != TextFormat::postgresql_csv;
        }
        if (is_csv_) {
            return false;
        }
        if (format == TextFormat::none) {
            return !is_banner(line);
        }
        // "# Time:" belongs to the "# User@Host:" behind it.
        return format == TextFormat::mysql_slow && line.starts_with("# User@Host:") && record.starts_with("# Time:")
            && record.find('\n') == std::string_view::npos;
    }
    std::string_view reject_code() const override { return "rds-line"; }
    std::string_view reject_reason() const override
    {
        return "the line is cut, or begins like no line of a database's log";
    }

private:
    // MySQL writes the time only where it changed.
    void carry_time(TextFormat format)
    {
        if (format != TextFormat::mysql_general && format != TextFormat::mysql_slow) {
            return;
        }
        bool has_epoch = false;
        for (const Column& column : columns_) {
            has_epoch = has_epoch || (column.name == "set_timestamp" && !column.value.is_absent());
        }
        for (Column& column : columns_) {
            if (column.name == "time" && !column.value.is_absent()) {
                last_time_ = column.value.raw();
            } else if (column.name == "time" && !last_time_.empty() && !has_epoch) {
                column.value = Value::string(last_time_);
            }
        }
    }

    // Whether the record is a row of csvlog with a quote that is open. Looks at each byte of a growing record once.
    bool is_open_csv(std::string_view record) const
    {
        if (seen_ == 0) {
            is_csv_ = format_of(record) == TextFormat::postgresql_csv;
        }
        for (; is_csv_ && seen_ < record.size(); ++seen_) {
            is_open_ = is_open_ != (record[seen_] == '"');
        }
        seen_ = record.size();
        return is_csv_ && is_open_;
    }

    // The three lines that MySQL writes when it opens a log, and what Oracle puts around its audit records.
    static bool is_banner(std::string_view line)
    {
        constexpr std::array<std::string_view, 6> beginnings {
            "Tcp port:", "Audit file ", "<?xml", "<Audit", "</Audit>", "<Version>"};
        return line.find(", Version: ") != std::string_view::npos
            || (line.starts_with("Time ") && line.find("Command") != std::string_view::npos)
            || std::any_of(beginnings.begin(), beginnings.end(),
                [line](std::string_view beginning) { return line.starts_with(beginning); });
    }

    std::vector<Column> columns_;
    Texts texts_;
    std::string last_time_;
    // Of the record that grows.
    mutable std::size_t seen_ = 0;
    bool is_in_group_ = false;
    mutable bool is_csv_ = false;
    mutable bool is_open_ = false;
};

// Whether the path has a part "rds", as in "rds/" or "aurora-rds-logs", not "records".
bool names_rds(std::string_view path)
{
    static const base::Regex pattern = *base::Regex::create(R"((?:^|[^A-Za-z])rds(?:$|[^A-Za-z]))");
    return pattern.search(path);
}

Confidence recognise_lines(const LineProbe& probe)
{
    const bool is_in_group = probe.context->log_group.starts_with(group_start);
    const bool of_rds = is_in_group || names_rds(probe.path);
    for (const std::string_view line : probe.lines) {
        const TextFormat format = format_of(line);
        if (is_unmistakable(format) || (line.starts_with("Audit file ") && line.ends_with(".aud"))) {
            return Confidence::certain;
        }
        if (format != TextFormat::none) {
            // Other programs write such lines into their own log groups.
            return of_rds                          ? Confidence::certain
                : probe.context->log_group.empty() ? Confidence::possible
                                                   : Confidence::no;
        }
    }
    return is_in_group ? Confidence::possible : Confidence::no;
}

// PostgreSQL writes the zone's name behind the time: one of those that log_timezone gives. Others are taken for UTC.
void name_zone(std::string& text)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 24> zones {
        {{"CET", "+01:00"}, {"CEST", "+02:00"}, {"BST", "+01:00"}, {"IST", "+05:30"}, {"EET", "+02:00"},
            {"EEST", "+03:00"}, {"WEST", "+01:00"}, {"MSK", "+03:00"}, {"EST", "-05:00"}, {"EDT", "-04:00"},
            {"CST", "-06:00"}, {"CDT", "-05:00"}, {"MST", "-07:00"}, {"MDT", "-06:00"}, {"PST", "-08:00"},
            {"PDT", "-07:00"}, {"JST", "+09:00"}, {"KST", "+09:00"}, {"HKT", "+08:00"}, {"SGT", "+08:00"},
            {"AEST", "+10:00"}, {"AEDT", "+11:00"}, {"NZST", "+12:00"}, {"NZDT", "+13:00"}}};
    const std::size_t blank = text.rfind(' ');
    if (blank == std::string::npos) {
        return;
    }
    const std::string zone = text.substr(blank + 1);
    text.resize(blank);
    if (zone.starts_with('+') || zone.starts_with('-')) {
        text += zone;
        return;
    }
    const auto known = std::find_if(zones.begin(), zones.end(), [&](const auto& entry) { return entry.first == zone; });
    if (known != zones.end()) {
        text += known->second;
    }
}

// MariaDB writes "20220531 06:08:32", old MySQL "220531  6:08:32", Aurora epoch microseconds.
// Inputs: log_time, timestamp, set_timestamp, time, Extended_Timestamp, detail.Date, Date, logTime
Value derive_time(DeriveInputs& inputs)
{
    for (std::size_t i = 0; i < inputs.count(); ++i) {
        const Value value = inputs.input(i);
        if (value.is_absent()) {
            continue;
        }
        if (value.type() == Type::string) {
            std::string text(value.text(inputs.arena()));
            if (i == 0) {
                name_zone(text);
            }
            if (text.size() == 17 && text[8] == ' ') {
                text = text.substr(0, 4) + "-" + text.substr(4, 2) + "-" + text.substr(6, 2) + text.substr(8);
            } else if (text.size() == 15 && text[6] == ' ') {
                text = "20" + text.substr(0, 2) + "-" + text.substr(2, 2) + "-" + text.substr(4, 2) + " "
                    + (text[7] == ' ' ? "0" + text.substr(8) : text.substr(7));
            }
            const auto found = derive::read_time(Value::string(text), inputs.arena());
            if (found) {
                return Value::time(*found);
            }
            continue;
        }
        if (const auto found = derive::read_time(value, inputs.arena())) {
            return Value::time(*found);
        }
    }
    return inputs.context().timestamp;
}

// Inputs: detail.SourceArn, SourceArn, serverhost, instanceId, clusterId
Value derive_resource(DeriveInputs& inputs)
{
    const Value own = derive::first_present(inputs);
    if (!own.is_absent() || !inputs.context().log_group.starts_with("/aws/rds/")) {
        return own;
    }
    // "/aws/rds/instance/NAME/error"
    const auto parts = base::split(inputs.context().log_group, '/');
    return parts.size() > 4 ? Value::string(parts[4]) : Value();
}

const std::vector<DerivedField>& derived_fields()
{
    static const std::vector<DerivedField> derived {
        {"@timestamp", "time", "Time of the line or event",
            {"log_time", "timestamp", "set_timestamp", "time", "Extended_Timestamp", "detail.Date", "Date", "logTime"},
            derive_time},
        {"@account", "string", "Account of the event, of its ARN or of the log group",
            {"account", "detail.SourceArn", "SourceArn"}, derive::account_or_arn},
        {"@region", "string", "Region of the event or of its ARN", {"region", "detail.SourceArn", "SourceArn"},
            derive::region_or_arn},
        {"@principal", "string", "User of the database",
            {"user_name", "username", "user", "account.user", "dbUserName", "USERID", "DATABASE_USER", "DB_User",
                "AUTHID"},
            derive::first_present},
        {"@src_ip", "string", "Host of the client",
            {"remote_host", "host", "ip", "login.ip", "remoteHost", "USERHOST", "Userhost"}, derive::first_present},
        {"@action", "string", "Operation, command or event",
            {"operation", "command", "event", "ACTION", "Action", "detail.EventID", "detail-type", "error_severity"},
            derive::first_present},
        {"@resource", "string", "Instance or cluster",
            {"detail.SourceArn", "SourceArn", "SourceIdentifier", "serverhost", "instanceId", "clusterId"},
            derive_resource},
        {"@outcome", "string", "retcode, else exitCode, else Oracle's return code",
            {"retcode", "exitCode", "RETURNCODE", "STATUS", "Returncode", "return_code"}, derive::first_present},
    };
    return derived;
}

constexpr std::string_view event_sources[] = {"rds", "rds-data", "rdsdata", "pi"};

bool is_rds(std::size_t set, std::span<const Value> values)
{
    return set != 0 || values[1].raw() == "aws.rds";
}

} // namespace

const LogKind& kind()
{
    static const LogKind rds {
        .id = "rds",
        .number = 18,
        .title = "RDS and Aurora database logs and events",
        .page = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.html",
        .switch_on = "aws rds modify-db-instance --db-instance-identifier NAME --cloudwatch-logs-export-configuration for audit, error, general, slowquery or postgresql; audit plugin by option group",
        .places = {
            "CloudWatch Logs, groups /aws/rds/instance/NAME/audit|error|general|slowquery|postgresql|alert|listener|agent|diag.log and /aws/rds/cluster/NAME/…",
            "aws rds download-db-log-file-portion",
            "EventBridge (source aws.rds), SNS, aws rds describe-events",
            "Kinesis (database activity streams), decrypted",
        },
        .recognised_by = "Each line by its format: the MariaDB audit plugin (comma-separated, time and connection first), slow queries (# Time:, # User@Host:), PostgreSQL (time, zone, process; or csvlog), Oracle's listener, audit trail and XML (<msg>, <AuditRecord>), Db2's diag.log, SQL Server's agent. Error and general logs of MySQL and SQL Server and Oracle's alert log as text look like other logs: they are taken in files where nothing else fits, in log groups only when the group begins with /aws/rds/; there, lines of no known format are messages. Elements of databaseActivityEventList are records of their own. EventBridge events must be of source aws.rds.",
        .fields = fields,
        .event_sources = event_sources,
        .derived = derived_fields(),
        .hallmarks = {{"detail-type", "source", "detail"}, {"logTime", "dbUserName", "command"},
            {"SourceIdentifier", "SourceType"}, {"timestamp", "class", "event", "connection_id"}},
        .confirm = is_rds,
        .recognise_lines = recognise_lines,
        .make_line_decoder = [] { return std::unique_ptr<LineDecoder>(std::make_unique<Decoder>()); },
        .multi_line = true,
        .list_names = {"databaseActivityEvents"},
        .split = {.list = "databaseActivityEventList", .filtered_type = "heartbeat", .code = "rds-activity"},
        .sealed = {"DatabaseActivityMonitoringRecords", "databaseActivityEvents", "rds-encrypted",
            "the events of the activity stream are encrypted: decrypt them with the stream's key first"},
    };
    return rds;
}

} // namespace trawl::ingest::kinds::rds
