#include <doctest/doctest.h>

#include "detect/engine/condition.h"

using trawl::detect::engine::accept;
using trawl::detect::engine::Forest;
using trawl::detect::engine::Known;
using trawl::detect::engine::Step;
using trawl::detect::engine::TreeId;

namespace {

bool run(const std::vector<Step>& steps, std::int32_t at, const std::vector<bool>& outcomes, std::vector<int>& asked)
{
    while (at >= 0) {
        const Step& step = steps[static_cast<std::size_t>(at)];
        ++asked[step.leaf];
        at = outcomes[step.leaf] ? step.on_true : step.on_false;
    }
    return at == accept;
}

} // namespace

TEST_CASE("equal trees are one, whatever the order of their operands")
{
    Forest forest;
    const TreeId a = forest.leaf(0, 10);
    const TreeId b = forest.leaf(1, 20);
    CHECK(forest.conjunction({a, b}) == forest.conjunction({b, a, a}));
    CHECK(forest.conjunction({a, b}) != forest.disjunction({a, b}));
    CHECK(forest.conjunction({forest.conjunction({a, b}), a}) == forest.conjunction({a, b}));
    CHECK(forest.negation(forest.negation(a)) == a);
}

TEST_CASE("constants fold")
{
    Forest forest;
    const TreeId a = forest.leaf(0, 10);
    CHECK(forest.conjunction({a, Forest::never}) == Forest::never);
    CHECK(forest.conjunction({a, Forest::always}) == a);
    CHECK(forest.disjunction({a, Forest::always}) == Forest::always);
    CHECK(forest.disjunction({}) == Forest::never);
    CHECK(forest.conjunction({}) == Forest::always);
    CHECK(forest.negation(Forest::never) == Forest::always);
}

TEST_CASE("a program tests what its tree says, cheap leaves first, each way of outcomes")
{
    Forest forest;
    const TreeId a = forest.leaf(0, 30);
    const TreeId b = forest.leaf(1, 20);
    const TreeId c = forest.leaf(2, 10);
    // (a or b) and not c
    const TreeId tree = forest.conjunction({forest.disjunction({a, b}), forest.negation(c)});
    CHECK(forest.first_leaf(tree) == 2);
    std::vector<Step> steps;
    const std::int32_t entry = forest.append_program(tree, steps);
    for (unsigned bits = 0; bits < 8; ++bits) {
        const std::vector<bool> outcomes = {(bits & 1U) != 0, (bits & 2U) != 0, (bits & 4U) != 0};
        std::vector<int> asked(3, 0);
        CHECK(run(steps, entry, outcomes, asked) == ((outcomes[0] || outcomes[1]) && !outcomes[2]));
        CHECK(asked[2] == 1);
        CHECK(asked[0] <= 1);
        if (outcomes[2]) {
            CHECK(asked[0] + asked[1] == 0);
        }
    }
}

TEST_CASE("simplifying puts in what is known")
{
    Forest forest;
    const TreeId a = forest.leaf(0, 1);
    const TreeId b = forest.leaf(1, 2);
    const TreeId c = forest.leaf(2, 3);
    const TreeId tree = forest.disjunction({forest.conjunction({a, b}), forest.conjunction({forest.negation(a), c})});
    std::vector<Known> known(3, Known::open);
    CHECK(forest.simplify(tree, known) == tree);
    known[0] = Known::yes;
    CHECK(forest.simplify(tree, known) == b);
    known[0] = Known::no;
    CHECK(forest.simplify(tree, known) == c);
    known[2] = Known::no;
    CHECK(forest.simplify(tree, known) == Forest::never);
}

TEST_CASE("a constant condition needs no steps")
{
    Forest forest;
    std::vector<Step> steps;
    CHECK(forest.append_program(Forest::always, steps) == accept);
    CHECK(forest.append_program(Forest::never, steps) == trawl::detect::engine::reject);
    CHECK(steps.empty());
}
