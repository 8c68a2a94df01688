#include "event/json_scan.h"

#include <algorithm>
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

// The loop, for every width of registers: it takes the instructions of the function that it is inlined into. `Blocks` reads
// the masks of the block at `begin`, of which `left` bytes are text.
template <typename Blocks>
[[gnu::always_inline]] inline const char* closing_of(const char* begin, const char* end, std::int64_t depth)
{
    constexpr std::ptrdiff_t block_bytes = 64;
    std::uint64_t in_string = 0;
    std::uint64_t carry = 0;
    for (; begin < end; begin += block_bytes) {
        Masks masks = Blocks::read(begin, static_cast<std::size_t>(std::min(end - begin, block_bytes)));
        if ((masks.backslashes | carry) != 0) {
            masks.quotes &= ~escaped_bytes(masks.backslashes, carry);
        }
        const std::uint64_t inside = Blocks::prefix_xor(masks.quotes) ^ in_string;
        in_string = static_cast<std::uint64_t>(static_cast<std::int64_t>(inside) >> 63);
        masks.opens &= ~inside;
        masks.closes &= ~inside;
        const auto count = static_cast<std::int64_t>(std::popcount(masks.closes));
        if (depth <= count && count != 0) {
            const int at = closing_position(masks.opens, masks.closes, depth);
            if (at < block_bytes) {
                return begin + at + 1;
            }
        }
        depth += static_cast<std::int64_t>(std::popcount(masks.opens)) - count;
    }
    return nullptr;
}

// The text of a block that is not full, with blanks behind it.
struct Tail {
    alignas(32) char bytes[64];

    Tail(const char* begin, std::size_t left)
    {
        std::memset(bytes, ' ', sizeof bytes);
        std::memcpy(bytes, begin, left);
    }
};

struct PortableBlocks {
    static Masks read(const char* begin, std::size_t left)
    {
        return left < sizeof(Tail::bytes) ? portable_masks(Tail(begin, left).bytes) : portable_masks(begin);
    }
    static std::uint64_t prefix_xor(std::uint64_t mask) { return portable_prefix_xor(mask); }
};

const char* portable_closing(const char* begin, const char* end, std::int64_t depth)
{
    return closing_of<PortableBlocks>(begin, end, depth);
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

TRAWL_AVX2 inline std::uint64_t fast_prefix_xor(std::uint64_t mask)
{
    const __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, static_cast<long long>(mask)), _mm_set1_epi8(-1), 0);
    return static_cast<std::uint64_t>(_mm_cvtsi128_si64(product));
}

// `[` | 0x20 is `{` and `]` | 0x20 is `}`; no other byte becomes one of them.
constexpr char fold = 0x20;

struct Avx2Blocks {
    TRAWL_AVX2 static Masks read(const char* begin, std::size_t left)
    {
        return left < sizeof(Tail::bytes) ? read_full(Tail(begin, left).bytes) : read_full(begin);
    }
    TRAWL_AVX2 static std::uint64_t prefix_xor(std::uint64_t mask) { return fast_prefix_xor(mask); }

private:
    TRAWL_AVX2 static Masks read_full(const char* block)
    {
        const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block));
        const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block + sizeof low));
        const __m256i folded_low = _mm256_or_si256(low, _mm256_set1_epi8(fold));
        const __m256i folded_high = _mm256_or_si256(high, _mm256_set1_epi8(fold));
        return {.quotes = equal(low, high, '"'),
            .backslashes = equal(low, high, '\\'),
            .opens = equal(folded_low, folded_high, '{'),
            .closes = equal(folded_low, folded_high, '}')};
    }
    TRAWL_AVX2 static std::uint64_t equal(__m256i low, __m256i high, char wanted)
    {
        const __m256i byte = _mm256_set1_epi8(wanted);
        const auto bits = [](__m256i mask) TRAWL_AVX2 {
            return std::uint64_t {static_cast<std::uint32_t>(_mm256_movemask_epi8(mask))};
        };
        return bits(_mm256_cmpeq_epi8(low, byte)) | bits(_mm256_cmpeq_epi8(high, byte)) << 32;
    }
};

TRAWL_AVX2 const char* avx2_closing(const char* begin, const char* end, std::int64_t depth)
{
    return closing_of<Avx2Blocks>(begin, end, depth);
}

#define TRAWL_AVX512 __attribute__((target("avx512f,avx512bw,pclmul,bmi,popcnt")))

// The same with half the instructions: 64 bytes are one register, and comparisons give masks.
struct Avx512Blocks {
    TRAWL_AVX512 static Masks read(const char* begin, std::size_t left)
    {
        // Bytes behind the end are not touched: they read as zeros.
        const __m512i block = _mm512_maskz_loadu_epi8(~std::uint64_t {0} >> (64 - left), begin);
        const __m512i folded = _mm512_or_si512(block, _mm512_set1_epi8(fold));
        return {.quotes = _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8('"')),
            .backslashes = _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8('\\')),
            .opens = _mm512_cmpeq_epi8_mask(folded, _mm512_set1_epi8('{')),
            .closes = _mm512_cmpeq_epi8_mask(folded, _mm512_set1_epi8('}'))};
    }
    TRAWL_AVX512 static std::uint64_t prefix_xor(std::uint64_t mask) { return fast_prefix_xor(mask); }
};

TRAWL_AVX512 const char* avx512_closing(const char* begin, const char* end, std::int64_t depth)
{
    return closing_of<Avx512Blocks>(begin, end, depth);
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
