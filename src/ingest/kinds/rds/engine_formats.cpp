#include "ingest/kinds/rds/engine_formats.h"

#include <algorithm>
#include <array>

#include "base/regex.h"
#include "base/text.h"
#include "base/time.h"

namespace trawl::ingest::kinds::rds {

using event::Value;

namespace {

using Groups = std::vector<std::string_view>;

// "Thu Jan  2 03:04:05 2026", behind it a zone or not.
const base::Regex& dated_line()
{
    static const base::Regex pattern = *base::Regex::create(
        R"(^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([A-Z][a-z]{2}) ([ \d]?\d) (\d\d:\d\d:\d\d)(?:\.\d+)? (\d{4})(?: ([+-]\d\d:?\d\d))?\s*$)");
    return pattern;
}

const base::Regex& iso_line()
{
    static const base::Regex pattern
        = *base::Regex::create(R"(^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))\s*$)");
    return pattern;
}

const base::Regex& listener_line()
{
    static const base::Regex pattern = *base::Regex::create(R"(^(\d\d)-([A-Z]{3})-(\d{4}) (\d\d:\d\d:\d\d) \* (.*)$)");
    return pattern;
}

const base::Regex& diag_line()
{
    static const base::Regex pattern = *base::Regex::create(
        R"(^(\d{4}-\d\d-\d\d)-(\d\d)\.(\d\d)\.(\d\d)\.(\d{1,6})([+-])(\d{3})\s+(\S+)\s+LEVEL\s*: (.*)$)");
    return pattern;
}

const base::Regex& agent_line()
{
    static const base::Regex pattern
        = *base::Regex::create(R"((?s)^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) - ([!?+]) \[(\d+)\] (.*)$)");
    return pattern;
}

Value text_value(std::string_view text)
{
    return text.empty() ? Value() : Value::string(text);
}

Value number_or_text(std::string_view text)
{
    double number = 0;
    return base::parse_number(text, number) ? Value::number_text(text) : text_value(text);
}

std::string_view first_line(std::string_view text)
{
    return text.substr(0, text.find('\n'));
}

std::string_view behind_first_line(std::string_view text)
{
    const std::size_t end = text.find('\n');
    return end == std::string_view::npos ? std::string_view() : base::trim(text.substr(end + 1));
}

std::string two_digits(std::size_t number)
{
    return (number < 10 ? "0" : "") + std::to_string(number);
}

// The value behind "(NAME=", or nothing.
std::string_view in_brackets(std::string_view text, std::string_view name)
{
    const std::string mark = "(" + std::string(name) + "=";
    const std::size_t at = text.find(mark);
    if (at == std::string_view::npos) {
        return {};
    }
    const std::string_view rest = text.substr(at + mark.size());
    return rest.substr(0, rest.find(')'));
}

// Address and port of "(ADDRESS=(PROTOCOL=tcp)(HOST=…)(PORT=…))".
void append_client(std::string_view text, std::vector<Column>& columns)
{
    const std::size_t at = text.find("(ADDRESS=");
    if (at != std::string_view::npos) {
        columns.push_back({"remote_host", text_value(in_brackets(text.substr(at), "HOST"))});
        columns.push_back({"remote_port", number_or_text(in_brackets(text.substr(at), "PORT"))});
    }
}

void append_error_code(std::string_view message, std::vector<Column>& columns)
{
    static const base::Regex code = *base::Regex::create(R"(\b((?:ORA|TNS)-\d{5})\b)");
    Groups groups;
    if (code.find(message, 0, groups)) {
        columns.push_back({"error_code", text_value(groups[1])});
    }
}

// NAME:[length] 'value' or "value", blanks in the name written as underlines: the audit trail's text.
bool append_audit_pairs(std::string_view text, std::vector<Column>& columns, Texts& texts)
{
    static const base::Regex head = *base::Regex::create(R"(([A-Z][A-Z0-9_$ ]*?) ?: ?(?:\[(\d+)\] ?)?(['"]))");
    Groups groups;
    std::size_t at = 0;
    bool found_any = false;
    while (head.find(text, at, groups)) {
        const auto begin = static_cast<std::size_t>(groups[3].data() + 1 - text.data());
        double length = -1;
        // The value may hold quotes: its length tells where it ends.
        std::size_t end = std::string_view::npos;
        if (!groups[2].empty() && base::parse_number(groups[2], length)
            && length < static_cast<double>(text.size() - begin)
            && text[begin + static_cast<std::size_t>(length)] == groups[3].front()) {
            end = begin + static_cast<std::size_t>(length);
        } else {
            end = text.find(groups[3].front(), begin);
        }
        if (end == std::string_view::npos) {
            return false;
        }
        if (groups[1] != "LENGTH") {
            std::string name(base::trim(groups[1]));
            std::replace(name.begin(), name.end(), ' ', '_');
            columns.push_back({texts.name(std::move(name)), text_value(text.substr(begin, end - begin))});
        }
        found_any = true;
        at = end + 1;
    }
    return found_any;
}

std::string_view without_entities(std::string_view text, Texts& texts)
{
    if (text.find('&') == std::string_view::npos) {
        return text;
    }
    constexpr std::array<std::pair<std::string_view, char>, 5> entities {
        {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&apos;", '\''}, {"&quot;", '"'}}};
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto entity = std::find_if(entities.begin(), entities.end(),
            [rest = text.substr(at)](const auto& known) { return rest.starts_with(known.first); });
        out += entity == entities.end() ? text[at] : entity->second;
        at += entity == entities.end() ? 1 : entity->first.size();
    }
    return texts.keep(std::move(out));
}

} // namespace

bool begins_oracle_alert(std::string_view line)
{
    return iso_line().search(line) || dated_line().search(line);
}

bool begins_oracle_xml(std::string_view line)
{
    const std::string_view text = base::trim(line);
    return text.starts_with("<msg time=") || text.starts_with("<AuditRecord>");
}

bool begins_oracle_listener(std::string_view line)
{
    return listener_line().search(line);
}

bool begins_db2_diag(std::string_view line)
{
    return diag_line().search(line);
}

bool begins_sqlserver_agent(std::string_view line)
{
    return agent_line().search(line);
}

bool read_oracle_alert(std::string_view record, std::vector<Column>& columns, Texts& texts)
{
    Groups groups;
    const std::string_view head = first_line(record);
    const std::string_view message = behind_first_line(record);
    columns.clear();
    if (iso_line().find(head, 0, groups)) {
        columns.push_back({"time", text_value(groups[1])});
    } else if (dated_line().find(head, 0, groups)) {
        const std::size_t month = base::month_number(groups[1]);
        if (month == 0) {
            return false;
        }
        std::string time(groups[4]);
        time += "-" + two_digits(month) + "-";
        const std::string_view day = base::trim(groups[2]);
        time += (day.size() == 1 ? "0" : "") + std::string(day) + "T" + std::string(groups[3]);
        time += groups[5].empty() ? "Z" : std::string(groups[5]);
        columns.push_back({"time", Value::string(texts.keep(std::move(time)))});
    } else {
        return false;
    }
    if (message.starts_with("LENGTH") || message.starts_with("ACTION") || message.starts_with("SESSIONID")) {
        if (!append_audit_pairs(message, columns, texts)) {
            return false;
        }
        append_client(message, columns);
        return true;
    }
    columns.push_back({"message", text_value(message)});
    append_error_code(message, columns);
    return true;
}

bool read_oracle_xml(std::string_view record, std::vector<Column>& columns, Texts& texts)
{
    columns.clear();
    const std::string_view text = base::trim(record);
    Groups groups;
    std::size_t at = 0;
    if (text.starts_with("<msg ")) {
        static const base::Regex attribute = *base::Regex::create(R"(([a-z_]+)='([^']*)')");
        const std::size_t head_end = text.find('>');
        const std::size_t message = text.find("<txt>");
        const std::size_t message_end = text.find("</txt>");
        if (head_end == std::string_view::npos || message == std::string_view::npos
            || message_end == std::string_view::npos || message_end < message) {
            return false;
        }
        while (attribute.find(text.substr(0, head_end), at, groups)) {
            const std::string_view name = texts.name(std::string(groups[1]));
            columns.push_back({name, text_value(without_entities(groups[2], texts))});
            at = static_cast<std::size_t>(groups[0].data() + groups[0].size() - text.data());
        }
        const std::string_view told
            = without_entities(base::trim(text.substr(message + 5, message_end - message - 5)), texts);
        columns.push_back({"message", text_value(told)});
        append_error_code(told, columns);
        return true;
    }
    static const base::Regex element = *base::Regex::create(R"((?s)<([A-Za-z_]+)>([^<]*)</([A-Za-z_]+)>)");
    const std::size_t end = text.find("</AuditRecord>");
    if (end == std::string_view::npos) {
        return false;
    }
    while (element.find(text.substr(0, end), at, groups)) {
        const std::string_view value = without_entities(base::trim(groups[2]), texts);
        columns.push_back({texts.name(std::string(groups[1])), text_value(value)});
        at = static_cast<std::size_t>(groups[0].data() + groups[0].size() - text.data());
    }
    append_client(text, columns);
    return !columns.empty();
}

bool read_oracle_listener(std::string_view record, std::vector<Column>& columns, Texts& texts)
{
    Groups groups;
    if (!listener_line().find(first_line(record), 0, groups)) {
        return false;
    }
    const std::size_t month = base::month_number(groups[2]);
    if (month == 0) {
        return false;
    }
    std::string time(groups[3]);
    time += "-" + two_digits(month) + "-" + std::string(groups[1]) + "T" + std::string(groups[4]) + "Z";
    columns = {{"time", Value::string(texts.keep(std::move(time)))}};
    // time * connect data * protocol address * event * service * code; of other events without the first two.
    std::vector<std::string_view> parts;
    std::string_view rest = groups[5];
    for (std::size_t at = rest.find(" * "); at != std::string_view::npos; at = rest.find(" * ")) {
        parts.push_back(base::trim(rest.substr(0, at)));
        rest.remove_prefix(at + 3);
    }
    parts.push_back(base::trim(rest));
    const auto is_bracketed = [](std::string_view part) { return part.starts_with('('); };
    std::size_t next = 0;
    if (is_bracketed(parts[next])) {
        columns.push_back({"connect_data", text_value(parts[next])});
        columns.push_back({"program", text_value(in_brackets(parts[next], "PROGRAM"))});
        columns.push_back({"os_user", text_value(in_brackets(parts[next], "USER"))});
        ++next;
    }
    if (next < parts.size() && is_bracketed(parts[next])) {
        columns.push_back({"protocol_address", text_value(parts[next])});
        append_client(parts[next], columns);
        ++next;
    }
    if (next + 1 < parts.size()) {
        columns.push_back({"event", text_value(parts[next++])});
    }
    if (next + 1 < parts.size()) {
        columns.push_back({"service", text_value(parts[next++])});
    }
    columns.push_back({"return_code", number_or_text(next < parts.size() ? parts[next] : std::string_view())});
    const std::string_view message = behind_first_line(record);
    columns.push_back({"message", text_value(message)});
    append_error_code(message, columns);
    return true;
}

bool read_db2_diag(std::string_view record, std::vector<Column>& columns, Texts& texts)
{
    constexpr std::array<std::string_view, 24> keys {"PID", "TID", "PROC", "INSTANCE", "NODE", "DB", "APPHDL", "APPID",
        "UOWID", "ACTID", "AUTHID", "HOSTNAME", "EDUID", "EDUNAME", "FUNCTION", "MESSAGE", "RETCODE", "CALLED", "OSERR",
        "START", "STOP", "CHANGE", "IMPACT", "CALLSTCK"};
    static const base::Regex pair = *base::Regex::create(R"((?:^|\s)([A-Z]+)\s*:\s)");
    Groups groups;
    if (!diag_line().find(first_line(record), 0, groups)) {
        return false;
    }
    double minutes = 0;
    base::parse_number(groups[7], minutes);
    const auto offset = static_cast<std::size_t>(minutes);
    std::string time(groups[1]);
    for (const std::size_t part : {2U, 3U, 4U}) {
        time += (part == 2 ? "T" : ":") + std::string(groups[part]);
    }
    time += "." + std::string(groups[5]) + std::string(groups[6]) + two_digits(offset / 60) + ":"
        + two_digits(offset % 60);
    columns = {{"time", Value::string(texts.keep(std::move(time)))}, {"record_id", text_value(groups[8])},
        {"LEVEL", text_value(base::trim(groups[9]))}};
    std::string_view more;
    std::string_view rest = behind_first_line(record);
    while (!rest.empty()) {
        const std::string_view line = first_line(rest);
        // A line holds one or more pairs, each up to the next key that is known.
        std::string_view key;
        std::size_t value_at = 0;
        std::size_t at = 0;
        const auto finish = [&](std::size_t end) {
            if (!key.empty()) {
                columns.push_back({key, text_value(base::trim(line.substr(value_at, end - value_at)))});
            }
        };
        while (pair.find(line, at, groups)) {
            const auto known = std::find(keys.begin(), keys.end(), groups[1]);
            const auto begin = static_cast<std::size_t>(groups[1].data() - line.data());
            at = static_cast<std::size_t>(groups[0].data() + groups[0].size() - line.data());
            // What follows a message or function is its text.
            if (known != keys.end() && key != "MESSAGE" && key != "FUNCTION") {
                finish(begin);
                key = *known;
                value_at = at;
            }
        }
        finish(line.size());
        if (key.empty()) {
            more = rest;
            break;
        }
        const std::size_t end = rest.find('\n');
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    columns.push_back({"data", text_value(base::trim(more))});
    return true;
}

bool read_sqlserver_agent(std::string_view record, std::vector<Column>& columns)
{
    Groups groups;
    if (!agent_line().find(record, 0, groups)) {
        return false;
    }
    columns = {{"time", text_value(groups[1])},
        {"level",
            Value::string(groups[2] == "!" ? "Error"
                    : groups[2] == "+"     ? "Warning"
                                           : "Information")},
        {"error_code", text_value(groups[3])}, {"message", text_value(groups[4])}};
    return true;
}

} // namespace trawl::ingest::kinds::rds
