#include "query/local/sort_key.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "query/functions/number.h"

// Each key begins with its class and ends where a reader would know it to end, so that keys can follow one another.
namespace trawl::query::local {

using event::Value;

namespace {

constexpr char text_class = 1;
constexpr char number_class = 2;
constexpr char absent_class = static_cast<char>(0xFF);

void append_big_endian(std::string& out, std::uint64_t number, unsigned bytes)
{
    for (unsigned shift = bytes * 8; shift > 0; shift -= 8) {
        out.push_back(static_cast<char>(number >> (shift - 8) & 0xFF));
    }
}

void append_number(std::string& out, const functions::Number& number)
{
    constexpr std::uint64_t sign = std::uint64_t {1} << 63;
    // -0 and 0 are one number.
    const auto bits = std::bit_cast<std::uint64_t>(number.real + 0.0);
    append_big_endian(out, (bits & sign) != 0 ? ~bits : bits | sign, 8);
    // What a double rounds off a long whole number.
    constexpr std::int64_t middle = 0x8000;
    constexpr double most = 9e18;
    std::int64_t rest = 0;
    if (number.is_whole && std::abs(number.real) < most) {
        rest = std::clamp<std::int64_t>(number.whole - static_cast<std::int64_t>(number.real), -middle, middle - 1);
    }
    append_big_endian(out, static_cast<std::uint64_t>(rest + middle), 2);
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

void append_text(std::string& out, std::string_view text)
{
    while (!text.empty()) {
        if (is_digit(text.front())) {
            std::size_t count = 0;
            while (count < text.size() && is_digit(text[count])) {
                ++count;
            }
            out.push_back('0');
            append_big_endian(out, count, 4);
            out += text.substr(0, count);
            text.remove_prefix(count);
            continue;
        }
        out.push_back(text.front());
        if (text.front() == '\0') {
            out.push_back(static_cast<char>(0xFF));
        }
        text.remove_prefix(1);
    }
    // Shorter than any other continuation, an escaped NUL included.
    out.append(2, '\0');
}

} // namespace

void append_sort_key(std::string& out, const Value& value, Direction direction, base::Arena& arena)
{
    const std::size_t start = out.size();
    functions::Number number;
    std::string_view text;
    if (functions::read_number(value, arena, number)) {
        out.push_back(number_class);
        append_number(out, number);
    } else if (functions::read_text(value, arena, text)) {
        out.push_back(text_class);
        append_text(out, text);
    } else {
        out.push_back(absent_class);
        return;
    }
    if (direction == Direction::descending) {
        std::transform(out.begin() + static_cast<std::ptrdiff_t>(start), out.end(),
            out.begin() + static_cast<std::ptrdiff_t>(start), [](char c) { return static_cast<char>(~c); });
    }
}

} // namespace trawl::query::local
