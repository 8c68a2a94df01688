#include <filesystem>
#include <tuple>

#include <doctest/doctest.h>

#include "detect/engine/match_store.h"

namespace trawl::test {

using detect::engine::GroupKey;
using detect::engine::Match;
using detect::engine::MatchStore;

namespace {

using Row = std::tuple<std::uint32_t, char, bool, base::Time, std::uint64_t, std::uint32_t, std::uint64_t>;

GroupKey key(std::uint32_t unit, char group)
{
    GroupKey made;
    made.unit = unit;
    made.group.fill(group);
    return made;
}

std::vector<Row> drain(MatchStore& store)
{
    std::vector<Row> rows;
    const auto drained = store.drain([&](const GroupKey& group, const Match& match) -> base::Result<void> {
        rows.emplace_back(group.unit, group.group[0], match.has_time, match.time, match.order, match.rule, match.value);
        return {};
    });
    CHECK(drained.has_value());
    return rows;
}

std::vector<Row> rows_of(std::size_t memory_bytes)
{
    MatchStore store(std::filesystem::temp_directory_path().string(), memory_bytes);
    for (std::uint32_t i = 0; i < 5000; ++i) {
        Match match;
        match.has_time = i % 11 != 0;
        match.time = match.has_time ? static_cast<base::Time>(i * 7919 % 1000) - 500 : 0;
        match.order = i / 2;
        match.rule = i % 4;
        match.value = i % 2; // Ties stay in the order they came.
        match.event = i;
        CHECK(store.add(key(i % 3, static_cast<char>('a' + i % 17)), match).has_value());
    }
    return drain(store);
}

} // namespace

TEST_CASE("matches come by group, then by time, those without time last, then in path order")
{
    MatchStore store("/tmp", 1 << 20);
    const auto add = [&store](std::uint32_t unit, char group, base::Time time, std::uint64_t order, bool has_time) {
        Match match;
        match.time = time;
        match.order = order;
        match.has_time = has_time;
        CHECK(store.add(key(unit, group), match).has_value());
    };
    add(2, 'a', 5, 0, true);
    add(1, 'b', 9, 1, true);
    add(1, 'a', 0, 2, false);
    add(1, 'a', 7, 4, true);
    add(1, 'a', 7, 3, true);
    add(1, 'a', -7, 5, true);
    const std::vector<Row> expected
        = {{1, 'a', true, -7, 5, 0, 0}, {1, 'a', true, 7, 3, 0, 0}, {1, 'a', true, 7, 4, 0, 0},
            {1, 'a', false, 0, 2, 0, 0}, {1, 'b', true, 9, 1, 0, 0}, {2, 'a', true, 5, 0, 0, 0}};
    CHECK(drain(store) == expected);
    CHECK(drain(store).empty());
}

TEST_CASE("what does not fit in memory comes in the same order")
{
    const std::vector<Row> expected = rows_of(64 << 20);
    CHECK(expected.size() == 5000);
    for (const std::size_t memory : {1u << 10, 20u << 10, 200u << 10}) {
        CHECK(rows_of(memory) == expected);
    }
}

} // namespace trawl::test
