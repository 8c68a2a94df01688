#include "detect/engine/merger.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/text.h"
#include "detect/engine/finding_store.h"
#include "detect/engine/rollup.h"
#include "detect/engine/window.h"

namespace trawl::detect::engine {

namespace {

using event::Appetite;

// Match records are sorted by unit, group and event time, so that one group after another is turned into findings with
// little in memory. Correlations over correlations come in a later round, when the hits they stand on are known.
class Merger : public event::Collector, private HitSink {
public:
    Merger(const Compiled& compiled, FindingSink& sink)
        : compiled_(compiled),
          sink_(sink),
          details_(compiled.options.temp_folder, share_of_memory(compiled)),
          store_(compiled.rules, compiled.plans, compiled.options, details_, share_of_memory(compiled))
    {
        for (std::size_t round = 0; round < rounds(compiled); ++round) {
            rounds_.emplace_back(compiled.options.temp_folder, share_of_memory(compiled), RecordKey::size);
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
    // Of the details, the findings, and each round.
    static std::size_t share_of_memory(const Compiled& compiled)
    {
        return compiled.options.memory_bytes / (rounds(compiled) + 2);
    }

    base::Result<void> absorb_line(const GatheredMatches& run, const GatheredMatches::Entry& entry);
    base::Result<void> finish_round(std::size_t round);
    base::Result<void> hit(const RecordKey& key, RecordBody body, const OwnBlock& own, Crossing crossing) override;
    void left_out(std::uint32_t outer) override { ++left_out_[outer]; }

    const Compiled& compiled_;
    FindingSink& sink_;
    DetailStore details_;
    FindingStore store_;
    std::vector<base::SpillSort> rounds_;
    std::map<std::uint32_t, std::uint64_t> left_out_;
    std::uint64_t runs_ = 0;
    RuleMatch line_;
};

base::Result<Appetite> Merger::absorb(std::unique_ptr<event::Gathered> gathered, const event::Duplicates& duplicates)
{
    auto& run = static_cast<GatheredMatches&>(*gathered);
    const std::uint64_t details_begin = details_.end();
    TRY_VOID(details_.append(run.details.bytes()));
    for (std::size_t i = 0; i < run.entries.size(); ++i) {
        const GatheredMatches::Entry& entry = run.entries[i];
        if (duplicates.is_copy(entry.index)) {
            continue;
        }
        switch (entry.kind) {
        case GatheredMatches::Kind::record: {
            const std::size_t end = i + 1 < run.entries.size() ? run.entries[i + 1].start : run.records.size();
            char* const record = run.records.data() + entry.start;
            place_record(record, (runs_ << 32U) | entry.index, details_begin);
            TRY_VOID(rounds_[compiled_.graph.depth(entry.unit)].add({record, end - entry.start}));
            break;
        }
        case GatheredMatches::Kind::left_out: left_out(entry.unit); break;
        case GatheredMatches::Kind::line: TRY_VOID(absorb_line(run, entry)); break;
        }
    }
    ++runs_;
    return Appetite::hungry;
}

base::Result<void> Merger::absorb_line(const GatheredMatches& run, const GatheredMatches::Entry& entry)
{
    ByteReader reader(std::string_view(run.records).substr(entry.start));
    line_.rule_id = compiled_.rules.rules[entry.unit].id;
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
    std::string group;   // The first bytes of the key: unit and group.
    std::optional<std::uint32_t> unit;
    base::Result<void> outcome;
    const auto end_group = [&]() -> base::Result<void> {
        TRY_VOID(rollup.finish());
        return window ? window->finish() : base::Result<void>();
    };
    const auto visit = [&](std::string_view record) -> base::Result<void> {
        const RecordKey key = read_key(record);
        if (record.substr(0, RecordKey::group_size) != group) {
            TRY_VOID(end_group());
            group = record.substr(0, RecordKey::group_size);
        }
        if (unit != key.unit) {
            unit = key.unit;
            window.reset();
            const Rule& rule = compiled_.rules.rules[key.unit];
            if (rule.correlation) {
                window.emplace(rule, compiled_.graph.bases(key.unit), compiled_.graph.makes_findings(key.unit), store_,
                    details_, static_cast<HitSink&>(*this));
            }
        }
        return window ? window->add(key, record) : rollup.add(key, record);
    };
    TRY_VOID(rounds_[round].drain([&](std::string_view record) {
        outcome = visit(record);
        return outcome.has_value();
    }));
    TRY_VOID(outcome);
    TRY_VOID(end_group());
    // Gives its memory back.
    rounds_[round] = base::SpillSort(compiled_.options.temp_folder, 0, RecordKey::size);
    return {};
}

base::Result<void> Merger::hit(const RecordKey& key, RecordBody body, const OwnBlock& own, Crossing crossing)
{
    const Rule& outer = compiled_.rules.rules[key.unit];
    // Counting counts bursts; the others must see that a burst still goes on when the next thing happens.
    if (crossing == Crossing::again && outer.correlation->type == CorrelationType::event_count) {
        return {};
    }
    body.level = outer.level;
    body.own = 0;
    if (!own.extras.empty() || !own.outers.empty()) {
        DetailWriter writer;
        writer.add_own(own);
        body.own = details_.end();
        TRY_VOID(details_.append(writer.bytes()));
    }
    std::string record;
    append_record(record, key, body);
    return rounds_[compiled_.graph.depth(key.unit)].add(record);
}

} // namespace

std::unique_ptr<event::Collector> make_merger(const Compiled& compiled, FindingSink& sink)
{
    return std::make_unique<Merger>(compiled, sink);
}

} // namespace trawl::detect::engine
