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
        return gathered_->records.size() + gathered_->details.bytes().size()
            + gathered_->entries.size() * sizeof(GatheredMatches::Entry);
    }

private:
    void keep_matches(event::Event& event, std::uint32_t index);
    void keep_line(event::Event& event, std::uint32_t index, std::uint32_t rule);
    void keep_records(event::Event& event, std::uint32_t index, std::uint32_t rule, const Emission& emission);
    void make_extras(
        const std::vector<event::ColumnId>& columns, event::Event& event, std::vector<std::string>& extras);
    std::vector<OuterPart> make_outers(const std::vector<Emission>& emissions, event::Event& event);
    event::Level level_of(const RulePlan& plan, event::Event& event);
    bool is_denied(event::Event& event);
    std::uint64_t describe(event::Event& event);
    std::string_view text_of(event::ColumnId column, event::Event& event)
    {
        const event::Value value = event.column(column);
        if (value.type() == event::Type::string && !value.has_escapes() && value.raw().size() < max_plain_text)
            [[likely]] {
            return value.raw();
        }
        return value.type() == event::Type::missing ? std::string_view() : display_text(value, event.arena());
    }
    std::string_view event_id_of(event::Event& event);
    void add_entry(std::uint32_t index, GatheredMatches::Kind kind, std::uint32_t unit)
    {
        gathered_->entries.push_back({index, kind, unit, gathered_->records.size()});
    }

    // A text up to this length is displayed as it is.
    static constexpr std::size_t max_plain_text = 64;

    const Compiled& compiled_;
    Judge judge_;
    KeyMaker keys_;
    std::unique_ptr<GatheredMatches> gathered_;
    std::vector<std::uint32_t> matched_;
    std::uint64_t described_ = 0;      // Where the event's block is, once it is written.
    std::vector<GroupHash> groups_;
    RecordBody body_;
};

void Worker::keep_matches(event::Event& event, std::uint32_t index)
{
    described_ = 0;
    if (compiled_.options.matches) {
        for (const std::uint32_t rule : matched_) {
            keep_line(event, index, rule);
        }
        return;
    }
    for (const std::uint32_t rule : matched_) {
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
    std::string& out = gathered_->records;
    append_text(out, event.origin().source);
    append_size(out, event.origin().record);
    append_text(out, event_id_of(event));
    const event::Value time = event.timestamp();
    const bool has_time = time.type() == event::Type::time;
    append_size(out, has_time ? 1 : 0);
    append_size(out, has_time ? static_cast<std::uint64_t>(time.as_time()) : 0);
}

void Worker::keep_records(event::Event& event, std::uint32_t index, std::uint32_t rule, const Emission& emission)
{
    const event::Value time = event.timestamp();
    RecordKey key;
    key.unit = emission.unit;
    key.rule = rule;
    key.has_time = time.type() == event::Type::time;
    key.time = key.has_time ? time.as_time() : 0;
    groups_.clear();
    body_.values.clear();
    if (!emission.is_correlation) {
        groups_.push_back(keys_.rollup_group(emission.group, event));
        body_.level = level_of(compiled_.plans[rule], event);
    } else {
        if (key.has_time) {
            keys_.correlation_groups(emission.group, event, groups_);
        }
        if (groups_.empty()) {
            add_entry(index, GatheredMatches::Kind::left_out, emission.unit);
            return;
        }
        if (!emission.values.empty()) {
            keys_.counted_values(emission.values, event, body_.values);
        }
        body_.level = compiled_.plans[emission.unit].level;
    }
    body_.is_denied = emission.needs_denied && is_denied(event);
    body_.event = describe(event);
    body_.own = 0;
    if (!emission.extras.empty() || !emission.outers.empty()) {
        OwnBlock own;
        make_extras(emission.extras, event, own.extras);
        own.outers = make_outers(emission.outers, event);
        body_.own = gathered_->details.add_own(own);
    }
    for (const GroupHash& group : groups_) {
        key.group = group;
        add_entry(index, GatheredMatches::Kind::record, emission.unit);
        append_record(gathered_->records, key, body_);
    }
}

void Worker::make_extras(
    const std::vector<event::ColumnId>& columns, event::Event& event, std::vector<std::string>& extras)
{
    for (const event::ColumnId column : columns) {
        extras.emplace_back(text_of(column, event));
    }
}

std::vector<OuterPart> Worker::make_outers(const std::vector<Emission>& emissions, event::Event& event)
{
    std::vector<OuterPart> parts;
    for (const Emission& emission : emissions) {
        OuterPart& part = parts.emplace_back();
        part.unit = emission.unit;
        keys_.correlation_groups(emission.group, event, part.groups);
        if (!emission.values.empty()) {
            keys_.counted_values(emission.values, event, part.values);
        }
        make_extras(emission.extras, event, part.extras);
        part.outers = make_outers(emission.outers, event);
    }
    return parts;
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

// Writes what every finding wants of the event, once; returns where.
std::uint64_t Worker::describe(event::Event& event)
{
    if (described_ > 0) {
        return described_;
    }
    DetailWriter& details = gathered_->details;
    details.set_source(event.origin().source);
    const EventColumns& columns = compiled_.columns;
    described_ = details.begin_event(event.origin().record);
    details.text(event_id_of(event));
    for (const event::ColumnId column : {columns.account, columns.region, columns.principal, columns.source_ip,
             columns.resource, columns.action, columns.outcome, columns.error}) {
        details.text(text_of(column, event));
    }
    details.end_block();
    return described_;
}

} // namespace

std::unique_ptr<event::Consumer> make_worker(const Compiled& compiled)
{
    return std::make_unique<Worker>(compiled);
}

} // namespace trawl::detect::engine
