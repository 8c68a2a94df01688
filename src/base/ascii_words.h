#pragma once

#include <bit>
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

// Whether all eight bytes are digits.
inline bool are_digits(std::uint64_t word)
{
    constexpr std::uint64_t upper_halves = repeated_byte(0xF0);
    return ((word & upper_halves) == repeated_byte(0x30))
        && (((word + repeated_byte(0x06)) & upper_halves) == repeated_byte(0x30));
}

// Whether the text is made of digits, one at least.
inline bool is_digits(std::string_view text)
{
    constexpr std::size_t step = sizeof(std::uint64_t);
    const char* const at = text.data();
    const std::size_t size = text.size();
    if (size >= step) {
        for (std::size_t i = 0; i + step < size; i += step) {
            if (!are_digits(load_word(at + i))) {
                return false;
            }
        }
        // The last word overlaps the one before.
        return are_digits(load_word(at + size - step));
    }
    for (std::size_t i = 0; i < size; ++i) {
        if (at[i] < '0' || at[i] > '9') {
            return false;
        }
    }
    return size > 0;
}

// Whether the `size` bytes before `end` are digits, where eight bytes before it can be read, whatever they are: without a
// branch for the size.
inline bool are_digits_before(const char* end, std::size_t size)
{
    constexpr std::size_t step = sizeof(std::uint64_t);
    if (size == 0 || size > step) {
        return is_digits({end - size, size});
    }
    // The first byte is the lowest: what is before the digits goes, and zeros come behind them.
    static_assert(std::endian::native == std::endian::little);
    constexpr std::uint64_t zeros = 0x3030303030303030;
    const std::size_t others = 8 * (step - size);
    const std::uint64_t filling = others == 0 ? 0 : zeros << (64 - others);
    return are_digits((load_word(end - step) >> others) | filling);
}

// The number that up to 18 digits spell.
inline std::uint64_t number_of_digits(std::string_view digits)
{
    std::uint64_t number = 0;
    std::size_t at = 0;
    for (; at + sizeof(std::uint64_t) <= digits.size(); at += sizeof(std::uint64_t)) {
        // Pairs, then fours, then eight digits at once; the first digit is the lowest byte.
        static_assert(std::endian::native == std::endian::little);
        std::uint64_t word = load_word(digits.data() + at) - repeated_byte('0');
        word = word * 10 + (word >> 8U);
        word = (((word & 0x000000FF000000FFULL) * (100 + (1000000ULL << 32U)))
                   + (((word >> 16U) & 0x000000FF000000FFULL) * (1 + (10000ULL << 32U))))
            >> 32U;
        number = number * 100'000'000 + word;
    }
    for (; at < digits.size(); ++at) {
        number = number * 10 + static_cast<std::uint64_t>(digits[at] - '0');
    }
    return number;
}

} // namespace trawl::base
