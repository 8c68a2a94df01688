#include "detect/engine/condition.h"

#include <algorithm>
#include <limits>

namespace trawl::detect::engine {

namespace {

void append_number(std::string& key, std::uint32_t number)
{
    for (unsigned shift = 0; shift < 32; shift += 8) {
        key.push_back(static_cast<char>((number >> shift) & 0xFFU));
    }
}

std::uint32_t add_saturated(std::uint32_t a, std::uint32_t b)
{
    const std::uint32_t sum = a + b;
    return sum < a ? std::numeric_limits<std::uint32_t>::max() : sum;
}

} // namespace

Forest::Forest()
{
    intern({Kind::constant, 0, 0, {}});
    intern({Kind::constant, 1, 0, {}});
}

TreeId Forest::intern(Node node)
{
    std::string key;
    key.reserve(5 + node.operands.size() * 4);
    key.push_back(static_cast<char>(node.kind));
    append_number(key, node.leaf);
    for (const TreeId operand : node.operands) {
        append_number(key, operand);
    }
    const auto [entry, is_new] = ids_.try_emplace(std::move(key), static_cast<TreeId>(nodes_.size()));
    if (is_new) {
        nodes_.push_back(std::move(node));
    }
    return entry->second;
}

TreeId Forest::leaf(LeafId leaf, std::uint32_t cost)
{
    return intern({Kind::leaf, leaf, cost, {}});
}

TreeId Forest::negation(TreeId operand)
{
    if (operand == never || operand == always) {
        return operand == never ? always : never;
    }
    if (nodes_[operand].kind == Kind::negation) {
        return nodes_[operand].operands.front();
    }
    return intern({Kind::negation, 0, nodes_[operand].cost, {operand}});
}

TreeId Forest::conjunction(const std::vector<TreeId>& operands)
{
    return combine(Kind::conjunction, operands);
}

TreeId Forest::disjunction(const std::vector<TreeId>& operands)
{
    return combine(Kind::disjunction, operands);
}

TreeId Forest::combine(Kind kind, const std::vector<TreeId>& operands)
{
    const TreeId neutral = kind == Kind::conjunction ? always : never;
    const TreeId deciding = kind == Kind::conjunction ? never : always;
    std::vector<TreeId> kept;
    for (const TreeId operand : operands) {
        if (operand == deciding) {
            return deciding;
        }
        if (operand == neutral) {
            continue;
        }
        const Node& node = nodes_[operand];
        if (node.kind == kind) {
            kept.insert(kept.end(), node.operands.begin(), node.operands.end());
        } else {
            kept.push_back(operand);
        }
    }
    std::sort(kept.begin(), kept.end(),
        [&](TreeId a, TreeId b) { return nodes_[a].cost != nodes_[b].cost ? nodes_[a].cost < nodes_[b].cost : a < b; });
    kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
    if (kept.empty()) {
        return neutral;
    }
    if (kept.size() == 1) {
        return kept.front();
    }
    std::uint32_t cost = 0;
    for (const TreeId operand : kept) {
        cost = add_saturated(cost, nodes_[operand].cost);
    }
    return intern({kind, 0, cost, std::move(kept)});
}

TreeId Forest::simplify(TreeId tree, std::span<const Known> known)
{
    const Kind kind = nodes_[tree].kind;
    if (kind == Kind::constant) {
        return tree;
    }
    if (kind == Kind::leaf) {
        const Known outcome = known[nodes_[tree].leaf];
        return outcome == Known::open ? tree : (outcome == Known::yes ? always : never);
    }
    // Making trees moves the nodes, so that the operands are copied.
    std::vector<TreeId> operands = nodes_[tree].operands;
    bool changed = false;
    const TreeId deciding = kind == Kind::conjunction ? never : always;
    for (TreeId& operand : operands) {
        const TreeId simpler = simplify(operand, known);
        if (kind != Kind::negation && simpler == deciding) {
            return deciding;
        }
        changed = changed || simpler != operand;
        operand = simpler;
    }
    if (!changed) {
        return tree;
    }
    return kind == Kind::negation ? negation(operands.front()) : combine(kind, std::move(operands));
}

LeafId Forest::first_leaf(TreeId tree) const
{
    const Node* node = &nodes_[tree];
    while (node->kind != Kind::leaf) {
        node = &nodes_[node->operands.front()];
    }
    return node->leaf;
}

std::int32_t Forest::append_program(TreeId tree, std::vector<Step>& steps) const
{
    return append_program(tree, accept, reject, steps);
}

std::int32_t Forest::append_program(
    TreeId tree, std::int32_t on_true, std::int32_t on_false, std::vector<Step>& steps) const
{
    const Node& node = nodes_[tree];
    switch (node.kind) {
    case Kind::constant: return tree == always ? on_true : on_false;
    case Kind::leaf:
        steps.push_back({node.leaf, on_true, on_false});
        return static_cast<std::int32_t>(steps.size()) - 1;
    case Kind::negation: return append_program(node.operands.front(), on_false, on_true, steps);
    case Kind::conjunction:
    case Kind::disjunction: break;
    }
    // From the last operand to the first, so that each knows where the next one begins.
    std::int32_t entry = node.kind == Kind::conjunction ? on_true : on_false;
    for (auto operand = node.operands.rbegin(); operand != node.operands.rend(); ++operand) {
        entry = node.kind == Kind::conjunction ? append_program(*operand, entry, on_false, steps)
                                               : append_program(*operand, on_true, entry, steps);
    }
    return entry;
}

} // namespace trawl::detect::engine
