#include "detect/engine/rollup.h"

#include <algorithm>
#include <utility>

namespace trawl::detect::engine {

namespace {

constexpr base::Time reach = base::microseconds_per_day;

// Written so that no sum of extreme times overflows.
bool is_within_reach(const Draft& draft, const Match& match)
{
    if (draft.has_time != match.has_time) {
        return false;
    }
    return !match.has_time
        || static_cast<std::uint64_t>(match.time) - static_cast<std::uint64_t>(draft.first_seen)
        <= static_cast<std::uint64_t>(reach);
}

} // namespace

base::Result<void> RollUp::add(const GroupKey& key, const Match& match)
{
    if (open_ && (rollup_ == Rollup::off || !is_within_reach(*open_, match))) {
        TRY_VOID(finish());
    }
    if (!open_) {
        std::string tie;
        if (rollup_ == Rollup::off) {
            // Copies of one event (kept on demand) are findings of their own: their places tell them apart.
            TRY(const EventBlock event, details_.read_event(match.event));
            append_text(tie, event.source);
            append_size(tie, event.record);
        }
        open_ = store_.start(key, match, tie);
        return {};
    }
    ++open_->count;
    open_->last_seen = match.time;
    open_->level = std::max(open_->level, match.level);
    store_.list(*open_, match);
    return {};
}

base::Result<void> RollUp::finish()
{
    if (!open_) {
        return {};
    }
    const Draft draft = std::move(*open_);
    open_.reset();
    return store_.add(draft);
}

} // namespace trawl::detect::engine
