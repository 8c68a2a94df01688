#include <doctest/doctest.h>

#include "base/hash.h"

using trawl::base::hash128;
using trawl::base::hash64;

TEST_CASE("Hashes are those of XXH3 on every machine")
{
    // The published values of the empty input.
    CHECK(hash64("") == 0x2D06800538D394C2ULL);
    CHECK(hash128("").low == 0x6001C324468D497FULL);
    CHECK(hash128("").high == 0x99AA06D3014798D8ULL);
}

TEST_CASE("Seed, length and every byte count")
{
    CHECK(hash64("a") != hash64("b"));
    CHECK(hash64("a") != hash64("a", 1));
    CHECK(hash64(std::string_view("a\0", 2)) != hash64("a"));
    CHECK(hash64(std::string_view()) == hash64(""));
    CHECK_FALSE(hash128("a") == hash128("a", 1));
    CHECK(hash128("abc") == hash128(std::string_view("abcd").substr(0, 3)));
}
