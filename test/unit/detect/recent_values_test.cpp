#include <cstdint>
#include <map>

#include <doctest/doctest.h>

#include "detect/engine/recent_values.h"

namespace trawl::detect::engine {

TEST_CASE("recent values: a value counts once and goes when it is too old")
{
    RecentValues values(10);
    values.see(1, 100);
    values.see(2, 110);
    values.see(1, 120);
    CHECK(values.size() == 2);
    values.forget_before(111);
    CHECK(values.size() == 1);
    values.forget_before(120);
    CHECK(values.size() == 1);
    values.forget_before(121);
    CHECK(values.size() == 0);
}

TEST_CASE("recent values: beyond the bound the one not seen for longest goes")
{
    RecentValues values(2);
    values.see(1, 1);
    values.see(2, 2);
    values.see(1, 3);
    values.see(3, 4);
    CHECK(values.size() == 2);
    // 2 is gone: 1 and 3 are left.
    values.forget_before(4);
    CHECK(values.size() == 1);
}

TEST_CASE("recent values: many values that collide behave as a plain map")
{
    RecentValues values(1000);
    std::map<std::uint64_t, base::Time> expected;
    std::uint64_t state = 7;
    for (base::Time now = 0; now < 20'000; ++now) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        // Few low bits, so that they fall on the same places.
        const std::uint64_t value = (state >> 40U) % 700 * 64;
        values.see(value, now);
        expected[value] = now;
        if (now % 7 == 0) {
            const base::Time begin = now - static_cast<base::Time>(state >> 54U);
            values.forget_before(begin);
            std::erase_if(expected, [begin](const auto& entry) { return entry.second < begin; });
        }
        REQUIRE(values.size() == expected.size());
    }
    values.clear();
    CHECK(values.size() == 0);
    values.see(64, 1);
    CHECK(values.size() == 1);
}

} // namespace trawl::detect::engine
