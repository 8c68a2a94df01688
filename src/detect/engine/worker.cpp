#include "detect/engine/worker.h"

#include <algorithm>
#include <utility>

namespace trawl::detect::engine {

namespace {

std::string_view text_of(event::ColumnId column, event::Event& event)
{
    // A text up to this length is displayed as it is.
    constexpr std::size_t max_plain_text = 64;
    const event::Value value = event.column(column);
    if (value.type() == event::Type::string && !value.has_escapes() && value.raw().size() < max_plain_text) [[likely]] {
        return value.raw();
    }
    return value.type() == event::Type::missing ? std::string_view() : display_text(value, event.arena());
}

std::string_view event_id_of(event::Event& event, const EventColumns& columns)
{
    const event::Value id = event.column(columns.event_id);
    return id.is_absent() ? text_of(columns.common_event_id, event) : id.text(event.arena());
}

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
        is_source_known_ = false;
        auto taken = std::exchange(gathered_, std::make_unique<GatheredMatches>());
        // The next run is likely much like this one.
        gathered_->entries.reserve(taken->entries.size());
        return taken;
    }

    std::size_t gathered_bytes() const override
    {
        return gathered_->lines.size() + gathered_->details.bytes().size()
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
    std::uint64_t keep_place(event::Event& event);
    bool can_recall(std::string_view source);
    const Compiled& compiled_;
    Judge judge_;
    KeyMaker keys_;
    std::unique_ptr<GatheredMatches> gathered_;
    std::vector<std::uint32_t> matched_;
    std::uint64_t described_ = 0;      // Where the event's block is, once it is written.
    std::uint64_t placed_ = 0;         // The same of the block that only tells the event's place.
    bool is_source_known_ = false;     // Whether the events of this run can be recalled.
    bool is_recallable_ = false;
    std::vector<GroupHash> groups_;
    std::vector<std::uint64_t> values_;
};

void Worker::keep_matches(event::Event& event, std::uint32_t index)
{
    described_ = 0;
    placed_ = 0;
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
    std::string& out = gathered_->lines;
    Match line;
    line.event = out.size();
    gathered_->entries.push_back({index, GatheredMatches::Kind::line, {rule, {}}, line});
    append_text(out, event.origin().source);
    append_size(out, event.origin().record);
    append_text(out, event_id_of(event, compiled_.columns));
    const event::Value time = event.timestamp();
    const bool has_time = time.type() == event::Type::time;
    append_size(out, has_time ? 1 : 0);
    append_size(out, has_time ? static_cast<std::uint64_t>(time.as_time()) : 0);
}

void Worker::keep_records(event::Event& event, std::uint32_t index, std::uint32_t rule, const Emission& emission)
{
    const event::Value time = event.timestamp();
    Match match;
    match.rule = rule;
    match.has_time = time.type() == event::Type::time;
    match.time = match.has_time ? time.as_time() : 0;
    groups_.clear();
    values_.clear();
    if (!emission.is_correlation) {
        groups_.push_back(keys_.rollup_group(emission.group, event));
        match.level = level_of(compiled_.plans[rule], event);
    } else {
        if (match.has_time) {
            keys_.correlation_groups(emission.group, event, groups_);
        }
        if (groups_.empty()) {
            gathered_->entries.push_back({index, GatheredMatches::Kind::left_out, {emission.unit, {}}, {}});
            return;
        }
        if (!emission.values.empty()) {
            keys_.counted_values(emission.values, event, values_);
        }
        match.level = compiled_.plans[emission.unit].level;
    }
    match.is_denied = emission.needs_denied && is_denied(event);
    match.event = emission.is_correlation && can_recall(event.origin().source) ? keep_place(event) : describe(event);
    if (!emission.extras.empty() || !emission.outers.empty()) {
        OwnBlock own;
        make_extras(emission.extras, event, own.extras);
        own.outers = make_outers(emission.outers, event);
        match.own = gathered_->details.add_own(own);
    }
    for (const GroupHash& group : groups_) {
        for_each_value(match, values_, [&](const Match& counted) {
            gathered_->entries.push_back({index, GatheredMatches::Kind::match, {emission.unit, group}, counted});
        });
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

std::uint64_t Worker::describe(event::Event& event)
{
    if (described_ == 0) {
        described_ = describe_event(event, compiled_.columns, gathered_->details);
    }
    return described_;
}

// Keeps where the event is, for it to be described when a finding lists it.
std::uint64_t Worker::keep_place(event::Event& event)
{
    if (described_ > 0) {
        return described_;
    }
    if (placed_ == 0) {
        gathered_->details.set_source(event.origin().source);
        placed_ = gathered_->details.add_place(event.origin().record);
    }
    return placed_;
}

bool Worker::can_recall(std::string_view source)
{
    if (!is_source_known_) {
        is_source_known_ = true;
        is_recallable_ = compiled_.options.recall && compiled_.options.recall->can_recall(source);
    }
    return is_recallable_;
}

} // namespace

std::unique_ptr<event::Consumer> make_worker(const Compiled& compiled)
{
    return std::make_unique<Worker>(compiled);
}

std::uint64_t describe_event(event::Event& event, const EventColumns& columns, DetailWriter& details)
{
    details.set_source(event.origin().source);
    const std::uint64_t place = details.begin_event(event.origin().record);
    details.text(event_id_of(event, columns));
    for (const event::ColumnId column : {columns.account, columns.region, columns.principal, columns.source_ip,
             columns.resource, columns.action, columns.outcome, columns.error}) {
        details.text(text_of(column, event));
    }
    details.end_block();
    return place;
}

} // namespace trawl::detect::engine
