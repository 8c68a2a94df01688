#include "detect/engine/merger.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/text.h"
#include "detect/engine/finding_store.h"
#include "detect/engine/match_store.h"
#include "detect/engine/rollup.h"
#include "detect/engine/window.h"

namespace trawl::detect::engine {

namespace {

using event::Appetite;

// Matches are sorted by unit, group and event time, so that one group after another is turned into findings with little
// in memory. Correlations over correlations come in a later round, when the hits they stand on are known.
class Merger : public event::Collector, private HitSink {
public:
    Merger(const Compiled& compiled, FindingSink& sink)
        : compiled_(compiled),
          sink_(sink),
          details_(compiled.options.temp_folder, share_of_memory(compiled)),
          store_(compiled, details_, share_of_memory(compiled))
    {
        for (std::size_t round = 0; round < rounds(compiled); ++round) {
            rounds_.emplace_back(
                compiled.options.temp_folder, round == 0 ? share_of_first_round(compiled) : share_of_memory(compiled));
        }
    }

    base::Result<Appetite> absorb(
        std::unique_ptr<event::Gathered> gathered, const event::Duplicates& duplicates) override;
    base::Result<void> finish() override;

private:
    static std::size_t rounds(const Compiled& compiled)
    {
        std::size_t deepest = 0;
        for (std::size_t rule = 0; rule < compiled.rules.rules.size(); ++rule) {
            deepest = std::max(deepest, compiled.graph.depth(rule));
        }
        return deepest + 1;
    }
    // Nearly all matches are those of the first round.
    static std::size_t share_of_first_round(const Compiled& compiled) { return compiled.options.memory_bytes / 8 * 5; }
    // Of the details, the findings, and each later round.
    static std::size_t share_of_memory(const Compiled& compiled)
    {
        return (compiled.options.memory_bytes - share_of_first_round(compiled)) / (rounds(compiled) + 1);
    }

    base::Result<void> absorb_line(const GatheredMatches& run, const GatheredMatches::Entry& entry);
    base::Result<void> finish_round(std::size_t round);
    base::Result<void> hit(const OuterPart& outer, Match match, Crossing crossing) override;
    void left_out(std::uint32_t unit) { ++left_out_[unit]; }

    const Compiled& compiled_;
    FindingSink& sink_;
    DetailStore details_;
    FindingStore store_;
    std::vector<MatchStore> rounds_;
    std::map<std::uint32_t, std::uint64_t> left_out_;
    std::uint64_t runs_ = 0;
    RuleMatch line_;
};

base::Result<Appetite> Merger::absorb(std::unique_ptr<event::Gathered> gathered, const event::Duplicates& duplicates)
{
    auto& run = static_cast<GatheredMatches&>(*gathered);
    const std::uint64_t details_begin = details_.end();
    TRY_VOID(details_.append(run.details.bytes()));
    for (GatheredMatches::Entry& entry : run.entries) {
        if (duplicates.is_copy(entry.index)) {
            continue;
        }
        switch (entry.kind) {
        case GatheredMatches::Kind::match: {
            Match& match = entry.match;
            match.order = (runs_ << 32U) | entry.index;
            match.event += details_begin;
            match.own += match.own > 0 ? details_begin : 0;
            TRY_VOID(rounds_[compiled_.graph.depth(entry.key.unit)].add(entry.key, match));
            break;
        }
        case GatheredMatches::Kind::left_out: left_out(entry.key.unit); break;
        case GatheredMatches::Kind::line: TRY_VOID(absorb_line(run, entry)); break;
        }
    }
    ++runs_;
    return Appetite::hungry;
}

base::Result<void> Merger::absorb_line(const GatheredMatches& run, const GatheredMatches::Entry& entry)
{
    ByteReader reader(std::string_view(run.lines).substr(entry.match.event));
    line_.rule_id = compiled_.rules.rules[entry.key.unit].id;
    line_.source = reader.text();
    line_.record = reader.size();
    line_.event_id = base::sanitize_utf8(reader.text());
    line_.has_timestamp = reader.size() != 0;
    line_.timestamp = static_cast<base::Time>(reader.size());
    return sink_.match(line_);
}

base::Result<void> Merger::finish()
{
    for (std::size_t round = 0; round < rounds_.size(); ++round) {
        TRY_VOID(finish_round(round));
    }
    for (const auto& [rule, events] : left_out_) {
        sink_.left_out(compiled_.rules.rules[rule].id, events);
    }
    return store_.drain(sink_);
}

base::Result<void> Merger::finish_round(std::size_t round)
{
    RollUp rollup(store_, details_, compiled_.options.rollup);
    std::optional<Window> window;
    std::optional<GroupKey> group;
    const auto end_group = [&]() -> base::Result<void> {
        TRY_VOID(rollup.finish());
        return window ? window->finish() : base::Result<void>();
    };
    const auto visit = [&](const GroupKey& key, const Match& match) -> base::Result<void> {
        if (group != key) {
            TRY_VOID(end_group());
            if (!group || group->unit != key.unit) {
                window.reset();
                const Rule& rule = compiled_.rules.rules[key.unit];
                if (rule.correlation) {
                    window.emplace(rule, compiled_.graph.bases(key.unit), compiled_.graph.makes_findings(key.unit),
                        store_, details_, static_cast<HitSink&>(*this));
                }
            }
            group = key;
        }
        return window ? window->add(key, match) : rollup.add(key, match);
    };
    TRY_VOID(rounds_[round].drain(visit));
    return end_group();
}

base::Result<void> Merger::hit(const OuterPart& outer, Match match, Crossing crossing)
{
    const Rule& rule = compiled_.rules.rules[outer.unit];
    if (outer.groups.empty()) {
        left_out(outer.unit);
        return {};
    }
    // Counting counts bursts; the others must see that a burst still goes on when the next thing happens.
    if (crossing == Crossing::again && rule.correlation->type == CorrelationType::event_count) {
        return {};
    }
    match.level = rule.level;
    match.own = 0;
    if (!outer.extras.empty() || !outer.outers.empty()) {
        DetailWriter writer;
        const std::uint64_t place = writer.add_own({outer.extras, outer.outers});
        match.own = details_.end() + place;
        TRY_VOID(details_.append(writer.bytes()));
    }
    base::Result<void> outcome;
    for (const GroupHash& group : outer.groups) {
        for_each_value(match, outer.values, [&](const Match& counted) {
            if (outcome) {
                outcome = rounds_[compiled_.graph.depth(outer.unit)].add({outer.unit, group}, counted);
            }
        });
    }
    return outcome;
}

} // namespace

std::unique_ptr<event::Collector> make_merger(const Compiled& compiled, FindingSink& sink)
{
    return std::make_unique<Merger>(compiled, sink);
}

} // namespace trawl::detect::engine
