#include "detect/engine/judge.h"

#include <algorithm>
#include <cstring>

namespace trawl::detect::engine {

namespace {

// The stamp of a leaf holds the generation and one bit.
constexpr std::uint32_t last_generation = (std::uint32_t {1} << 31U) - 1;
// States that outgrow their bound within fewer events than this cost more than they save.
constexpr std::uint64_t wanted_events = 200'000;
// eventSource and eventName always decide.
constexpr std::uint32_t least_gate_limit = 2;

} // namespace

Judge::Judge(const CompiledRules& rules)
    : rules_(rules),
      forest_(rules.forest),
      known_(rules.leaves.size(), Known::open),
      leaf_stamps_(rules.leaves.size(), 0)
{
    columns_.reserve(rules.leaves.classed_columns().size());
    for (const ClassedColumn& column : rules.leaves.classed_columns()) {
        columns_.push_back({ColumnClasses(rules.leaves, column), 0, no_class});
    }
    for (const JudgedRule& rule : rules.rules) {
        if (!rule.view.empty()) {
            views_.emplace(rule.rule, rule.view);
        }
    }
}

void Judge::begin_event()
{
    if (generation_ == last_generation) {
        std::fill(leaf_stamps_.begin(), leaf_stamps_.end(), 0);
        for (Column& column : columns_) {
            column.generation = 0;
        }
        generation_ = 0;
    }
    ++generation_;
    ++judged_;
    if (must_forget_) {
        forget_states();
    }
}

void Judge::judge(event::Event& event, std::vector<std::uint32_t>& matched)
{
    begin_event();
    const std::string_view kind = event.kind();
    if (last_root_ == no_state || kind != last_kind_) {
        last_root_ = root_of(kind);
        last_kind_ = kind;
    }
    std::uint32_t at = last_root_;
    while (states_[at].slot != LeafTable::no_slot) {
        const ClassId class_id = class_of(states_[at].slot, event);
        if (class_id == no_class) {
            break;
        }
        const State& state = states_[at];
        const std::uint32_t next = class_id < state.next.size() ? state.next[class_id] : no_state;
        at = next != no_state ? next : advance(at, class_id);
    }
    State& state = states_[at];
    if (state.certain.empty() && state.open.empty()) {
        return;
    }
    const std::size_t before = matched.size();
    matched.insert(matched.end(), state.certain.begin(), state.certain.end());
    if (!state.open.empty()) {
        if (!state.has_programs) {
            make_programs(state);
        }
        for (std::size_t i = 0; i < state.open.size(); ++i) {
            if (run(state.steps.data(), state.entries[i], event)) {
                matched.push_back(state.open[i].rule);
            }
        }
    }
    if (!views_.empty()) {
        drop_other_views(event, matched, before);
    }
    std::sort(matched.begin() + static_cast<std::ptrdiff_t>(before), matched.end());
}

void Judge::drop_other_views(event::Event& event, std::vector<std::uint32_t>& matched, std::size_t first) const
{
    const auto end = std::remove_if(
        matched.begin() + static_cast<std::ptrdiff_t>(first), matched.end(), [this, &event](std::uint32_t rule) {
            const auto view = views_.find(rule);
            return view != views_.end() && !event.belongs_to(view->second);
        });
    matched.erase(end, matched.end());
}

bool Judge::test(TreeId tree, event::Event& event)
{
    std::vector<Step> steps;
    const std::int32_t entry = rules_.forest.append_program(tree, steps);
    return run(steps.data(), entry, event);
}

bool Judge::run(const Step* steps, std::int32_t entry, event::Event& event)
{
    while (entry >= 0) {
        const Step& step = steps[entry];
        entry = leaf_holds(step.leaf, event) ? step.on_true : step.on_false;
    }
    return entry == accept;
}

bool Judge::leaf_holds(LeafId leaf, event::Event& event)
{
    std::uint32_t& stamp = leaf_stamps_[leaf];
    if ((stamp >> 1U) == generation_) {
        return (stamp & 1U) != 0;
    }
    const std::uint32_t slot = rules_.leaves.slot_of(leaf);
    const ClassId class_id = slot == LeafTable::no_slot ? no_class : class_of(slot, event);
    const bool holds = class_id == no_class ? rules_.leaves.test(leaf, event)
                                            : columns_[slot].classes.test(class_id, rules_.leaves.bit_of(leaf));
    stamp = generation_ * 2 + (holds ? 1 : 0);
    return holds;
}

ClassId Judge::class_of(std::uint32_t slot, event::Event& event)
{
    Column& column = columns_[slot];
    if (column.generation == generation_) {
        return column.current;
    }
    column.generation = generation_;
    if (column.classes.is_retired()) {
        column.current = no_class;
        return no_class;
    }
    column.current = column.classes.classify(event);
    if (column.classes.is_retired()) {
        // States must no longer be decided by it.
        must_forget_ = true;
    }
    return column.current;
}

std::uint32_t Judge::root_of(std::string_view kind)
{
    for (const KindRoot& root : roots_) {
        if (root.kind == kind) {
            return root.state;
        }
    }
    std::vector<Remainder> open;
    std::vector<std::uint32_t> certain;
    for (const JudgedRule& rule : rules_.rules) {
        // A view may have records of its own beside those of the kind that it is a view of.
        const bool is_asked = rule.kind.empty() || rule.kind == kind || (!rule.view.empty() && rule.view == kind);
        if (!is_asked || rule.condition == Forest::never) {
            continue;
        }
        if (rule.condition == Forest::always) {
            certain.push_back(rule.rule);
        } else {
            open.push_back({rule.rule, rule.condition});
        }
    }
    const std::uint32_t state = intern(std::move(open), std::move(certain));
    roots_.push_back({std::string(kind), state});
    return state;
}

std::uint32_t Judge::advance(std::uint32_t from, ClassId class_id)
{
    const std::uint32_t slot = states_[from].slot;
    const ColumnClasses& classes = columns_[slot].classes;
    const std::vector<LeafId>& leaves = rules_.leaves.classed_columns()[slot].leaves;
    for (std::uint32_t bit = 0; bit < leaves.size(); ++bit) {
        known_[leaves[bit]] = classes.test(class_id, bit) ? Known::yes : Known::no;
    }
    std::vector<Remainder> open;
    std::vector<std::uint32_t> certain = states_[from].certain;
    for (const Remainder& remainder : states_[from].open) {
        const TreeId tree = forest_.simplify(remainder.tree, known_);
        if (tree == Forest::always) {
            certain.push_back(remainder.rule);
        } else if (tree != Forest::never) {
            open.push_back({remainder.rule, tree});
        }
    }
    for (const LeafId leaf : leaves) {
        known_[leaf] = Known::open;
    }
    std::sort(certain.begin(), certain.end());
    const std::uint32_t to = intern(std::move(open), std::move(certain));
    std::vector<std::uint32_t>& next = states_[from].next;
    if (next.size() <= class_id) {
        next.resize(class_id + 1, no_state);
    }
    next[class_id] = to;
    must_forget_ = must_forget_ || states_.size() > max_states || forest_.size() > max_trees;
    return to;
}

std::uint32_t Judge::intern(std::vector<Remainder> open, std::vector<std::uint32_t> certain)
{
    std::string key;
    key.resize(certain.size() * sizeof(std::uint32_t) + open.size() * sizeof(Remainder) + sizeof(std::size_t));
    const std::size_t count = certain.size();
    char* out = key.data();
    std::memcpy(out, &count, sizeof count);
    out += sizeof count;
    if (!certain.empty()) {
        std::memcpy(out, certain.data(), certain.size() * sizeof(std::uint32_t));
        out += certain.size() * sizeof(std::uint32_t);
    }
    if (!open.empty()) {
        std::memcpy(out, open.data(), open.size() * sizeof(Remainder));
    }
    const auto [known, is_new] = state_ids_.try_emplace(std::move(key), static_cast<std::uint32_t>(states_.size()));
    if (!is_new) {
        return known->second;
    }
    State state;
    std::uint32_t best_rank = ~std::uint32_t {0};
    for (const Remainder& remainder : open) {
        const std::uint32_t slot = rules_.leaves.slot_of(forest_.first_leaf(remainder.tree));
        if (slot == LeafTable::no_slot || columns_[slot].classes.is_retired()) {
            continue;
        }
        const std::uint32_t rank = rules_.leaves.classed_columns()[slot].rank;
        if (rank < best_rank && rank < gate_limit_) {
            best_rank = rank;
            state.slot = slot;
        }
    }
    state.open = std::move(open);
    state.certain = std::move(certain);
    states_.push_back(std::move(state));
    return known->second;
}

void Judge::make_programs(State& state)
{
    for (const Remainder& remainder : state.open) {
        state.entries.push_back(forest_.append_program(remainder.tree, state.steps));
    }
    state.has_programs = true;
}

void Judge::forget_states()
{
    const bool is_outgrown = states_.size() > max_states || forest_.size() > max_trees;
    if (is_outgrown && judged_ - judged_at_forget_ < wanted_events) {
        // Too many combinations: fewer columns make the states, the others are left to the programs.
        std::uint32_t highest = least_gate_limit;
        for (const State& state : states_) {
            if (state.slot != LeafTable::no_slot) {
                highest = std::max(highest, rules_.leaves.classed_columns()[state.slot].rank);
            }
        }
        gate_limit_ = std::max(least_gate_limit, highest / 2);
    }
    judged_at_forget_ = judged_;
    forest_ = rules_.forest;
    states_.clear();
    state_ids_.clear();
    roots_.clear();
    last_root_ = no_state;
    must_forget_ = false;
}

} // namespace trawl::detect::engine
