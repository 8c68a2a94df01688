// How records sit in lines: which kind they are, lines that name their columns, records over many lines, exports.
#include <algorithm>
#include <cstring>

#include "base/ascii_words.h"
#include "base/text.h"
#include "base/time.h"
#include "ingest/run.h"

namespace trawl::ingest {

using event::Value;

Decoder::KindReader* Decoder::Run::recognise_lines(
    const std::vector<std::string_view>& lines, const EnvelopeContext& context, Confidence least)
{
    const LineProbe probe {lines, entry_.empty() ? source_ : entry_, &context};
    KindReader* best = nullptr;
    Confidence best_confidence = Confidence::no;
    if (decoder_.selected_ != nullptr && decoder_.selected_->kind->recognise_lines != nullptr
        && decoder_.selected_->kind->recognise_lines(probe) != Confidence::no) {
        return decoder_.selected_;
    }
    for (const auto& reader : decoder_.readers_) {
        if (reader->kind->recognise_lines == nullptr) {
            continue;
        }
        const Confidence confidence = reader->kind->recognise_lines(probe);
        if (confidence > best_confidence && confidence >= least) {
            best = reader.get();
            best_confidence = confidence;
        }
    }
    // Where the user names the columns, lines need not look like those of the kind.
    if (decoder_.selected_ != nullptr && !decoder_.selected_->header.empty()
        && best_confidence != Confidence::certain) {
        return decoder_.selected_;
    }
    return best;
}

// Gives the next line without its end; the window is behind it. False at the end of the object.
bool Decoder::Run::next_line(std::string_view& line)
{
    std::size_t searched = 0;
    while (true) {
        const std::string_view text = window_.text();
        const void* const found
            = text.size() > searched ? std::memchr(text.data() + searched, '\n', text.size() - searched) : nullptr;
        if (found != nullptr) {
            line = text.substr(0, static_cast<std::size_t>(static_cast<const char*>(found) - text.data()));
            window_.consume_to(text.data() + line.size() + 1);
            break;
        }
        searched = text.size();
        if (window_.is_full()) {
            reject("record-too-large", "the line is longer than 64 MiB", text, window_.offset(), {});
            while (true) {
                window_.consume_to(window_.end());
                if (!window_.more()) {
                    return false;
                }
                const std::size_t at = window_.text().find('\n');
                if (at != std::string_view::npos) {
                    window_.consume_to(window_.begin() + at + 1);
                    break;
                }
            }
            searched = 0;
            continue;
        }
        if (window_.more()) {
            continue;
        }
        if (window_.text().empty()) {
            return false;
        }
        line = window_.text();
        const std::uint64_t offset = window_.offset();
        window_.consume_to(window_.end());
        if (!window_.error().code.empty()) {
            reject(window_.error().code, "the line is cut: " + window_.error().message, line, offset, {});
            return false;
        }
        break;
    }
    if (!line.empty() && line.back() == '\r') {
        line.remove_suffix(1);
    }
    return true;
}

namespace {

// Whether the line begins as the shape does, which has 0 where the line has a digit. Returns the shape's length or 0.
std::size_t begins_like(std::string_view shape, std::string_view line)
{
    return line.size() >= shape.size()
            && std::equal(shape.begin(), shape.end(), line.begin(),
                [](char wanted, char found) { return wanted == '0' ? found >= '0' && found <= '9' : found == wanted; })
        ? shape.size()
        : 0;
}

// How long the time and the blank are that begin each message of an export task; 0: the line begins none.
std::size_t begins_export_message(std::string_view line)
{
    return begins_like("0000-00-00T00:00:00.000Z ", line);
}

// The same for what `aws logs tail` prints, where the name of the stream follows.
std::size_t begins_tailed_message(std::string_view line)
{
    return begins_like("0000-00-00T00:00:00.000000+00:00 ", line);
}

// Objects that services of AWS put beside their logs to try whether they may write.
bool is_no_log(std::string_view name)
{
    return (name.starts_with("ELB") && name.ends_with("TestFile")) || name == "ConfigWritabilityCheckFile"
        || name == "aws-logs-write-test" || name.ends_with("_SUCCESS") || name.ends_with("_$folder$");
}

} // namespace

void Decoder::Run::decode_lines()
{
    // Recognition sees the first lines; a window that begins with a very long line shows just a piece of it.
    constexpr std::size_t probe_bytes = std::size_t {16} * 1024;
    constexpr std::size_t probe_lines = 16;
    while (window_.text().size() < probe_bytes && window_.more()) {
    }
    std::vector<std::string_view> lines;
    std::string_view rest = window_.text();
    while (!rest.empty() && lines.size() < probe_lines) {
        const std::size_t at = rest.find('\n');
        std::string_view line = rest.substr(0, at);
        rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + 1);
        if (!line.empty() && line.back() == '\r') {
            line.remove_suffix(1);
        }
        if (!line.empty()) {
            lines.push_back(line);
        }
    }
    if (!lines.empty() && is_export(lines.front())) {
        decode_messages(begins_export_message, false);
        return;
    }
    KindReader* const reader = recognise_lines(lines, path_context_);
    const auto skip_rest = [this] {
        while (window_.begin() < window_.end() || window_.more()) {
            window_.consume_to(window_.end());
        }
    };
    if (reader == nullptr && is_no_log(source_.substr(source_.rfind('/') + 1))) {
        skip_rest();
        return;
    }
    if (reader == nullptr && !lines.empty() && begins_tailed_message(lines.front()) != 0) {
        decode_messages(begins_tailed_message, true);
        return;
    }
    if (reader == nullptr) {
        reject("unknown-format", "neither JSON nor lines of a known log", window_.text().substr(0, 256),
            window_.offset(), {});
        skip_rest();
        return;
    }
    reader->start_lines(path_context_);
    std::string_view line;
    Surroundings around;
    around.context = path_context_;
    if (reader->kind->multi_line) {
        decode_joined_lines(*reader, around);
        return;
    }
    while (!stopped_) {
        around.offset = window_.offset();
        if (!next_line(line)) {
            return;
        }
        if (!line.empty()) {
            emit_line(*reader, line, around);
        }
    }
}

// Whether the object is one of an export task of CloudWatch Logs: PREFIX/TASK/STREAM/000000.gz. Its lines could be those of
// any program, so that the name must say it, or --kind.
bool Decoder::Run::is_export(std::string_view first_line) const
{
    if (begins_export_message(first_line) == 0) {
        return false;
    }
    if (decoder_.selected_ != nullptr && decoder_.selected_ == decoder_.cloudwatch_) {
        return true;
    }
    const std::string_view name = source_.substr(source_.rfind('/') + 1);
    const std::string_view number = name.substr(0, name.find('.'));
    return number.size() == 6 && base::is_digits(number);
}

// Decodes messages of a log group, one after the other, each with its time; `begins` tells where one begins.
void Decoder::Run::decode_messages(std::size_t (*begins)(std::string_view line), bool has_stream)
{
    Surroundings around;
    around.context = path_context_;
    around.in_cloudwatch = true;
    const std::string_view folder = source_.substr(0, std::min(source_.rfind('/'), source_.size()));
    std::string stream(source_.find('/') == std::string_view::npos || has_stream
            ? std::string_view()
            : folder.substr(folder.rfind('/') + 1));
    std::string message;
    std::string_view line;
    bool has_message = false;
    const auto finish = [&] {
        if (has_message) {
            around.context.log_stream = stream;
            handle_message(message, around);
        }
    };
    while (!stopped_) {
        const std::uint64_t start = window_.offset();
        if (!next_line(line)) {
            break;
        }
        const std::size_t time_size = begins(line);
        if (has_message && time_size == 0 && message.size() < Window::max_record_bytes) {
            message += '\n';
            message += line;
            continue;
        }
        finish();
        const auto time = time_size != 0 ? base::parse_time(line.substr(0, time_size - 1)) : std::nullopt;
        around.offset = start;
        around.context.timestamp = time ? Value::time(*time) : Value();
        line.remove_prefix(time ? time_size : 0);
        if (time && has_stream) {
            stream = std::string(line.substr(0, line.find(' ')));
            line.remove_prefix(std::min(line.size(), stream.size() + 1));
        }
        message.assign(line);
        has_message = true;
    }
    finish();
}

// Decodes records that may span lines: a record is complete when the next line does not go on with it.
void Decoder::Run::decode_joined_lines(KindReader& reader, Surroundings around)
{
    std::string joined;
    std::string_view line;
    std::uint64_t start = window_.offset();
    while (!stopped_) {
        const std::uint64_t line_start = window_.offset();
        const bool more = next_line(line);
        if (more && !joined.empty() && joined.size() < Window::max_record_bytes
            && reader.line_decoder->continues(joined, line)) {
            joined += '\n';
            joined += line;
            continue;
        }
        if (!joined.empty()) {
            around.offset = start;
            emit_line(reader, base::trim_end(joined), around);
        }
        if (!more) {
            return;
        }
        joined.assign(line);
        start = line_start;
    }
}

bool Decoder::Run::emit_line(KindReader& reader, std::string_view line, const Surroundings& around)
{
    const auto outcome = reader.line_decoder->decode(line, reader.row);
    if (reader.row.layout != reader.bound_layout) {
        reader.bound_layout = reader.row.layout;
        const auto& slot_names = reader.binding().slot_names();
        reader.row_slots.clear();
        reader.row.wanted.clear();
        for (std::uint32_t column = 0; column < reader.row.names.size(); ++column) {
            const auto found = std::find(slot_names.begin(), slot_names.end(), reader.row.names[column]);
            const bool known = found != slot_names.end();
            if (known) {
                reader.row_slots.push_back({column, static_cast<std::int32_t>(found - slot_names.begin())});
            }
            if (known || reader.binding().everything()) {
                reader.row.wanted.push_back(column);
            }
        }
        reader.bind_gates();
        // The row was decoded before it was known which columns are wanted.
        if (outcome == LineDecoder::Outcome::rejected) {
            return emit_line(reader, line, around);
        }
    }
    if (outcome == LineDecoder::Outcome::skipped) {
        return false;
    }
    if (outcome == LineDecoder::Outcome::rejected) {
        reject(reader.line_decoder->reject_code(), reader.line_decoder->reject_reason(), line, around.offset,
            reader.kind->id);
        return false;
    }
    if (!reader.row_gates.empty() && reader.is_excluded()) {
        handler_.on_excluded(reader.kind->id);
        constexpr std::uint64_t between_questions = 64;
        stopped_ = ++records_ % between_questions == 0 && handler_.wants_no_more();
        return true;
    }
    Record& record = decoder_.record_;
    record.begin(reader.binding(), {source_, records_ + 1, around.offset}, around.context);
    record.set_message(line);
    Value* const slots = record.slots();
    for (const KindReader::RowSlot& row_slot : reader.row_slots) {
        slots[row_slot.slot] = reader.row.values[row_slot.column];
    }
    if (reader.binding().everything()) {
        for (std::size_t i = 0; i < reader.row.names.size(); ++i) {
            record.members().push_back({Value::string(reader.row.names[i]), reader.row.values[i]});
        }
        if (!reader.row.extra.empty()) {
            std::string extra = "[";
            for (const std::string_view column : reader.row.extra) {
                if (extra.size() > 1) {
                    extra += ',';
                }
                base::append_json_string(extra, column);
            }
            extra += ']';
            record.members().push_back({Value::string("_extra"), Value::array(record.arena().copy(extra))});
        }
    }
    ++records_;
    finish_event(reader);
    return true;
}

} // namespace trawl::ingest
