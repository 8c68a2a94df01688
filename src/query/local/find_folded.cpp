#include "query/local/find_folded.h"

#include <bit>
#include <cstdint>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/text.h"
#include "query/local/ascii_fold.h"

// Candidates are places where the needle's first and last bytes stand at the right distance, sixteen places at a time
// (the "generic SIMD" search of Muła, http://0x80.pl/articles/simd-strfind.html); each is then compared. Letters are
// compared with bit 5 set, which lets a few other bytes through to the comparison.
namespace trawl::query::local {

namespace {

bool find_from(std::string_view text, std::string_view needle, std::size_t at)
{
    for (; at + needle.size() <= text.size(); ++at) {
        if (base::lower_ascii(text[at]) == needle.front() && equals_folded(text.substr(at, needle.size()), needle)) {
            return true;
        }
    }
    return false;
}

} // namespace

bool find_folded(std::string_view text, std::string_view needle)
{
    std::size_t at = 0;
#ifdef __SSE2__
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    const auto case_bit = [&is_letter](char c) { return _mm_set1_epi8(is_letter(c) ? 0x20 : 0); };
    const __m128i first = _mm_set1_epi8(needle.front());
    const __m128i last = _mm_set1_epi8(needle.back());
    const __m128i first_bit = case_bit(needle.front());
    const __m128i last_bit = case_bit(needle.back());
    const auto load
        = [&text](std::size_t from) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + from)); };
    for (; at + needle.size() - 1 + 16 <= text.size(); at += 16) {
        const __m128i starts = _mm_cmpeq_epi8(_mm_or_si128(load(at), first_bit), first);
        const __m128i ends = _mm_cmpeq_epi8(_mm_or_si128(load(at + needle.size() - 1), last_bit), last);
        auto candidates = static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_and_si128(starts, ends)));
        while (candidates != 0) {
            const auto offset = static_cast<std::size_t>(std::countr_zero(candidates));
            if (equals_folded(text.substr(at + offset, needle.size()), needle)) {
                return true;
            }
            candidates &= candidates - 1;
        }
    }
#endif
    return find_from(text, needle, at);
}

} // namespace trawl::query::local
