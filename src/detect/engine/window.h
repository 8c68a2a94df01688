#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "detect/engine/finding_store.h"
#include "detect/engine/match.h"
#include "detect/engine/match_queue.h"
#include "detect/engine/recent_values.h"
#include "detect/rules/rule.h"

namespace trawl::detect::engine {

// How an inner correlation comes to hold: its condition became true, or is still true at a later event.
enum class Crossing : std::uint8_t { first, again };

// Takes the hits of a correlation for the correlations over it.
class HitSink {
public:
    virtual ~HitSink() = default;
    // The inner correlation holds at the event of `match`, whose rule it now is.
    virtual base::Result<void> hit(const OuterPart& outer, Match match, Crossing crossing) = 0;
};

// One correlation over one group's events after another, in event-time order (LANGUAGE 3.4). The window ends at each
// event's time t and holds the events of [t - timespan, t], those of the same t included. When its condition becomes
// true, a finding opens with the events of the window; it grows with each event while the condition stays true and
// closes when it is false.
//
// Memory does not grow with the input: times are kept as runs, distinct values up to the greatest threshold, matches for
// the listing up to a bound.
class Window {
public:
    // `bases` are the rules of the correlation in their order.
    Window(const Rule& rule, std::vector<std::size_t> bases, bool makes_findings, FindingStore& store,
        const DetailStore& details, HitSink& outers);

    base::Result<void> add(const GroupKey& key, const Match& match);
    // Ends the group.
    base::Result<void> finish();

private:
    static constexpr std::size_t max_runs = 500'000;
    static constexpr std::size_t max_kept = 65'536;

    // Events of one time.
    struct Run {
        base::Time time = 0;
        std::uint64_t matches = 0; // An event counts once per rule.
        std::uint64_t events = 0;
        std::uint64_t allowed = 0; // Matches of events that were not denied.
    };
    void move_to(base::Time time);
    void take(const Match& match);
    void take_step(std::size_t rule);
    void merge_old_runs();
    base::Result<void> judge();
    double measure();
    bool is_met(double measured) const;
    base::Result<void> open();
    base::Result<void> extend();
    base::Result<void> close();
    std::vector<const Match*> choose_listed() const;
    base::Result<void> pass_on(Crossing crossing);

    const Rule& rule_;
    const Correlation& correlation_;
    std::vector<std::size_t> bases_;
    bool makes_findings_;
    FindingStore& store_;
    const DetailStore& detail_store_;
    HitSink& outers_;

    GroupKey key_;
    bool has_events_ = false;
    base::Time now_ = 0;
    std::uint64_t last_order_ = 0;
    std::deque<Run> runs_;
    Run total_;
    MatchQueue kept_;
    Match last_; // Of the window's last event.
    RecentValues values_;
    std::vector<std::optional<base::Time>> last_seen_; // temporal: by base.
    // temporal_ordered: the latest beginning of a chain over the first i + 1 rules; those of now_ join when time moves.
    std::vector<std::optional<base::Time>> chains_;
    std::vector<std::optional<base::Time>> new_chains_;

    bool is_open_ = false;
    std::optional<Draft> draft_;
};

} // namespace trawl::detect::engine
