#include <algorithm>
#include <array>
#include <deque>
#include <string>

#include "base/address.h"
#include "base/text.h"
#include "ingest/kinds/cloudfront/fields.h"
#include "ingest/kinds/column_layout.h"
#include "ingest/kinds/derive.h"
#include "ingest/kinds/log_kind.h"

// CloudFront access logs: legacy standard logs, standard logs v2 (W3C, plain, JSON) and real-time logs.
namespace trawl::ingest::kinds::cloudfront {

using event::Type;
using event::Value;

namespace {

constexpr std::size_t required_columns = 12;

// A row of the default order begins with a date and a time of day.
bool is_row(const std::vector<std::string_view>& columns)
{
    return columns.size() >= required_columns && columns[0].size() == 10 && columns[1].size() == 8
        && columns[1][2] == ':' && base::parse_time(columns[0]).has_value();
}

// Real-time rows begin with epoch seconds and the viewer's address. Which fields they have is configured: only those with
// all fields, in their order, can be told.
bool has_server_address(const std::vector<std::string_view>& columns)
{
    return base::parse_address(columns[2]).has_value();
}

bool is_real_time_row(const std::vector<std::string_view>& columns)
{
    double seconds = 0;
    if (columns.size() < required_columns + 1 || !base::parse_number(columns[0], seconds) || seconds <= 1e9
        || !base::parse_address(columns[1])) {
        return false;
    }
    const std::size_t first = has_server_address(columns) ? 3 : 2;
    const std::string_view protocol = columns[first + 4];
    double status = 0;
    return base::parse_number(columns[first + 1], status) && status < 1000
        && (protocol.starts_with("http") || protocol.starts_with("ws") || protocol.starts_with("grpc"));
}

// A name as columns of Parquet files have it: cs(User-Agent) is cs_user_agent there.
std::string column_form(std::string_view name)
{
    std::string form;
    for (const char c : name) {
        const char lower = base::lower_ascii(c);
        const bool is_plain = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
        form.push_back(is_plain ? lower : '_');
    }
    while (form.ends_with('_')) {
        form.pop_back();
    }
    return form;
}

// CloudFront's own spelling of a name in a header, or the name itself.
std::string field_name(std::string_view written)
{
    for (const FieldDescription& field : fields()) {
        if (field.name == written) {
            return std::string(written);
        }
    }
    for (const FieldDescription& field : fields()) {
        if (column_form(field.name) == written) {
            return std::string(field.name);
        }
    }
    return std::string(written);
}

class Decoder final : public LineDecoder {
public:
    Outcome decode(std::string_view line, LineRow& row) override
    {
        if (line.starts_with("#Fields:")) {
            set_header(line.substr(8));
            return Outcome::skipped;
        }
        if (line.starts_with('#') || line.empty()) {
            return Outcome::skipped;
        }
        cut_separated_columns(line, '\t', marks_, columns_);
        if (columns_.size() < 2) {
            cut_otherwise(line);
        }
        if (!has_layout_) {
            const bool is_real_time = is_real_time_row(columns_);
            set_names(
                is_real_time ? real_time_columns(columns_.size(), has_server_address(columns_)) : standard_columns());
        }
        // A tab at the end of a row makes an empty column more.
        if (columns_.size() == layout_.names().size() + 1 && columns_.back().empty()) {
            columns_.pop_back();
        }
        layout_.apply(row);
        if (!layout_.fill(columns_, row, code_, reason_)) {
            code_ = "cloudfront-" + code_;
            return Outcome::rejected;
        }
        return Outcome::event;
    }
    std::string_view reject_code() const override { return code_; }
    std::string_view reject_reason() const override { return reason_; }

private:
    // Deliveries of version 2 may have any separator: it is one that gives as many columns as there are names.
    void cut_otherwise(std::string_view line)
    {
        if (has_layout_ && layout_.names().size() > 1) {
            for (const char separator : {',', ';', '|'}) {
                cut_separated_columns(line, separator, marks_, columns_);
                if (columns_.size() == layout_.names().size()) {
                    return;
                }
            }
        }
        cut_spaced_columns(line, marks_, columns_);
    }

    void set_header(std::string_view header)
    {
        std::vector<std::string_view> names;
        for (const std::string_view word :
            base::split(header, header.find('\t') == std::string_view::npos ? ' ' : '\t')) {
            const std::string_view name = base::trim(word);
            if (!name.empty()) {
                header_names_.emplace_back(field_name(name));
                names.push_back(header_names_.back());
            }
        }
        set_names(names);
    }

    void set_names(std::vector<std::string_view> names)
    {
        const std::size_t required = std::min(names.size(), required_columns);
        layout_ = ColumnLayout(std::move(names), fields(), required);
        has_layout_ = true;
    }

    bool has_layout_ = false;
    ColumnLayout layout_;
    std::deque<std::string> header_names_; // A deque keeps its texts in place: the layout's names are views of them.
    LineMarks marks_;
    std::vector<std::string_view> columns_;
    std::string code_;
    std::string reason_;
};

Confidence recognise_lines(const LineProbe& probe)
{
    std::vector<std::string_view> columns;
    for (const std::string_view line : probe.lines) {
        if (line.starts_with("#Fields:")
            && (line.find("x-edge-location") != std::string_view::npos
                || line.find("cs-uri-stem") != std::string_view::npos
                || line.find("cs_uri_stem") != std::string_view::npos)) {
            return Confidence::certain;
        }
        if (line.starts_with('#')) {
            continue;
        }
        cut_separated_columns(line, '\t', columns);
        if (is_row(columns) || (is_real_time_row(columns) && columns.size() >= 20)) {
            return Confidence::likely;
        }
    }
    return Confidence::no;
}

bool is_usual_time(const Value& date, const Value& time)
{
    constexpr std::size_t date_size = 10;
    constexpr std::size_t time_size = 8;
    if (date.type() != Type::string || time.type() != Type::string || date.raw().size() != date_size
        || time.raw().size() != time_size) {
        return false;
    }
    std::array<char, date_size + time_size + 2> text {};
    char* at = std::copy_n(date.raw().data(), date_size, text.data());
    *at++ = 'T';
    at = std::copy_n(time.raw().data(), time_size, at);
    *at++ = 'Z';
    return base::is_common_time({text.data(), text.size()});
}

// Inputs: date, time, timestamp(ms), timestamp
Value derive_timestamp(DeriveInputs& inputs)
{
    const Value date = inputs.input(0);
    const Value time = inputs.input(1);
    if (date.type() == Type::string && time.type() == Type::string) {
        std::array<char, 32> text {};
        if (date.raw().size() + time.raw().size() + 2 <= text.size()) {
            char* at = std::copy(date.raw().begin(), date.raw().end(), text.data());
            *at++ = 'T';
            at = std::copy(time.raw().begin(), time.raw().end(), at);
            *at++ = 'Z';
            if (const auto found = base::parse_time({text.data(), static_cast<std::size_t>(at - text.data())})) {
                return Value::time(*found);
            }
        }
    }
    for (std::size_t i = 2; i < inputs.count(); ++i) {
        if (const auto found = derive::read_time(inputs.input(i), inputs.arena())) {
            return Value::time(*found);
        }
    }
    return inputs.context().timestamp;
}

// Inputs: x-host-header, cs(Host), cs-host, cs-uri-stem
Value derive_resource(DeriveInputs& inputs)
{
    std::string out;
    for (std::size_t i = 0; i < 3 && out.empty(); ++i) {
        out = std::string(inputs.input(i).text(inputs.arena()));
    }
    out += inputs.input(3).text(inputs.arena());
    return out.empty() ? Value() : Value::string(inputs.arena().copy(out));
}

// The agent as the viewer sent it: percent-decoded once. Inputs: cs(User-Agent), cs-user-agent
Value derive_user_agent(DeriveInputs& inputs)
{
    const Value logged = derive::first_present(inputs);
    if (logged.type() != Type::string) {
        return logged;
    }
    const std::string_view text = logged.text(inputs.arena());
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto digit = [&](std::size_t at) {
            const char c = at < text.size() ? base::lower_ascii(text[at]) : 'x';
            return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        };
        if (text[i] == '%' && digit(i + 1) >= 0 && digit(i + 2) >= 0) {
            out.push_back(static_cast<char>(digit(i + 1) * 16 + digit(i + 2)));
            i += 2;
        } else {
            out.push_back(text[i]);
        }
    }
    return Value::string(inputs.arena().copy(out));
}

const std::vector<DerivedField>& derived_fields()
{
    static const std::vector<DerivedField> derived {
        {"@timestamp", "time", "date and time, else timestamp", {"date", "time", "timestamp(ms)", "timestamp"},
            derive_timestamp},
        {"@account", "string", "Account of the object's key", {}, derive::account},
        {"@region", "string", "Region of the object's key", {}, derive::region},
        {"@src_ip", "address", "c-ip", {"c-ip"}, derive::first_present},
        {"@action", "string", "cs-method", {"cs-method"}, derive::first_present},
        {"@resource", "string", "Host and path", {"x-host-header", "cs(Host)", "cs-host", "cs-uri-stem"},
            derive_resource},
        {"@outcome", "string", "sc-status", {"sc-status"}, derive::first_present},
        {"@user_agent", "string", "User agent, percent-decoded once", {"cs(User-Agent)", "cs-user-agent"},
            derive_user_agent},
    };
    return derived;
}

constexpr std::string_view event_sources[] = {"cloudfront", "cloudfront-keyvaluestore"};

} // namespace

const LogKind& kind()
{
    static const LogKind cloudfront {
        .id = "cloudfront",
        .number = 7,
        .title = "CloudFront access logs",
        .page = standard_page,
        .switch_on = "Standard logging in the distribution's settings (v2 to S3: aws logs put-delivery-source, put-delivery-destination, create-delivery)",
        .places = {
            "S3 PREFIX/DISTRIBUTION.YYYY-MM-DD-HH.HASH.gz (standard logs, legacy)",
            "S3 AWSLogs/ACCOUNT/CloudFront/… (standard logs, version 2: w3c, plain, raw, JSON), CloudWatch Logs, Firehose",
            "Kinesis (real-time logs), tab-separated in the fixed order of fields",
        },
        .recognised_by = "A line #Fields: that names x-edge-location or cs-uri-stem sets the columns. Without it, lines of tab-separated columns: date and time first in standard logs, epoch seconds and an address in real-time logs of all fields; other choices of fields cannot be told: --kind cloudfront --columns \"NAME …\" reads them. JSON objects with the names below.",
        .fields = fields(),
        .event_sources = event_sources,
        .derived = derived_fields(),
        .is_usual_time = is_usual_time,
        .hallmarks = {{"x-edge-location", "cs-uri-stem"}, {"cs-method", "cs-uri-stem", "sc-status"}},
        .recognise_lines = recognise_lines,
        .make_line_decoder = [] { return std::unique_ptr<LineDecoder>(std::make_unique<Decoder>()); },
        .takes_columns = true,
    };
    return cloudfront;
}

} // namespace trawl::ingest::kinds::cloudfront
