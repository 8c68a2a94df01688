#include <string>

#include <doctest/doctest.h>

#include "ingest/codec/byte_stream.h"

namespace trawl::test {

namespace {

std::string read_all(std::string_view bytes, std::size_t step)
{
    const auto layer = ingest::recognise_compression(bytes);
    const auto stream = ingest::peel_stream(layer, ingest::view_stream(bytes));
    std::string out;
    std::string piece(step, '\0');
    while (true) {
        const auto count = stream->read(piece.data(), piece.size());
        REQUIRE(count.has_value());
        if (*count == 0) {
            return out;
        }
        out.append(piece, 0, *count);
    }
}

// UTF-16 of either order with its mark.
std::string encode(std::u16string_view text, bool is_big)
{
    std::string out;
    for (const char16_t unit : std::u16string(u"\xFEFF") + std::u16string(text)) {
        const char high = static_cast<char>(unit >> 8U);
        const char low = static_cast<char>(unit & 0xFFU);
        out += is_big ? high : low;
        out += is_big ? low : high;
    }
    return out;
}

} // namespace

TEST_CASE("UTF-16 of both orders becomes UTF-8")
{
    const std::string expected = "Login failed for user 'böb' €\n𝄞";
    for (const bool is_big : {false, true}) {
        const std::string bytes = encode(u"Login failed for user 'böb' €\n𝄞", is_big);
        for (const std::size_t step : {1U, 3U, 4096U}) {
            CHECK(read_all(bytes, step) == expected);
        }
    }
    CHECK(read_all("plain", 16) == "plain");
}

TEST_CASE("halves of pairs and of units become the replacement character")
{
    const char16_t lone_high[] = {u'a', 0xD834, u'b', 0};
    const char16_t lone_low[] = {0xDD1E, u'b', 0};
    const char16_t cut[] = {u'a', 0xD834, 0};
    CHECK(read_all(encode(lone_high, false), 16)
        == "a\xEF\xBF\xBD"
           "b");
    CHECK(read_all(encode(lone_low, true), 16)
        == "\xEF\xBF\xBD"
           "b");
    CHECK(read_all(encode(cut, false), 16) == "a\xEF\xBF\xBD");
    CHECK(read_all(encode(u"a", false) + "b", 16) == "a\xEF\xBF\xBD");
}

} // namespace trawl::test
