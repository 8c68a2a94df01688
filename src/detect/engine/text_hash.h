#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/hash.h"

// Hashing and comparing of short texts without a call: the inner loop of judging.
namespace trawl::detect::engine {

constexpr std::size_t short_text = 32;

inline std::uint64_t load_word(const char* at)
{
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    return word;
}

// Loads fewer than eight bytes, each of them at least once.
inline std::uint64_t load_tail(const char* at, std::size_t size)
{
    if (size >= 4) {
        std::uint32_t first = 0;
        std::uint32_t last = 0;
        std::memcpy(&first, at, sizeof first);
        std::memcpy(&last, at + size - sizeof last, sizeof last);
        return (static_cast<std::uint64_t>(first) << 32U) | last;
    }
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < size; ++i) {
        word = (word << 8U) | static_cast<unsigned char>(at[i]);
    }
    return word;
}

inline std::uint64_t mix_word(std::uint64_t state, std::uint64_t word)
{
    state = (state ^ word) * 0x9E3779B97F4A7C15U;
    return state ^ (state >> 29U);
}

// Hashes every byte; a short text in two to four multiplications.
inline std::uint64_t hash_text(std::string_view text, std::uint64_t seed)
{
    const char* const at = text.data();
    const std::size_t size = text.size();
    const std::uint64_t state = seed ^ (size << 8U);
    if (size > short_text) {
        return base::hash64(text, seed);
    }
    if (size >= 16) {
        return mix_word(mix_word(state, load_word(at)) ^ mix_word(~state, load_word(at + 8)),
            mix_word(load_word(at + size - 16), load_word(at + size - 8)));
    }
    if (size >= 8) {
        return mix_word(mix_word(state, load_word(at)), load_word(at + size - 8));
    }
    return mix_word(mix_word(state, load_tail(at, size)), size);
}

inline bool equal_text(const char* a, const char* b, std::size_t size)
{
    if (size > short_text) {
        return std::memcmp(a, b, size) == 0;
    }
    if (size >= 16) {
        return ((load_word(a) ^ load_word(b)) | (load_word(a + 8) ^ load_word(b + 8))
                   | (load_word(a + size - 16) ^ load_word(b + size - 16))
                   | (load_word(a + size - 8) ^ load_word(b + size - 8)))
            == 0;
    }
    if (size >= 8) {
        return ((load_word(a) ^ load_word(b)) | (load_word(a + size - 8) ^ load_word(b + size - 8))) == 0;
    }
    return load_tail(a, size) == load_tail(b, size);
}

} // namespace trawl::detect::engine
