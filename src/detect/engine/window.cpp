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

base::Result<void> Window::add(const GroupKey& key, const Match& match)
{
    key_ = key;
    if (has_events_ && match.time != now_) {
        TRY_VOID(judge());
    }
    if (!has_events_ || match.time != now_) {
        move_to(match.time);
    }
    take(match);
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
    while (!kept_.empty() && kept_.begin()->time < begin) {
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

void Window::take(const Match& match)
{
    if (kept_.size() < max_kept) {
        kept_.push(match);
    }
    if (match.has_value) {
        values_.see(match.value, now_);
    }
    if (match.is_more) {
        return;
    }
    const bool is_new_event = match.order != last_order_;
    last_order_ = match.order;
    for (Run* const run : {&runs_.back(), &total_}) {
        ++run->matches;
        run->events += is_new_event ? 1 : 0;
        run->allowed += match.is_denied ? 0 : 1;
    }
    last_ = match;
    if (correlation_.type == CorrelationType::temporal || correlation_.type == CorrelationType::temporal_ordered) {
        take_step(match.rule);
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
    for (const Match* const match : choose_listed()) {
        if (!draft_) {
            draft_ = store_.start(key_, *match, std::to_string(now_));
        } else {
            store_.list(*draft_, *match);
        }
    }
    draft_->first_seen = runs_.front().time;
    draft_->last_seen = now_;
    draft_->count = total_.events;
    draft_->level = total_.allowed == 0 && rule_.level_if_denied ? *rule_.level_if_denied : rule_.level;
    return {};
}

base::Result<void> Window::extend()
{
    if (!draft_) {
        return {};
    }
    draft_->last_seen = now_;
    draft_->count += runs_.back().events;
    if (runs_.back().allowed > 0 && rule_.level_if_denied) {
        draft_->level = std::max(draft_->level, rule_.level);
    }
    // The events of this time are the last of the kept ones, unless the bound left them out.
    const Match* first = kept_.end();
    while (first != kept_.begin() && std::prev(first)->time == now_) {
        --first;
    }
    std::uint64_t last_order = std::numeric_limits<std::uint64_t>::max();
    for (; first != kept_.end() && draft_->lists_more(); ++first) {
        if (first->order != last_order) {
            store_.list(*draft_, *first);
        }
        last_order = first->order;
    }
    return {};
}

base::Result<void> Window::close()
{
    is_open_ = false;
    if (!draft_) {
        return {};
    }
    const Draft draft = std::move(*draft_);
    draft_.reset();
    return store_.add(draft);
}

// Picks at most ten events that show why the condition holds: a chain, one event of each rule or value, then the
// earliest. In event-time order.
std::vector<const Match*> Window::choose_listed() const
{
    std::vector<const Match*> chosen;
    std::set<std::uint64_t> orders;
    const auto choose = [&](const Match& match) {
        if (chosen.size() < Draft::max_events && orders.insert(match.order).second) {
            chosen.push_back(&match);
        }
    };
    choose(*kept_.begin());
    if (correlation_.type == CorrelationType::temporal_ordered) {
        std::size_t next = 0;
        std::optional<base::Time> last;
        for (const Match& match : kept_) {
            if (next < bases_.size() && match.rule == bases_[next] && (!last || match.time > *last)) {
                choose(match);
                last = match.time;
                ++next;
            }
        }
    } else if (correlation_.type == CorrelationType::temporal) {
        std::set<std::uint32_t> rules;
        for (const Match& match : kept_) {
            if (rules.insert(match.rule).second) {
                choose(match);
            }
        }
    } else if (correlation_.type == CorrelationType::value_count) {
        std::set<std::uint64_t> values;
        for (const Match& match : kept_) {
            if (chosen.size() >= Draft::max_events) {
                break;
            }
            if (match.has_value && values.insert(match.value).second) {
                choose(match);
            }
        }
    }
    for (const Match& match : kept_) {
        choose(match);
    }
    std::sort(chosen.begin(), chosen.end(),
        [](const Match* a, const Match* b) { return a->time != b->time ? a->time < b->time : a->order < b->order; });
    return chosen;
}

// Passes the window's last event on as a hit of this correlation to each correlation over it.
base::Result<void> Window::pass_on(Crossing crossing)
{
    if (last_.own == 0) {
        return {};
    }
    TRY(const OwnBlock inner, detail_store_.read_own(last_.own));
    Match match = last_;
    match.rule = key_.unit;
    for (const OuterPart& outer : inner.outers) {
        TRY_VOID(outers_.hit(outer, match, crossing));
    }
    return {};
}

} // namespace trawl::detect::engine
