#include "ingest/kinds/elastic_beanstalk/log_lines.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/regex.h"
#include "base/text.h"

namespace trawl::ingest::kinds::elastic_beanstalk {

using event::Value;

namespace {

// All columns that a line may have; each form fills its own.
enum Column : std::size_t {
    time_column,
    level_column,
    message_column,
    log_file_column,
    program_column,
    host_column,
    pid_column,
    remote_address_column,
    remote_user_column,
    method_column,
    uri_column,
    protocol_column,
    status_column,
    bytes_column,
    referer_column,
    user_agent_column,
    forwarded_for_column,
    request_time_column,
    upstream_time_column,
    environment_column,
    application_column,
    column_count
};

// Names of nginx's variables where it has one.
constexpr std::array<std::string_view, column_count> column_names {"time", "level", "message", "log_file", "program",
    "host", "pid", "remote_addr", "remote_user", "request_method", "uri", "server_protocol", "status",
    "body_bytes_sent", "http_referer", "http_user_agent", "http_x_forwarded_for", "request_time",
    "upstream_response_time", "EnvironmentName", "ApplicationName"};

struct Form {
    base::Regex pattern;
    std::vector<Column> columns; // Of the pattern's groups.
    bool is_own;                 // No other program writes such lines.
};

const std::vector<Form>& forms()
{
    const auto form = [](const char* pattern, std::vector<Column> columns, bool is_own) {
        return Form {*base::Regex::create(pattern), std::move(columns), is_own};
    };
    static const std::vector<Form> table {
        // eb events
        form(R"((?s)^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\s{2,}(TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\s+(.*)$)",
            {time_column, level_column, message_column}, true),
        // eb-engine.log
        form(R"((?s)^(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d+) \[(\w+)\] (.*)$)",
            {time_column, level_column, message_column}, true),
        // eb-activity.log, eb-commandprocessor.log
        form(R"((?s)^\[(\d{4}-\d\d-\d\dT[\d:.]+Z)\] (\w+) +(\[\d+\].*)$)", {time_column, level_column, message_column},
            true),
        // healthd
        form(R"re(^(\d{10}\.\d{3})"([^"]*)"(\d{3})"([\d.]+|-)"([\d., :]+|-)"([^"]*)"?$)re",
            {time_column, uri_column, status_column, request_time_column, upstream_time_column, forwarded_for_column},
            true),
        // The access log of nginx and httpd, common or combined, behind it the addresses that the load balancer had.
        form(
            R"re(^(\S+) \S+ (\S+) \[(\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] "(?:([A-Z]+) (\S+)(?: (\S+))?|(?:[^"\\]|\\.)*)" (\d{3}) (\d+|-)(?: "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)")?(?: "((?:[^"\\]|\\.)*)")?)re",
            {remote_address_column, remote_user_column, time_column, method_column, uri_column, protocol_column,
                status_column, bytes_column, referer_column, user_agent_column, forwarded_for_column},
            false),
        // The error log of nginx
        form(R"((?s)^(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) \[(\w+)\] (\d+)#\d+: (.*)$)",
            {time_column, level_column, pid_column, message_column}, false),
        // The error log of httpd
        form(
            R"((?s)^\[(\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)? \d{4})\] \[(?:\w*:)?(\w+)\] (?:\[pid (\d+)(?::tid \d+)?\] )?(?:\[client (\S+?)(?::\d+)?\] )?(.*)$)",
            {time_column, level_column, pid_column, remote_address_column, message_column}, false),
        // The system log, which tells no year
        form(R"((?s)^(\w{3} [ \d]\d \d\d:\d\d:\d\d) (\S+) ([\w./-]+)(?:\[(\d+)\])?: (.*)$)",
            {time_column, host_column, program_column, pid_column, message_column}, false),
        // cfn-init.log
        form(R"((?s)^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) \[?(\w+)\]? (.*)$)",
            {time_column, level_column, message_column}, false),
    };
    return table;
}

constexpr std::string_view section_dashes = "----------";
constexpr std::string_view notification_start = "Timestamp: ";

const Form* form_of(std::string_view line)
{
    const auto found
        = std::find_if(forms().begin(), forms().end(), [line](const Form& form) { return form.pattern.search(line); });
    return found == forms().end() ? nullptr : &*found;
}

// Behind "client: " of the error log of nginx.
std::string_view client_of(std::string_view message)
{
    constexpr std::string_view mark = ", client: ";
    const std::size_t at = message.find(mark);
    const std::string_view rest = at == std::string_view::npos ? std::string_view() : message.substr(at + mark.size());
    return rest.substr(0, rest.find(','));
}

class Decoder final : public LineDecoder {
public:
    void start(const EnvelopeContext& context) override
    {
        is_in_group_ = context.log_group.find("elasticbeanstalk") != std::string_view::npos;
    }

    Outcome decode(std::string_view text, LineRow& row) override
    {
        if (!std::equal(row.names.begin(), row.names.end(), column_names.begin(), column_names.end())) {
            row.names.assign(column_names.begin(), column_names.end());
            ++row.layout;
        }
        row.values.assign(column_count, Value());
        if (text.starts_with("$ ")) {
            return Outcome::skipped; // The prompt of a copied session.
        }
        if (begins_section(text)) {
            const std::size_t line = text.find('\n');
            const std::string_view path = line == std::string_view::npos ? std::string_view() : text.substr(line + 1);
            section_ = std::string(base::trim(path.substr(0, path.find('\n'))));
            return Outcome::skipped;
        }
        if (!section_.empty()) {
            row.values[log_file_column] = Value::string(section_);
        }
        if (text.starts_with(notification_start)) {
            read_notification(text, row);
            return Outcome::event;
        }
        const Form* const form = form_of(text);
        if (form == nullptr) {
            if (section_.empty() && !is_in_group_) {
                return Outcome::rejected;
            }
            row.values[message_column] = Value::string(text);
            return Outcome::event;
        }
        form->pattern.find(text, 0, groups_);
        for (std::size_t i = 0; i < form->columns.size(); ++i) {
            set(row, form->columns[i], groups_[i + 1]);
        }
        finish_time(row);
        if (row.values[remote_address_column].is_absent()) {
            set(row, remote_address_column, client_of(row.values[message_column].raw()));
        }
        return Outcome::event;
    }

    bool continues(std::string_view record, std::string_view line) const override
    {
        if (record.starts_with("$ ")) {
            return false;
        }
        if (begins_section(record)) {
            const auto lines = 1 + std::count(record.begin(), record.end(), '\n');
            return lines == 1 || (lines == 2 && begins_section(line));
        }
        if (begins_section(line) || line.starts_with(notification_start)) {
            return false;
        }
        if (record.starts_with(notification_start)) {
            return true;
        }
        if (form_of(line) != nullptr) {
            return false;
        }
        // Lines of a log without a form stand alone, but for those that are set in.
        return form_of(record) != nullptr || line.starts_with(' ') || line.starts_with('\t');
    }

    std::string_view reject_code() const override { return "elastic-beanstalk-line"; }
    std::string_view reject_reason() const override { return "the line begins like no line of a Beanstalk log"; }

private:
    static void set(LineRow& row, Column column, std::string_view text)
    {
        if (text.empty() || text == "-") {
            return;
        }
        const bool is_number = column == status_column || column == bytes_column || column == request_time_column;
        double number = 0;
        row.values[column]
            = is_number && base::parse_number(text, number) ? Value::number_text(text) : Value::string(text);
    }

    // Slashes of dates and the comma before a fraction are not RFC 3339's.
    void finish_time(LineRow& row)
    {
        time_ = std::string(row.values[time_column].raw());
        constexpr std::size_t date_size = 10;
        constexpr std::size_t fraction_at = 19;
        if (time_.size() > date_size && time_[4] == '/') {
            std::replace(time_.begin(), time_.begin() + date_size, '/', '-');
        }
        if (time_.size() > fraction_at && time_[fraction_at] == ',') {
            time_[fraction_at] = '.';
        }
        row.values[time_column] = Value::string(time_);
    }

    // Lines "Name: value"; a message may go on over lines.
    static void read_notification(std::string_view text, LineRow& row)
    {
        struct Line {
            std::string_view name;
            Column column;
        };
        constexpr std::array<Line, 4> lines {{{"Timestamp: ", time_column}, {"Message: ", message_column},
            {"Environment: ", environment_column}, {"Application: ", application_column}}};
        for (const std::string_view line : base::split(text, '\n')) {
            for (const auto& [name, column] : lines) {
                if (line.starts_with(name) && row.values[column].is_absent()) {
                    set(row, column, base::trim(line.substr(name.size())));
                }
            }
        }
    }

    bool is_in_group_ = false;
    std::string section_; // Path of the log that the section of a bundle holds.
    std::vector<std::string_view> groups_;
    std::string time_;
};

} // namespace

bool begins_section(std::string_view line)
{
    return line.starts_with(section_dashes);
}

bool is_own_line(std::string_view line)
{
    const Form* const form = form_of(line);
    return form != nullptr && form->is_own;
}

bool is_usual_line(std::string_view line)
{
    return form_of(line) != nullptr;
}

std::unique_ptr<LineDecoder> make_line_decoder()
{
    return std::make_unique<Decoder>();
}

} // namespace trawl::ingest::kinds::elastic_beanstalk
