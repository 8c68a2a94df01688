#include "event/json_scan.h"

#include <bit>
#include <cstddef>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace trawl::event::json {

namespace {

// Masks of one block of 64 bytes: bit i stands for byte i.
struct Masks {
    std::uint64_t quotes = 0;
    std::uint64_t backslashes = 0;
    std::uint64_t opens = 0;
    std::uint64_t closes = 0;
};

// Marks the bytes that a backslash escapes. `carry` tells whether the first byte is escaped by the block before.
std::uint64_t escaped_bytes(std::uint64_t backslashes, std::uint64_t& carry)
{
    std::uint64_t escaped = 0;
    std::uint64_t pending = carry;
    std::uint64_t rest = backslashes;
    if (pending != 0) {
        escaped |= 1;
        rest &= ~std::uint64_t {1};
        pending = 0;
    }
    while (rest != 0) {
        const int at = std::countr_zero(rest);
        rest &= rest - 1;
        if (at == 63) {
            pending = 1;
            break;
        }
        const std::uint64_t next = std::uint64_t {2} << at;
        escaped |= next;
        rest &= ~next;
    }
    carry = pending;
    return escaped;
}

// Returns the position in the block of the bracket that brings `depth` to zero, or 64.
int closing_position(std::uint64_t opens, std::uint64_t closes, std::int64_t depth)
{
    while (closes != 0) {
        const int at = std::countr_zero(closes);
        const std::uint64_t before = (std::uint64_t {1} << at) - 1;
        depth -= 1;
        if (depth + std::popcount(opens & before) == 0) {
            return at;
        }
        closes &= closes - 1;
    }
    return 64;
}

Masks portable_masks(const char* block)
{
    Masks masks;
    for (int i = 0; i < 64; ++i) {
        const std::uint64_t bit = std::uint64_t {1} << i;
        switch (block[i]) {
        case '"': masks.quotes |= bit; break;
        case '\\': masks.backslashes |= bit; break;
        case '{':
        case '[': masks.opens |= bit; break;
        case '}':
        case ']': masks.closes |= bit; break;
        default: break;
        }
    }
    return masks;
}

std::uint64_t portable_prefix_xor(std::uint64_t bits)
{
    for (int shift = 1; shift < 64; shift *= 2) {
        bits ^= bits << shift;
    }
    return bits;
}

const char* portable_closing(const char* begin, const char* end, std::int64_t depth)
{
    std::uint64_t in_string = 0;
    std::uint64_t carry = 0;
    char tail[64];
    while (begin < end) {
        const char* block = begin;
        if (end - begin < 64) {
            std::memset(tail, ' ', sizeof tail);
            std::memcpy(tail, begin, static_cast<std::size_t>(end - begin));
            block = tail;
        }
        Masks masks = portable_masks(block);
        if ((masks.backslashes | carry) != 0) {
            masks.quotes &= ~escaped_bytes(masks.backslashes, carry);
        }
        const std::uint64_t inside = portable_prefix_xor(masks.quotes) ^ in_string;
        in_string = static_cast<std::uint64_t>(static_cast<std::int64_t>(inside) >> 63);
        masks.opens &= ~inside;
        masks.closes &= ~inside;
        const int closes = std::popcount(masks.closes);
        if (depth <= closes && closes != 0) {
            const int at = closing_position(masks.opens, masks.closes, depth);
            if (at < 64) {
                return begin + at + 1;
            }
        }
        depth += std::popcount(masks.opens) - closes;
        begin += 64;
    }
    return nullptr;
}

const char* portable_string_end(const char* begin, const char* end, bool& escaped)
{
    escaped = false;
    while (begin < end) {
        const char c = *begin;
        if (c == '"') {
            return begin;
        }
        if (c == '\\') {
            escaped = true;
            ++begin;
        }
        ++begin;
    }
    return end;
}

#if defined(__x86_64__)

#define TRAWL_AVX2 __attribute__((target("avx2,pclmul,bmi,popcnt")))

TRAWL_AVX2 const char* avx2_closing(const char* begin, const char* end, std::int64_t depth)
{
    const __m256i quote = _mm256_set1_epi8('"');
    const __m256i backslash = _mm256_set1_epi8('\\');
    const __m256i open = _mm256_set1_epi8('{');
    const __m256i close = _mm256_set1_epi8('}');
    const __m256i fold = _mm256_set1_epi8(0x20);
    const __m128i ones = _mm_set1_epi8(-1);
    std::uint64_t in_string = 0;
    std::uint64_t carry = 0;
    alignas(32) char tail[64];
    while (begin < end) {
        const char* block = begin;
        if (end - begin < 64) {
            std::memset(tail, ' ', sizeof tail);
            std::memcpy(tail, begin, static_cast<std::size_t>(end - begin));
            block = tail;
        }
        const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block));
        const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block + 32));
        const auto join = [](__m256i a, __m256i b) TRAWL_AVX2 {
            return static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(a)))
                | static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(b))) << 32;
        };
        std::uint64_t quotes = join(_mm256_cmpeq_epi8(low, quote), _mm256_cmpeq_epi8(high, quote));
        const std::uint64_t backslashes = join(_mm256_cmpeq_epi8(low, backslash), _mm256_cmpeq_epi8(high, backslash));
        // `[` | 0x20 is `{` and `]` | 0x20 is `}`; no other byte becomes one of them.
        const __m256i folded_low = _mm256_or_si256(low, fold);
        const __m256i folded_high = _mm256_or_si256(high, fold);
        std::uint64_t opens = join(_mm256_cmpeq_epi8(folded_low, open), _mm256_cmpeq_epi8(folded_high, open));
        std::uint64_t closes = join(_mm256_cmpeq_epi8(folded_low, close), _mm256_cmpeq_epi8(folded_high, close));
        if ((backslashes | carry) != 0) {
            quotes &= ~escaped_bytes(backslashes, carry);
        }
        const __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, static_cast<long long>(quotes)), ones, 0);
        const std::uint64_t inside = static_cast<std::uint64_t>(_mm_cvtsi128_si64(product)) ^ in_string;
        in_string = static_cast<std::uint64_t>(static_cast<std::int64_t>(inside) >> 63);
        opens &= ~inside;
        closes &= ~inside;
        const auto count = static_cast<std::int64_t>(__builtin_popcountll(closes));
        if (depth <= count && count != 0) {
            const int at = closing_position(opens, closes, depth);
            if (at < 64) {
                return begin + at + 1;
            }
        }
        depth += static_cast<std::int64_t>(__builtin_popcountll(opens)) - count;
        begin += 64;
    }
    return nullptr;
}

#define TRAWL_AVX512 __attribute__((target("avx512f,avx512bw,pclmul,bmi,popcnt")))

// The same with half the instructions: 64 bytes are one register, and comparisons give masks.
TRAWL_AVX512 const char* avx512_closing(const char* begin, const char* end, std::int64_t depth)
{
    const __m512i quote = _mm512_set1_epi8('"');
    const __m512i backslash = _mm512_set1_epi8('\\');
    const __m512i open = _mm512_set1_epi8('{');
    const __m512i close = _mm512_set1_epi8('}');
    const __m512i fold = _mm512_set1_epi8(0x20);
    const __m128i ones = _mm_set1_epi8(-1);
    std::uint64_t in_string = 0;
    std::uint64_t carry = 0;
    while (begin < end) {
        const auto left = static_cast<std::uint64_t>(end - begin);
        // Bytes behind the end are not touched: they read as zeros.
        const __m512i block
            = left < 64 ? _mm512_maskz_loadu_epi8((std::uint64_t {1} << left) - 1, begin) : _mm512_loadu_si512(begin);
        std::uint64_t quotes = _mm512_cmpeq_epi8_mask(block, quote);
        const std::uint64_t backslashes = _mm512_cmpeq_epi8_mask(block, backslash);
        const __m512i folded = _mm512_or_si512(block, fold);
        std::uint64_t opens = _mm512_cmpeq_epi8_mask(folded, open);
        std::uint64_t closes = _mm512_cmpeq_epi8_mask(folded, close);
        if ((backslashes | carry) != 0) {
            quotes &= ~escaped_bytes(backslashes, carry);
        }
        const __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, static_cast<long long>(quotes)), ones, 0);
        const std::uint64_t inside = static_cast<std::uint64_t>(_mm_cvtsi128_si64(product)) ^ in_string;
        in_string = static_cast<std::uint64_t>(static_cast<std::int64_t>(inside) >> 63);
        opens &= ~inside;
        closes &= ~inside;
        const auto count = static_cast<std::int64_t>(__builtin_popcountll(closes));
        if (depth <= count && count != 0) {
            const int at = closing_position(opens, closes, depth);
            if (at < 64) {
                return begin + at + 1;
            }
        }
        depth += static_cast<std::int64_t>(__builtin_popcountll(opens)) - count;
        begin += 64;
    }
    return nullptr;
}

TRAWL_AVX2 const char* avx2_string_end(const char* begin, const char* end, bool& escaped)
{
    const __m256i quote = _mm256_set1_epi8('"');
    const __m256i backslash = _mm256_set1_epi8('\\');
    escaped = false;
    while (end - begin >= 32) {
        const __m256i block = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(begin));
        const auto quotes = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(block, quote)));
        const auto backslashes = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(block, backslash)));
        // The quote ends the string when no backslash stands before it in this block.
        if (((quotes - 1) & backslashes) == 0) {
            if (quotes != 0) {
                return begin + std::countr_zero(quotes);
            }
            begin += 32;
            continue;
        }
        escaped = true;
        begin += std::countr_zero(backslashes) + 2;
    }
    bool rest_escaped = false;
    const char* const found = begin >= end ? end : portable_string_end(begin, end, rest_escaped);
    escaped = escaped || rest_escaped;
    return found > end ? end : found;
}

bool has_avx2()
{
    return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("pclmul") != 0
        && __builtin_cpu_supports("bmi") != 0 && __builtin_cpu_supports("popcnt") != 0;
}

const bool use_avx2 = has_avx2();
const bool use_avx512 = use_avx2 && __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0;

#endif

} // namespace

const char* find_closing(const char* begin, const char* end, std::int64_t depth)
{
#if defined(__x86_64__)
    if (use_avx512) {
        return avx512_closing(begin, end, depth);
    }
    if (use_avx2) {
        return avx2_closing(begin, end, depth);
    }
#endif
    return portable_closing(begin, end, depth);
}

std::vector<ClosingFinder> closing_finders()
{
    std::vector<ClosingFinder> finders;
#if defined(__x86_64__)
    if (use_avx512) {
        finders.push_back(avx512_closing);
    }
    if (use_avx2) {
        finders.push_back(avx2_closing);
    }
#endif
    finders.push_back(portable_closing);
    return finders;
}

const char* find_container_end(const char* begin, const char* end)
{
    return find_closing(begin, end, 0);
}

const char* find_string_end(const char* begin, const char* end, bool& escaped)
{
#if defined(__x86_64__)
    if (use_avx2) {
        return avx2_string_end(begin, end, escaped);
    }
#endif
    const char* const found = portable_string_end(begin, end, escaped);
    return found > end ? end : found;
}

} // namespace trawl::event::json
