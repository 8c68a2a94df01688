#include "detect/engine/finding_store.h"

#include <algorithm>

#include "base/hash.h"
#include "base/text.h"

namespace trawl::detect::engine {

namespace {

// Findings are sorted by time (those without one last), the rank of the rule's id, and their own id.
constexpr std::size_t id_size = 36;
constexpr std::size_t sort_key_size = 1 + 8 + 4 + id_size;

void append_big(std::string& out, std::uint64_t number, unsigned bytes)
{
    for (unsigned i = bytes; i > 0; --i) {
        out.push_back(static_cast<char>((number >> ((i - 1) * 8)) & 0xFFU));
    }
}

void append_time(std::string& out, base::Time time)
{
    append_big(out, static_cast<std::uint64_t>(time) ^ (std::uint64_t {1} << 63U), 8);
}

std::uint64_t read_big(ByteReader& reader)
{
    std::uint64_t number = 0;
    for (int i = 0; i < 8; ++i) {
        number = (number << 8U) | reader.byte();
    }
    return number;
}

base::Time read_time(ByteReader& reader)
{
    return static_cast<base::Time>(read_big(reader) ^ (std::uint64_t {1} << 63U));
}

// 8-4-4-4-12 hexadecimal digits, as UUID version 8 (RFC 9562: of the maker's own making).
std::string format_id(base::Hash128 hash)
{
    hash.high = (hash.high & ~std::uint64_t {0xF000}) | 0x8000U;
    hash.low = (hash.low & ~(std::uint64_t {3} << 62U)) | (std::uint64_t {2} << 62U);
    constexpr std::string_view digits = "0123456789abcdef";
    std::string id;
    id.reserve(id_size);
    for (unsigned i = 0; i < 32; ++i) {
        if (i == 8 || i == 12 || i == 16 || i == 20) {
            id.push_back('-');
        }
        const std::uint64_t half = i < 16 ? hash.high : hash.low;
        id.push_back(digits[(half >> (60 - 4 * (i % 16))) & 0xFU]);
    }
    return id;
}

// One line for people: action, address, outcome.
std::string summarise(const EventBlock& event)
{
    std::string summary;
    append_line(summary, event.action);
    constexpr std::string_view suffix = ".amazonaws.com:";
    const std::size_t place = summary.find(suffix);
    if (place != std::string::npos) {
        summary.replace(place, suffix.size(), ":");
    }
    const auto add = [&summary](std::string_view before, std::string_view text, std::string_view after) {
        if (!text.empty()) {
            summary += before;
            append_line(summary, text);
            summary += after;
        }
    };
    add(" from ", event.source_ip, "");
    add(": ", event.outcome, "");
    add(" (", event.error, ")");
    return summary;
}

void append_draft(std::string& out, const Draft& draft)
{
    append_size(out, draft.unit);
    out.push_back(static_cast<char>(draft.level));
    append_time(out, draft.last_seen);
    append_size(out, draft.count);
    append_size(out, draft.own);
    append_size(out, draft.events.size());
    for (const Draft::Listed& listed : draft.events) {
        append_size(out, listed.place);
        out.push_back(listed.has_time ? '\1' : '\0');
        append_time(out, listed.time);
    }
}

Draft read_draft(std::string_view record)
{
    Draft draft;
    ByteReader reader(record);
    draft.has_time = reader.byte() == 0;
    draft.first_seen = read_time(reader);
    draft.id = record.substr(sort_key_size - id_size, id_size);
    reader = ByteReader(record.substr(sort_key_size));
    draft.unit = static_cast<std::uint32_t>(reader.size());
    draft.level = static_cast<event::Level>(reader.byte());
    draft.last_seen = read_time(reader);
    draft.count = reader.size();
    draft.own = reader.size();
    draft.events.resize(reader.size());
    for (Draft::Listed& listed : draft.events) {
        listed.place = reader.size();
        listed.has_time = reader.byte() != 0;
        listed.time = read_time(reader);
    }
    return draft;
}

// An event to be read again: sorted by where its object's path is, so that the events of a run stand together, in path
// order, and by its record.
struct Wanted {
    static constexpr std::size_t key_size = 24;

    std::uint64_t source = 0;
    std::uint64_t record = 0;
    std::uint64_t place = 0;
    bool has_time = false;
    base::Time time = 0;

    void append(std::string& out) const
    {
        for (const std::uint64_t number : {source, record, place}) {
            append_big(out, number, 8);
        }
        out.push_back(has_time ? '\1' : '\0');
        append_time(out, time);
    }

    static Wanted read(std::string_view bytes)
    {
        ByteReader reader(bytes);
        Wanted wanted;
        for (std::uint64_t* const number : {&wanted.source, &wanted.record, &wanted.place}) {
            *number = read_big(reader);
        }
        wanted.has_time = reader.byte() != 0;
        wanted.time = read_time(reader);
        return wanted;
    }
};

// Reads the wanted events of one object after another again and settles what they say of themselves.
class Recalling {
public:
    Recalling(const Compiled& compiled, DetailStore& details) : compiled_(compiled), details_(details) {}

    base::Result<void> add(const Wanted& wanted)
    {
        if (wanted.source != source_) {
            source_ = wanted.source;
            TRY(const EventBlock event, details_.read_event(wanted.place));
            // An object may have been named twice.
            if (event.source != path_ || (!wanted_.empty() && wanted.record < wanted_.back().record)) {
                TRY_VOID(finish_object());
                path_ = event.source;
            }
        }
        // An event that several findings list is wanted once.
        if (wanted_.empty() || wanted_.back().place != wanted.place) {
            wanted_.push_back(wanted);
        }
        return {};
    }

    base::Result<void> finish_object()
    {
        std::vector<std::uint64_t> records;
        for (const Wanted& wanted : wanted_) {
            if (records.empty() || records.back() != wanted.record) {
                records.push_back(wanted.record);
            }
        }
        std::size_t next = 0;
        const auto visit = [&](event::Event& event) -> base::Result<void> {
            const std::uint64_t record = event.origin().record;
            while (next < wanted_.size() && wanted_[next].record < record) {
                ++next;
            }
            const event::Value time = event.timestamp();
            const bool has_time = time.type() == event::Type::time;
            for (; next < wanted_.size() && wanted_[next].record == record; ++next) {
                // Another time: the object has changed.
                if (has_time == wanted_[next].has_time && (!has_time || time.as_time() == wanted_[next].time)) {
                    TRY_VOID(settle(event, wanted_[next].place));
                }
            }
            return {};
        };
        if (!records.empty()) {
            TRY_VOID(compiled_.options.recall->recall(path_, records, compiled_.recall_projection, visit));
        }
        missed_ += wanted_.size() - settled_;
        settled_ = 0;
        wanted_.clear();
        return {};
    }

    std::uint64_t missed() const { return missed_; }

private:
    base::Result<void> settle(event::Event& event, std::uint64_t place)
    {
        DetailWriter writer;
        const std::uint64_t described = describe_event(event, compiled_.recall_columns, writer);
        const std::uint64_t begin = details_.end();
        TRY_VOID(details_.append(writer.bytes()));
        ++settled_;
        return details_.settle(place, begin + described);
    }

    const Compiled& compiled_;
    DetailStore& details_;
    std::uint64_t source_ = 0;
    std::string path_;
    std::vector<Wanted> wanted_; // Of one object.
    std::uint64_t settled_ = 0;
    std::uint64_t missed_ = 0;
};

} // namespace

FindingStore::FindingStore(const Compiled& compiled, DetailStore& details, std::size_t memory_bytes)
    : compiled_(compiled),
      details_(details),
      sorter_(compiled.options.temp_folder, memory_bytes / 2, sort_key_size),
      wanted_(compiled.options.temp_folder, memory_bytes / 2, Wanted::key_size)
{
    std::vector<std::string_view> ids;
    ids.reserve(compiled.rules.rules.size());
    id_ranks_.reserve(compiled.rules.rules.size());
    for (const Rule& rule : compiled.rules.rules) {
        ids.push_back(rule.id);
    }
    std::sort(ids.begin(), ids.end());
    for (const Rule& rule : compiled.rules.rules) {
        const auto place = std::lower_bound(ids.begin(), ids.end(), std::string_view(rule.id));
        id_ranks_.push_back(static_cast<std::uint32_t>(place - ids.begin()));
    }
}

Draft FindingStore::start(const GroupKey& key, const Match& match, std::string_view tie) const
{
    Draft draft;
    draft.unit = key.unit;
    draft.level = match.level;
    draft.first_seen = match.time;
    draft.last_seen = match.time;
    draft.has_time = match.has_time;
    draft.count = 1;
    draft.own = match.own;

    std::string identity = compiled_.rules.rules[key.unit].id;
    identity.push_back('\0');
    identity.append(key.group.data(), key.group.size());
    identity.push_back(match.has_time ? '\1' : '\0');
    append_time(identity, match.time);
    append_text(identity, tie);
    draft.id = format_id(base::hash128(identity));
    list(draft, match);
    return draft;
}

void FindingStore::list(Draft& draft, const Match& match) const
{
    if (draft.lists_more()) {
        draft.events.push_back({match.event, match.time, match.has_time});
    }
}

base::Result<void> FindingStore::add(const Draft& draft)
{
    if (draft.level < compiled_.options.level) {
        return {};
    }
    std::string record;
    record.push_back(draft.has_time ? '\0' : '\1');
    append_time(record, draft.first_seen);
    append_big(record, id_ranks_[draft.unit], 4);
    record += draft.id;
    append_draft(record, draft);
    if (compiled_.options.recall) {
        for (const Draft::Listed& listed : draft.events) {
            TRY_VOID(want(listed));
        }
    }
    return sorter_.add(record);
}

base::Result<void> FindingStore::want(const Draft::Listed& listed)
{
    TRY(const EventBlock event, details_.read_event(listed.place));
    if (!event.is_place_only) {
        return {};
    }
    TRY(const std::uint64_t source, details_.source_of(listed.place));
    std::string record;
    Wanted {source, event.record, listed.place, listed.has_time, listed.time}.append(record);
    return wanted_.add(record);
}

// Returns how many events could not be read again.
base::Result<std::uint64_t> FindingStore::recall()
{
    Recalling recalling(compiled_, details_);
    base::Result<void> outcome;
    TRY_VOID(wanted_.drain([&](std::string_view record) {
        outcome = recalling.add(Wanted::read(record));
        return outcome.has_value();
    }));
    TRY_VOID(outcome);
    TRY_VOID(recalling.finish_object());
    return recalling.missed();
}

base::Result<event::Finding> FindingStore::finish(const Draft& draft) const
{
    const Rule& rule = compiled_.rules.rules[draft.unit];
    event::Finding finding;
    finding.finding_id = draft.id;
    finding.level = draft.level;
    finding.first_seen = draft.first_seen;
    finding.last_seen = draft.last_seen;
    finding.has_time = draft.has_time;
    finding.count = draft.count;
    TRY(const OwnBlock own, details_.read_own(draft.own));
    for (const Draft::Listed& listed : draft.events) {
        TRY(const EventBlock event, details_.read_event(listed.place));
        if (finding.events.empty()) {
            finding.account = base::sanitize_utf8(event.account);
            finding.region = base::sanitize_utf8(event.region);
            finding.principal = base::sanitize_utf8(event.principal);
            finding.source_ip = base::sanitize_utf8(event.source_ip);
            finding.resource = base::sanitize_utf8(event.resource);
            finding.message
                = base::sanitize_utf8(compiled_.plans[draft.unit].message.render(event, own.extras, finding.count));
        }
        event::FindingEvent& told = finding.events.emplace_back();
        told.source = base::sanitize_utf8(event.source);
        told.record = event.record;
        told.event_id = base::sanitize_utf8(event.event_id);
        told.timestamp = listed.time;
        told.has_timestamp = listed.has_time;
        told.summary = base::sanitize_utf8(summarise(event));
    }
    finding.rule_id = rule.id;
    finding.title = rule.title;
    finding.author = rule.author;
    finding.techniques = rule.techniques;
    finding.mitre = rule.mitre;
    finding.response = rule.response;
    finding.description = rule.description;
    return finding;
}

base::Result<void> FindingStore::drain(FindingSink& sink)
{
    if (compiled_.options.recall) {
        TRY(const std::uint64_t missed, recall());
        if (missed > 0) {
            sink.not_recalled(missed);
        }
    }
    base::Result<void> outcome;
    TRY_VOID(sorter_.drain([&](std::string_view record) {
        const auto finding = finish(read_draft(record));
        outcome = finding ? sink.finding(*finding) : base::fail(finding.error().code, finding.error().message);
        return outcome.has_value();
    }));
    return outcome;
}

} // namespace trawl::detect::engine
