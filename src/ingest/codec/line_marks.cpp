#include "ingest/codec/line_marks.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace trawl::ingest {

namespace {

// Positions are written in groups, some of them beyond the last one.
constexpr std::size_t group = 8;
constexpr std::size_t block_bytes = 64;

std::uint32_t* portable_marks(std::string_view line, char a, char b, char c, std::uint32_t* out)
{
    for (std::size_t at = 0; at < line.size(); ++at) {
        if (line[at] == a || line[at] == b || line[at] == c) {
            *out++ = static_cast<std::uint32_t>(at); // NOLINT(clang-analyzer-core.NullDereference): never null.
        }
    }
    return out;
}

#if defined(__x86_64__)

// The last block of a line is read whole where it lies in one page, of which the processor protects all or nothing; what
// is behind the line is masked out. Sanitizers would object.
#define TRAWL_AVX2 __attribute__((target("avx2,bmi,popcnt,pclmul"), no_sanitize("address", "thread")))

constexpr std::size_t page_bytes = 4096;

bool lies_in_one_page(const char* block)
{
    return (reinterpret_cast<std::uintptr_t>(block) & (page_bytes - 1)) <= page_bytes - block_bytes;
}

// Writes the places of the bits, without a branch for each: how many a block holds cannot be foreseen.
TRAWL_AVX2 inline std::uint32_t* write_places(std::uint64_t mask, std::size_t at, std::uint32_t* out)
{
    const auto count = static_cast<std::size_t>(__builtin_popcountll(mask));
    for (std::size_t done = 0; done < count; done += group) {
        for (std::size_t i = 0; i < group; ++i) {
            out[done + i] = static_cast<std::uint32_t>(at) + static_cast<std::uint32_t>(_tzcnt_u64(mask));
            mask = _blsr_u64(mask);
        }
    }
    return out + count;
}

// Where a walk over a line by blocks stands.
class BlockWalk {
public:
    explicit BlockWalk(std::string_view line) : line_(line) {}

    // How many bytes of the line the block holds.
    std::size_t size() const { return std::min(block_bytes, line_.size() - at_); }
    bool is_last() const { return next_ >= line_.size(); }

protected:
    bool advance()
    {
        at_ = next_;
        next_ += block_bytes;
        return at_ < line_.size();
    }
    const char* block() const { return line_.data() + at_; }
    // The bits of the bytes that are the line's.
    std::uint64_t inside() const
    {
        return size() < block_bytes ? (std::uint64_t {1} << size()) - 1 : ~std::uint64_t {0};
    }
    std::size_t at() const { return at_; }

private:
    std::string_view line_;
    std::size_t at_ = 0;
    std::size_t next_ = 0;
};

// Bit i is the parity of the bits 0 … i.
TRAWL_AVX2 inline std::uint64_t prefix_xor(std::uint64_t mask)
{
    const __m128i product
        = _mm_clmulepi64_si128(_mm_set_epi64x(0, static_cast<long long>(mask)), _mm_set1_epi8('\xff'), 0);
    return static_cast<std::uint64_t>(_mm_cvtsi128_si64(product));
}

// 64 bytes of a line at a time; the bytes behind it are whatever they are.
class Blocks : public BlockWalk {
public:
    using BlockWalk::BlockWalk;

    TRAWL_AVX2 bool next()
    {
        if (!advance()) {
            return false;
        }
        inside_ = inside();
        const char* block = this->block();
        if (size() < block_bytes && !lies_in_one_page(block)) {
            std::memcpy(tail_, block, size());
            block = tail_;
        }
        low_ = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block));
        high_ = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block + block_bytes / 2));
        return true;
    }
    // The bytes of the line that equal `wanted`, a bit each.
    TRAWL_AVX2 std::uint64_t equal(char wanted) const
    {
        const __m256i byte = _mm256_set1_epi8(wanted);
        return inside_ & (bits(_mm256_cmpeq_epi8(low_, byte)) | bits(_mm256_cmpeq_epi8(high_, byte)) << 32U);
    }
    TRAWL_AVX2 std::uint32_t* write(std::uint64_t mask, std::uint32_t* out) const
    {
        return write_places(mask, at(), out);
    }

private:
    TRAWL_AVX2 static std::uint64_t bits(__m256i mask)
    {
        return static_cast<std::uint32_t>(_mm256_movemask_epi8(mask));
    }

    std::uint64_t inside_ = 0;
    __m256i low_ {};
    __m256i high_ {};
    alignas(32) char tail_[block_bytes];
};

#define TRAWL_AVX512                                                                                                   \
    __attribute__((target("avx512f,avx512bw,avx512vbmi2,bmi,popcnt,pclmul"), no_sanitize("address", "thread")))

alignas(block_bytes) constexpr auto byte_numbers = [] {
    std::array<std::uint8_t, block_bytes> numbers {};
    std::iota(numbers.begin(), numbers.end(), std::uint8_t {0});
    return numbers;
}();

// The same in one register; the bytes behind the line are not touched.
class WideBlocks : public BlockWalk {
public:
    using BlockWalk::BlockWalk;

    TRAWL_AVX512 bool next()
    {
        if (!advance()) {
            return false;
        }
        inside_ = inside();
        bytes_ = _mm512_maskz_loadu_epi8(inside_, block());
        return true;
    }
    TRAWL_AVX512 std::uint64_t equal(char wanted) const
    {
        return _mm512_mask_cmpeq_epi8_mask(inside_, bytes_, _mm512_set1_epi8(wanted));
    }
    TRAWL_AVX512 std::uint32_t* write(std::uint64_t mask, std::uint32_t* out) const
    {
        constexpr std::size_t lanes = 16;
        const auto count = static_cast<std::size_t>(__builtin_popcountll(mask));
        if (count > lanes) {
            return write_places(mask, at(), out);
        }
        const __m512i packed = _mm512_maskz_compress_epi8(mask, _mm512_load_si512(byte_numbers.data()));
        const __m512i places = _mm512_add_epi32(
            _mm512_cvtepu8_epi32(_mm512_castsi512_si128(packed)), _mm512_set1_epi32(static_cast<int>(at())));
        _mm512_storeu_si512(out, places);
        return out + count;
    }

private:
    std::uint64_t inside_ = 0;
    __m512i bytes_ {};
};

// The loops, for either width of registers: they take the instructions of the function that they are inlined into.
#define TRAWL_LOOP [[gnu::always_inline]] inline __attribute__((no_sanitize("address", "thread")))

template <typename Blocks> TRAWL_LOOP std::uint32_t* marks_of(Blocks blocks, char a, char b, char c, std::uint32_t* out)
{
    while (blocks.next()) {
        out = blocks.write(blocks.equal(a) | blocks.equal(b) | blocks.equal(c), out);
    }
    return out;
}

// Null for a line in which two stand side by side.
template <typename Blocks> TRAWL_LOOP std::uint32_t* single_of(Blocks blocks, char separator, std::uint32_t* out)
{
    std::uint64_t before = 0; // Whether the block before ended with one.
    std::uint64_t doubled = 0;
    while (blocks.next()) {
        const std::uint64_t found = blocks.equal(separator);
        doubled |= found & (found << 1U | before);
        before = found >> 63U;
        out = blocks.write(found, out);
    }
    return doubled == 0 ? out : nullptr;
}

// Null for a line that is not ordinary.
template <typename Blocks> TRAWL_LOOP std::uint32_t* between_columns_of(Blocks blocks, std::uint32_t* out)
{
    constexpr std::uint64_t last_bit = std::uint64_t {1} << 63U;
    std::uint64_t open = 0; // All bits set while a quote is open.
    std::uint64_t behind_edge
        = 1; // A column may begin at the first byte: what is before it is a blank or the line's beginning.
    bool must_end = false; // The block before ended with a closing quote.
    while (blocks.next()) {
        const std::uint64_t blanks = blocks.equal(' ');
        const std::uint64_t quotes = blocks.equal('"');
        // Behind an opening quote and at it, up to the closing one.
        const std::uint64_t quoted = prefix_xor(quotes) ^ open;
        const std::uint64_t opening = quotes & quoted;
        const std::uint64_t closing = quotes & ~quoted;
        const std::uint64_t between = blanks & ~quoted;
        const std::uint64_t end = blocks.is_last() ? std::uint64_t {1} << (blocks.size() - 1) : 0;
        std::uint64_t wrong = blocks.equal('\\') | blocks.equal('[');
        wrong |= opening & ~(blanks << 1U | behind_edge);
        wrong |= closing & ~(blanks >> 1U | last_bit | end);
        wrong |= between & (between << 1U | behind_edge | end);
        if (wrong != 0 || (must_end && (blanks & 1U) == 0)) {
            return nullptr;
        }
        must_end = end == 0 && (closing & last_bit) != 0;
        behind_edge = between >> 63U;
        open = (quoted & (end != 0 ? end : last_bit)) != 0 ? ~std::uint64_t {0} : 0;
        out = blocks.write(between, out);
    }
    return open == 0 ? out : nullptr;
}

TRAWL_AVX2 std::uint32_t* avx2_marks(std::string_view line, char a, char b, char c, std::uint32_t* out)
{
    return marks_of(Blocks(line), a, b, c, out);
}
TRAWL_AVX2 std::uint32_t* avx2_single(std::string_view line, char separator, std::uint32_t* out)
{
    return single_of(Blocks(line), separator, out);
}
TRAWL_AVX2 std::uint32_t* avx2_between_columns(std::string_view line, std::uint32_t* out)
{
    return between_columns_of(Blocks(line), out);
}
TRAWL_AVX512 std::uint32_t* avx512_marks(std::string_view line, char a, char b, char c, std::uint32_t* out)
{
    return marks_of(WideBlocks(line), a, b, c, out);
}
TRAWL_AVX512 std::uint32_t* avx512_single(std::string_view line, char separator, std::uint32_t* out)
{
    return single_of(WideBlocks(line), separator, out);
}
TRAWL_AVX512 std::uint32_t* avx512_between_columns(std::string_view line, std::uint32_t* out)
{
    return between_columns_of(WideBlocks(line), out);
}

bool has_avx2()
{
    return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi") != 0
        && __builtin_cpu_supports("popcnt") != 0 && __builtin_cpu_supports("pclmul") != 0;
}

bool has_avx512()
{
    return has_avx2() && __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0
        && __builtin_cpu_supports("avx512vbmi2") != 0;
}

#endif

} // namespace

std::vector<LineMarks::Way> LineMarks::ways()
{
    std::vector<Way> ways {Way::portable};
#if defined(__x86_64__)
    if (has_avx2()) {
        ways.push_back(Way::avx2);
    }
    if (has_avx512()) {
        ways.push_back(Way::avx512);
    }
#endif
    return ways;
}

LineMarks::LineMarks()
{
    static const Way best = ways().back();
    way_ = best;
}

std::uint32_t* LineMarks::buffer_for(std::string_view line)
{
    if (positions_.size() < line.size() + block_bytes) {
        positions_.resize(line.size() + block_bytes);
    }
    return positions_.data();
}

std::span<const std::uint32_t> LineMarks::find(std::string_view line, char a, char b, char c)
{
    std::uint32_t* const begin = buffer_for(line);
    std::uint32_t* end = nullptr;
#if defined(__x86_64__)
    if (way_ != Way::portable) {
        end = way_ == Way::avx512 ? avx512_marks(line, a, b, c, begin) : avx2_marks(line, a, b, c, begin);
    }
#endif
    if (end == nullptr) {
        end = portable_marks(line, a, b, c, begin);
    }
    return {begin, static_cast<std::size_t>(end - begin)};
}

std::optional<std::span<const std::uint32_t>> LineMarks::find_single(std::string_view line, char separator)
{
    if (line.empty() || line.front() == separator || line.back() == separator) {
        return std::nullopt;
    }
    std::uint32_t* const begin = buffer_for(line);
    const std::uint32_t* end = nullptr;
#if defined(__x86_64__)
    if (way_ != Way::portable) {
        end = way_ == Way::avx512 ? avx512_single(line, separator, begin) : avx2_single(line, separator, begin);
        return end == nullptr
            ? std::nullopt
            : std::optional(std::span<const std::uint32_t>(begin, static_cast<std::size_t>(end - begin)));
    }
#endif
    end = portable_marks(line, separator, separator, separator, begin);
    const std::span<const std::uint32_t> found(begin, static_cast<std::size_t>(end - begin));
    const bool is_doubled
        = std::ranges::adjacent_find(found, [](std::uint32_t a, std::uint32_t b) { return b == a + 1; }) != found.end();
    return is_doubled ? std::nullopt : std::optional(found);
}

std::optional<std::span<const std::uint32_t>> LineMarks::find_between_columns(std::string_view line)
{
#if defined(__x86_64__)
    if (way_ != Way::portable && !line.empty()) {
        std::uint32_t* const begin = buffer_for(line);
        const std::uint32_t* const end
            = way_ == Way::avx512 ? avx512_between_columns(line, begin) : avx2_between_columns(line, begin);
        if (end != nullptr) {
            return std::span<const std::uint32_t>(begin, static_cast<std::size_t>(end - begin));
        }
    }
#endif
    return std::nullopt;
}

} // namespace trawl::ingest
