#include <algorithm>
#include <array>
#include <deque>
#include <string>

#include "base/address.h"
#include "base/ascii_words.h"
#include "base/text.h"
#include "ingest/codec/line_marks.h"
#include "ingest/kinds/log_kind.h"
#include "ingest/kinds/vpc_flow/columns.h"

// VPC flow logs of versions 2 to 10 and transit gateway flow logs, as text with or without a header line.
namespace trawl::ingest::kinds::vpc_flow {

using event::Type;
using event::Value;

namespace {

constexpr std::size_t max_columns = 128;
constexpr std::size_t max_seconds_digits = 11; // Of a time in seconds.

// Cuts at blanks (one or more) or commas.
std::size_t cut_columns(std::string_view line, LineMarks& marks, std::string_view (&columns)[max_columns])
{
    std::size_t count = 0;
    std::size_t start = 0;
    const auto take = [&](std::size_t end) {
        if (end == start || count == max_columns) {
            return;
        }
        std::string_view column = line.substr(start, end - start);
        if (column.front() == '"' && column.size() >= 2 && column.back() == '"') {
            column = column.substr(1, column.size() - 2);
        }
        columns[count++] = column;
    };
    for (const std::uint32_t mark : marks.find(line, ' ', ',', '\t')) {
        take(mark);
        start = mark + 1;
    }
    take(line.size());
    return count;
}

std::size_t cut_columns(std::string_view line, std::string_view (&columns)[max_columns])
{
    LineMarks marks;
    return cut_columns(line, marks, columns);
}

bool is_header(std::string_view line)
{
    // All spellings of the names that make a header have this in them; most lines of other logs do not.
    constexpr std::array<std::string_view, 3> marks {"addr", "Addr", "ADDR"};
    if (std::none_of(marks.begin(), marks.end(),
            [line](std::string_view mark) { return line.find(mark) != std::string_view::npos; })) {
        return false;
    }
    std::string_view columns[max_columns];
    const std::size_t count = cut_columns(line, columns);
    bool source = false;
    bool destination = false;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string_view name = column_name(columns[i]);
        source = source || name == "srcAddr" || name == "pktSrcAddr";
        destination = destination || name == "dstAddr" || name == "pktDstAddr";
    }
    return source && destination;
}

bool is_status(std::string_view text)
{
    return text == "OK" || text == "NODATA" || text == "SKIPDATA";
}

bool is_action(std::string_view text)
{
    return text == "ACCEPT" || text == "REJECT" || text == "-";
}

bool is_default_row(std::string_view line)
{
    std::string_view columns[max_columns];
    const std::size_t count = cut_columns(line, columns);
    return count >= 14 && is_action(columns[12]) && is_status(columns[13]) && base::is_digits(columns[0]);
}

bool is_gateway_row(std::string_view line)
{
    std::string_view columns[max_columns];
    const std::size_t count = cut_columns(line, columns);
    return count >= 36 && columns[0] == "6" && columns[1] == "TransitGateway" && is_status(columns[25]);
}

class Decoder final : public LineDecoder {
public:
    Outcome decode(std::string_view line, LineRow& row) override
    {
        return has_layout_ && decode_plain(line, row) ? Outcome::event : decode_with_care(line, row);
    }
    std::string_view reject_code() const override { return code_; }
    std::string_view reject_reason() const override { return reason_; }

private:
    [[gnu::noinline]] Outcome decode_with_care(std::string_view line, LineRow& row)
    {
        std::string_view columns[max_columns];
        const std::size_t count = cut_columns(line, marks_, columns);
        if (count == 0) {
            return Outcome::skipped;
        }
        // The header comes first and again after concatenation; data never begins with a letter.
        const char first = columns[0].front();
        if (!((first >= '0' && first <= '9') || first == '-' || first == 'e') || !has_layout_) {
            if (is_header(line) || columns[0] == "#Fields:") {
                set_header(columns, count, row);
                return Outcome::skipped;
            }
        }
        if (!has_layout_ || row.names.empty()) {
            set_default(line, row);
        }
        row.extra.clear();
        if (count < row.names.size()) {
            code_ = "vpc-flow-columns";
            reason_ = std::to_string(count) + " columns where " + std::to_string(row.names.size()) + " were due";
            return Outcome::rejected;
        }
        for (const std::uint32_t i : row.wanted) {
            const std::string_view text = columns[i];
            if (text.size() == 1 && text.front() == '-') {
                row.values[i] = Value();
                continue;
            }
            if (numeric_[i] == 0) {
                row.values[i] = Value::string(text);
                continue;
            }
            if (!base::is_digits(text)) {
                code_ = "vpc-flow-number";
                reason_ = "column " + std::string(row.names[i]) + " is no number";
                return Outcome::rejected;
            }
            row.values[i] = Value::number_text(text);
        }
        if (count > row.names.size()) {
            row.extra.assign(columns + row.names.size(), columns + count);
        }
        return Outcome::event;
    }

    // Fills the row from a line as AWS writes it: as many columns as the layout has, one blank between them, no quotes.
    // False for any other line, which then takes the long way.
    bool decode_plain(std::string_view line, LineRow& row)
    {
        // A line that begins with a digit has neither quotes nor, with that many blanks, commas.
        const auto found = marks_.find_single(line, ' ');
        if (!found || found->size() + 1 != row.names.size() || !(line.front() >= '0' && line.front() <= '9')) {
            return false;
        }
        const std::span<const std::uint32_t> marks = *found;
        for (const std::uint32_t i : row.wanted) {
            const std::size_t begin = i == 0 ? 0 : marks[i - 1] + 1;
            const std::size_t end = i == marks.size() ? line.size() : marks[i];
            const std::string_view text = line.substr(begin, end - begin);
            if (text.size() == 1 && text.front() == '-') {
                row.values[i] = Value();
            } else if (numeric_[i] == 0) {
                row.values[i] = Value::string(text);
            } else if (end < sizeof(std::uint64_t) ? base::is_digits(text)
                                                   : base::are_digits_before(line.data() + end, text.size())) {
                row.values[i] = Value::number_text(text);
            } else {
                return false;
            }
        }
        row.extra.clear();
        return true;
    }

    void finish_layout(LineRow& row)
    {
        has_layout_ = true;
        row.start_layout();
        numeric_.clear();
        for (const std::string_view name : row.names) {
            numeric_.push_back(is_number_column(name) ? 1 : 0);
        }
    }

    void set_header(const std::string_view* columns, std::size_t count, LineRow& row)
    {
        row.names.clear();
        // Parquet files come as lines with a header of the W3C's form.
        for (std::size_t i = columns[0] == "#Fields:" ? 1 : 0; i < count; ++i) {
            const std::string_view known = column_name(columns[i]);
            if (known.empty()) {
                unknown_names_.emplace_back(columns[i]);
            }
            row.names.push_back(known.empty() ? std::string_view(unknown_names_.back()) : known);
        }
        finish_layout(row);
    }

    void set_default(std::string_view line, LineRow& row)
    {
        const auto columns = is_gateway_row(line) ? transit_gateway_columns() : default_columns();
        row.names.assign(columns.begin(), columns.end());
        finish_layout(row);
    }

    bool has_layout_ = false;
    LineMarks marks_;
    std::vector<std::uint8_t> numeric_;
    std::deque<std::string> unknown_names_; // A deque keeps its texts in place: names are views of them.
    std::string code_;
    std::string reason_;
};

Confidence recognise_lines(const LineProbe& probe)
{
    for (const std::string_view line : probe.lines) {
        if (is_header(line) || is_gateway_row(line)) {
            return Confidence::certain;
        }
        if (is_default_row(line)) {
            return Confidence::likely;
        }
    }
    return Confidence::no;
}

// Inputs: startTime
Value derive_timestamp(DeriveInputs& inputs)
{
    double seconds = 0;
    if (inputs.input(0).to_number(seconds) && seconds < 1e11) {
        return Value::time(static_cast<base::Time>(seconds) * base::microseconds_per_second);
    }
    return inputs.context().timestamp;
}

bool is_usual_time(const Value& start, const Value& /*second*/)
{
    return start.type() == Type::number && start.raw().size() <= max_seconds_digits;
}

std::optional<base::Time> usual_time(const Value& start)
{
    // Columns of numbers were found to be digits.
    if (!is_usual_time(start, {})) {
        return std::nullopt;
    }
    return static_cast<base::Time>(base::number_of_digits(start.raw())) * base::microseconds_per_second;
}

// Inputs: accountId
Value derive_account(DeriveInputs& inputs)
{
    const Value account = inputs.input(0);
    if (account.type() == Type::string && account.raw() != "unknown") {
        return account;
    }
    const EnvelopeContext& context = inputs.context();
    const std::string_view other = context.account.empty() ? context.owner : context.account;
    return other.empty() ? Value() : Value::string(other);
}

// Inputs: region
Value derive_region(DeriveInputs& inputs)
{
    const Value region = inputs.input(0);
    if (!region.is_absent()) {
        return region;
    }
    return inputs.context().region.empty() ? Value() : Value::string(inputs.context().region);
}

Value derive_first(DeriveInputs& inputs)
{
    return inputs.input(0);
}

// Inputs: action
Value derive_outcome(DeriveInputs& inputs)
{
    return inputs.input(0);
}

// Inputs: instanceId, interfaceId, tgwId
Value derive_resource(DeriveInputs& inputs)
{
    for (std::size_t i = 0; i < 3; ++i) {
        const Value value = inputs.input(i);
        if (!value.is_absent()) {
            return value;
        }
    }
    return {};
}

const std::vector<DerivedField>& derived_fields()
{
    static const std::vector<DerivedField> derived {
        {"@timestamp", "time", "startTime", {"startTime"}, derive_timestamp},
        {"@account", "string", "accountId, else the account of the object's key", {"accountId"}, derive_account},
        {"@region", "string", "region, else the region of the object's key", {"region"}, derive_region},
        {"@src_ip", "address", "srcAddr", {"srcAddr"}, derive_first},
        {"@action", "string", "action", {"action"}, derive_first},
        {"@outcome", "string", "action", {"action"}, derive_outcome},
        {"@resource", "string", "instanceId, else interfaceId, else tgwId", {"instanceId", "interfaceId", "tgwId"},
            derive_resource},
    };
    return derived;
}

constexpr std::string_view event_sources[] = {"ec2:*FlowLogs*"};

} // namespace

const LogKind& kind()
{
    static const LogKind vpc_flow {
        .id = "vpc_flow",
        .number = 2,
        .title = "VPC flow logs",
        .page = "https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html",
        .switch_on = "aws ec2 create-flow-logs --resource-type VPC --resource-ids VPC_ID --traffic-type ALL --log-destination-type s3 --log-destination arn:aws:s3:::BUCKET",
        .places = {
            "S3 AWSLogs/ACCOUNT/vpcflowlogs/REGION/YYYY/MM/DD/ACCOUNT_vpcflowlogs_REGION_FLOWLOG_TIME_HASH.log.gz, lines below a header",
            "S3 AWSLogs/aws-account-id=ACCOUNT/aws-service=vpcflowlogs/aws-region=REGION/year=YYYY/month=MM/day=DD/… (Hive-compatible)",
            "CloudWatch Logs, any group, stream ENI-all, ENI-accept or ENI-reject: lines without header",
            "Firehose, {\"message\":\"LINE\"}",
        },
        .recognised_by = "A header with srcaddr and dstaddr, in any order of columns; without header the 14 columns of the default format, or the columns of a transit gateway. A format of your own without its header cannot be told: --kind vpc_flow --columns \"NAME …\" reads it.",
        .fields = fields(),
        .event_sources = event_sources,
        .derived = derived_fields(),
        .usual_time = usual_time,
        .is_usual_time = is_usual_time,
        .recognise_lines = recognise_lines,
        .make_line_decoder = [] { return std::unique_ptr<LineDecoder>(std::make_unique<Decoder>()); },
        .takes_columns = true,
    };
    return vpc_flow;
}

} // namespace trawl::ingest::kinds::vpc_flow
