#include "query/functions/utf8.h"

#include <array>

#include "base/text.h"

namespace trawl::query::functions {

namespace {

bool is_continuation(char c)
{
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

std::size_t announced_size(char first)
{
    const auto byte = static_cast<unsigned char>(first);
    return byte >= 0xF0 && byte < 0xF8 ? 4 : byte >= 0xE0 && byte < 0xF0 ? 3 : byte >= 0xC2 && byte < 0xE0 ? 2 : 1;
}

std::uint32_t decode(std::string_view bytes)
{
    constexpr std::array<std::uint32_t, 5> masks {0, 0x7F, 0x1F, 0x0F, 0x07};
    std::uint32_t code_point = static_cast<unsigned char>(bytes.front()) & masks[bytes.size()];
    for (const char c : bytes.substr(1)) {
        code_point = code_point << 6 | (static_cast<unsigned char>(c) & 0x3FU);
    }
    return code_point;
}

// Upper-case letters from `first` to `last` whose lower case is `distance` further; with distance 1, every second one.
struct CaseRange {
    std::uint32_t first;
    std::uint32_t last;
    std::uint32_t distance;
};

constexpr std::array<CaseRange, 21> ranges {{
    {'A', 'Z', 32},
    {0xC0, 0xD6, 32},
    {0xD8, 0xDE, 32},
    {0x100, 0x12E, 1},
    {0x132, 0x136, 1},
    {0x139, 0x147, 1},
    {0x14A, 0x176, 1},
    {0x179, 0x17D, 1},
    {0x386, 0x386, 38},
    {0x388, 0x38A, 37},
    {0x38C, 0x38C, 64},
    {0x38E, 0x38F, 63},
    {0x391, 0x3A1, 32},
    {0x3A3, 0x3AB, 32},
    {0x400, 0x40F, 80},
    {0x410, 0x42F, 32},
    {0x460, 0x480, 1},
    {0x48A, 0x4BE, 1},
    {0x4D0, 0x52E, 1},
    {0x531, 0x556, 48},
    {0x1E00, 0x1E94, 1},
}};

std::uint32_t lower_of(std::uint32_t letter)
{
    for (const CaseRange& range : ranges) {
        if (letter >= range.first && letter <= range.last) {
            return range.distance == 1 && (letter - range.first) % 2 == 1 ? letter : letter + range.distance;
        }
    }
    return letter;
}

std::uint32_t upper_of(std::uint32_t letter)
{
    for (const CaseRange& range : ranges) {
        if (letter >= range.first + range.distance && letter <= range.last + range.distance) {
            const bool is_upper = range.distance == 1 && (letter - range.first) % 2 == 0;
            return is_upper ? letter : letter - range.distance;
        }
    }
    return letter;
}

std::string map(std::string_view text, std::uint32_t (*mapping)(std::uint32_t))
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t size = code_point_size(text);
        if (size == 1 && static_cast<unsigned char>(text.front()) >= 0x80) {
            out.push_back(text.front());
        } else {
            base::append_utf8(out, mapping(decode(text.substr(0, size))));
        }
        text.remove_prefix(size);
    }
    return out;
}

} // namespace

std::size_t code_point_size(std::string_view text)
{
    const std::size_t size = announced_size(text.front());
    if (size > text.size()) {
        return 1;
    }
    for (std::size_t i = 1; i < size; ++i) {
        if (!is_continuation(text[i])) {
            return 1;
        }
    }
    return size;
}

std::size_t count_code_points(std::string_view text)
{
    std::size_t count = 0;
    for (; !text.empty(); ++count) {
        text.remove_prefix(code_point_size(text));
    }
    return count;
}

std::size_t byte_of_code_point(std::string_view text, std::size_t position)
{
    std::size_t at = 0;
    for (; position > 0 && at < text.size(); --position) {
        at += code_point_size(text.substr(at));
    }
    return at;
}

std::string to_lower(std::string_view text)
{
    return map(text, lower_of);
}

std::string to_upper(std::string_view text)
{
    return map(text, upper_of);
}

} // namespace trawl::query::functions
