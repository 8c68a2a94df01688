#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "detect/engine/condition.h"
#include "detect/engine/leaf_table.h"
#include "detect/engine/match.h"
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
    std::vector<event::ColumnId> extras;  // Of its message.
    std::vector<Emission> outers;
};

// What a match of one rule means.
struct RulePlan {
    event::Level level = event::Level::informational;
    std::optional<event::Level> level_if_denied;
    std::vector<std::pair<TreeId, event::Level>> level_cases;
    MessageTemplate message;
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

// The message of what a rule or correlation finds; adds its columns to `projection`.
MessageTemplate plan_message(const Rule& rule, event::Projection& projection);
// The emissions of a rule's matches; adds their columns to `projection`. `plans` hold the messages of all rules.
std::vector<Emission> plan_emissions(const RuleSet& rules, const RuleGraph& graph, std::size_t rule,
    const std::vector<RulePlan>& plans, event::Projection& projection);

// Works out the keys of an event. Keeps its buffers, so that the common cases allocate nothing.
class KeyMaker {
public:
    // The groups of a correlation: one, unless a group-by field has several values. None when one has no value.
    void correlation_groups(
        const std::vector<event::ColumnId>& columns, event::Event& event, std::vector<GroupHash>& groups);
    // The values that value_count counts: every combination of which at least one part is there.
    void counted_values(
        const std::vector<event::ColumnId>& columns, event::Event& event, std::vector<std::uint64_t>& values);
    // The key of the roll-up: values as they are, missing ones included.
    GroupHash rollup_group(const std::vector<event::ColumnId>& columns, event::Event& event);

private:
    // What the parts of a key are like.
    enum class Parts : std::uint8_t { all_there, some_missing, all_missing, manifold };

    Parts append_simple(const std::vector<event::ColumnId>& columns, event::Event& event);
    void combine(const std::vector<event::ColumnId>& columns, event::Event& event, std::vector<std::string>& keys);

    std::string key_;
};

} // namespace trawl::detect::engine
