#include "detect/engine/window.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

namespace trawl::detect::engine {

namespace {

using query::plan::Comparison;

bool compare(double value, const CorrelationBound& bound)
{
    switch (bound.comparison) {
    case Comparison::equal: return value == bound.number;
    case Comparison::not_equal: return value != bound.number;
    case Comparison::less: return value < bound.number;
    case Comparison::less_equal: return value <= bound.number;
    case Comparison::greater: return value > bound.number;
    case Comparison::greater_equal: return value >= bound.number;
    }
    return false;
}

// Beyond the greatest threshold and one more, the number of distinct values changes no comparison.
std::size_t value_bound(const Correlation& correlation)
{
    double greatest = 1;
    for (const CorrelationBound& bound : correlation.bounds) {
        greatest = std::max(greatest, bound.number);
    }
    constexpr double limit = 1e15;
    return static_cast<std::size_t>(std::min(std::ceil(greatest), limit)) + 2;
}

// The beginning of the window that ends at `end`.
base::Time begin_of(base::Time end, base::Time span)
{
    return end < std::numeric_limits<base::Time>::min() + span ? std::numeric_limits<base::Time>::min() : end - span;
}

void keep_later(std::optional<base::Time>& kept, base::Time time)
{
    kept = kept ? std::max(*kept, time) : time;
}

} // namespace

Window::Window(const Rule& rule, std::vector<std::size_t> bases, bool makes_findings, FindingStore& store,
    const DetailStore& details, HitSink& outers)
    : rule_(rule),
      correlation_(*rule.correlation),
      bases_(std::move(bases)),
      makes_findings_(makes_findings),
      store_(store),
      detail_store_(details),
      outers_(outers),
      values_(value_bound(*rule.correlation)),
      last_seen_(bases_.size()),
      chains_(bases_.size()),
      new_chains_(bases_.size())
{
}

base::Result<void> Window::add(const RecordKey& key, std::string_view record)
{
    if (has_events_ && key.time != now_) {
        TRY_VOID(judge());
    }
    if (!has_events_ || key.time != now_) {
        move_to(key.time);
    }
    take(key, record);
    return {};
}

base::Result<void> Window::finish()
{
    if (!has_events_) {
        return {};
    }
    TRY_VOID(judge());
    TRY_VOID(close());
    has_events_ = false;
    runs_.clear();
    total_ = {};
    kept_.clear();
    values_.clear();
    std::fill(last_seen_.begin(), last_seen_.end(), std::nullopt);
    std::fill(chains_.begin(), chains_.end(), std::nullopt);
    std::fill(new_chains_.begin(), new_chains_.end(), std::nullopt);
    return {};
}

// Lets go of what is older than the window that ends at `time`.
void Window::move_to(base::Time time)
{
    const base::Time begin = begin_of(time, correlation_.timespan);
    while (!runs_.empty() && runs_.front().time < begin) {
        total_.matches -= runs_.front().matches;
        total_.events -= runs_.front().events;
        total_.allowed -= runs_.front().allowed;
        runs_.pop_front();
    }
    while (!kept_.empty() && kept_.begin()->key.time < begin) {
        kept_.pop_front();
    }
    values_.forget_before(begin);
    for (std::size_t i = 0; i < chains_.size(); ++i) {
        if (new_chains_[i]) {
            keep_later(chains_[i], *new_chains_[i]);
            new_chains_[i].reset();
        }
    }
    now_ = time;
    has_events_ = true;
    runs_.push_back({time, 0, 0, 0});
    if (runs_.size() > max_runs) {
        merge_old_runs();
    }
    // No event has this order, so that the first one of the time is a new one.
    last_order_ = std::numeric_limits<std::uint64_t>::max();
}

// Halves the older half of the runs: they leave the window together, a moment late.
void Window::merge_old_runs()
{
    std::deque<Run> merged;
    const std::size_t half = runs_.size() / 2;
    for (std::size_t i = 0; i < runs_.size(); ++i) {
        if (i < half && i % 2 == 1) {
            Run& before = merged.back();
            before.time = runs_[i].time;
            before.matches += runs_[i].matches;
            before.events += runs_[i].events;
            before.allowed += runs_[i].allowed;
        } else {
            merged.push_back(runs_[i]);
        }
    }
    runs_ = std::move(merged);
}

void Window::take(const RecordKey& key, std::string_view record)
{
    const bool is_new_event = key.order != last_order_;
    last_order_ = key.order;
    const bool is_allowed = !read_is_denied(record);
    for (Run* const run : {&runs_.back(), &total_}) {
        ++run->matches;
        run->events += is_new_event ? 1 : 0;
        run->allowed += is_allowed ? 1 : 0;
    }
    if (kept_.bytes() < max_record_bytes) {
        kept_.push(key, record);
    }
    last_record_ = record;
    if (correlation_.type == CorrelationType::value_count) {
        for (std::size_t i = 0; i < count_values(record); ++i) {
            const std::uint64_t value = read_value(record, i);
            values_.see(value, now_);
        }
    } else if (correlation_.type != CorrelationType::event_count) {
        take_step(key.rule);
    }
}

void Window::take_step(std::size_t rule)
{
    for (std::size_t i = 0; i < bases_.size(); ++i) {
        if (bases_[i] != rule) {
            continue;
        }
        last_seen_[i] = now_;
        if (i == 0) {
            keep_later(new_chains_[0], now_);
        } else if (chains_[i - 1]) {
            // Only chains that ended before now: times increase strictly.
            keep_later(new_chains_[i], *chains_[i - 1]);
        }
    }
}

double Window::measure()
{
    const base::Time begin = begin_of(now_, correlation_.timespan);
    switch (correlation_.type) {
    case CorrelationType::event_count: return static_cast<double>(total_.matches);
    case CorrelationType::value_count: return static_cast<double>(values_.size());
    case CorrelationType::temporal: {
        std::set<std::size_t> seen;
        for (std::size_t i = 0; i < bases_.size(); ++i) {
            if (last_seen_[i] && *last_seen_[i] >= begin) {
                seen.insert(bases_[i]);
            }
        }
        return static_cast<double>(seen.size());
    }
    case CorrelationType::temporal_ordered: {
        for (std::size_t length = bases_.size(); length > 0; --length) {
            const auto& ended = chains_[length - 1];
            const auto& ends_now = new_chains_[length - 1];
            if ((ended && *ended >= begin) || (ends_now && *ends_now >= begin)) {
                return static_cast<double>(length);
            }
        }
        return 0;
    }
    }
    return 0;
}

bool Window::is_met(double measured) const
{
    if (!correlation_.bounds.empty()) {
        return std::all_of(correlation_.bounds.begin(), correlation_.bounds.end(),
            [&](const CorrelationBound& bound) { return compare(measured, bound); });
    }
    if (correlation_.type == CorrelationType::temporal_ordered) {
        return measured >= static_cast<double>(bases_.size());
    }
    if (correlation_.type == CorrelationType::temporal) {
        return measured >= static_cast<double>(std::set<std::size_t>(bases_.begin(), bases_.end()).size());
    }
    return measured >= 1;
}

// Judges the window that ends now, with all events of this time in it.
base::Result<void> Window::judge()
{
    if (!is_met(measure())) {
        return close();
    }
    if (!is_open_) {
        return open();
    }
    TRY_VOID(extend());
    return pass_on(Crossing::again);
}

base::Result<void> Window::open()
{
    is_open_ = true;
    TRY_VOID(pass_on(Crossing::first));
    if (!makes_findings_) {
        return {};
    }
    const std::vector<const RecordQueue::Item*> listed = choose_listed();
    for (const RecordQueue::Item* const kept : listed) {
        if (!draft_) {
            TRY(draft_, store_.start(kept->key, kept_.record(*kept), std::to_string(now_)));
        } else {
            TRY_VOID(store_.list(*draft_, kept->key, kept_.record(*kept)));
        }
    }
    event::Finding& finding = draft_->finding;
    finding.first_seen = runs_.front().time;
    finding.last_seen = now_;
    finding.count = total_.events;
    finding.level = total_.allowed == 0 && rule_.level_if_denied ? *rule_.level_if_denied : rule_.level;
    return {};
}

base::Result<void> Window::extend()
{
    if (!draft_) {
        return {};
    }
    event::Finding& finding = draft_->finding;
    finding.last_seen = now_;
    finding.count += runs_.back().events;
    if (runs_.back().allowed > 0 && rule_.level_if_denied) {
        finding.level = std::max(finding.level, rule_.level);
    }
    // The events of this time are the last of the kept ones, unless the budget left them out.
    const RecordQueue::Item* first = kept_.end();
    while (first != kept_.begin() && std::prev(first)->key.time == now_) {
        --first;
    }
    std::uint64_t last_order = std::numeric_limits<std::uint64_t>::max();
    for (; first != kept_.end() && draft_->lists_more(); ++first) {
        if (first->key.order != last_order) {
            TRY_VOID(store_.list(*draft_, first->key, kept_.record(*first)));
        }
        last_order = first->key.order;
    }
    return {};
}

base::Result<void> Window::close()
{
    is_open_ = false;
    if (!draft_) {
        return {};
    }
    Draft draft = std::move(*draft_);
    draft_.reset();
    return store_.add(std::move(draft));
}

// Picks at most ten events that show why the condition holds: a chain, one event of each rule or value, then the
// earliest. In event-time order.
std::vector<const RecordQueue::Item*> Window::choose_listed() const
{
    std::vector<const RecordQueue::Item*> chosen;
    std::set<std::uint64_t> orders;
    const auto choose = [&](const RecordQueue::Item& kept) {
        if (chosen.size() < Draft::max_events && orders.insert(kept.key.order).second) {
            chosen.push_back(&kept);
        }
    };
    choose(*kept_.begin());
    if (correlation_.type == CorrelationType::temporal_ordered) {
        std::size_t next = 0;
        std::optional<base::Time> last;
        for (const RecordQueue::Item& kept : kept_) {
            if (next < bases_.size() && kept.key.rule == bases_[next] && (!last || kept.key.time > *last)) {
                choose(kept);
                last = kept.key.time;
                ++next;
            }
        }
    } else if (correlation_.type == CorrelationType::temporal) {
        std::set<std::uint32_t> rules;
        for (const RecordQueue::Item& kept : kept_) {
            if (rules.insert(kept.key.rule).second) {
                choose(kept);
            }
        }
    } else if (correlation_.type == CorrelationType::value_count) {
        std::set<std::uint64_t> values;
        for (const RecordQueue::Item& kept : kept_) {
            if (chosen.size() >= Draft::max_events) {
                break;
            }
            bool is_new = false;
            for (const std::uint64_t value : read_body(kept_.record(kept)).values) {
                is_new = values.insert(value).second || is_new;
            }
            if (is_new) {
                choose(kept);
            }
        }
    }
    for (const RecordQueue::Item& kept : kept_) {
        choose(kept);
    }
    std::sort(chosen.begin(), chosen.end(), [](const RecordQueue::Item* a, const RecordQueue::Item* b) {
        return a->key.time != b->key.time ? a->key.time < b->key.time : a->key.order < b->key.order;
    });
    return chosen;
}

// Passes the window's last event on as a hit of this correlation to each correlation over it.
base::Result<void> Window::pass_on(Crossing crossing)
{
    RecordBody body = read_body(last_record_);
    if (body.own == 0) {
        return {};
    }
    TRY(const OwnBlock inner, detail_store_.read_own(body.own));
    RecordKey key = read_key(last_record_);
    key.rule = key.unit;
    for (const OuterPart& outer : inner.outers) {
        if (outer.groups.empty()) {
            outers_.left_out(outer.unit);
        }
        body.values = outer.values;
        for (const GroupHash& group : outer.groups) {
            key.unit = outer.unit;
            key.group = group;
            TRY_VOID(outers_.hit(key, body, {outer.extras, outer.outers}, crossing));
        }
    }
    return {};
}

} // namespace trawl::detect::engine
