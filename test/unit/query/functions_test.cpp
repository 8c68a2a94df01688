#include <doctest/doctest.h>

#include "event/json.h"
#include "query/functions/date_format.h"
#include "query/functions/function_table.h"
#include "query/functions/period.h"

using namespace trawl;
using event::Value;
using query::functions::Call;
using query::functions::Surroundings;

namespace {

std::string call(std::string_view name, std::string_view arguments)
{
    const auto* const function = query::functions::find_function(name);
    REQUIRE(function != nullptr);
    std::vector<Value> values;
    event::json::for_each_element(arguments, [&values](Value value) {
        values.push_back(value);
        return true;
    });
    std::vector<std::optional<std::string>> constants;
    base::Arena arena;
    for (const Value& value : values) {
        constants.emplace_back(value.text(arena));
    }
    const Surroundings surroundings;
    const Call made {values, arena, surroundings};
    std::string result;
    function->kernel(made).append_json(result);
    if (function->bind != nullptr) {
        const auto bound = function->bind(constants);
        REQUIRE(bound);
        if (*bound != nullptr) {
            std::string same;
            (*bound)->call(made).append_json(same);
            CHECK(same == result);
        }
    }
    return result;
}

base::Time time(std::string_view text)
{
    return base::parse_time(text).value();
}

} // namespace

TEST_CASE("the example of each function")
{
    for (const std::string_view name : query::functions::function_names()) {
        const auto* const function = query::functions::find_function(name);
        CAPTURE(std::string(name));
        CHECK(call(name, function->example) == function->expected);
        CHECK_FALSE(function->doc.empty());
        CHECK(function->fewest <= function->most);
    }
    CHECK(query::functions::function_names().size() >= 68);
}

TEST_CASE("names in any case, and aliases")
{
    CHECK(query::functions::find_function("ISPRESENT")->name == "ispresent");
    CHECK(query::functions::find_function("strftime")->name == "formatDate");
    CHECK(query::functions::find_aggregate("count_distinct")->name == "countDistinct");
    CHECK(query::functions::find_aggregate("COLLECT_VALUES")->name == "values");
    CHECK(query::functions::find_function("nothing") == nullptr);
    CHECK(query::functions::find_aggregate("abs") == nullptr);
}

TEST_CASE("objects, arrays and missing values are null for functions of texts, numbers and times")
{
    for (const std::string_view name : {"abs", "strlen", "toupper", "trim", "md5", "toMillis", "base64encode"}) {
        CAPTURE(std::string(name));
        CHECK(call(name, "[{\"a\":1}]") == "null");
        CHECK(call(name, "[[1]]") == "null");
        CHECK(call(name, "[null]") == "null");
        CHECK(call(name, "[]") == "null");
    }
    CHECK(call("isempty", "[{}]") == "0");
    CHECK(call("isempty", "[]") == "1");
    CHECK(call("jsonParse", "[\"7\"]") == "null");
    CHECK(call("jsonParse", "[\"{broken\"]") == "null");
    CHECK(call("jsonStringify", "[null]") == "\"null\"");
    CHECK(call("jsonArraySize", "[{\"a\":1}]") == "null");
    CHECK(call("jsonArrayContains", "[\"x\",\"x\"]") == "0");
    CHECK(call("jsonArrayContains", "[[\"a\"],\"A\"]") == "0");
    CHECK(call("jsonArrayContains", "[[1,2],\"2\"]") == "1");
}

TEST_CASE("numbers")
{
    CHECK(call("abs", "[\"-2.5\"]") == "2.5");
    CHECK(call("round", "[2.5]") == "3");
    CHECK(call("round", "[-2.5]") == "-3");
    CHECK(call("round", "[12345678901234567890]") != "null");
    CHECK(call("sqrt", "[-1]") == "null");
    CHECK(call("log", "[0]") == "null");
    CHECK(call("log", "[2.718281828459045]") == "1");
    CHECK(call("toInt", "[true]") == "1");
    CHECK(call("toNumber", "[\"0x10\"]") == "null");
    CHECK(call("greatest", "[null]") == "null");
    CHECK(call("haversine", "[52.52,13.405,48.8566,2.3522]").substr(0, 4) == "877.");
    CHECK(call("isNumeric", "[\"12a\"]") == "0");
    CHECK(call("isNumeric", "[true]") == "0");
}

TEST_CASE("texts")
{
    CHECK(call("substr", "[\"äöü\",1,1]") == "\"ö\"");
    CHECK(call("substr", "[\"abc\",7]") == "\"\"");
    CHECK(call("trim", "[\"  a \"]") == "\"a\"");
    CHECK(call("trim", "[\"ääbä\",\"ä\"]") == "\"b\"");
    CHECK(call("replace", "[\"aaa\",\"\",\"b\"]") == "\"aaa\"");
    CHECK(call("hexToDec", "[\"-0x10\"]") == "-16");
    CHECK(call("hexToDec", "[\"xyz\"]") == "null");
    CHECK(call("hexToAscii", "[\"4\"]") == "null");
    CHECK(call("decToHex", "[0]") == "\"0x0\"");
    CHECK(call("decToHex", "[-9223372036854775808]") == "\"-0x8000000000000000\"");
    CHECK(call("base64decode", "[\"*\"]") == "null");
    CHECK(call("base64decode", "[\"\"]") == "\"\"");
    CHECK(call("split", "[\"abc\",\"\"]") == "[\"abc\"]");
    CHECK(call("toupper", "[\"straße ωñя\"]") == "\"STRAßE ΩÑЯ\"");
    CHECK(call("strcontains", "[null,\"x\"]") == "0");
    CHECK(call("case", "[0,1]") == "null");
    CHECK(call("if", "[\"TRUE\",1,2]") == "1");
}

TEST_CASE("addresses")
{
    CHECK(call("isValidIp", "[\"999.1.1.1\"]") == "0");
    CHECK(call("isValidIpV4", "[\"::1\"]") == "0");
    CHECK(call("isIpInSubnet", "[\"2001:0db8:0000::0001\",\"2001:db8::/32\"]") == "1");
    CHECK(call("isIpv4InSubnet", "[\"2001:db8::1\",\"::/0\"]") == "0");
    CHECK(call("isPublicIP", "[\"10.1.1.1\"]") == "0");
    CHECK(call("isPublicIP", "[\"203.0.113.9\"]") == "0");
    CHECK(call("isPublicIP", "[\"AWS Internal\"]") == "0");
    CHECK(call("isReservedIP", "[\"fe80::1\"]") == "1");
}

TEST_CASE("periods")
{
    using query::functions::parse_period;
    CHECK(parse_period("300s")->microseconds == 300 * base::microseconds_per_second);
    CHECK(parse_period("1.5h")->microseconds == 5400 * base::microseconds_per_second);
    CHECK(parse_period("10ms")->microseconds == 10'000);
    CHECK(parse_period("2WEEKS")->weeks == 2);
    CHECK(parse_period("1qtr")->months == 3);
    CHECK(parse_period("3mon")->months == 3);
    for (const std::string_view wrong : {"", "5", "m", "5 m", "-5m", "0s", "1.5mo", "5x", "1e3s"}) {
        CAPTURE(std::string(wrong));
        CHECK_FALSE(parse_period(wrong));
    }
    const auto floor_of = [](std::string_view period, std::string_view text) {
        return base::format_time(parse_period(period)->floor(time(text)));
    };
    const auto ceil_of = [](std::string_view period, std::string_view text) {
        return base::format_time(parse_period(period)->ceil(time(text)));
    };
    CHECK(floor_of("300s", "2026-01-02T03:07:59.999Z") == "2026-01-02T03:05:00Z");
    CHECK(floor_of("1w", "2026-01-04T23:59:59Z") == "2025-12-29T00:00:00Z");
    CHECK(floor_of("1w", "2026-01-05T00:00:00Z") == "2026-01-05T00:00:00Z");
    CHECK(floor_of("1mo", "2024-02-29T12:00:00Z") == "2024-02-01T00:00:00Z");
    CHECK(floor_of("2q", "2026-09-01T00:00:00Z") == "2026-07-01T00:00:00Z");
    CHECK(floor_of("1y", "1969-07-20T20:17:40Z") == "1969-01-01T00:00:00Z");
    CHECK(floor_of("1h", "1969-12-31T23:30:00Z") == "1969-12-31T23:00:00Z");
    CHECK(ceil_of("1h", "2026-01-02T03:00:00Z") == "2026-01-02T03:00:00Z");
    CHECK(ceil_of("30m", "2026-01-02T03:00:00.001Z") == "2026-01-02T03:30:00Z");
    CHECK(ceil_of("1y", "2026-01-02T00:00:00Z") == "2027-01-01T00:00:00Z");
}

TEST_CASE("dates by pattern")
{
    using query::functions::format_date;
    using query::functions::parse_date;
    const base::Time moment = time("2026-01-02T15:04:05.678Z");
    CHECK(format_date(moment, "%Y-%m-%dT%H:%M:%S.%L%z", 0) == "2026-01-02T15:04:05.678+0000");
    CHECK(format_date(moment, "%a %e %b %y %I:%M %p %j %%", 0) == "Fri  2 Jan 26 03:04 PM 002 %");
    CHECK(format_date(moment, "%F %T", -5 * 3600) == "2026-01-02 10:04:05");
    CHECK(format_date(moment, "yyyy-MM-dd'T'HH:mm:ss.SSSX", 0) == "2026-01-02T15:04:05.678Z");
    CHECK(format_date(moment, "EEE, d MMM yyyy h 'o''clock' a", 3600) == "Fri, 2 Jan 2026 4 o'clock PM");

    CHECK(parse_date("2026-01-02 15:04:05.678", "yyyy-MM-dd HH:mm:ss.SSS", 0) == moment);
    CHECK(parse_date("20260102150405", "yyyyMMddHHmmss", 0) == time("2026-01-02T15:04:05Z"));
    CHECK(parse_date("2 January 2026 03 PM +0100", "d MMMM yyyy hh a Z", 0) == time("2026-01-02T14:00:00Z"));
    CHECK(parse_date("Fri Jan 02 2026", "EEE MMM dd yyyy", 3600) == time("2026-01-01T23:00:00Z"));
    CHECK_FALSE(parse_date("2026-02-30", "yyyy-MM-dd", 0));
    CHECK_FALSE(parse_date("2026-01-02 more", "yyyy-MM-dd", 0));
    CHECK_FALSE(parse_date("", "yyyy", 0));
    CHECK_FALSE(query::functions::parse_utc_offset("Mars/Phobos"));
    CHECK(query::functions::parse_utc_offset("GMT+2") == 7200);
    CHECK(query::functions::parse_utc_offset("-0530") == -19800);
}
