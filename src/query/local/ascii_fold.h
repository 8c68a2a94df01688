#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

// Case folding of ASCII eight bytes at a time: the inner loop of comparing values with patterns.
namespace trawl::query::local {

constexpr std::uint64_t each_byte = 0x0101010101010101ULL;
constexpr std::uint64_t high_bits = 0x80 * each_byte;

// Reads up to eight bytes; those beyond `count` are zero.
inline std::uint64_t load_bytes(const char* bytes, std::size_t count)
{
    std::uint64_t word = 0;
    if (count >= 8) {
        std::memcpy(&word, bytes, 8);
    } else {
        std::memcpy(&word, bytes, count);
    }
    return word;
}

// Turns A–Z to a–z in each byte; other bytes stay.
inline std::uint64_t lower_bytes(std::uint64_t word)
{
    const std::uint64_t low = word & ~high_bits;
    const std::uint64_t from_a = low + (0x80 - 'A') * each_byte;
    const std::uint64_t beyond_z = low + (0x80 - 'Z' - 1) * each_byte;
    const std::uint64_t upper = from_a & ~beyond_z & ~word & high_bits;
    return word | (upper >> 2);
}

// Whether `text` equals `folded` (of the same size) after folding ASCII.
inline bool equals_folded(std::string_view text, std::string_view folded)
{
    const char* a = text.data();
    const char* b = folded.data();
    std::size_t left = text.size();
    for (; left >= 8; left -= 8, a += 8, b += 8) {
        if (lower_bytes(load_bytes(a, 8)) != load_bytes(b, 8)) {
            return false;
        }
    }
    return left == 0 || lower_bytes(load_bytes(a, left)) == load_bytes(b, left);
}

inline bool has_only_ascii(std::string_view text)
{
    const char* at = text.data();
    std::size_t left = text.size();
    std::uint64_t seen = 0;
    for (; left >= 8; left -= 8, at += 8) {
        seen |= load_bytes(at, 8);
    }
    if (left > 0) {
        seen |= load_bytes(at, left);
    }
    return (seen & high_bits) == 0;
}

} // namespace trawl::query::local
