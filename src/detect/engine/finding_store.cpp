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

base::Time read_time(ByteReader& reader)
{
    std::uint64_t number = 0;
    for (int i = 0; i < 8; ++i) {
        number = (number << 8U) | reader.byte();
    }
    return static_cast<base::Time>(number ^ (std::uint64_t {1} << 63U));
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

} // namespace

FindingStore::FindingStore(const RuleSet& rules, const std::vector<RulePlan>& plans, const ScanOptions& options,
    const DetailStore& details, std::size_t memory_bytes)
    : rules_(rules),
      plans_(plans),
      details_(details),
      level_(options.level),
      sorter_(options.temp_folder, memory_bytes, sort_key_size)
{
    std::vector<std::string_view> ids;
    for (const Rule& rule : rules.rules) {
        ids.push_back(rule.id);
    }
    std::sort(ids.begin(), ids.end());
    for (const Rule& rule : rules.rules) {
        const auto place = std::lower_bound(ids.begin(), ids.end(), std::string_view(rule.id));
        id_ranks_.push_back(static_cast<std::uint32_t>(place - ids.begin()));
    }
}

base::Result<Draft> FindingStore::start(const RecordKey& key, std::string_view record, std::string_view tie) const
{
    const RecordBody body = read_body(record);
    Draft draft;
    draft.unit = key.unit;
    TRY(draft.first, details_.read_event(body.event));
    TRY(OwnBlock own, details_.read_own(body.own));
    draft.extras = std::move(own.extras);
    const EventBlock& first = draft.first;
    event::Finding& finding = draft.finding;
    finding.level = body.level;
    finding.first_seen = key.time;
    finding.last_seen = key.time;
    finding.has_time = key.has_time;
    finding.count = 1;
    finding.account = base::sanitize_utf8(first.account);
    finding.region = base::sanitize_utf8(first.region);
    finding.principal = base::sanitize_utf8(first.principal);
    finding.source_ip = base::sanitize_utf8(first.source_ip);
    finding.resource = base::sanitize_utf8(first.resource);

    std::string identity = rules_.rules[key.unit].id;
    identity.push_back('\0');
    identity.append(key.group.data(), key.group.size());
    identity.push_back(key.has_time ? '\1' : '\0');
    append_time(identity, key.time);
    append_text(identity, first.event_id);
    if (first.event_id.empty()) {
        append_text(identity, first.source);
        append_size(identity, first.record);
    }
    append_text(identity, tie);
    finding.finding_id = format_id(base::hash128(identity));
    list_event(draft, key, first);
    return draft;
}

base::Result<void> FindingStore::list(Draft& draft, const RecordKey& key, std::string_view record) const
{
    if (draft.lists_more()) {
        TRY(const EventBlock event, details_.read_event(read_body(record).event));
        list_event(draft, key, event);
    }
    return {};
}

void FindingStore::list_event(Draft& draft, const RecordKey& key, const EventBlock& event) const
{
    event::FindingEvent& listed = draft.finding.events.emplace_back();
    listed.source = base::sanitize_utf8(event.source);
    listed.record = event.record;
    listed.event_id = base::sanitize_utf8(event.event_id);
    listed.timestamp = key.time;
    listed.has_timestamp = key.has_time;
    listed.summary = base::sanitize_utf8(summarise(event));
}

base::Result<void> FindingStore::add(Draft&& draft)
{
    event::Finding& finding = draft.finding;
    if (finding.level < level_) {
        return {};
    }
    finding.message = base::sanitize_utf8(plans_[draft.unit].message.render(draft.first, draft.extras, finding.count));
    std::string record;
    append(record, draft);
    return sorter_.add(record);
}

void FindingStore::append(std::string& out, const Draft& draft) const
{
    const event::Finding& finding = draft.finding;
    out.push_back(finding.has_time ? '\0' : '\1');
    append_time(out, finding.first_seen);
    append_big(out, id_ranks_[draft.unit], 4);
    out += finding.finding_id;
    append_size(out, draft.unit);
    out.push_back(static_cast<char>(finding.level));
    append_time(out, finding.last_seen);
    append_size(out, finding.count);
    for (const std::string* const text : {&finding.account, &finding.region, &finding.principal, &finding.source_ip,
             &finding.resource, &finding.message}) {
        append_text(out, *text);
    }
    append_size(out, finding.events.size());
    for (const event::FindingEvent& event : finding.events) {
        append_text(out, event.source);
        append_size(out, event.record);
        append_text(out, event.event_id);
        out.push_back(event.has_timestamp ? '\1' : '\0');
        append_time(out, event.timestamp);
        append_text(out, event.summary);
    }
}

event::Finding FindingStore::read(std::string_view record) const
{
    event::Finding finding;
    ByteReader reader(record);
    finding.has_time = reader.byte() == 0;
    finding.first_seen = read_time(reader);
    finding.finding_id = record.substr(sort_key_size - id_size, id_size);
    reader = ByteReader(record.substr(sort_key_size));
    const Rule& rule = rules_.rules[reader.size()];
    finding.level = static_cast<event::Level>(reader.byte());
    finding.last_seen = read_time(reader);
    finding.count = reader.size();
    for (std::string* const text : {&finding.account, &finding.region, &finding.principal, &finding.source_ip,
             &finding.resource, &finding.message}) {
        *text = reader.text();
    }
    finding.events.resize(reader.size());
    for (event::FindingEvent& event : finding.events) {
        event.source = reader.text();
        event.record = reader.size();
        event.event_id = reader.text();
        event.has_timestamp = reader.byte() != 0;
        event.timestamp = read_time(reader);
        event.summary = reader.text();
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
    base::Result<void> outcome;
    TRY_VOID(sorter_.drain([&](std::string_view record) {
        outcome = sink.finding(read(record));
        return outcome.has_value();
    }));
    return outcome;
}

} // namespace trawl::detect::engine
