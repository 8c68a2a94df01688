#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

// Eight bytes of text at once: what the loops over names and log lines are made of.
namespace trawl::base {

inline std::uint64_t load_word(const char* at)
{
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    return word;
}

constexpr std::uint64_t repeated_byte(std::uint64_t byte)
{
    return byte * 0x0101010101010101ULL;
}

constexpr std::uint64_t high_bits = repeated_byte(0x80);

// Lowers the ASCII letters among eight bytes. No byte carries into the next: seven low bits plus less than 0x80 fit
// into eight bits.
inline std::uint64_t lower_word(std::uint64_t word)
{
    const std::uint64_t low = word & ~high_bits;
    const std::uint64_t from_a = low + repeated_byte(0x80 - 'A');
    const std::uint64_t behind_z = low + repeated_byte(0x7F - 'Z');
    const std::uint64_t is_upper = (from_a ^ behind_z) & ~word & high_bits;
    return word | is_upper >> 2;
}

} // namespace trawl::base
