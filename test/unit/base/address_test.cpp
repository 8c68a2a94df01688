#include <doctest/doctest.h>

#include "base/address.h"

namespace base = trawl::base;

namespace {

std::string canonical(std::string_view text)
{
    const auto address = base::parse_address(text);
    return address ? base::format_address(*address) : "none";
}

bool contains(std::string_view range, std::string_view address)
{
    const auto cidr = base::parse_cidr(range);
    const auto parsed = base::parse_address(address);
    REQUIRE(cidr);
    REQUIRE(parsed);
    return cidr->contains(*parsed);
}

bool is_world(std::string_view range)
{
    const auto cidr = base::parse_cidr(range);
    REQUIRE(cidr);
    return cidr->is_world();
}

} // namespace

TEST_CASE("IPv4 addresses are four decimal parts")
{
    CHECK(canonical("203.0.113.7") == "203.0.113.7");
    CHECK(canonical("0.0.0.0") == "0.0.0.0");
    CHECK(canonical("255.255.255.255") == "255.255.255.255");
    CHECK(canonical("08.1.250.216") == "8.1.250.216");
    CHECK(canonical("010.001.000.009") == "10.1.0.9");
    for (const char* text : {"", ".", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.0004", "1.2.3.4 ", " 1.2.3.4",
             "1.2.3.4/32", "1.2.3.-4", "1..3.4", "1.2.3.", ".1.2.3", "0x1.2.3.4", "16909060", "1.2.3.4:80",
             "cloudformation.amazonaws.com", "AWS Internal", "1.2.3.99999999999999999999", "١.2.3.4"}) {
        CHECK_MESSAGE(canonical(text) == "none", std::string(text));
    }
}

TEST_CASE("IPv6 addresses in every spelling")
{
    CHECK(canonical("2001:db8::1") == "2001:db8::1");
    CHECK(canonical("2001:0DB8:0000:0000:0000:0000:0000:0001") == "2001:db8::1");
    CHECK(canonical("::") == "::");
    CHECK(canonical("::1") == "::1");
    CHECK(canonical("fe80::") == "fe80::");
    CHECK(canonical("1:2:3:4:5:6:7::") == "1:2:3:4:5:6:7:0");
    CHECK(canonical("::2:3:4:5:6:7:8") == "0:2:3:4:5:6:7:8");
    CHECK(canonical("1:0:0:2:0:0:0:3") == "1:0:0:2::3");
    CHECK(canonical("1:0:0:2:3:0:0:4") == "1::2:3:0:0:4");
    CHECK(canonical("64:ff9b::192.0.2.33") == "64:ff9b::c000:221");
    CHECK(canonical("1:2:3:4:5:6:1.2.3.4") == "1:2:3:4:5:6:102:304");
    CHECK(canonical("::ffff:1.2.3.4") == "1.2.3.4");
    CHECK(canonical("::FFFF:0102:0304") == "1.2.3.4");
    CHECK(canonical("0:0:0:0:0:ffff:1.2.3.4") == "1.2.3.4");
    for (const char* text : {":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3",
             "::1:", ":1::", "12345::", "g::", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "1.2.3.4::", "::1.2.3.4:5",
             "fe80::1%eth0", "[::1]", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1:2:3:4::5:6:7:8", "::1 ",
             "2001:db8::/32", "::ffff:1.2.3.256"}) {
        CHECK_MESSAGE(canonical(text) == "none", std::string(text));
    }
}

TEST_CASE("IPv4 and its mapped form are one address")
{
    CHECK(base::parse_address("::ffff:10.1.2.3") == base::parse_address("10.1.2.3"));
    CHECK(base::parse_address("10.1.2.3")->is_v4());
    CHECK_FALSE(base::parse_address("::10.1.2.3")->is_v4());
    CHECK(contains("10.0.0.0/8", "::ffff:10.1.2.3"));
    CHECK(contains("::ffff:10.0.0.0/104", "10.1.2.3"));
}

TEST_CASE("Ranges contain by prefix")
{
    CHECK(contains("10.0.0.0/8", "10.255.255.255"));
    CHECK_FALSE(contains("10.0.0.0/8", "11.0.0.0"));
    CHECK(contains("10.9.8.7/8", "10.0.0.1")); // Host bits do not count.
    CHECK(contains("192.0.2.128/25", "192.0.2.200"));
    CHECK_FALSE(contains("192.0.2.128/25", "192.0.2.127"));
    CHECK(contains("203.0.113.7", "203.0.113.7"));
    CHECK_FALSE(contains("203.0.113.7", "203.0.113.6"));
    CHECK(contains("fd00::/8", "fdff::1"));
    CHECK_FALSE(contains("fd00::/8", "fe00::1"));
    CHECK_FALSE(contains("0.0.0.0/0", "2001:db8::1"));
    CHECK(contains("::/0", "10.0.0.1"));
    for (const char* text :
        {"", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "10.0.0.0/0x8", "10.0.0.0/+8",
            "10.0.0.0/ 8", "::/129", "10.0.0/8", "10.0.0.0/255.0.0.0", "10.0.0.0/00000000000000000008"}) {
        CHECK_MESSAGE(!base::parse_cidr(text), std::string(text));
    }
}

TEST_CASE("The whole internet in every spelling")
{
    CHECK(is_world("0.0.0.0/0"));
    CHECK(is_world("208.1.2.3/0"));
    CHECK(is_world("::/0"));
    CHECK(is_world("2001:db8::1/0"));
    CHECK(is_world("::ffff:0:0/96"));
    CHECK_FALSE(is_world("0.0.0.0/1"));
    CHECK_FALSE(is_world("0.0.0.0"));
    CHECK_FALSE(is_world("::"));
    CHECK_FALSE(is_world("64:ff9b::/96"));
}

TEST_CASE("A set of ranges holds what one of them contains")
{
    base::AddressSet set;
    CHECK(set.empty());
    CHECK_FALSE(set.contains(*base::parse_address("10.0.0.1")));
    for (const char* text :
        {"10.0.0.0/8", "10.1.0.0/16", "192.0.2.0/25", "192.0.2.128/25", "2001:db8::/32", "203.0.113.7"}) {
        set.add(*base::parse_cidr(text));
    }
    set.finish();
    CHECK_FALSE(set.empty());
    for (const char* text : {"10.0.0.0", "10.1.2.3", "10.200.0.1", "10.255.255.255", "192.0.2.0", "192.0.2.127",
             "192.0.2.128", "192.0.2.255", "2001:db8:ffff::", "203.0.113.7", "::ffff:10.0.0.1"}) {
        CHECK_MESSAGE(set.contains(*base::parse_address(text)), std::string(text));
    }
    for (const char* text : {"9.255.255.255", "11.0.0.0", "192.0.1.255", "192.0.3.0", "2001:db9::", "203.0.113.6",
             "203.0.113.8", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}) {
        CHECK_MESSAGE(!set.contains(*base::parse_address(text)), std::string(text));
    }
    base::AddressSet everything;
    everything.add(*base::parse_cidr("::/0"));
    everything.add(*base::parse_cidr("10.0.0.0/8"));
    everything.finish();
    CHECK(everything.contains(*base::parse_address("255.255.255.255")));
    CHECK(everything.contains(*base::parse_address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")));
}
