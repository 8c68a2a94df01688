#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace trawl::detect::engine {

using LeafId = std::uint32_t;
using TreeId = std::uint32_t;

// What is known of a leaf before it is evaluated.
enum class Known : std::uint8_t { open, no, yes };

// One test of a condition's program: a leaf, and where its outcome leads (a step, or one of the two ends below).
struct Step {
    LeafId leaf;
    std::int32_t on_true;
    std::int32_t on_false;
};
constexpr std::int32_t accept = -1;
constexpr std::int32_t reject = -2;

// Conditions of rules as boolean trees over numbered leaves. Equal trees have one id, so that rules that are reduced to
// the same remainder can be told by comparing numbers. Operands are kept in the order of their cost.
class Forest {
public:
    static constexpr TreeId never = 0;
    static constexpr TreeId always = 1;

    Forest();

    TreeId leaf(LeafId leaf, std::uint32_t cost);
    TreeId negation(TreeId operand);
    TreeId conjunction(const std::vector<TreeId>& operands);
    TreeId disjunction(const std::vector<TreeId>& operands);

    // The tree that is left when the leaves of `known` (by LeafId) that are not open are put in.
    TreeId simplify(TreeId tree, std::span<const Known> known);

    // The leaf that the tree's program tests first. The tree is neither `never` nor `always`.
    LeafId first_leaf(TreeId tree) const;

    // Appends the short-circuit program of the tree; returns its first step, or an end for a constant.
    std::int32_t append_program(TreeId tree, std::vector<Step>& steps) const;

    // Number of trees, for those who must bound it.
    std::size_t size() const { return nodes_.size(); }

private:
    enum class Kind : std::uint8_t { constant, leaf, negation, conjunction, disjunction };
    struct Node {
        Kind kind;
        LeafId leaf;
        std::uint32_t cost;
        std::vector<TreeId> operands;
    };

    TreeId intern(Node node);
    TreeId combine(Kind kind, const std::vector<TreeId>& operands);
    std::int32_t append_program(
        TreeId tree, std::int32_t on_true, std::int32_t on_false, std::vector<Step>& steps) const;

    std::vector<Node> nodes_;
    std::unordered_map<std::string, TreeId> ids_;
};

} // namespace trawl::detect::engine
