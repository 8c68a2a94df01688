#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "event/field_path.h"
#include "event/json.h"
#include "event/json_scan.h"

namespace json = trawl::event::json;
using trawl::base::Arena;
using trawl::event::FieldPath;
using trawl::event::Reach;
using trawl::event::Type;
using trawl::event::Value;

namespace {

const char* problem(std::string_view text)
{
    std::size_t at = 0;
    return json::validate(text, at);
}

std::string compact(std::string_view text)
{
    std::string out;
    json::append_compact(out, text);
    return out;
}

std::string at(std::string_view text, std::string_view path, Reach reach = Reach::any_element)
{
    Arena arena;
    const Value found = follow(json::parse(text), FieldPath::parse(path).parts, 0, reach, arena);
    std::string out;
    found.append_json(out);
    return found.type() == Type::missing ? "missing" : out;
}

} // namespace

TEST_CASE("sound JSON is told from unsound")
{
    for (const char* text :
        {"{}", "[]", "0", "-1.5e+3", "\"\\u00e9\\n\"", "null", " [ 1 , {\"a\" : [ ] } ] ", "\"\xff\""}) {
        CAPTURE(text);
        CHECK(problem(text) == nullptr);
    }
    for (const char* text : {"", "{", "[1,]", "{\"a\":1,}", "{\"a\"}", "{a:1}", "01", "1.", "+1", "tru", "nul", "[1 2]",
             "\"\\x\"", "\"", "{} {}", "]", "{\"a\":1]", "\"\\u12g4\""}) {
        CAPTURE(text);
        CHECK(problem(text) != nullptr);
    }
    CHECK(problem(std::string(1000, '[') + std::string(1000, ']')) == nullptr);
    CHECK(problem(std::string(1001, '[') + std::string(1001, ']')) != nullptr);
}

TEST_CASE("the compact form has no white space and minimal escapes")
{
    CHECK(compact("{ \"a\" : [ 1.0 , \"x y\" ] }") == R"({"a":[1.0,"x y"]})");
    CHECK(compact(R"({"\u0041":"\/\u00e9"})") == "{\"A\":\"/\xC3\xA9\"}");
    CHECK(compact(R"(["\ud83d\ude00","\ud83d"])") == "[\"\xF0\x9F\x98\x80\",\"\xEF\xBF\xBD\"]");
}

TEST_CASE("paths cross objects, positions, elements and wrappers")
{
    const char* text
        = R"({"a":{"b":[{"c":1},{"c":2}],"x.y":3},"items":0,"set":{"items":[{"id":"i-1"},{"id":"i-2"}]},"one":{"items":[{"id":"i-3"}]}})";
    CHECK(at(text, "a.b.0.c", Reach::exact) == "1");
    CHECK(at(text, "a.b.c", Reach::exact) == "missing");
    CHECK(at(text, "a.b.c") == "[1,2]");
    CHECK(at(text, "a.x.y") == "3");
    CHECK(at(text, "set.id") == R"(["i-1","i-2"])");
    CHECK(at(text, "one.id") == R"("i-3")");
    CHECK(at(text, "a.b.7.c") == "missing");
    CHECK(at(text, "a.none") == "missing");
}

TEST_CASE("strings and containers end where they end, over block borders")
{
    for (std::size_t padding = 0; padding < 140; ++padding) {
        const std::string inside = std::string(padding, 'x') + R"(\"]}\\)";
        const std::string text = "{\"k\":\"" + inside + "\",\"l\":[{\"m\":\"" + inside + "\"}]}";
        CHECK(json::member(text, "k").raw() == inside);
        CHECK(json::parse(text + "tail").raw() == text);
        CHECK(json::member(json::element(json::member(text, "l").raw(), 0).raw(), "m").raw() == inside);
    }
}

TEST_CASE("values become numbers only when all of their text is one")
{
    double number = 0;
    CHECK(Value::string("22").to_number(number));
    CHECK(number == 22);
    CHECK_FALSE(Value::string("22 ").to_number(number));
    CHECK_FALSE(Value::string("").to_number(number));
    CHECK_FALSE(Value::boolean(true).to_number(number));
    CHECK(Value::number_text("1e3").to_number(number));
    CHECK(number == 1000);
}

namespace {

// What find_closing() does, byte by byte.
const char* closing_of(const char* at, const char* end, std::int64_t depth)
{
    bool is_inside = false;
    bool is_escaped = false;
    for (; at < end; ++at) {
        const char c = *at;
        const bool was_escaped = std::exchange(is_escaped, false);
        if (c == '\\' && !was_escaped) {
            is_escaped = true;
        } else if (c == '"' && !was_escaped) {
            is_inside = !is_inside;
        } else if (!is_inside && (c == '{' || c == '[')) {
            ++depth;
        } else if (!is_inside && (c == '}' || c == ']') && --depth <= 0) {
            return at + 1;
        }
    }
    return nullptr;
}

} // namespace

TEST_CASE("all ways to find the closing bracket find the same")
{
    std::uint64_t state = 11;
    const auto random = [&state](std::size_t below) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return static_cast<std::size_t>(state >> 33U) % below;
    };
    std::size_t found = 0;
    for (int round = 0; round < 30'000; ++round) {
        // The text ends where its memory ends, so that sanitizers see what is read behind it.
        std::vector<char> text(random(300));
        const std::size_t rare = random(20) + 3;
        for (char& c : text) {
            c = random(rare) < 2 ? "{}[]\"\\"[random(6)] : static_cast<char>('a' + random(26));
        }
        const auto depth = static_cast<std::int64_t>(random(4));
        if (depth == 0 && !text.empty()) {
            text.front() = '{'; // The container that is to close.
        }
        const char* const begin = text.data();
        const char* const end = begin + text.size();
        const char* const expected = closing_of(begin, end, depth);
        found += expected != nullptr ? 1U : 0U;
        for (const json::ClosingFinder finder : json::closing_finders()) {
            CHECK(finder(begin, end, depth) == expected);
        }
    }
    CHECK(found > 10'000);
}
