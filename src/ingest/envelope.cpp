// Envelopes, peeled in any nesting: KINDS 0 and 3. What each looks like is documented on these pages of AWS:
// CloudWatch Logs subscriptions (SubscriptionFilters), Amazon EventBridge event structure, SNS message formats,
// Lambda event sources (SQS, Kinesis, Firehose), CloudTrail lookup-events and Lake.
#include <algorithm>
#include <cstdint>
#include <string>

#include "base/base64.h"
#include "base/text.h"
#include "base/time.h"
#include "event/json.h"
#include "ingest/codec/byte_stream.h"
#include "ingest/kinds/derive.h"
#include "ingest/run.h"

namespace trawl::ingest {

using event::json::for_each_element;
using event::json::member;
using event::Type;
using event::Value;

namespace {

// An envelope's payload beyond this is refused: base64 in JSON never carries more from any AWS service.
constexpr std::size_t max_payload_bytes = Window::max_record_bytes;

bool has(const std::vector<std::string_view>& names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string text_of(const Value& value)
{
    std::string out;
    if (value.type() == Type::string) {
        event::json::append_unescaped(out, value.raw());
    } else if (value.is_container() || value.type() == Type::number) {
        out = std::string(value.raw());
    }
    return out;
}

// CloudWatch times are milliseconds; hand-made payloads have seconds.
Value time_of(const Value& value)
{
    double number = 0;
    if (!value.to_number(number) || number < 0 || number > 9e15) {
        return {};
    }
    constexpr double seconds_limit = 1e11;
    return Value::time(static_cast<base::Time>(number * (number < seconds_limit ? 1e6 : 1e3)));
}

base::Result<std::string> decompress(std::string_view bytes)
{
    std::string current(bytes);
    for (int layer = 0; layer < 8; ++layer) {
        const Compression compression = recognise_compression(current);
        if (compression == Compression::none || compression == Compression::zip) {
            return current;
        }
        const auto stream = peel_stream(compression, view_stream(current));
        std::string out;
        while (true) {
            constexpr std::size_t step = std::size_t {64} * 1024;
            const std::size_t before = out.size();
            out.resize(before + step);
            TRY(const std::size_t count, stream->read(out.data() + before, step));
            out.resize(before + count);
            if (count == 0) {
                break;
            }
            if (out.size() > max_payload_bytes) {
                return base::fail("record-too-large", "the payload of an envelope is larger than 64 MiB");
            }
        }
        current = std::move(out);
    }
    return current;
}

// The element of a list with the members that stand beside the list, but for those that it has itself.
std::string with_members_of(std::string_view object, std::string_view list_name, std::string_view element)
{
    std::string out = "{";
    event::json::for_each_member(object, [&](Value key, Value value) {
        if (key.raw() != list_name && member(element, key.raw()).type() == Type::missing) {
            out += '"';
            out += key.raw();
            out += "\":";
            value.append_json(out);
            out += ',';
        }
        return true;
    });
    const std::string_view members = base::trim(element.substr(1));
    if (members == "}" && out.size() > 1) {
        out.pop_back();
    }
    out += members;
    return out;
}

} // namespace

// Decodes base64 of (compressed) text, as Lambda, Kinesis and Firehose carry it.
void Decoder::Run::peel_bytes(std::string_view base64, const Surroundings& around)
{
    const auto bytes = base::decode_base64(base64);
    if (!bytes) {
        reject("envelope-base64", "the payload of an envelope is no base64", base64, around.offset, {});
        return;
    }
    const auto text = decompress(*bytes);
    if (!text) {
        reject(text.error().code, "the payload of an envelope: " + text.error().message, base64, around.offset, {});
        return;
    }
    handle_text(*text, around);
}

bool Decoder::Run::peel(std::string_view object, const std::vector<std::string_view>& names, const Surroundings& around)
{
    Surroundings inner = around;
    ++inner.depth;
    if (names.empty()) {
        return false;
    }
    // A digest file lists log files; it holds no events.
    if (has(names, "digestStartTime") && has(names, "digestEndTime") && has(names, "logFiles")) {
        is_digest_ = true;
        return true;
    }
    return peel_cloudwatch(object, names, inner) || peel_notification(object, names, inner)
        || peel_list(object, names, inner);
}

bool Decoder::Run::peel_cloudwatch(
    std::string_view object, const std::vector<std::string_view>& names, const Surroundings& around)
{
    if (has(names, "awslogs")) {
        const Value data = member(member(object, "awslogs").raw(), "data");
        if (data.type() == Type::string) {
            peel_bytes(data.raw(), around);
            return true;
        }
    }
    if (!has(names, "messageType") || !has(names, "logEvents")) {
        return false;
    }
    if (member(object, "messageType").raw() == "CONTROL_MESSAGE") {
        filter("cloudwatch_logs");
        return true;
    }
    const std::string group = text_of(member(object, "logGroup"));
    const std::string stream = text_of(member(object, "logStream"));
    const std::string owner = text_of(member(object, "owner"));
    Surroundings inner = around;
    inner.in_cloudwatch = true;
    inner.context.log_group = group;
    inner.context.log_stream = stream;
    inner.context.owner = owner;
    const Value log_events = member(object, "logEvents");
    if (log_events.type() != Type::array && log_events.type() != Type::null) {
        reject(
            "cloudwatch-log-events", "logEvents of the payload is no list", object, around.offset, "cloudwatch_logs");
        return true;
    }
    for_each_element(log_events.raw(), [&](Value log_event) {
        if (log_event.type() != Type::object) {
            reject("cloudwatch-log-events", "an element of logEvents is no object", log_event.raw(), around.offset,
                "cloudwatch_logs");
            return !stopped_;
        }
        const Value message = member(log_event.raw(), "message");
        const std::string id = text_of(member(log_event.raw(), "id"));
        inner.context.event_id = id;
        inner.context.timestamp = time_of(member(log_event.raw(), "timestamp"));
        inner.context.ingestion_time = time_of(member(log_event.raw(), "ingestionTime"));
        const std::string text = text_of(message);
        handle_message(text, inner);
        return !stopped_;
    });
    return true;
}

// EventBridge, SNS, SQS, Kinesis, Firehose, and notices that point to objects.
bool Decoder::Run::peel_notification(
    std::string_view object, const std::vector<std::string_view>& names, const Surroundings& around)
{
    if (has(names, "detail-type") && has(names, "detail")) {
        // Only where the inner object is a record of its own; else the whole object is the record.
        const Value detail = member(object, "detail");
        if (detail.type() != Type::object) {
            return false;
        }
        if (member(object, "source").raw() == "aws.securityhub") {
            const Value findings = member(detail.raw(), "findings");
            if (findings.type() == Type::array) {
                handle_value(findings, around);
                return true;
            }
        }
        std::vector<std::string_view> inner_names;
        event::json::for_each_member(detail.raw(), [&inner_names](Value key, Value) {
            inner_names.push_back(key.raw());
            return true;
        });
        KindReader* const reader = recognise_object(detail.raw(), inner_names, around.context);
        return reader != nullptr && reader->kind->detail_is_record && emit_object(*reader, detail.raw(), around);
    }
    if (has(names, "TopicArn") && has(names, "Message")) {
        const std::string_view type = member(object, "Type").raw();
        if (type == "SubscriptionConfirmation" || type == "UnsubscribeConfirmation") {
            filter({});
            return true;
        }
        const Value message = member(object, "Message");
        // The topic's region and the notification's time are those of records that tell none. The topic may be another
        // account's.
        Surroundings inner = around;
        EnvelopeContext& context = inner.context;
        constexpr std::size_t region_part = 3;
        if (context.region.empty()) {
            context.region = derive::arn_part(member(object, "TopicArn").raw(), region_part);
        }
        if (const auto sent = base::parse_time(text_of(member(object, "Timestamp")));
            sent && context.timestamp.is_absent()) {
            context.timestamp = Value::time(*sent);
        }
        if (message.type() == Type::object) {
            handle_value(message, inner);
        } else {
            const std::string text = text_of(message);
            handle_text(text, inner);
        }
        return true;
    }
    if ((has(names, "Event") && member(object, "Event").raw() == "s3:TestEvent")
        || (has(names, "s3Bucket") && has(names, "s3ObjectKey") && !has(names, "messageType"))) {
        filter({});
        return true;
    }
    const std::string_view body_name = has(names, "body") ? "body" : has(names, "Body") ? "Body" : "";
    if (!body_name.empty()
        && (has(names, "receiptHandle") || has(names, "ReceiptHandle") || has(names, "messageId")
            || has(names, "MessageId"))) {
        const std::string text = text_of(member(object, body_name));
        handle_text(text, around);
        return true;
    }
    if (has(names, "eventSource") && has(names, "s3") && member(object, "eventSource").raw().starts_with("aws:s3")) {
        filter({});
        return true;
    }
    if (has(names, "kinesis")) {
        const Value data = member(member(object, "kinesis").raw(), "data");
        if (data.type() == Type::string) {
            peel_bytes(data.raw(), around);
            return true;
        }
    }
    if (has(names, "recordId") && has(names, "data")) {
        const Value data = member(object, "data");
        if (data.type() == Type::string) {
            peel_bytes(data.raw(), around);
            return true;
        }
    }
    return false;
}

// Lists and wrappers that a kind declares; an object may hold several ("UserDetailList", "RoleDetailList").
bool Decoder::Run::peel_declared_lists(
    std::string_view object, const std::vector<std::string_view>& names, const Surroundings& around)
{
    bool peeled = false;
    for (const auto& reader : decoder_.readers_) {
        for (const std::string_view list_name : reader->kind->list_names) {
            const Value list = has(names, list_name) ? member(object, list_name) : Value();
            if (list.is_container() && (peeled || recognise_object(object, names, around.context) == nullptr)) {
                handle_value(list, around);
                peeled = true;
            }
        }
    }
    return peeled;
}

// A record that stands for several, or is encrypted.
bool Decoder::Run::peel_split_record(
    std::string_view object, const std::vector<std::string_view>& names, const Surroundings& around)
{
    for (const auto& reader : decoder_.readers_) {
        const LogKind& kind = *reader->kind;
        if (!kind.sealed.member.empty() && has(names, kind.sealed.member)
            && member(object, "type").raw() == kind.sealed.type
            && member(object, kind.sealed.member).type() == Type::string) {
            reject(kind.sealed.code, kind.sealed.reason, object, around.offset, kind.id);
            return true;
        }
        const std::string_view list_name = kind.split.list;
        const bool is_split = !list_name.empty() && has(names, list_name)
            && (kind.split.beside.empty() || has(names, kind.split.beside));
        const Value list = is_split ? member(object, list_name) : Value();
        if (list.type() != Type::array) {
            continue;
        }
        for_each_element(list.raw(), [&](Value element) {
            if (element.type() != Type::object) {
                reject(kind.split.code, "an element of " + std::string(list_name) + " is no object", element.raw(),
                    around.offset, kind.id);
            } else if (!kind.split.filtered_type.empty()
                && member(element.raw(), "type").raw() == kind.split.filtered_type) {
                filter(kind.id);
            } else {
                handle_object(with_members_of(object, list_name, element.raw()), around);
            }
            return !stopped_;
        });
        return true;
    }
    return false;
}

// Rows of CloudWatch Logs Insights, [{field, value}, …], and the record that get-log-record shows.
bool Decoder::Run::peel_insights(
    std::string_view object, const std::vector<std::string_view>& names, const Surroundings& around)
{
    if (has(names, "logRecord") && member(object, "logRecord").type() == Type::object) {
        std::vector<std::pair<std::string, std::string>> row;
        event::json::for_each_member(member(object, "logRecord").raw(), [&row](Value name, Value value) {
            row.emplace_back(text_of(name), text_of(value));
            return true;
        });
        handle_insights_row(row, around);
        return true;
    }
    const Value results = has(names, "results") && has(names, "status") ? member(object, "results") : Value();
    if (results.type() != Type::array) {
        return false;
    }
    for_each_element(results.raw(), [&](Value element) {
        std::vector<std::pair<std::string, std::string>> row;
        for_each_element(element.raw(), [&row](Value cell) {
            row.emplace_back(text_of(member(cell.raw(), "field")), text_of(member(cell.raw(), "value")));
            return true;
        });
        handle_insights_row(row, around);
        return !stopped_;
    });
    return true;
}

// The message is a record as it was in its log group; a row without one is a message made of its fields.
void Decoder::Run::handle_insights_row(
    const std::vector<std::pair<std::string, std::string>>& row, const Surroundings& around)
{
    const auto field = [&row](std::string_view name) {
        const auto found
            = std::find_if(row.begin(), row.end(), [name](const auto& cell) { return cell.first == name; });
        return found == row.end() ? std::string_view() : std::string_view(found->second);
    };
    const auto time = [](std::string_view text) {
        double milliseconds = 0;
        const auto found = base::parse_time(text);
        if (!found && base::parse_number(text, milliseconds)) {
            return time_of(Value::real(milliseconds));
        }
        return found ? Value::time(*found) : Value();
    };
    Surroundings inner = around;
    inner.in_cloudwatch = true;
    const std::string_view log = field("@log");
    const std::size_t colon = log.find(':');
    inner.context.owner = log.substr(0, colon == std::string_view::npos ? 0 : colon);
    inner.context.log_group = colon == std::string_view::npos ? log : log.substr(colon + 1);
    inner.context.log_stream = field("@logStream");
    inner.context.timestamp = time(field("@timestamp"));
    inner.context.ingestion_time = time(field("@ingestionTime"));
    if (const std::string_view message = field("@message"); !message.empty()) {
        handle_message(message, inner);
        return;
    }
    std::string made = "{";
    for (const auto& [name, value] : row) {
        if (name != "@ptr") {
            made += made.size() > 1 ? "," : "";
            base::append_json_string(made, name);
            made += ':';
            base::append_json_string(made, value);
        }
    }
    made += '}';
    emit_message(made, inner);
}

// Lists of the CLI and of Lambda events, and records that carry a record as text.
bool Decoder::Run::peel_list(
    std::string_view object, const std::vector<std::string_view>& names, const Surroundings& around)
{
    for (const std::string_view list_name : {"Records", "records", "Messages"}) {
        if (!has(names, list_name)) {
            continue;
        }
        const Value list = member(object, list_name);
        if (list.type() == Type::array) {
            handle_value(list, around);
            return true;
        }
        if (list_name == "Records" && names.size() == 1) {
            reject("records-no-list", "\"Records\" is no list", object, around.offset, {});
            return true;
        }
    }
    if (peel_insights(object, names, around)) {
        return true;
    }
    // `aws configservice select-resource-config` lists JSON texts.
    if (has(names, "Results") && has(names, "QueryInfo")) {
        handle_value(member(object, "Results"), around);
        return true;
    }
    // `aws cloudtrail lookup-events`, and the events of Beanstalk and RDS.
    if (has(names, "Events")) {
        const Value list = member(object, "Events");
        if (list.type() == Type::array) {
            handle_value(list, around);
            return true;
        }
    }
    for (const std::string_view text_name : {"CloudTrailEvent", "eventData"}) {
        const Value text = has(names, text_name) ? member(object, text_name) : Value();
        if (text.type() == Type::string || text.type() == Type::object) {
            const std::string inner = text_of(text);
            handle_text(inner, around);
            return true;
        }
    }
    // `aws iam get-credential-report` and `aws rds download-db-log-file-portion`.
    if (has(names, "Content") && has(names, "ReportFormat")) {
        Surroundings inner = around;
        if (const auto made = base::parse_time(text_of(member(object, "GeneratedTime")))) {
            inner.context.timestamp = Value::time(*made);
        }
        peel_bytes(member(object, "Content").raw(), inner);
        return true;
    }
    if (has(names, "LogFileData") && has(names, "AdditionalDataPending")) {
        const std::string text = text_of(member(object, "LogFileData"));
        handle_text(text, around);
        return true;
    }
    if (peel_split_record(object, names, around) || peel_declared_lists(object, names, around)) {
        return true;
    }
    // `aws logs get-log-events` and `filter-log-events`.
    if (has(names, "events") && (has(names, "nextForwardToken") || has(names, "searchedLogStreams"))) {
        Surroundings inner = around;
        inner.in_cloudwatch = true;
        for_each_element(member(object, "events").raw(), [&](Value log_event) {
            const std::string stream = text_of(member(log_event.raw(), "logStreamName"));
            const std::string id = text_of(member(log_event.raw(), "eventId"));
            inner.context.log_stream = stream;
            inner.context.event_id = id;
            inner.context.timestamp = time_of(member(log_event.raw(), "timestamp"));
            inner.context.ingestion_time = time_of(member(log_event.raw(), "ingestionTime"));
            const std::string text = text_of(member(log_event.raw(), "message"));
            handle_message(text, inner);
            return !stopped_;
        });
        return true;
    }
    // Firehose wraps log lines as {"message":"<line>"}.
    if (names.size() == 1 && names.front() == "message" && !around.in_cloudwatch) {
        const Value text = member(object, "message");
        if (text.type() == Type::string) {
            const std::string line = text_of(text);
            handle_text(line, around);
            return true;
        }
    }
    return false;
}

// One message of a log group: a record of its own kind where one knows it, else a cloudwatch_logs event.
void Decoder::Run::handle_message(std::string_view message, const Surroundings& around)
{
    if (decoder_.selected_ == decoder_.cloudwatch_ && decoder_.cloudwatch_ != nullptr) {
        emit_message(message, around);
        return;
    }
    const std::string_view trimmed = base::trim(message);
    std::size_t wrong_at = 0;
    if (trimmed.starts_with('{') && event::json::validate(trimmed, wrong_at) == nullptr) {
        handle_object(trimmed, around);
        return;
    }
    const std::vector<std::string_view> lines = base::split(trimmed, '\n');
    // A message is one record: its first line says which.
    // Where the group is not known, what looks like many logs is no other kind's.
    KindReader* const reader = recognise_lines(
        {lines.front()}, around.context, around.context.log_group.empty() ? Confidence::likely : Confidence::possible);
    if (reader != nullptr && (lines.size() == 1 || reader->kind->multi_line)) {
        // Messages stand alone: no header of another object may set their columns.
        reader->start_lines(around.context);
        emit_line(*reader, trimmed, around);
        return;
    }
    emit_message(message, around);
}

void Decoder::Run::emit_message(std::string_view message, const Surroundings& around)
{
    if (decoder_.cloudwatch_ == nullptr) {
        reject("unknown-kind", "the message is no record of any known kind", message, around.offset, {});
        return;
    }
    KindReader& reader = *decoder_.cloudwatch_;
    Record& record = decoder_.record_;
    record.begin(reader.binding(), {source_, records_ + 1, around.offset}, around.context);
    record.set_message(message);
    const std::string_view trimmed = base::trim(message);
    std::size_t wrong_at = 0;
    if (trimmed.starts_with('{') && event::json::validate(trimmed, wrong_at) == nullptr) {
        reader.walker().walk(trimmed.data(), trimmed.data() + trimmed.size(), record.slots(),
            reader.binding().everything() ? &record.members() : nullptr);
    }
    const EnvelopeContext& context = around.context;
    const auto add_text = [&record](std::string_view name, std::string_view text) {
        if (!text.empty()) {
            record.add_extra(name, Value::string(text));
        }
    };
    record.add_extra("message", Value::string(message));
    if (context.timestamp.type() == Type::time) {
        record.add_extra("timestamp", Value::integer(context.timestamp.as_time() / 1000));
    }
    if (context.ingestion_time.type() == Type::time) {
        record.add_extra("ingestionTime", Value::integer(context.ingestion_time.as_time() / 1000));
    }
    add_text("id", context.event_id);
    add_text("logGroup", context.log_group);
    add_text("logStream", context.log_stream);
    add_text("owner", context.owner);
    ++records_;
    finish_event(reader);
}

} // namespace trawl::ingest
