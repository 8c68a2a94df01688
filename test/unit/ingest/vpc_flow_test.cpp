#include <doctest/doctest.h>

#include "collecting_handler.h"

using trawl::ingest::test::decode;

namespace {

const std::string row
    = "2 123456789010 eni-0a1b2c3d 203.0.113.9 10.0.0.5 44321 22 6 20 4249 1418530010 1418530070 ACCEPT OK";

} // namespace

TEST_CASE("rows without a header are version 2")
{
    const auto found = decode(row + "\n");
    CHECK(found.has(0, R"("@kind":"vpc_flow")"));
    CHECK(found.has(0, R"("srcAddr":"203.0.113.9","dstAddr":"10.0.0.5","srcPort":44321,"dstPort":22)"));
    CHECK(found.has(0, R"("@timestamp":"2014-12-14T04:06:50Z")"));
    CHECK(found.has(0, R"("@account":"123456789010")"));
}

TEST_CASE("a header sets the order, whatever its spelling")
{
    for (const char* header :
        {"dstaddr srcaddr action account-id new-column", "dst_addr,src_addr,action,account_id,new-column"}) {
        const auto found
            = decode(std::string(header) + "\n10.0.0.5 2001:db8::1 REJECT 111122223333 x surplus\n" + header + "\n");
        REQUIRE(found.events.size() == 1);
        CHECK(found.has(0, R"("dstAddr":"10.0.0.5","srcAddr":"2001:db8::1","action":"REJECT")"));
        CHECK(found.has(0, R"("new-column":"x")"));
        CHECK(found.has(0, R"("_extra":["surplus"])"));
    }
}

TEST_CASE("rows without data are records without the dashed fields")
{
    const auto found = decode("2 123456789010 eni-1 - - - - - - - 1431280876 1431280934 - NODATA\n");
    REQUIRE(found.events.size() == 1);
    CHECK_FALSE(found.has(0, "srcAddr"));
    CHECK(found.has(0, R"("logStatus":"NODATA")"));
}

TEST_CASE("short rows and wrong types are rejects")
{
    const auto found = decode(
        row + "\n2 123456789010 eni-1\n2 123456789010 eni-1 1.2.3.4 5.6.7.8 x 22 6 1 40 1 2 ACCEPT OK\n" + row + "\n");
    CHECK(found.events.size() == 2);
    CHECK(found.rejects == std::vector<std::string> {"vpc-flow-columns", "vpc-flow-number"});
}

TEST_CASE("a message of a log group is a row too")
{
    const auto found = decode(
        R"({"messageType":"DATA_MESSAGE","owner":"111122223333","logGroup":"flow","logStream":"eni-1-all","logEvents":[{"id":"1","timestamp":1,"message":")"
        + row + "\"}]}");
    CHECK(found.has(0, R"("@kind":"vpc_flow")"));
}
