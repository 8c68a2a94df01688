#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/arena.h"

using trawl::base::Arena;

TEST_CASE("Copies stay as they are until the reset")
{
    Arena arena;
    std::vector<std::string_view> views;
    std::vector<std::string> expected;
    for (std::size_t i = 0; i < 5000; ++i) {
        expected.emplace_back(i % 97, static_cast<char>('a' + i % 26));
        views.push_back(arena.copy(expected.back()));
    }
    const std::string large(1'000'000, 'L');
    const std::string_view large_view = arena.copy(large);
    CHECK(std::equal(views.begin(), views.end(), expected.begin(), expected.end()));
    CHECK(large_view == large);
    CHECK(arena.copy("").empty());
}

TEST_CASE("Bytes are aligned for any value")
{
    Arena arena;
    for (const std::size_t size : {1U, 7U, 16U, 17U, 100'000U, 3U}) {
        CHECK(reinterpret_cast<std::uintptr_t>(arena.allocate(size)) % alignof(std::max_align_t) == 0);
    }
}

TEST_CASE("What shrinks is given out again, the newest alone")
{
    Arena arena;
    char* const first = arena.allocate(1000);
    arena.shrink(first, 1000, 10);
    char* const second = arena.allocate(8);
    CHECK(second == first + 16);
    char* const third = arena.allocate(64);
    arena.shrink(second, 8, 0);
    CHECK(arena.allocate(8) > third);
}

TEST_CASE("A reset keeps a block, not a huge one")
{
    Arena arena;
    arena.reset();
    char* const first = arena.allocate(10);
    arena.allocate(200'000);
    arena.reset();
    CHECK(arena.allocate(10) == first);
    Arena huge;
    huge.allocate(10'000'000);
    huge.reset();
    CHECK(huge.copy("after") == "after");
}

TEST_CASE("A moved arena takes its bytes along")
{
    Arena first;
    const std::string_view kept = first.copy("kept");
    Arena second = std::move(first);
    const std::string_view other = first.copy("other"); // NOLINT(bugprone-use-after-move): it must be as new.
    CHECK(second.copy("more") == "more");
    CHECK(kept == "kept");
    CHECK(other == "other");
    first = std::move(second);
    CHECK(kept == "kept");
}
