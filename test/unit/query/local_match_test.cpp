#include <doctest/doctest.h>

#include "event/json.h"
#include "query/local/predicate.h"

using trawl::base::Arena;
using trawl::event::Value;
using trawl::query::Lists;
using trawl::query::ListType;
using trawl::query::local::MatchProgram;
using trawl::query::NonAddress;
using trawl::query::plan::Match;
using trawl::query::plan::Test;

namespace {

Match with_patterns(Test test, std::vector<std::string> patterns)
{
    Match match;
    match.test = test;
    match.patterns = std::move(patterns);
    return match;
}

Match with_numbers(Test test, std::vector<double> numbers)
{
    Match match;
    match.test = test;
    match.numbers = std::move(numbers);
    return match;
}

Match with_list(Test test, std::string list)
{
    Match match;
    match.test = test;
    match.list = std::move(list);
    return match;
}

Lists some_lists()
{
    Lists lists;
    lists["Inside"] = {"Inside", ListType::cidr, {"10.0.0.0/8", "fd00::/8"}, NonAddress::ignore, false};
    lists["Outside"] = {"Outside", ListType::cidr, {"10.0.0.0/8"}, NonAddress::outside, false};
    lists["Names"] = {"Names", ListType::string, {"alice", "Bob*"}, NonAddress::ignore, false};
    lists["Globs"] = {"Globs", ListType::glob, {"prod-*", "x?z"}, NonAddress::ignore, false};
    lists["Expressions"] = {"Expressions", ListType::regex, {"AKIA[0-9A-Z]{16}"}, NonAddress::ignore, false};
    lists["Ports"] = {"Ports", ListType::string, {"22", "9200-9300"}, NonAddress::ignore, false};
    lists["Numbers"] = {"Numbers", ListType::number, {"22", "3389"}, NonAddress::ignore, false};
    lists["Empty"] = {"Empty", ListType::cidr, {}, NonAddress::ignore, false};
    return lists;
}

bool judge(const Match& match, std::string_view json, const Value& other = {})
{
    auto program = MatchProgram::create(match, some_lists());
    REQUIRE(program);
    Arena arena;
    return program->matches(json.empty() ? Value() : trawl::event::json::parse(json), other, arena);
}

} // namespace

TEST_CASE("text: whole values, any case, wildcards")
{
    const Match match = with_patterns(Test::text, {"putobject", "Get*", "l?st", "a\\*b", "ÄRGER"});
    CHECK(judge(match, "\"PutObject\""));
    CHECK(judge(match, "\"PUTOBJECT\""));
    CHECK_FALSE(judge(match, "\"PutObjectAcl\""));
    CHECK(judge(match, "\"getBucketAcl\""));
    CHECK_FALSE(judge(match, "\"forget\""));
    CHECK(judge(match, "\"LIST\""));
    CHECK(judge(match, "\"LäST\""));
    CHECK_FALSE(judge(match, "\"LST\""));
    CHECK(judge(match, "\"A*B\""));
    CHECK_FALSE(judge(match, "\"axb\""));
    CHECK(judge(match, "\"ärger\""));
    CHECK(judge(match, "\"\\u00e4rger\""));
    CHECK_FALSE(judge(match, "null"));
    CHECK_FALSE(judge(match, ""));
    CHECK_FALSE(judge(match, "\"\""));
}

TEST_CASE("text: numbers and booleans have their text")
{
    const Match match = with_patterns(Test::text, {"22", "true", "-1"});
    CHECK(judge(match, "22"));
    CHECK(judge(match, "\"22\""));
    CHECK_FALSE(judge(match, "22.0"));
    CHECK(judge(match, "-1"));
    CHECK(judge(match, "true"));
    CHECK(judge(match, "\"TRUE\""));
    CHECK_FALSE(judge(match, "false"));
    CHECK_FALSE(judge(match, "1"));
}

TEST_CASE("text: many literals are looked up, with case and without")
{
    std::vector<std::string> patterns;
    for (int i = 0; i < 500; ++i) {
        patterns.push_back("Value-" + std::to_string(i) + "-of-a-Longer-Name");
    }
    Match match = with_patterns(Test::text, patterns);
    CHECK(judge(match, "\"VALUE-499-of-a-longer-name\""));
    CHECK_FALSE(judge(match, "\"VALUE-500-of-a-longer-name\""));
    match.case_rule = trawl::base::CaseRule::sensitive;
    CHECK(judge(match, "\"Value-0-of-a-Longer-Name\""));
    CHECK_FALSE(judge(match, "\"value-0-of-a-longer-name\""));
}

TEST_CASE("text: folding may change the length")
{
    CHECK(judge(with_patterns(Test::text, {"kelvin"}),
        "\"\xE2\x84\xAA"
        "elvin\""));
    CHECK(judge(with_patterns(Test::starts_with, {"kel"}),
        "\"\xE2\x84\xAA"
        "elvin\""));
}

TEST_CASE("text: any element of an array, and the compact JSON of objects and arrays")
{
    const Match match = with_patterns(Test::text, {"b"});
    CHECK(judge(match, "[\"a\", \"b\"]"));
    CHECK(judge(match, "[[\"x\"], [\"B\"]]"));
    CHECK_FALSE(judge(match, "[\"a\", \"bc\"]"));
    CHECK_FALSE(judge(match, "{\"b\":\"b\"}"));
    const Match inside = with_patterns(Test::contains, {"\"Key\":\"a b\""});
    CHECK(judge(inside, "{ \"key\" : \"A B\" }"));
    CHECK(judge(inside, "[ {\"key\" :\"\\u0041 B\"} ]"));
    CHECK_FALSE(judge(inside, "{\"key\":\"AB\"}"));
}

TEST_CASE("text: several values of one path")
{
    Arena arena;
    const Value values[] {Value::string("x"), Value::null(), Value::string("Root")};
    auto program = MatchProgram::create(with_patterns(Test::text, {"root"}), Lists());
    REQUIRE(program);
    CHECK(program->matches(Value::several(values, 3), Value(), arena));
    CHECK_FALSE(program->matches(Value::several(values, 2), Value(), arena));
}

TEST_CASE("contains, starts_with, ends_with")
{
    CHECK(judge(with_patterns(Test::contains, {"red"}), "\"Stratus-RED-team\""));
    CHECK(judge(with_patterns(Test::contains, {"s*t?am"}), "\"x stratus red team y\""));
    CHECK_FALSE(judge(with_patterns(Test::contains, {"blue"}), "\"Stratus-RED-team\""));
    CHECK(judge(with_patterns(Test::contains, {""}), "\"\""));
    CHECK(judge(with_patterns(Test::starts_with, {"GET"}), "\"getObject\""));
    CHECK(judge(with_patterns(Test::starts_with, {"g?t"}), "\"getObject\""));
    CHECK_FALSE(judge(with_patterns(Test::starts_with, {"object"}), "\"getObject\""));
    CHECK(judge(with_patterns(Test::ends_with, {"object"}), "\"getObject\""));
    CHECK(judge(with_patterns(Test::ends_with, {"get*ct"}), "\"xgetObject\""));
    CHECK_FALSE(judge(with_patterns(Test::ends_with, {"get"}), "\"getObject\""));
    // A backslash at the pattern's end is itself.
    CHECK(judge(with_patterns(Test::starts_with, {"c:\\"}), "\"C:\\\\temp\""));
    Match plain = with_patterns(Test::starts_with, {"a*"});
    plain.wildcards = trawl::base::Wildcards::plain;
    CHECK(judge(plain, "\"a*b\""));
    CHECK_FALSE(judge(plain, "\"ab\""));
}

TEST_CASE("regex and numbers")
{
    CHECK(judge(with_patterns(Test::regex, {"Get.*Acl"}), "\"xGetBucketAcl\""));
    CHECK_FALSE(judge(with_patterns(Test::regex, {"Get.*Acl"}), "\"getbucketacl\""));
    CHECK(judge(with_patterns(Test::regex, {"^4\\d\\d$"}), "404"));
    CHECK_FALSE(MatchProgram::create(with_patterns(Test::regex, {"(?=x)"}), Lists()));
    CHECK(judge(with_numbers(Test::number_equal, {5, 6}), "\"6.0\""));
    CHECK_FALSE(judge(with_numbers(Test::number_equal, {5}), "\"five\""));
    CHECK(judge(with_numbers(Test::greater_equal, {5}), "5"));
    CHECK(judge(with_numbers(Test::less, {10}), "\"9.5\""));
    CHECK_FALSE(judge(with_numbers(Test::less, {10}), "\"\""));
    CHECK_FALSE(judge(with_numbers(Test::less, {10}), "true"));
    CHECK(judge(with_numbers(Test::greater, {3}), "[1, 4]"));
    CHECK_FALSE(MatchProgram::create(with_numbers(Test::less, {}), Lists()));
}

TEST_CASE("texts in order; times as times")
{
    CHECK(judge(with_patterns(Test::text_less, {"b"}), "\"a\""));
    CHECK_FALSE(judge(with_patterns(Test::text_greater_equal, {"b"}), "\"a\""));
    Arena arena;
    auto program = MatchProgram::create(with_patterns(Test::text_greater, {"2026-01-02T03:04:05+01:00"}), Lists());
    REQUIRE(program);
    CHECK(program->matches(Value::time(1767319445000000 + 1), Value(), arena));
    CHECK_FALSE(program->matches(Value::time(1767319445000000), Value(), arena));
}

TEST_CASE("presence")
{
    for (const auto& [json, exists, has, absent, empty, empty_text] :
        std::vector<std::tuple<std::string, bool, bool, bool, bool, bool>> {{"", false, false, true, true, false},
            {"null", true, false, true, true, false}, {"\"\"", true, true, false, true, true},
            {"\" \"", true, true, false, false, false}, {"0", true, true, false, false, false},
            {"[]", true, true, false, false, false}}) {
        CAPTURE(json);
        CHECK(judge(with_patterns(Test::exists, {}), json) == exists);
        CHECK(judge(with_patterns(Test::has_value, {}), json) == has);
        CHECK(judge(with_patterns(Test::absent, {}), json) == absent);
        CHECK(judge(with_patterns(Test::empty, {}), json) == empty);
        CHECK(judge(with_patterns(Test::empty_text, {}), json) == empty_text);
    }
}

TEST_CASE("address lists")
{
    for (const Test test : {Test::in_named_list, Test::like_named_list}) {
        CHECK(judge(with_list(test, "Inside"), "\"10.1.2.3\""));
        CHECK(judge(with_list(test, "Inside"), "\"::ffff:10.1.2.3\""));
        CHECK(judge(with_list(test, "Inside"), "\"fd00::1\""));
        CHECK_FALSE(judge(with_list(test, "Inside"), "\"x 10.1.2.3 y\""));
        CHECK_FALSE(judge(with_list(test, "Inside"), "\"AWS Internal\""));
        CHECK(judge(with_list(test, "Inside"), "{\"a\":[{\"b\":\"10.0.0.1\"}]}"));
    }
    CHECK(judge(with_list(Test::outside_named_list, "Inside"), "\"203.0.113.1\""));
    CHECK(judge(with_list(Test::outside_named_list, "Inside"), "\"2001:db8::1\""));
    CHECK_FALSE(judge(with_list(Test::outside_named_list, "Inside"), "\"10.1.1.1\""));
    CHECK_FALSE(judge(with_list(Test::outside_named_list, "Inside"), "\"cloudformation.amazonaws.com\""));
    CHECK_FALSE(judge(with_list(Test::outside_named_list, "Inside"), ""));
    CHECK_FALSE(judge(with_list(Test::outside_named_list, "Inside"), "null"));
    CHECK(judge(with_list(Test::outside_named_list, "Outside"), "\"AWS Internal\""));
    CHECK_FALSE(judge(with_list(Test::outside_named_list, "Outside"), "null"));
    CHECK(judge(with_list(Test::outside_named_list, "Empty"), "\"10.1.1.1\""));
    CHECK_FALSE(judge(with_list(Test::in_named_list, "Empty"), "\"10.1.1.1\""));
    CHECK_FALSE(MatchProgram::create(with_list(Test::in_named_list, "Unbound"), some_lists()));
}

TEST_CASE("lists of texts, expressions and numbers")
{
    CHECK(judge(with_list(Test::in_named_list, "Names"), "\"ALICE\""));
    CHECK_FALSE(judge(with_list(Test::in_named_list, "Names"), "\"bobby\""));
    CHECK(judge(with_list(Test::in_named_list, "Names"), "\"bob*\""));
    CHECK(judge(with_list(Test::like_named_list, "Names"), "{\"user\": \"xAlicex\"}"));
    CHECK_FALSE(judge(with_list(Test::in_named_list, "Names"), "{\"user\": \"xAlicex\"}"));
    CHECK(judge(with_list(Test::in_named_list, "Names"), "{\"user\": \"Alice\"}"));
    CHECK(judge(with_list(Test::in_named_list, "Globs"), "\"Prod-db\""));
    CHECK(judge(with_list(Test::like_named_list, "Globs"), "\"--xyz--\""));
    CHECK_FALSE(judge(with_list(Test::in_named_list, "Globs"), "\"--xyz--\""));
    CHECK(judge(with_list(Test::like_named_list, "Expressions"), "\"key AKIAIOSFODNN7EXAMPLE here\""));
    CHECK_FALSE(judge(with_list(Test::in_named_list, "Expressions"), "\"key AKIAIOSFODNN7EXAMPLE here\""));
    CHECK(judge(with_list(Test::in_named_list, "Expressions"), "\"AKIAIOSFODNN7EXAMPLE\""));
    CHECK(judge(with_list(Test::in_named_list, "Numbers"), "\"22\""));
    CHECK(judge(with_list(Test::in_named_list, "Numbers"), "3389.0"));
    CHECK_FALSE(judge(with_list(Test::in_named_list, "Numbers"), "23"));
    CHECK(judge(with_list(Test::outside_named_list, "Names"), "\"carol\""));
    CHECK_FALSE(judge(with_list(Test::outside_named_list, "Names"), ""));
    Match exact = with_list(Test::in_named_list, "Names");
    exact.case_rule = trawl::base::CaseRule::sensitive;
    CHECK_FALSE(judge(exact, "\"ALICE\""));
}

TEST_CASE("cut api version")
{
    Match match = with_patterns(Test::text, {"UpdateFunctionCode", "CreateDistribution2020_05_31"});
    match.cut_api_version = true;
    CHECK(judge(match, "\"UpdateFunctionCode20150331v2\""));
    CHECK(judge(match, "\"updatefunctioncode20150331\""));
    CHECK(judge(match, "\"UpdateFunctionCode\""));
    CHECK(judge(match, "\"CreateDistribution2018_11_05\""));
    CHECK(judge(match, "\"CreateDistribution\""));
    CHECK_FALSE(judge(match, "\"UpdateFunctionCode2015\""));
    CHECK_FALSE(judge(match, "\"UpdateFunctionCode20150331v\""));
}

TEST_CASE("compared with another field")
{
    Match match;
    match.test = Test::equals_field;
    CHECK(judge(match, "\"Alice\"", Value::string("alice")));
    CHECK_FALSE(judge(match, "\"Alice\"", Value()));
    CHECK_FALSE(judge(match, "", Value::string("alice")));
    match.test = Test::contains_field;
    CHECK(judge(match, "[\"x\", \"arn:Alice/\"]", Value::string("alice")));
    match.test = Test::starts_with_field;
    CHECK(judge(match, "\"123x\"", Value::integer(123)));
    match.test = Test::ends_with_field;
    CHECK_FALSE(judge(match, "\"123x\"", Value::integer(123)));
    match.test = Test::equals_field;
    match.case_rule = trawl::base::CaseRule::sensitive;
    CHECK_FALSE(judge(match, "\"Alice\"", Value::string("alice")));
}

TEST_CASE("parts of a time, UTC")
{
    for (const auto& [part, number] : std::vector<std::pair<std::string, double>> {
             {"minute", 4}, {"hour", 2}, {"day", 1}, {"week", 53}, {"month", 1}, {"year", 2027}}) {
        CAPTURE(part);
        Match match = with_numbers(Test::time_part, {number});
        match.part = part;
        CHECK(judge(match, "\"2027-01-01T03:04:05+01:00\""));
        CHECK_FALSE(judge(match, "\"2026-06-15T11:44:05Z\""));
        CHECK_FALSE(judge(match, "\"yesterday\""));
    }
}

TEST_CASE("ports")
{
    const Match match = with_patterns(Test::overlaps_ports, {"22", "9200-9300"});
    CHECK(judge(match, "[0, 65535]"));
    CHECK(judge(match, "[22, 22]"));
    CHECK(judge(match, "22"));
    CHECK(judge(match, "[9300, 9400]"));
    CHECK_FALSE(judge(match, "[23, 9199]"));
    CHECK_FALSE(judge(match, "[]"));
    CHECK_FALSE(judge(match, ""));
    CHECK_FALSE(judge(match, "[\"x\", 22]"));
    CHECK(judge(with_list(Test::overlaps_ports, "Ports"), "[9000, 9200]"));
    CHECK(judge(with_list(Test::overlaps_ports, "Numbers"), "[3000, 4000]"));
    CHECK_FALSE(judge(with_list(Test::overlaps_ports, "Numbers"), "[4000, 5000]"));
    CHECK(judge(with_numbers(Test::port_width_over, {100}), "[0, 100]"));
    CHECK_FALSE(judge(with_numbers(Test::port_width_over, {101}), "[0, 100]"));
}

TEST_CASE("worlds and wide ranges")
{
    for (const std::string_view world : {"\"0.0.0.0/0\"", "\"208.1.2.3/0\"", "\"::/0\"", "\"::ffff:0:0/96\""}) {
        CAPTURE(world);
        CHECK(judge(with_patterns(Test::world, {}), world));
        CHECK_FALSE(judge(with_numbers(Test::wider_than, {16}), world));
    }
    CHECK_FALSE(judge(with_patterns(Test::world, {}), "\"0.0.0.0/16\""));
    CHECK_FALSE(judge(with_patterns(Test::world, {}), "\"0.0.0.0\""));
    CHECK_FALSE(judge(with_patterns(Test::world, {}), "\"sg-0123\""));
    CHECK(judge(with_numbers(Test::wider_than, {16}), "\"10.0.0.0/8\""));
    CHECK_FALSE(judge(with_numbers(Test::wider_than, {16}), "\"10.0.0.0/16\""));
    CHECK(judge(with_numbers(Test::wider_than, {16}), "\"2001:db8::/16\""));
    CHECK_FALSE(judge(with_numbers(Test::wider_than, {16}), "\"2001:db8::/32\""));
}

TEST_CASE("cidr")
{
    CHECK(judge(with_patterns(Test::cidr, {"203.0.113.0/24", "2001:db8::/32"}), "\"203.0.113.77\""));
    CHECK(judge(with_patterns(Test::cidr, {"203.0.113.0/24"}), "[\"AWS Internal\", \"203.0.113.77\"]"));
    CHECK_FALSE(judge(with_patterns(Test::cidr, {"203.0.113.0/24"}), "\"203.0.114.1\""));
    CHECK_FALSE(MatchProgram::create(with_patterns(Test::cidr, {"nowhere"}), Lists()));
}

TEST_CASE("patterns in long texts, at every offset, in any case")
{
    const std::string filler = "abcdefghijklmnopqrstuvwxyz@[`{0123456789";
    for (std::size_t offset = 0; offset < 40; ++offset) {
        for (const std::string_view needle : {"Zq", "SecurityGroup", "a-rather-long-needle-beyond-16"}) {
            const std::string text = filler.substr(0, offset) + std::string(needle) + filler.substr(0, 40 - offset);
            const std::string json = "\"" + text + "\"";
            std::string upper(needle);
            for (char& c : upper) {
                c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
            }
            CHECK(judge(with_patterns(Test::contains, {upper}), json));
            CHECK(judge(with_patterns(Test::text, {"*" + upper + "*"}), json));
            CHECK_FALSE(judge(with_patterns(Test::contains, {upper + "!"}), json));
            Match exact = with_patterns(Test::contains, {upper});
            exact.case_rule = trawl::base::CaseRule::sensitive;
            CHECK_FALSE(judge(exact, json));
            exact.patterns = {std::string(needle)};
            CHECK(judge(exact, json));
        }
    }
    // Bytes that differ from letters in the bit of case alone are no letters.
    CHECK_FALSE(
        judge(with_patterns(Test::contains, {"k`k"}), "\"xxxxxxxxxxxxxxxxxxxxxxxxxx k@k xxxxxxxxxxxxxxxxxxxxxxxx\""));
    CHECK(judge(with_patterns(Test::contains, {"kelvin"}),
        "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx \xE2\x84\xAA"
        "elvin\""));
}

TEST_CASE("stars at the ends, escaped or not")
{
    CHECK(judge(with_patterns(Test::text, {"get*"}), "\"GetObject\""));
    CHECK(judge(with_patterns(Test::text, {"*object"}), "\"GetObject\""));
    CHECK(judge(with_patterns(Test::text, {"**tob**"}), "\"GetObject\""));
    CHECK(judge(with_patterns(Test::text, {"get\\*"}), "\"Get*\""));
    CHECK_FALSE(judge(with_patterns(Test::text, {"get\\*"}), "\"GetObject\""));
    CHECK(judge(with_patterns(Test::text, {"c:\\\\*"}), "\"c:\\\\tmp\""));
    CHECK_FALSE(judge(with_patterns(Test::text, {"c:\\\\*"}), "\"c:*\""));
    CHECK(judge(with_patterns(Test::text, {"*"}), "\"\""));
    CHECK(judge(with_patterns(Test::text, {"*a?c*"}), "\"xxABCxx\""));
    CHECK(judge(with_patterns(Test::starts_with, {"*b"}), "\"abc\""));
    CHECK(judge(with_patterns(Test::ends_with, {"b*"}), "\"abc\""));
}
