#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "detect/engine/column_classes.h"
#include "detect/engine/condition.h"
#include "detect/engine/leaf_table.h"
#include "event/columns.h"

namespace trawl::detect::engine {

// A rule whose condition is judged on each event.
struct JudgedRule {
    std::uint32_t rule = 0;   // Its index in the rule set.
    TreeId condition = Forest::never;
    std::string kind;         // Empty: events of every kind.
    std::string view;         // Not empty: only those that belong to this view of the kind.
};

// What all workers share: the conditions of all rules. Immutable.
struct CompiledRules {
    LeafTable leaves;
    Forest forest;
    std::vector<JudgedRule> rules;
};

// Tells which rules an event matches. One for each worker.
//
// All conditions are evaluated partially, together: a state is the set of conditions that are still open with what is
// left of each. From a state, the class of the next classed column (eventSource, eventName, …) leads to the next state:
// conditions that became false are gone. States are made when an event first needs them and looked up afterwards, as
// in a lazily built automaton, so that most events end after a few look-ups in a state with nothing open. What is still
// open when no condition begins with a classed column runs as short-circuit programs over leaves that are evaluated at
// most once an event.
class Judge {
public:
    explicit Judge(const CompiledRules& rules);

    // Appends the rules (ascending) that match. The event must stay valid until the next begin of a judgement.
    void judge(event::Event& event, std::vector<std::uint32_t>& matched);
    // Evaluates a tree of the compiled forest on the event judged last.
    bool test(TreeId tree, event::Event& event);

private:
    static constexpr std::uint32_t no_state = ~std::uint32_t {0};
    static constexpr std::size_t max_states = 4096;
    static constexpr std::size_t max_trees = 65'536;

    struct Remainder {
        std::uint32_t rule;
        TreeId tree;
        bool operator==(const Remainder&) const = default;
    };
    struct State {
        std::uint32_t slot = LeafTable::no_slot; // The classed column that decides; no_slot: none does.
        bool has_programs = false;
        std::vector<std::uint32_t> next; // By class.
        std::vector<std::uint32_t> certain; // Rules that match whatever else the event holds.
        std::vector<Remainder> open;
        std::vector<Step> steps; // Programs of `open`, made when first run.
        std::vector<std::int32_t> entries; // Where the program of open[i] begins.
    };
    struct Column {
        ColumnClasses classes;
        std::uint32_t generation = 0;
        ClassId current = no_class;
    };
    struct KindRoot {
        std::string kind;
        std::uint32_t state;
    };

    std::uint32_t root_of(std::string_view kind);
    ClassId class_of(std::uint32_t slot, event::Event& event);
    std::uint32_t advance(std::uint32_t from, ClassId class_id);
    std::uint32_t intern(std::vector<Remainder> open, std::vector<std::uint32_t> certain);
    void make_programs(State& state);
    bool run(const Step* steps, std::int32_t entry, event::Event& event);
    bool leaf_holds(LeafId leaf, event::Event& event);
    void begin_event();
    void drop_other_views(event::Event& event, std::vector<std::uint32_t>& matched, std::size_t first) const;
    void forget_states();

    const CompiledRules& rules_;
    Forest forest_;
    std::vector<Column> columns_;
    std::vector<State> states_;
    std::unordered_map<std::string, std::uint32_t> state_ids_;
    std::vector<KindRoot> roots_;
    std::unordered_map<std::uint32_t, std::string> views_; // Rule → the view its events must belong to.
    std::string last_kind_;
    std::uint32_t last_root_ = no_state;
    std::vector<Known> known_; // By leaf; all open between calls of advance().
    std::vector<std::uint32_t> leaf_stamps_; // generation * 2 + outcome
    std::uint32_t generation_ = 0;
    bool must_forget_ = false;
    std::uint32_t gate_limit_ = ~std::uint32_t {0}; // Columns of this rank and above decide no state.
    std::uint64_t judged_ = 0;
    std::uint64_t judged_at_forget_ = 0;
};

} // namespace trawl::detect::engine
