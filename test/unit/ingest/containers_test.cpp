#include <doctest/doctest.h>
#include <zlib.h>

#include "collecting_handler.h"

using trawl::ingest::ObjectResult;
using trawl::ingest::test::cloudtrail;
using trawl::ingest::test::decode;

namespace {

std::string deflated(const std::string& text, int window_bits)
{
    z_stream state {};
    REQUIRE(deflateInit2(&state, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string out(text.size() + 1024, '\0');
    state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    state.avail_in = static_cast<uInt>(text.size());
    state.next_out = reinterpret_cast<Bytef*>(out.data());
    state.avail_out = static_cast<uInt>(out.size());
    REQUIRE(deflate(&state, Z_FINISH) == Z_STREAM_END);
    out.resize(state.total_out);
    deflateEnd(&state);
    return out;
}

std::string gzip(const std::string& text)
{
    return deflated(text, 15 + 16);
}

std::string base64(const std::string& bytes)
{
    static const char* const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        unsigned bits = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            bits = bits << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            out += i + k <= bytes.size() ? digits[bits >> (18 - 6 * k) & 63] : '=';
        }
    }
    return out;
}

std::string quoted(const std::string& text)
{
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    return out + "\"";
}

std::string payload(const std::string& message)
{
    return R"({"messageType":"DATA_MESSAGE","owner":"111122223333","logGroup":"trail","logStream":"s",)"
           R"("subscriptionFilters":["f"],"logEvents":[{"id":"7","timestamp":1709640000123,"message":)"
        + message + "}]}";
}

} // namespace

TEST_CASE("CloudTrail is read from every container")
{
    const std::string one = cloudtrail("a");
    const std::string two = cloudtrail("b");
    const std::string records = "{\"Records\":[" + one + "," + two + "]}";
    CHECK(decode(records).events.size() == 2);
    CHECK(decode("  {\n \"Records\" : [ " + one + " , \n" + two + " ] }\n").events.size() == 2);
    CHECK(decode("[" + one + "," + two + "]").events.size() == 2);
    CHECK(decode(one + "\n" + two + "\n").events.size() == 2);
    CHECK(decode(one).events.size() == 1);
    CHECK(decode("\xEF\xBB\xBF" + one).events.size() == 1);
    CHECK(decode(gzip(records)).events.size() == 2);
    CHECK(decode(gzip(gzip(records))).events.size() == 2);
    CHECK(decode(gzip(one + "\n") + gzip(two)).events.size() == 2);
    CHECK(decode("{\"Events\":[{\"EventId\":\"a\",\"CloudTrailEvent\":" + quoted(one) + "}]}").events.size() == 1);
    CHECK(decode(R"({"version":"0","id":"i","detail-type":"AWS API Call via CloudTrail","source":"aws.s3","detail":)"
              + one + "}")
              .events.size()
        == 1);
    CHECK(decode(payload(quoted(one))).events.size() == 1);
    CHECK(decode(payload(quoted(one)) + payload(quoted(two))).events.size() == 2);
    CHECK(decode("{\"awslogs\":{\"data\":\"" + base64(gzip(payload(quoted(one)))) + "\"}}").events.size() == 1);
    CHECK(decode("{\"awslogs\":{\"data\":\"" + base64(deflated(payload(quoted(one)), 15)) + "\"}}").events.size() == 1);
    CHECK(decode(R"({"Type":"Notification","TopicArn":"t","Message":)" + quoted(one) + "}").events.size() == 1);
    CHECK(decode(R"({"Messages":[{"MessageId":"m","ReceiptHandle":"r","Body":)" + quoted(one) + "}]}").events.size()
        == 1);
}

TEST_CASE("members behind the list do not hide what follows")
{
    const std::string line = "{\"Records\":[" + cloudtrail("a") + "],\"NextToken\":\"x]}\"}\n";
    CHECK(decode(line + line).events.size() == 2);
}

TEST_CASE("an event has the common fields")
{
    const auto found = decode(cloudtrail("a"), "", "AWSLogs/444455556666/CloudTrail/eu-west-1/2024/03/05/x.json.gz");
    CHECK(found.has(0, R"("@timestamp":"2024-03-05T12:00:00Z")"));
    CHECK(found.has(0, R"("@kind":"cloudtrail")"));
    CHECK(found.has(0, R"("@record":1)"));
    CHECK(found.has(0, R"("@account":"111122223333")"));
    CHECK(found.has(0, R"("@principal":"arn:aws:iam::111122223333:user/alice")"));
    CHECK(found.has(0, R"("@action":"s3.amazonaws.com:GetObject")"));
    CHECK(found.has(0, R"("@src_ip":"203.0.113.9")"));
    CHECK(found.has(0, R"("@outcome":"success")"));
}

TEST_CASE("what is no event is counted, not lost")
{
    ObjectResult result;
    CHECK(decode(R"({"awsAccountId":"1","digestStartTime":"a","digestEndTime":"b","logFiles":[]})", "", "d", &result)
            .events.empty());
    CHECK(result.is_digest);
    CHECK(decode("").events.empty());
    CHECK(decode("{\"Records\":[]}").rejects.empty());
    CHECK(decode(R"({"messageType":"CONTROL_MESSAGE","logEvents":[{"message":"x"}]})").filtered == 1);
    CHECK(decode(R"({"Service":"Amazon S3","Event":"s3:TestEvent"})").filtered == 1);
    CHECK(
        decode(R"({"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{}}]})")
            .filtered
        == 1);
}

TEST_CASE("a message that no kind knows is a cloudwatch_logs event")
{
    const auto found = decode(payload(quoted("plain text")));
    CHECK(found.has(0, R"("@kind":"cloudwatch_logs")"));
    CHECK(found.has(0, R"("message":"plain text")"));
    CHECK(found.has(0, R"("logGroup":"trail")"));
    CHECK(found.has(0, R"("@timestamp":"2024-03-05T12:00:00.123Z")"));
    CHECK(decode(payload(quoted(cloudtrail("a"))), "cloudwatch_logs").has(0, R"("@kind":"cloudwatch_logs")"));
}

TEST_CASE("a selected kind takes its own and filters the others")
{
    CHECK(decode(cloudtrail("a"), "cloudtrail").events.size() == 1);
    CHECK(decode(cloudtrail("a"), "vpc_flow").filtered == 1);
}

TEST_CASE("Insights records are events of their own shape")
{
    const auto found = decode(R"({"Records":[{"eventVersion":"1.07","eventTime":"2020-01-01T00:00:00Z","eventID":"i",)"
                              R"("eventType":"AwsCloudTrailInsight","insightDetails":{"state":"Start"}}]})");
    CHECK(found.has(0, R"("@kind":"cloudtrail")"));
    CHECK(found.has(0, R"("insightDetails":{"state":"Start"})"));
}

TEST_CASE("what a record is does not depend on the records before it")
{
    const std::string finding
        = R"({"schemaVersion":"2.0","accountId":"111122223333","severity":5,"type":"t","service":{"detectorId":"d"}})";
    const std::string event
        = R"({"version":"0","id":"i","detail-type":"GuardDuty Finding","source":"aws.guardduty","detail":)" + finding
        + "}";
    const auto alone = decode(event);
    const auto behind = decode(finding + "\n" + event);
    REQUIRE(alone.events.size() == 1);
    REQUIRE(behind.events.size() == 2);
    CHECK_FALSE(alone.has(0, "detail-type"));
    CHECK_FALSE(behind.has(1, "detail-type"));
}
