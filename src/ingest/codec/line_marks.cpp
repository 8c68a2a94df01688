#include "ingest/codec/line_marks.h"

#include <bit>

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

namespace trawl::ingest {

std::span<const std::uint32_t> LineMarks::find(std::string_view line, char a, char b, char c)
{
    if (positions_.size() < line.size()) {
        positions_.resize(line.size());
    }
    std::uint32_t* out = positions_.data();
    std::size_t at = 0;
#if defined(__x86_64__)
    constexpr std::size_t step = sizeof(__m128i);
    const __m128i first = _mm_set1_epi8(a);
    const __m128i second = _mm_set1_epi8(b);
    const __m128i third = _mm_set1_epi8(c);
    const auto mask_at = [&](std::size_t position) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(line.data() + position));
        const __m128i equal = _mm_or_si128(
            _mm_or_si128(_mm_cmpeq_epi8(bytes, first), _mm_cmpeq_epi8(bytes, second)), _mm_cmpeq_epi8(bytes, third));
        return static_cast<std::uint32_t>(_mm_movemask_epi8(equal));
    };
    const auto put = [&out](std::uint32_t mask, std::size_t position) {
        for (; mask != 0; mask &= mask - 1) {
            *out++ = static_cast<std::uint32_t>(position) + static_cast<std::uint32_t>(std::countr_zero(mask));
        }
    };
    for (; at + step <= line.size(); at += step) {
        put(mask_at(at), at);
    }
    if (at < line.size() && line.size() >= step) {
        // The last block overlaps the one before.
        const std::size_t last = line.size() - step;
        put(mask_at(last) >> (at - last), at);
        at = line.size();
    }
#endif
    for (; at < line.size(); ++at) {
        if (line[at] == a || line[at] == b || line[at] == c) {
            *out++ = static_cast<std::uint32_t>(at);
        }
    }
    return {positions_.data(), static_cast<std::size_t>(out - positions_.data())};
}

} // namespace trawl::ingest
