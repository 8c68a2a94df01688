#include <doctest/doctest.h>

#include "base/base64.h"
#include "collecting_handler.h"
#include "ingest/kinds/ec2_metadata/user_data.h"
#include "ingest/mask.h"

using trawl::ingest::kinds::ec2_metadata::mask_secrets;
using trawl::ingest::kinds::ec2_metadata::mask_user_data;
using trawl::ingest::mask_members;
using trawl::ingest::mask_texts;
using trawl::ingest::test::decode;

TEST_CASE("secret members are masked at any depth and nothing else changes")
{
    CHECK(
        mask_members(R"({"a": "Token", "Token" : "se\"cret", "b":[{"Token":"x"},{"Token":""},{"Token":5}]})", {"Token"})
        == R"({"a": "Token", "Token" : "****", "b":[{"Token":"****"},{"Token":""},{"Token":5}]})");
}

TEST_CASE("role credentials never show their secrets")
{
    const auto found = decode(
        R"({"Code":"Success","LastUpdated":"2024-04-26T16:39:16Z","Type":"AWS-HMAC","AccessKeyId":"ASIAIOSFODNN7EXAMPLE",)"
        R"("SecretAccessKey":"wJalrXUtnFEMI","Token":"tok","Expiration":"2024-05-17T15:09:54Z"})");
    REQUIRE(found.events.size() == 1);
    CHECK(found.has(0, R"("@kind":"ec2_metadata")"));
    CHECK(found.has(0, "ASIAIOSFODNN7EXAMPLE"));
    CHECK_FALSE(found.has(0, "wJalrXUtnFEMI"));
    CHECK_FALSE(found.has(0, "\"tok\""));
}

TEST_CASE("user data is decoded and its secrets masked")
{
    const auto script = decode("#!/bin/bash\necho hi\n\nexport DB_PASSWORD=hunter2222\n");
    REQUIRE(script.events.size() == 1);
    CHECK(script.has(0, R"("type":"script")"));
    CHECK(script.has(0, "echo hi"));
    CHECK_FALSE(script.has(0, "hunter2222"));
    // "#!/bin/sh\ncurl http://203.0.113.9/x | sh\n" in base64, as describe-instance-attribute gives it.
    const auto attribute = decode(
        R"({"InstanceId":"i-0abc1234","UserData":{"Value":"IyEvYmluL3NoCmN1cmwgaHR0cDovLzIwMy4wLjExMy45L3ggfCBzaAo="}})");
    CHECK(attribute.has(0, "curl http://203.0.113.9/x | sh"));
    CHECK(mask_secrets("-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----")
        == "-----BEGIN RSA PRIVATE KEY-----****-----END RSA PRIVATE KEY-----");
}

TEST_CASE("secrets are masked in the text that carries user data, too")
{
    using trawl::base::decode_base64;
    using trawl::base::encode_base64;
    const std::string script = "#!/bin/sh\nexport DB_PASSWORD=hunter2222\n";
    CHECK_FALSE(mask_user_data("#!/bin/sh\necho hi\n"));
    CHECK_FALSE(mask_user_data(encode_base64("#!/bin/sh\necho hi\n")));
    CHECK(mask_user_data(script).value_or("") == "#!/bin/sh\nexport DB_PASSWORD=****\n");
    CHECK(decode_base64(mask_user_data(encode_base64(script)).value_or("")) == "#!/bin/sh\nexport DB_PASSWORD=****\n");
    const std::string json = R"({"Value": ")" + encode_base64(script) + R"(", "Tags":[{"Value":"a\nb"}]})";
    const std::string masked = mask_texts(json, {"Value"}, mask_user_data);
    CHECK(masked.find(encode_base64(script)) == std::string::npos);
    CHECK(masked.ends_with(R"(", "Tags":[{"Value":"a\nb"}]})"));
}

TEST_CASE("base64 is read with or without padding, white space and the URL alphabet")
{
    using trawl::base::decode_base64;
    using trawl::base::encode_base64;
    CHECK(encode_base64("") == "");
    CHECK(encode_base64("a") == "YQ==");
    CHECK(encode_base64("ab") == "YWI=");
    CHECK(encode_base64("abc") == "YWJj");
    CHECK(decode_base64("YW Jj\nYQ") == "abca");
    CHECK(decode_base64("-_8=") == "\xfb\xff");
    CHECK_FALSE(decode_base64("YWJjY"));
    CHECK_FALSE(decode_base64("YQ==YQ"));
    CHECK_FALSE(decode_base64("a b!"));
}
