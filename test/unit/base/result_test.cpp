#include <memory>

#include <doctest/doctest.h>

#include "base/result.h"

using trawl::base::fail;
using trawl::base::Result;

namespace {

Result<std::unique_ptr<int>> make(int number)
{
    if (number < 0) {
        return fail("negative", "below zero");
    }
    return std::make_unique<int>(number);
}

Result<void> check(int number)
{
    TRY(const auto first, make(number));
    TRY(const auto second, make(*first - 1));
    return {};
}

Result<int> twice(int number)
{
    TRY_VOID(check(number));
    TRY(const std::unique_ptr<int> made, make(number));
    return *made * 2;
}

} // namespace

TEST_CASE("TRY gives the value or passes the error on")
{
    const auto good = twice(3);
    REQUIRE(good.has_value());
    CHECK(*good == 6);
    const auto second_fails = twice(0);
    REQUIRE_FALSE(second_fails.has_value());
    CHECK(second_fails.error().code == "negative");
    CHECK(second_fails.error().message == "below zero");
    CHECK_FALSE(twice(-5).has_value());
}
