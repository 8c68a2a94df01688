#include "ingest/kinds/rds/text_formats.h"

#include <algorithm>
#include <array>

#include "base/regex.h"
#include "base/text.h"
#include "ingest/kinds/rds/engine_formats.h"

namespace trawl::ingest::kinds::rds {

using event::Value;

namespace {

using Groups = std::vector<std::string_view>;

// log_line_prefix of RDS (`%t:%r:%u@%d:[%p]:`), its longer form (`%m:%r:%u@%d:[%p]:%l:%e:%s:%v:%x:%c:%q%a:`), and the
// plain `%m [%p]`.
const base::Regex& postgresql_line()
{
    static const base::Regex pattern = *base::Regex::create(
        R"((?s)^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?) ([A-Z]{1,5}|[+-]\d{2,4})(?::([^:(]*(?:::?[0-9a-f:]*)?)(?:\((\d+)\))?:([^@:]*)@([^:]*):\[(\d+)\]:| \[(\d+)\] (?:[^:]*@[^:]* )?)(?:\d+:[0-9A-Z]{5}:[^:]*:[^:]*:[^:]*:[^:]*:\d+:[0-9a-f.]+:[^:]*:)?([A-Z][A-Z0-9]+):\s+(.*)$)");
    return pattern;
}

// csvlog: time, user, database, process.
const base::Regex& postgresql_csv_line()
{
    static const base::Regex pattern = *base::Regex::create(
        R"(^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? (?:[A-Z]{1,5}|[+-]\d{2,4}),(?:"(?:[^"]|"")*")?,(?:"(?:[^"]|"")*")?,\d+,)");
    return pattern;
}

const base::Regex& audit_line()
{
    static const base::Regex pattern
        = *base::Regex::create(R"(^(?:\d{16}|\d{8} \d\d:\d\d:\d\d),[^,]*,[^,]*,[^,]*,\d*,\d*,[A-Z_]+,)");
    return pattern;
}

const base::Regex& mysql_error_line()
{
    static const base::Regex pattern = *base::Regex::create(
        R"((?s)^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z?|\d{6} {1,2}\d{1,2}:\d\d:\d\d) (?:(\d+) )?\[(Note|Warning|Warn|ERROR|Error|System|Info)\](?: \[(MY-\d+)\] \[(\w+)\])? (.*)$)");
    return pattern;
}

const base::Regex& general_line()
{
    static const base::Regex pattern = *base::Regex::create(
        R"((?s)^(?:(\d{4}-\d\d-\d\dT[\d:.]+Z|\d{6} {1,2}\d{1,2}:\d\d:\d\d)|\t)\t? *(\d+) (Connect|Query|Quit|Init DB|Prepare|Execute|Close stmt|Reset stmt|Statistics|Ping|Field List|Change user|Shutdown|Binlog Dump|Register Slave|Fetch)(?:\t(.*))?$)");
    return pattern;
}

const base::Regex& sqlserver_line()
{
    static const base::Regex pattern = *base::Regex::create(
        R"((?s)^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d\d) (spid\d+s?|Logon|Server|Backup)\s+(.*)$)");
    return pattern;
}

Value text_value(std::string_view text)
{
    return text.empty() ? Value() : Value::string(text);
}

Value number_value(std::string_view text)
{
    double number = 0;
    return base::parse_number(text, number) ? Value::number_text(text) : text_value(text);
}

// Cuts a row of CSV. Values in quotes lose them; doubled quotes inside become one, in `texts`. False when a quote is open.
bool cut_csv(std::string_view row, std::vector<std::string_view>& values, Texts& texts)
{
    values.clear();
    std::size_t at = 0;
    while (true) {
        if (at >= row.size() || row[at] != '"') {
            const std::size_t end = std::min(row.find(',', at), row.size());
            values.push_back(row.substr(at, end - at));
            at = end;
        } else {
            std::size_t end = at + 1;
            bool has_doubled = false;
            while (end < row.size() && (row[end] != '"' || (end + 1 < row.size() && row[end + 1] == '"'))) {
                has_doubled = has_doubled || row[end] == '"';
                end += row[end] == '"' ? 2U : 1U;
            }
            if (end >= row.size()) {
                return false;
            }
            std::string_view value = row.substr(at + 1, end - at - 1);
            if (has_doubled) {
                std::string single;
                for (std::size_t i = 0; i < value.size(); ++i) {
                    single += value[i];
                    i += value[i] == '"' ? 1U : 0U;
                }
                value = texts.keep(std::move(single));
            }
            values.push_back(value);
            at = end + 1;
        }
        if (at >= row.size()) {
            return true;
        }
        if (row[at] != ',') {
            return false;
        }
        ++at;
    }
}

// pgaudit: "AUDIT: SESSION,27,1,WRITE,DELETE,,,<statement>,<parameter>", where values with commas stand in quotes.
void append_audit(std::string_view message, std::vector<Column>& columns, Texts& texts)
{
    const std::size_t audit = message.find("AUDIT: ");
    if (audit == std::string_view::npos) {
        return;
    }
    constexpr std::array<std::string_view, 8> names {
        "audit_type", "statement_id", "substatement_id", "class", "command", "object_type", "object_name", "statement"};
    std::string_view rest = message.substr(audit + 7);
    std::vector<std::string_view> values;
    if (!cut_csv(rest, values, texts) || values.size() < names.size() || values.size() > names.size() + 1) {
        // A statement that lost its quotes: all between the seventh comma and the parameter.
        values.clear();
        for (std::size_t i = 0; i + 1 < names.size(); ++i) {
            const std::size_t comma = rest.find(',');
            values.push_back(rest.substr(0, comma));
            rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
        }
        values.push_back(rest.substr(0, rest.rfind(",<")));
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
        columns.push_back({names[i], text_value(values[i])});
    }
    if (values.size() > names.size() && !values.back().starts_with('<')) {
        columns.push_back({"parameter", text_value(values.back())});
    }
}

bool read_postgresql(std::string_view record, std::vector<Column>& columns, Texts& texts)
{
    Groups groups;
    if (!postgresql_line().find(record, 0, groups)) {
        return false;
    }
    const std::string_view time = texts.keep(std::string(groups[1]) + " " + std::string(groups[2]));
    columns = {{"log_time", Value::string(time)}, {"remote_host", text_value(groups[3])},
        {"remote_port", number_value(groups[4])}, {"user_name", text_value(groups[5])},
        {"database_name", text_value(groups[6])},
        {"process_id", number_value(groups[7].empty() ? groups[8] : groups[7])},
        {"error_severity", text_value(groups[9])}, {"message", text_value(groups[10])}};
    append_audit(groups[10], columns, texts);
    return true;
}

bool read_postgresql_csv(std::string_view record, std::vector<Column>& columns, Texts& texts)
{
    constexpr std::array<std::string_view, 26> names {"log_time", "user_name", "database_name", "process_id",
        "connection_from", "session_id", "session_line_num", "command_tag", "session_start_time",
        "virtual_transaction_id", "transaction_id", "error_severity", "sql_state_code", "message", "detail", "hint",
        "internal_query", "internal_query_pos", "context", "query", "query_pos", "location", "application_name",
        "backend_type", "leader_pid", "query_id"};
    constexpr std::size_t oldest_columns = 23; // Before PostgreSQL 13.
    constexpr std::array<std::string_view, 7> numbers {"process_id", "session_line_num", "transaction_id",
        "internal_query_pos", "query_pos", "leader_pid", "query_id"};
    std::vector<std::string_view> values;
    if (!cut_csv(record, values, texts) || values.size() < oldest_columns) {
        return false;
    }
    columns.clear();
    for (std::size_t i = 0; i < std::min(values.size(), names.size()); ++i) {
        const bool is_number = std::find(numbers.begin(), numbers.end(), names[i]) != numbers.end();
        columns.push_back({names[i], is_number ? number_value(values[i]) : text_value(values[i])});
    }
    // The client under the names that the other format gives it.
    const std::string_view from = values[4];
    const std::size_t colon = from.rfind(':');
    columns.push_back({"remote_host", text_value(from.substr(0, colon))});
    columns.push_back(
        {"remote_port", colon == std::string_view::npos ? Value() : number_value(from.substr(colon + 1))});
    append_audit(values[13], columns, texts);
    return true;
}

// MariaDB's audit plugin and Aurora's advanced auditing: eight columns from the left, then the statement, which may hold
// commas.
bool read_audit(std::string_view record, std::vector<Column>& columns)
{
    constexpr std::array<std::string_view, 8> names {
        "timestamp", "serverhost", "username", "host", "connectionid", "queryid", "operation", "database"};
    columns.clear();
    std::string_view rest = record;
    for (const std::string_view name : names) {
        const std::size_t comma = rest.find(',');
        if (comma == std::string_view::npos) {
            return false;
        }
        const bool numeric = name == "connectionid" || name == "queryid";
        columns.push_back({name, numeric ? number_value(rest.substr(0, comma)) : text_value(rest.substr(0, comma))});
        rest.remove_prefix(comma + 1);
    }
    // The statement stands in quotes and may hold commas; behind it are the code and, in newer versions, the type of
    // the connection. A few old rows lack the object.
    const bool is_quoted = rest.starts_with('\'');
    const std::size_t end = is_quoted ? rest.rfind("',") : rest.find(',');
    if (is_quoted && (end == std::string_view::npos || end == 0)) {
        return false;
    }
    std::string_view object;
    std::string_view code = rest;
    if (end != std::string_view::npos) {
        object = is_quoted ? rest.substr(1, end - 1) : rest.substr(0, end);
        code = rest.substr(end + (is_quoted ? 2 : 1));
    }
    const std::size_t comma = code.find(',');
    const std::string_view connection_type
        = comma == std::string_view::npos ? std::string_view() : base::trim(code.substr(comma + 1));
    code = base::trim(code.substr(0, comma));
    // Rows about tables have no code.
    const Value value = number_value(code);
    if (value.type() != event::Type::number && !code.empty()) {
        return false;
    }
    columns.push_back({"object", text_value(object)});
    columns.push_back({"retcode", value});
    columns.push_back({"connection_type", number_value(connection_type)});
    return true;
}

std::string_view after(std::string_view text, std::string_view mark)
{
    const std::size_t at = text.find(mark);
    if (at == std::string_view::npos) {
        return {};
    }
    const std::string_view rest = base::trim(text.substr(at + mark.size(), 400));
    return rest.substr(0, rest.find_first_of(" \t\n"));
}

bool read_slow(std::string_view record, std::vector<Column>& columns, Texts& texts)
{
    static const base::Regex user
        = *base::Regex::create(R"(# User@Host:\s*(\S*?)\[[^\]]*\]\s*@\s*(\S*)\s*\[([^\]]*)\](?:\s+Id:\s*(\d+))?)");
    Groups groups;
    const bool has_user = user.find(record, 0, groups);
    if (!has_user && record.find("# Query_time:") == std::string_view::npos) {
        return false;
    }
    const std::size_t time_at = record.find("# Time:");
    std::string_view time;
    if (time_at != std::string_view::npos) {
        time = base::trim(record.substr(time_at + 7, record.find('\n', time_at) - time_at - 7));
    }
    std::string statement;
    for (const std::string_view line : base::split(record, '\n')) {
        if (!line.starts_with('#') && !line.starts_with("SET timestamp=") && !base::trim(line).empty()) {
            statement += statement.empty() ? "" : "\n";
            statement += line;
        }
    }
    const std::string_view sql = texts.keep(std::move(statement));
    columns = {{"query_time", number_value(after(record, "Query_time:"))},
        {"lock_time", number_value(after(record, "Lock_time:"))},
        {"rows_sent", number_value(after(record, "Rows_sent:"))},
        {"rows_examined", number_value(after(record, "Rows_examined:"))},
        {"user", has_user ? text_value(groups[1]) : Value()}, {"host", has_user ? text_value(groups[2]) : Value()},
        {"ip", has_user ? text_value(groups[3]) : Value()}, {"id", has_user ? number_value(groups[4]) : Value()},
        {"schema", text_value(after(record, "# Schema:"))}, {"sql", text_value(sql)}, {"time", text_value(time)}};
    const std::string_view epoch = after(record, "SET timestamp=");
    columns.push_back({"set_timestamp", number_value(epoch.substr(0, epoch.find(';')))});
    return true;
}

// "Login failed for user 'bob'. Reason: … [CLIENT: 203.0.113.9]"
void append_login(std::string_view message, std::vector<Column>& columns)
{
    static const base::Regex user = *base::Regex::create(R"(\bLogin \w+ for user '([^']*)')");
    static const base::Regex client = *base::Regex::create(R"(\[CLIENT: ([^\]]*)\])");
    Groups groups;
    if (user.find(message, 0, groups)) {
        columns.push_back({"user", text_value(groups[1])});
    }
    if (client.find(message, 0, groups)) {
        columns.push_back({"ip", text_value(groups[1])});
    }
}

} // namespace

TextFormat format_of(std::string_view line)
{
    if (line.starts_with("# Time:") || line.starts_with("# User@Host:")) {
        return TextFormat::mysql_slow;
    }
    if (begins_oracle_xml(line)) {
        return TextFormat::oracle_xml;
    }
    if (line.empty() || !((line[0] >= '0' && line[0] <= '9') || line[0] == '\t')) {
        return begins_oracle_alert(line) ? TextFormat::oracle_alert : TextFormat::none;
    }
    if (postgresql_csv_line().search(line)) {
        return TextFormat::postgresql_csv;
    }
    if (audit_line().search(line)) {
        return TextFormat::mysql_audit;
    }
    if (postgresql_line().search(line)) {
        return TextFormat::postgresql;
    }
    if (mysql_error_line().search(line)) {
        return TextFormat::mysql_error;
    }
    if (general_line().search(line)) {
        return TextFormat::mysql_general;
    }
    if (sqlserver_line().search(line)) {
        return TextFormat::sqlserver_error;
    }
    if (begins_sqlserver_agent(line)) {
        return TextFormat::sqlserver_agent;
    }
    if (begins_oracle_listener(line)) {
        return TextFormat::oracle_listener;
    }
    if (begins_db2_diag(line)) {
        return TextFormat::db2_diag;
    }
    return begins_oracle_alert(line) ? TextFormat::oracle_alert : TextFormat::none;
}

bool is_unmistakable(TextFormat format)
{
    switch (format) {
    case TextFormat::none:
    case TextFormat::mysql_error:
    case TextFormat::mysql_general:
    case TextFormat::sqlserver_error:
    case TextFormat::oracle_alert: return false;
    case TextFormat::postgresql:
    case TextFormat::postgresql_csv:
    case TextFormat::mysql_audit:
    case TextFormat::mysql_slow:
    case TextFormat::sqlserver_agent:
    case TextFormat::oracle_xml:
    case TextFormat::oracle_listener:
    case TextFormat::db2_diag: return true;
    }
    return false;
}

bool read_record(TextFormat format, std::string_view record, std::vector<Column>& columns, Texts& texts)
{
    Groups groups;
    switch (format) {
    case TextFormat::none: return false;
    case TextFormat::postgresql: return read_postgresql(record, columns, texts);
    case TextFormat::postgresql_csv: return read_postgresql_csv(record, columns, texts);
    case TextFormat::mysql_audit: return read_audit(record, columns);
    case TextFormat::mysql_slow: return read_slow(record, columns, texts);
    case TextFormat::mysql_error:
        if (!mysql_error_line().find(record, 0, groups)) {
            return false;
        }
        columns = {{"time", text_value(groups[1])}, {"thread_id", number_value(groups[2])},
            {"level", text_value(groups[3])}, {"error_code", text_value(groups[4])},
            {"subsystem", text_value(groups[5])}, {"message", text_value(groups[6])}};
        return true;
    case TextFormat::mysql_general:
        if (!general_line().find(record, 0, groups)) {
            return false;
        }
        columns = {{"time", text_value(groups[1])}, {"id", number_value(groups[2])}, {"command", text_value(groups[3])},
            {"argument", text_value(groups[4])}};
        return true;
    case TextFormat::sqlserver_error:
        if (!sqlserver_line().find(record, 0, groups)) {
            return false;
        }
        columns
            = {{"time", text_value(groups[1])}, {"process", text_value(groups[2])}, {"message", text_value(groups[3])}};
        append_login(groups[3], columns);
        return true;
    case TextFormat::sqlserver_agent: return read_sqlserver_agent(record, columns);
    case TextFormat::oracle_alert: return read_oracle_alert(record, columns, texts);
    case TextFormat::oracle_xml: return read_oracle_xml(record, columns, texts);
    case TextFormat::oracle_listener: return read_oracle_listener(record, columns, texts);
    case TextFormat::db2_diag: return read_db2_diag(record, columns, texts);
    }
    return false;
}

} // namespace trawl::ingest::kinds::rds
