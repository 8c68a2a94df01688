#include "detect/engine/rollup.h"

#include <algorithm>
#include <utility>

namespace trawl::detect::engine {

namespace {

constexpr base::Time reach = base::microseconds_per_day;

// Written so that no sum of extreme times overflows.
bool is_within_reach(const event::Finding& finding, const RecordKey& key)
{
    if (finding.has_time != key.has_time) {
        return false;
    }
    return !key.has_time
        || static_cast<std::uint64_t>(key.time) - static_cast<std::uint64_t>(finding.first_seen)
        <= static_cast<std::uint64_t>(reach);
}

} // namespace

base::Result<void> RollUp::add(const RecordKey& key, std::string_view record)
{
    if (open_ && (rollup_ == Rollup::off || !is_within_reach(open_->finding, key))) {
        TRY_VOID(finish());
    }
    if (!open_) {
        std::string tie;
        if (rollup_ == Rollup::off) {
            // Copies of one event (kept on demand) are findings of their own: their places tell them apart.
            TRY(const EventBlock event, details_.read_event(read_body(record).event));
            append_text(tie, event.source);
            append_size(tie, event.record);
        }
        TRY(open_, store_.start(key, record, tie));
        return {};
    }
    event::Finding& finding = open_->finding;
    ++finding.count;
    finding.last_seen = key.time;
    finding.level = std::max(finding.level, read_level(record));
    return store_.list(*open_, key, record);
}

base::Result<void> RollUp::finish()
{
    if (!open_) {
        return {};
    }
    Draft draft = std::move(*open_);
    open_.reset();
    return store_.add(std::move(draft));
}

} // namespace trawl::detect::engine
