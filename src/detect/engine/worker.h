#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "detect/engine/detail_store.h"
#include "detect/engine/emission.h"
#include "detect/engine/judge.h"
#include "detect/engine/scan.h"
#include "event/consumer.h"

namespace trawl::detect::engine {

// Columns that every finding wants of its events, whatever the rule.
struct EventColumns {
    event::ColumnId event_id = 0;         // eventID
    event::ColumnId common_event_id = 0;  // @event_id, of kinds without eventID
    event::ColumnId account = 0;
    event::ColumnId region = 0;
    event::ColumnId principal = 0;
    event::ColumnId source_ip = 0;
    event::ColumnId resource = 0;
    event::ColumnId action = 0;
    event::ColumnId outcome = 0;
    event::ColumnId error = 0;
    event::ColumnId denied = 0;
};

// What a scan compiled. Immutable; workers and the collector share it.
struct Compiled {
    RuleSet rules;
    ScanOptions options;
    RuleGraph graph;
    event::Projection projection;
    CompiledRules judged;
    std::vector<RulePlan> plans;          // By rule.
    EventColumns columns;
};

// Matches of a run, without the events.
struct GatheredMatches : event::Gathered {
    enum class Kind : std::uint8_t {
        record,          // A match record; its order and place are set when the run is merged.
        left_out,        // An event that a correlation cannot take: no group, no time.
        line             // A line of --matches.
    };
    struct Entry {
        std::uint32_t index = 0;   // Of the event in its run.
        Kind kind = Kind::record;
        std::uint32_t unit = 0;    // Or the rule, of a line.
        std::size_t start = 0;     // Into records; up to the next entry's.
    };
    std::vector<Entry> entries;
    std::string records;
    DetailWriter details;
};

std::unique_ptr<event::Consumer> make_worker(const Compiled& compiled);

} // namespace trawl::detect::engine
