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
    event::Projection recall_projection;  // Of events that are read again.
    EventColumns recall_columns;
};

// Matches of a run, without the events.
struct GatheredMatches : event::Gathered {
    enum class Kind : std::uint8_t {
        match,
        left_out, // An event that a correlation cannot take: no group, no time.
        line      // A line of --matches.
    };
    struct Entry {
        std::uint32_t index = 0; // Of the event in its run.
        Kind kind = Kind::match;
        GroupKey key;            // Of a line, the unit is the rule.
        Match match; // Its order and places are set when the run is merged. Of a line, `event` is where it begins.
    };
    std::vector<Entry> entries;
    std::string lines;
    DetailWriter details;
};

std::unique_ptr<event::Consumer> make_worker(const Compiled& compiled);

// Writes an event's block: what every finding wants of it.
std::uint64_t describe_event(event::Event& event, const EventColumns& columns, DetailWriter& details);

} // namespace trawl::detect::engine
