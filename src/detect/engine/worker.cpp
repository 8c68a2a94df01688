#include "detect/engine/worker.h"

#include <algorithm>
#include <utility>

namespace trawl::detect::engine {

namespace {

class Worker : public event::Consumer {
public:
    explicit Worker(const Compiled& compiled)
        : compiled_(compiled), judge_(compiled.judged), gathered_(std::make_unique<GatheredMatches>())
    {
    }

    void consume(event::Event& event, std::uint32_t index) override
    {
        matched_.clear();
        judge_.judge(event, matched_);
        if (matched_.empty()) [[likely]] {
            return;
        }
        keep_matches(event, index);
    }

    std::unique_ptr<event::Gathered> take() override
    {
        return std::exchange(gathered_, std::make_unique<GatheredMatches>());
    }

    std::size_t gathered_bytes() const override
    {
        return gathered_->bytes.size() + gathered_->entries.size() * sizeof(GatheredMatches::Entry);
    }

private:
    void keep_matches(event::Event& event, std::uint32_t index);
    void keep_line(event::Event& event, std::uint32_t index, std::uint32_t rule);
    void keep_records(event::Event& event, std::uint32_t index, std::uint32_t rule, const Emission& emission);
    std::vector<OuterPart> make_outers(const std::vector<Emission>& emissions, event::Event& event);
    std::string_view make_message(const Emission& emission, event::Event& event);
    event::Level level_of(const RulePlan& plan, event::Event& event);
    bool is_denied(event::Event& event);
    void describe(event::Event& event);
    void append_summary(event::Event& event);
    std::string_view text_of(event::ColumnId column, event::Event& event)
    {
        return display_text(event.column(column), event.arena());
    }
    std::string_view event_id_of(event::Event& event);
    std::uint32_t source_slot(event::Event& event);
    void add_entry(std::uint32_t index, GatheredMatches::Kind kind, std::uint32_t unit)
    {
        gathered_->entries.push_back({index, kind, unit, slot_, gathered_->bytes.size()});
    }

    const Compiled& compiled_;
    Judge judge_;
    std::unique_ptr<GatheredMatches> gathered_;
    std::vector<std::uint32_t> matched_;
    std::string described_;   // The details that all records of the event share.
    std::uint32_t slot_ = 0;
};

void Worker::keep_matches(event::Event& event, std::uint32_t index)
{
    slot_ = source_slot(event);
    described_.clear();
    for (const std::uint32_t rule : matched_) {
        if (compiled_.options.matches) {
            keep_line(event, index, rule);
            continue;
        }
        for (const Emission& emission : compiled_.plans[rule].emissions) {
            keep_records(event, index, rule, emission);
        }
    }
}

void Worker::keep_line(event::Event& event, std::uint32_t index, std::uint32_t rule)
{
    if (level_of(compiled_.plans[rule], event) < compiled_.options.level) {
        return;
    }
    add_entry(index, GatheredMatches::Kind::line, rule);
    std::string& out = gathered_->bytes;
    append_size(out, event.origin().record);
    append_text(out, event_id_of(event));
    const event::Value time = event.timestamp();
    const bool has_time = time.type() == event::Type::time;
    append_size(out, has_time ? 1 : 0);
    append_size(out, has_time ? static_cast<std::uint64_t>(time.as_time()) : 0);
}

void Worker::keep_records(event::Event& event, std::uint32_t index, std::uint32_t rule, const Emission& emission)
{
    const RulePlan& plan = compiled_.plans[rule];
    const event::Value time = event.timestamp();
    RecordKey key;
    key.unit = emission.unit;
    key.rule = rule;
    key.has_time = time.type() == event::Type::time;
    key.time = key.has_time ? time.as_time() : 0;
    std::vector<base::Hash128> groups;
    if (emission.is_correlation) {
        if (key.has_time) {
            groups = correlation_groups(emission.group, event);
        }
        if (groups.empty()) {
            add_entry(index, GatheredMatches::Kind::left_out, emission.unit);
            return;
        }
    } else {
        groups.push_back(rollup_group(emission.group, event));
    }
    const std::vector<base::Hash128> values =
        emission.values.empty() ? std::vector<base::Hash128>() : counted_values(emission.values, event);
    const std::vector<OuterPart> outers = make_outers(emission.outers, event);
    const std::string_view message = make_message(emission, event);
    const event::Level level = emission.is_correlation ? compiled_.plans[emission.unit].level : level_of(plan, event);
    const bool denied = emission.needs_denied && is_denied(event);
    describe(event);
    std::string& out = gathered_->bytes;
    for (const base::Hash128& group : groups) {
        key.group = group;
        add_entry(index, GatheredMatches::Kind::record, emission.unit);
        append_key(out, key);
        append_head(out, event.origin().record, level, denied);
        out += described_;
        append_text(out, message);
        append_hashes(out, values);
        append_outers(out, outers);
    }
}

std::vector<OuterPart> Worker::make_outers(const std::vector<Emission>& emissions, event::Event& event)
{
    std::vector<OuterPart> parts;
    for (const Emission& emission : emissions) {
        OuterPart part;
        part.unit = emission.unit;
        part.groups = correlation_groups(emission.group, event);
        if (!emission.values.empty()) {
            part.values = counted_values(emission.values, event);
        }
        part.message = make_message(emission, event);
        part.outers = make_outers(emission.outers, event);
        parts.push_back(std::move(part));
    }
    return parts;
}

std::string_view Worker::make_message(const Emission& emission, event::Event& event)
{
    std::string message;
    emission.message.append(message, event);
    return event.arena().copy(message);
}

event::Level Worker::level_of(const RulePlan& plan, event::Event& event)
{
    if (plan.level_if_denied && is_denied(event)) {
        return *plan.level_if_denied;
    }
    for (const auto& [when, level] : plan.level_cases) {
        if (judge_.test(when, event)) {
            return level;
        }
    }
    return plan.level;
}

bool Worker::is_denied(event::Event& event)
{
    const event::Value denied = event.column(compiled_.columns.denied);
    return denied.type() == event::Type::boolean ? denied.as_boolean() : denied.text(event.arena()) == "true";
}

std::string_view Worker::event_id_of(event::Event& event)
{
    const event::Value id = event.column(compiled_.columns.event_id);
    return id.is_absent() ? text_of(compiled_.columns.common_event_id, event) : id.text(event.arena());
}

// Writes what every record of the event holds, once.
void Worker::describe(event::Event& event)
{
    if (!described_.empty()) {
        return;
    }
    const EventColumns& columns = compiled_.columns;
    append_text(described_, event_id_of(event));
    for (const event::ColumnId column :
        {columns.account, columns.region, columns.principal, columns.source_ip, columns.resource}) {
        append_text(described_, text_of(column, event));
    }
    append_summary(event);
}

void Worker::append_summary(event::Event& event)
{
    std::string summary;
    const EventColumns& columns = compiled_.columns;
    append_line(summary, text_of(columns.action, event));
    const std::string_view suffix = ".amazonaws.com:";
    const std::size_t place = summary.find(suffix);
    if (place != std::string::npos) {
        summary.replace(place, suffix.size(), ":");
    }
    const std::string_view source_ip = text_of(columns.source_ip, event);
    if (!source_ip.empty()) {
        summary += " from ";
        append_line(summary, source_ip);
    }
    const std::string_view outcome = text_of(columns.outcome, event);
    const std::string_view error = text_of(columns.error, event);
    if (!outcome.empty()) {
        summary += ": ";
        append_line(summary, outcome);
    }
    if (!error.empty()) {
        summary += " (";
        append_line(summary, error);
        summary += ")";
    }
    append_text(described_, summary);
}

std::uint32_t Worker::source_slot(event::Event& event)
{
    std::vector<std::string>& sources = gathered_->sources;
    const std::string_view source = event.origin().source;
    if (sources.empty() || sources.back() != source) {
        sources.emplace_back(source);
    }
    return static_cast<std::uint32_t>(sources.size() - 1);
}

} // namespace

std::unique_ptr<event::Consumer> make_worker(const Compiled& compiled)
{
    return std::make_unique<Worker>(compiled);
}

} // namespace trawl::detect::engine
