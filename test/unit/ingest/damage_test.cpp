#include <doctest/doctest.h>

#include "collecting_handler.h"

using trawl::ingest::ObjectResult;
using trawl::ingest::test::cloudtrail;
using trawl::ingest::test::decode;

namespace {

std::string between(const std::string& damaged)
{
    return "{\"Records\":[" + cloudtrail("a") + "," + damaged + "," + cloudtrail("b") + "]}";
}

} // namespace

TEST_CASE("a broken record is one reject and its neighbours are decoded")
{
    const std::string start = R"({"eventVersion":"1.08","eventSource":"s3.amazonaws.com","eventName":"GetObject")";
    for (const std::string& damaged : {start + R"(,"x":tru})", start + R"(,"x":})", start + ",,}",
             start + R"(,"x":01})", start + R"(,"x":{"y":[1,]}})",
             start + R"(,"x":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}",
             start + R"(,"x":)" + std::string(100'000, '['), start + R"(,"x":"unterminated)"}) {
        const auto found = decode(between(damaged));
        CAPTURE(damaged.substr(0, 120));
        CHECK(found.rejects.size() == 1);
        REQUIRE(found.events.size() == 2);
        CHECK(found.has(1, R"("eventID":"b")"));
        CHECK(found.reject_records == std::vector<std::uint64_t> {2});
    }
}

TEST_CASE("JSON that is cut loses the cut record alone")
{
    const std::string whole = between(cloudtrail("c"));
    const auto in_record = decode(whole.substr(0, whole.size() - 100));
    CHECK(in_record.events.size() == 2);
    CHECK(in_record.rejects == std::vector<std::string> {"json-cut"});
    ObjectResult result;
    const auto in_list = decode(whole.substr(0, whole.size() - 2), "", "x", &result);
    CHECK(in_list.events.size() == 3);
    CHECK(in_list.rejects.empty());
    CHECK(result.error.code == "json-cut");
}

TEST_CASE("a broken line of NDJSON is one reject")
{
    const auto found = decode(cloudtrail("a") + "\n{\"eventVersion\":\"oh\n" + cloudtrail("b") + "\n");
    CHECK(found.events.size() == 2);
    CHECK(found.rejects == std::vector<std::string> {"json-malformed"});
}

TEST_CASE("odd but sound text is kept")
{
    const auto found
        = decode(cloudtrail("a", ",\"u\":\"\xFF\",\"s\":\"\\ud800x\",\"n\":123456789012345678901234567890,\"n\":1"));
    REQUIRE(found.events.size() == 1);
    CHECK(found.has(0, "\"u\":\"\xEF\xBF\xBD\""));
    CHECK(found.has(0, "\"s\":\"\xEF\xBF\xBDx\""));
    CHECK(found.has(0, "\"n\":123456789012345678901234567890}"));
}

TEST_CASE("what is no known log is one reject")
{
    CHECK(decode("hello\nworld\n").rejects == std::vector<std::string> {"unknown-format"});
    CHECK(decode("{\"hello\":\"world\"}").rejects == std::vector<std::string> {"unknown-kind"});
    CHECK(decode("{\"Records\":5}").rejects == std::vector<std::string> {"records-no-list"});
    // What reads Parquet is a library beside the program, which a build may lack.
    const std::vector<std::string> parquet = decode("PAR1\x15\x04").rejects;
    CHECK((parquet == std::vector<std::string> {"parquet-damaged"}
        || parquet == std::vector<std::string> {"format-not-read"}));
    CHECK(decode("17").rejects.size() == 1);
}

TEST_CASE("truncation and garbage in compressed data name the fault")
{
    ObjectResult result;
    decode(std::string("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", 10), "", "x.gz", &result);
    CHECK(result.error.code == "gzip-cut");
    decode(std::string("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 21), "",
        "x.gz", &result);
    CHECK(result.error.code == "gzip-damaged");
}
