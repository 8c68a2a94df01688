#include "ingest/run.h"

#include <algorithm>

#include "base/text.h"
#include "event/json.h"
#include "event/json_scan.h"
#include "ingest/mask.h"
#include "ingest/source/object_key.h"

namespace trawl::ingest {

using event::json::find_closing;
using event::json::skip_space;
using event::Type;
using event::Value;

namespace {

constexpr std::string_view cloudtrail_start = "{\"eventVersion\"";

// Whether `text` begins with `{"name":[`, white space allowed, and how long that is.
std::size_t container_start(std::string_view text, std::string_view name)
{
    const char* const end = text.data() + text.size();
    const char* at = skip_space(text.data() + 1, end);
    if (end - at < static_cast<std::ptrdiff_t>(name.size() + 2) || *at != '"'
        || std::string_view(at + 1, name.size()) != name || at[name.size() + 1] != '"') {
        return 0;
    }
    at = skip_space(at + name.size() + 2, end);
    if (at >= end || *at != ':') {
        return 0;
    }
    at = skip_space(at + 1, end);
    return at < end && *at == '[' ? static_cast<std::size_t>(at + 1 - text.data()) : 0;
}

std::string_view cut(std::string_view text, std::size_t length)
{
    return text.substr(0, std::min(text.size(), length));
}

} // namespace

Decoder::Run::Run(Decoder& decoder, std::string_view source, RecordHandler& handler)
    : decoder_(decoder), window_(decoder.window_), handler_(handler), source_(source)
{
    const ObjectKey key = parse_object_key(source);
    path_context_.account = key.account;
    path_context_.region = key.region;
}

void Decoder::Run::reject(
    std::string_view code, std::string_view reason, std::string_view raw, std::uint64_t offset, std::string_view kind)
{
    ++records_;
    told_damage_ = code;
    handler_.on_reject({records_, offset, kind, code, reason, raw});
    stopped_ = handler_.wants_no_more();
}

void Decoder::Run::filter(std::string_view kind)
{
    ++records_;
    handler_.on_filtered(kind);
}

// Judges whether the finished record is of the selected kind and hands it over.
void Decoder::Run::finish_event(KindReader& reader)
{
    const KindReader* const selected = decoder_.selected_;
    if (selected != nullptr && selected != &reader && !decoder_.record_.belongs_to(selected->kind->id)) {
        handler_.on_filtered(reader.kind->id);
        return;
    }
    handler_.on_event(decoder_.record_);
    stopped_ = handler_.wants_no_more();
}

bool Decoder::Run::meets_hallmarks(KindReader& reader) const
{
    const auto& sets = reader.binding().hallmark_slots();
    const Value* const slots = decoder_.record_.slots();
    for (std::size_t number = 0; number < sets.size(); ++number) {
        const std::vector<std::int32_t>& set = sets[number];
        Value values[8];
        std::size_t count = 0;
        for (const std::int32_t slot : set) {
            if (slots[slot].type() == Type::missing || count == std::size(values)) {
                break;
            }
            values[count++] = slots[slot];
        }
        if (count == set.size() && (reader.kind->confirm == nullptr || reader.kind->confirm(number, {values, count}))) {
            return true;
        }
    }
    return false;
}

// Walks the record at `at` just far enough to know its kind, and finds its end without looking at the rest. Returns
// the byte behind it, or nullptr when it is cut or malformed.
const char* Decoder::Run::walk_lazily(KindReader& reader, const char* at, const char* end)
{
    Record& record = decoder_.record_;
    ObjectWalker::Position position {at, nullptr};
    for (const std::int32_t slot : reader.binding().hallmark_slots().front()) {
        if (record.slots()[slot].type() != Type::missing) {
            continue;
        }
        const ObjectWalker::Stop stop = reader.walker().walk_to(slot, position, end, record.slots());
        if (stop != ObjectWalker::Stop::at_wanted) {
            return stop == ObjectWalker::Stop::at_end ? position.at : nullptr;
        }
    }
    record.set_rest(reader.walker(), position, end);
    return event::json::find_closing(position.at, end, 1);
}

// Reads the object at `at` as a record of the kind of the last one. Returns the byte behind it; `at` when it is a sound
// object of another kind; nullptr when it is cut or malformed.
const char* Decoder::Run::try_hot(const char* at, const char* end, const Surroundings& around)
{
    KindReader& reader = *decoder_.hot_;
    Record& record = decoder_.record_;
    record.begin(reader.binding(), {source_, records_ + 1, around.offset}, around.context);
    const bool everything = reader.binding().everything();
    const bool is_lazy = !everything && decoder_.reading_ == Reading::as_needed;
    const char* const behind = is_lazy
        ? walk_lazily(reader, at, end)
        : reader.walker().walk(at, end, record.slots(), everything ? &record.members() : nullptr);
    if (behind == nullptr) {
        return nullptr;
    }
    if (!meets_hallmarks(reader)) {
        return at;
    }
    const std::string_view text(at, static_cast<std::size_t>(behind - at));
    std::size_t wrong_at = 0;
    if (everything && event::json::validate(text, wrong_at) != nullptr) {
        return nullptr;
    }
    record.set_message(text);
    ++records_;
    finish_event(reader);
    return behind;
}

void Decoder::Run::reject_object(const base::Error& error, std::string_view first_bytes)
{
    reject(error.code, error.message, cut(first_bytes, 256), 0, {});
}

void Decoder::Run::decode_entry(std::string_view entry)
{
    // The entry's own path may tell account and region, as an object's key does.
    const EnvelopeContext of_object = path_context_;
    const ObjectKey key = parse_object_key(entry);
    path_context_.account = key.account.empty() ? path_context_.account : key.account;
    path_context_.region = key.region.empty() ? path_context_.region : key.region;
    entry_ = entry;
    if (!stopped_) {
        decode_window();
    }
    entry_ = {};
    path_context_ = of_object;
}

void Decoder::Run::finish_entry(const base::Error& damage, std::string_view entry)
{
    if (!damage.code.empty() && told_damage_ != damage.code) {
        reject_object(damage, entry);
    }
    told_damage_.clear();
}

void Decoder::Run::decode_window()
{
    while (window_.text().size() < 64 && window_.more()) {
    }
    if (window_.text().starts_with("\xEF\xBB\xBF")) {
        window_.consume_to(window_.begin() + 3);
    }
    while (true) {
        window_.consume_to(skip_space(window_.begin(), window_.end()));
        if (window_.begin() < window_.end() || !window_.more()) {
            break;
        }
    }
    if (window_.begin() == window_.end()) {
        return;
    }
    const char first = *window_.begin();
    if (first == '{') {
        decode_json();
        return;
    }
    if (first == '[') {
        // A line such as "[06/Feb/2019 …" is no JSON: an array holds a value or ends.
        const char* const next = skip_space(window_.begin() + 1, window_.end());
        if (next == window_.end() || *next == '{' || *next == ']' || *next == '"' || *next == '[') {
            decode_json();
            return;
        }
    }
    decode_lines();
}

void Decoder::Run::decode_json()
{
    while (!stopped_) {
        window_.consume_to(skip_space(window_.begin(), window_.end()));
        if (window_.begin() == window_.end()) {
            if (!window_.more()) {
                return;
            }
            continue;
        }
        if (*window_.begin() == '{') {
            while (window_.text().size() < 256 && window_.more()) {
            }
            if (enter_container("Records")) {
                decode_elements();
                continue;
            }
            decode_value();
        } else if (*window_.begin() == '[') {
            window_.consume_to(window_.begin() + 1);
            decode_elements();
        } else if (*window_.begin() == ',') {
            window_.consume_to(window_.begin() + 1);
        } else {
            skip_damaged("json-malformed", "a JSON value was due");
        }
    }
}

// Moves into the array of `{"name":[…` when the window stands at one.
bool Decoder::Run::enter_container(std::string_view name)
{
    const std::size_t length = container_start(window_.text(), name);
    if (length == 0) {
        return false;
    }
    window_.consume_to(window_.begin() + length);
    return true;
}

// Decodes the elements of an array whose `[` is behind us, then leaves the object around it, if there is one.
void Decoder::Run::decode_elements()
{
    while (!stopped_) {
        const char* at = window_.begin();
        while (at < window_.end() && (event::json::is_space(*at) || *at == ',')) {
            ++at;
        }
        window_.consume_to(at);
        if (at == window_.end()) {
            if (!window_.more()) {
                if (window_.error().code.empty() && !ended_in_record_) {
                    error_ = {"json-cut", "the JSON text ends inside a list"};
                }
                return;
            }
            continue;
        }
        if (*at == ']') {
            window_.consume_to(at + 1);
            break;
        }
        decode_value();
    }
    if (stopped_) {
        return;
    }
    // Members behind the list ("NextToken") are no data.
    while (true) {
        const char* const at = skip_space(window_.begin(), window_.end());
        window_.consume_to(at);
        if (at < window_.end()) {
            if (*at != ',' && *at != '}') {
                return;
            }
            const char* const behind = find_closing(at, window_.end(), 1);
            if (behind != nullptr) {
                window_.consume_to(behind);
                return;
            }
        }
        if (!window_.more()) {
            if (window_.begin() < window_.end()) {
                window_.consume_to(window_.end());
            }
            return;
        }
    }
}

// Decodes one value of a sequence or list, complete or damaged. Something is always consumed.
void Decoder::Run::decode_value()
{
    while (true) {
        const char* const at = window_.begin();
        Surroundings around;
        around.context = path_context_;
        around.offset = window_.offset();
        if (*at == '{') {
            const char* const behind = try_hot(at, window_.end(), around);
            if (behind != nullptr && behind != at) {
                window_.consume_to(behind);
                return;
            }
        }
        const Value value = event::json::parse(window_.text());
        const bool ends_with_window = value.type() == Type::missing
            || (!value.is_container() && value.type() != Type::string
                && event::json::find_scalar_end(at, window_.end()) == window_.end());
        if (ends_with_window && !window_.is_full() && window_.more()) {
            continue;
        }
        if (value.type() == Type::missing) {
            const bool full = window_.is_full();
            skip_damaged(full                      ? "record-too-large"
                    : window_.error().code.empty() ? "json-cut"
                                                   : window_.error().code,
                full ? "the record is larger than 64 MiB" : "the JSON text ends inside the record");
            return;
        }
        const char* behind = event::json::find_scalar_end(at, window_.end());
        if (value.type() == Type::string) {
            behind = value.raw().data() + value.raw().size() + 1;
        } else if (value.is_container()) {
            behind = value.raw().data() + value.raw().size();
        } else if (behind == at) {
            skip_damaged("json-malformed", "a JSON value was due");
            return;
        }
        std::size_t wrong_at = 0;
        const std::string_view text(at, static_cast<std::size_t>(behind - at));
        if (const char* const reason = event::json::validate(text, wrong_at)) {
            reject("json-malformed", std::string(reason) + " at byte " + std::to_string(wrong_at) + " of the record",
                text, around.offset, {});
        } else {
            handle_value(value, around);
        }
        window_.consume_to(behind);
        return;
    }
}

// Finds where the next sound record may begin behind a damaged one: at the next CloudTrail record of a list, else at
// the next line.
bool Decoder::Run::find_next_record(const char*& found)
{
    const std::string_view rest = window_.text().substr(1);
    const std::size_t record = rest.find(cloudtrail_start);
    const std::size_t line = rest.find("\n{");
    const std::size_t nearest = std::min(record, line == std::string_view::npos ? line : line + 1);
    if (nearest == std::string_view::npos) {
        return false;
    }
    found = rest.data() + nearest;
    return true;
}

// Rejects the damaged record at the window's beginning and moves to the next one that may be sound.
void Decoder::Run::skip_damaged(std::string_view code, std::string_view reason)
{
    const char* next = nullptr;
    bool found = find_next_record(next);
    const std::string_view all = window_.text();
    if (found) {
        // Sound text follows: the record is not cut by the end of the object but broken.
        if (code == "json-cut") {
            code = "json-malformed";
            reason = "the record is broken: its brackets or quotes do not close";
        }
    }
    ended_in_record_ = !found;
    reject(
        code, reason, found ? all.substr(0, static_cast<std::size_t>(next - all.data())) : all, window_.offset(), {});
    while (!found) {
        // Keeps a tail that a mark may straddle.
        const std::size_t kept = std::min<std::size_t>(window_.text().size(), cloudtrail_start.size());
        window_.consume_to(window_.end() - kept);
        if (!window_.more()) {
            window_.consume_to(window_.end());
            return;
        }
        found = find_next_record(next);
    }
    ended_in_record_ = false;
    window_.consume_to(next);
}

void Decoder::Run::handle_value(const Value& value, const Surroundings& around)
{
    if (value.type() == Type::object) {
        handle_object(value.raw(), around);
        return;
    }
    if (value.type() == Type::array) {
        event::json::for_each_element(value.raw(), [&](Value element) {
            handle_value(element, around);
            return !stopped_;
        });
        return;
    }
    if (value.type() == Type::string) {
        std::string text;
        event::json::append_unescaped(text, value.raw());
        handle_text(text, around);
        return;
    }
    base::Arena arena;
    reject("unknown-kind", "a bare number or word is no record of any kind",
        value.type() == Type::null ? "null" : value.text(arena), around.offset, {});
}

void Decoder::Run::handle_object(std::string_view object, const Surroundings& around)
{
    std::vector<std::string_view> names;
    event::json::for_each_member(object, [&names](Value key, Value) {
        names.push_back(key.raw());
        return true;
    });
    if (decoder_.selected_ != nullptr && decoder_.selected_ != decoder_.cloudwatch_
        && emit_object(*decoder_.selected_, object, around)) {
        return;
    }
    if (around.depth < max_envelopes && peel(object, names, around)) {
        return;
    }
    if (KindReader* const reader = recognise_object(object, names, around.context)) {
        if (emit_object(*reader, object, around)) {
            return;
        }
    }
    if (around.in_cloudwatch) {
        emit_message(object, around);
        return;
    }
    reject("unknown-kind", "the record's fields are not those of any known kind", object, around.offset, {});
}

Decoder::KindReader* Decoder::Run::recognise_object(
    std::string_view object, const std::vector<std::string_view>& names, const EnvelopeContext& context)
{
    KindReader* best = nullptr;
    Confidence best_confidence = Confidence::no;
    for (const auto& reader : decoder_.readers_) {
        const LogKind& kind = *reader->kind;
        Confidence confidence = Confidence::no;
        for (const auto& set : kind.hallmarks) {
            if (std::all_of(set.begin(), set.end(), [&names](std::string_view name) {
                    return std::find(names.begin(), names.end(), name) != names.end();
                })) {
                confidence = Confidence::certain;
            }
        }
        if (confidence != Confidence::no && kind.confirm != nullptr) {
            // The walk fills the slots that confirm() judges.
            decoder_.record_.begin(reader->binding(), {}, context);
            reader->walker().walk(object.data(), object.data() + object.size(), decoder_.record_.slots(), nullptr);
            if (!meets_hallmarks(*reader)) {
                confidence = Confidence::no;
            }
        }
        if (confidence == Confidence::no && kind.recognise_object != nullptr) {
            confidence = kind.recognise_object(object, context);
        }
        if (confidence > best_confidence) {
            best = reader.get();
            best_confidence = confidence;
        }
    }
    return best;
}

// Emits the object as a record of the reader's kind; false when it is not one.
bool Decoder::Run::emit_object(KindReader& reader, std::string_view object, const Surroundings& around)
{
    std::string masked;
    if (!reader.kind->secrets.empty()) {
        masked = mask_members(object, reader.kind->secrets);
        object = masked;
    }
    if (reader.kind->mask_text != nullptr) {
        masked = mask_texts(object, reader.kind->texts_with_secrets, reader.kind->mask_text);
        object = masked;
    }
    Record& record = decoder_.record_;
    record.begin(reader.binding(), {source_, records_ + 1, around.offset}, around.context);
    const char* const behind = reader.walker().walk(object.data(), object.data() + object.size(), record.slots(),
        reader.binding().everything() ? &record.members() : nullptr);
    const bool recognised = behind != nullptr
        && (meets_hallmarks(reader)
            || (reader.kind->recognise_object != nullptr
                && reader.kind->recognise_object(object, around.context) != Confidence::no));
    if (!recognised) {
        return false;
    }
    record.set_message(object);
    if (reader.kind->unmistakable) {
        decoder_.hot_ = &reader;
    }
    ++records_;
    finish_event(reader);
    return true;
}

// Text inside an envelope: JSON, or lines.
void Decoder::Run::handle_text(std::string_view text, const Surroundings& around)
{
    const char* at = text.data();
    const char* const end = at + text.size();
    at = skip_space(at, end);
    if (at < end && (*at == '{' || *at == '[')) {
        std::size_t wrong_at = 0;
        // JSON values may follow one another without a separator (Firehose).
        while (at < end && !stopped_) {
            const Value value = event::json::parse({at, static_cast<std::size_t>(end - at)});
            if (!value.is_container()) {
                reject("json-malformed", "the text in an envelope is no JSON", {at, static_cast<std::size_t>(end - at)},
                    around.offset, {});
                return;
            }
            if (const char* const reason = event::json::validate(value.raw(), wrong_at)) {
                reject("json-malformed", reason, value.raw(), around.offset, {});
            } else {
                handle_value(value, around);
            }
            at = skip_space(value.raw().data() + value.raw().size(), end);
            while (at < end && *at == ',') {
                at = skip_space(at + 1, end);
            }
        }
        return;
    }
    std::vector<std::string_view> lines;
    for (std::string_view line : base::split(text, '\n')) {
        if (!line.empty() && line.back() == '\r') {
            line.remove_suffix(1);
        }
        if (!line.empty()) {
            lines.push_back(line);
        }
    }
    if (lines.empty()) {
        return;
    }
    KindReader* const reader = recognise_lines(lines, around.context);
    if (reader == nullptr) {
        reject("unknown-kind", "the text in an envelope is no record of any known kind", text, around.offset, {});
        return;
    }
    reader->start_lines(around.context);
    std::string joined;
    for (std::size_t i = 0; i < lines.size() && !stopped_; ++i) {
        joined.assign(lines[i]);
        while (
            reader->kind->multi_line && i + 1 < lines.size() && reader->line_decoder->continues(joined, lines[i + 1])) {
            joined += '\n';
            joined += lines[++i];
        }
        emit_line(*reader, joined, around);
    }
}

} // namespace trawl::ingest
