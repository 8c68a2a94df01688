#include <doctest/doctest.h>

#include "rules_fixture.h"

namespace trawl::test {

namespace {

// Selections a, b, c and filter_1 look for 1 in the field of their name.
ReadResult read_condition(std::string_view condition)
{
    return read(rule_of("  a: {a: 1}\n  b: {b: 1}\n  c: {c: 1}\n  filter_1: {f: 1}\n  _hidden: {h: 1}\n  condition: "
        + std::string(condition) + "\n"));
}

bool holds(std::string_view condition, std::string_view record)
{
    return matches(read_condition(condition), record);
}

} // namespace

TEST_CASE("precedence: or < and < not < parentheses")
{
    CHECK(holds("a or b and c", R"({"a":1})"));
    CHECK_FALSE(holds("(a or b) and c", R"({"a":1})"));
    CHECK(holds("not a and b", R"({"b":1})"));
    CHECK_FALSE(holds("not (a and b)", R"({"a":1,"b":1})"));
    CHECK(holds("not a or b", R"({"a":1,"b":1})"));
    CHECK(holds("not not a", R"({"a":1})"));
    CHECK(holds("a AND NOT b OR c", R"({"a":1})"));
    CHECK(holds("((a))", R"({"a":1})"));
}

TEST_CASE("1 of, any of, all of; them leaves out names that begin with _")
{
    CHECK(holds("1 of them", R"({"f":1})"));
    CHECK_FALSE(holds("1 of them", R"({"h":1})"));
    CHECK(holds("any of *_1", R"({"f":1})"));
    CHECK(holds("all of them", R"({"a":1,"b":1,"c":1,"f":1})"));
    CHECK(holds("a and not 1 of filter_*", R"({"a":1})"));
    CHECK_FALSE(holds("a and not 1 of filter*", R"({"a":1,"f":1})"));
    CHECK(holds("1 of _hid*", R"({"h":1})"));
    CHECK(holds("1 of filter_1 or a", R"({"f":1})"));
}

TEST_CASE("lists of maps are alternatives, lists of conditions too")
{
    const ReadResult maps = read(rule_of("  s:\n    - x: 1\n      y: 1\n    - z: 1\n  condition: s\n"));
    CHECK(matches(maps, R"({"z":1})"));
    CHECK(matches(maps, R"({"x":1,"y":1})"));
    CHECK_FALSE(matches(maps, R"({"x":1})"));
    const ReadResult conditions = read(rule_of("  a: {x: 1}\n  b: {y: 1}\n  condition:\n    - a\n    - b\n"));
    CHECK(matches(conditions, R"({"y":1})"));
}

TEST_CASE("a selection may be called like a word of the language")
{
    CHECK(matches(read(rule_of("  of: {x: 1}\n  condition: of\n")), R"({"x":1})"));
    CHECK(matches(read(rule_of("  all: {x: 1}\n  near: {y: 1}\n  condition: all and near\n")), R"({"x":1,"y":1})"));
}

TEST_CASE("wrong conditions are told with their place")
{
    CHECK(read_condition("a and").codes() == "E510");
    CHECK(read_condition("and a").codes() == "E510");
    CHECK(read_condition("a b").codes() == "E510");
    CHECK(read_condition("(a").codes() == "E510");
    CHECK(read_condition("a)").codes() == "E510");
    CHECK(read_condition("''").codes() == "E510");
    CHECK(read_condition("filter_*").codes() == "E510");
    CHECK(read_condition("2 of filter_*").codes() == "E510");
    CHECK(read_condition("1 of").codes() == "E510");
    CHECK(read_condition("1 of nothing*").codes() == "E511");
    CHECK(read_condition("a | near b").codes() == "E518");
    CHECK(read_condition("a | sum(x) > 5").codes() == "E518");
    CHECK(read_condition("a | count() by x").codes() == "E510");
    CHECK(read_condition("a | count() by x > 5").codes() == "E519");
    CHECK(read_condition(std::string(5000, '(') + "a").codes() == "E503");
    CHECK(read_condition("[]").codes() == "E509");

    const std::string text = rule_of("  selection: {a: 1}\n  condition: \"not selecton\"\n");
    const ReadResult wrong = read(text);
    REQUIRE(wrong.codes() == "E511");
    CHECK(text.substr(wrong.diagnostics[0].span.start, wrong.diagnostics[0].span.length) == "selecton");
    CHECK(wrong.diagnostics[0].help == "Did you mean 'selection'?");
    CHECK(wrong.diagnostics[0].file == "rule.yml");
    CHECK(wrong.set.rules.empty());
}

TEST_CASE("many mentions of large selections are bounded")
{
    std::string values;
    for (int i = 0; i < 2000; ++i) {
        values += "      - v" + std::to_string(i) + "\n";
    }
    std::string condition = "s";
    for (int i = 0; i < 1000; ++i) {
        condition += " or s";
    }
    CHECK(read(rule_of("  s:\n    a:\n" + values + "  condition: " + condition + "\n")).codes() == "E528");
}

} // namespace trawl::test
