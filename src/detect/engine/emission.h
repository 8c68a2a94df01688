#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/result.h"
#include "detect/engine/condition.h"
#include "detect/engine/leaf_table.h"
#include "detect/engine/match_record.h"
#include "detect/engine/message_template.h"
#include "detect/rules/rule.h"
#include "event/columns.h"

namespace trawl::detect::engine {

// One thing that a match of a rule goes into: the roll-up of the rule itself, or a correlation over it. `outers`: the
// correlations over that correlation, whose keys are taken from the same event.
struct Emission {
    std::uint32_t unit = 0;
    bool is_correlation = false;
    bool needs_denied = false;           // It or an outer one has a level for denied events.
    std::vector<event::ColumnId> group;
    std::vector<event::ColumnId> values;
    MessageTemplate message;
    std::vector<Emission> outers;
};

// What a match of one rule means.
struct RulePlan {
    event::Level level = event::Level::informational;
    std::optional<event::Level> level_if_denied;
    std::vector<std::pair<TreeId, event::Level>> level_cases;
    std::vector<Emission> emissions;
};

// How the rules hang together: which are needed for an answer at `level`, which correlation stands on which.
class RuleGraph {
public:
    // Errors: "rule" (a correlation over itself or over a rule that is not there).
    static base::Result<RuleGraph> create(const RuleSet& rules, event::Level level, bool only_matches);

    // Indexes of the base rules of a correlation.
    const std::vector<std::size_t>& bases(std::size_t correlation) const { return bases_[correlation]; }
    // Correlations directly over a rule.
    const std::vector<std::size_t>& outers(std::size_t rule) const { return outers_[rule]; }
    // 0 for what stands on events alone, else one more than the deepest correlation below.
    std::size_t depth(std::size_t rule) const { return depths_[rule]; }
    bool is_needed(std::size_t rule) const { return needed_[rule]; }
    // Whether its hits become findings themselves.
    bool makes_findings(std::size_t rule) const { return makes_findings_[rule]; }

private:
    base::Result<void> find_depth(const RuleSet& rules, std::size_t rule, std::vector<std::uint8_t>& marks);

    std::vector<std::vector<std::size_t>> bases_;
    std::vector<std::vector<std::size_t>> outers_;
    std::vector<std::size_t> depths_;
    std::vector<bool> needed_;
    std::vector<bool> makes_findings_;
};

// The emissions of a rule's matches; adds their columns to `projection`.
std::vector<Emission> plan_emissions(
    const RuleSet& rules, const RuleGraph& graph, std::size_t rule, event::Projection& projection);

// The values of group-by fields in an event, as one hash for each combination (a field of several values puts the event
// into several groups). Empty when a field has no value.
std::vector<base::Hash128> correlation_groups(const std::vector<event::ColumnId>& columns, event::Event& event);
// The values that value_count counts: every combination of which at least one part is there.
std::vector<base::Hash128> counted_values(const std::vector<event::ColumnId>& columns, event::Event& event);
// The key of the roll-up: values as they are, missing ones included.
base::Hash128 rollup_group(const std::vector<event::ColumnId>& columns, event::Event& event);

} // namespace trawl::detect::engine
