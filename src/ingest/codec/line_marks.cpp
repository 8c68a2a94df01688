#include "ingest/codec/line_marks.h"

#include <bit>
#include <cstring>

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
// is behind the line is masked out. Address sanitizer would object.
#define TRAWL_AVX2 __attribute__((target("avx2,bmi,popcnt"), no_sanitize("address")))

constexpr std::size_t page_bytes = 4096;

bool lies_in_one_page(const char* block)
{
    return (reinterpret_cast<std::uintptr_t>(block) & (page_bytes - 1)) <= page_bytes - block_bytes;
}

// Without a branch for each mark: how many a block holds cannot be foreseen.
TRAWL_AVX2 std::uint32_t* avx2_marks(std::string_view line, char a, char b, char c, std::uint32_t* out)
{
    const __m256i first = _mm256_set1_epi8(a);
    const __m256i second = _mm256_set1_epi8(b);
    const __m256i third = _mm256_set1_epi8(c);
    alignas(32) char tail[block_bytes];
    for (std::size_t at = 0; at < line.size(); at += block_bytes) {
        const char* block = line.data() + at;
        const std::size_t left = line.size() - at;
        if (left < block_bytes && !lies_in_one_page(block)) {
            std::memcpy(tail, block, left);
            block = tail;
        }
        const auto mask_of = [&](const char* half) TRAWL_AVX2 {
            const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(half));
            const __m256i equal
                = _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi8(bytes, first), _mm256_cmpeq_epi8(bytes, second)),
                    _mm256_cmpeq_epi8(bytes, third));
            return static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(equal)));
        };
        std::uint64_t mask = mask_of(block) | mask_of(block + block_bytes / 2) << 32U;
        if (left < block_bytes) {
            mask &= (std::uint64_t {1} << left) - 1;
        }
        const auto count = static_cast<std::size_t>(__builtin_popcountll(mask));
        for (std::size_t done = 0; done < count; done += group) {
            for (std::size_t i = 0; i < group; ++i) {
                out[done + i] = static_cast<std::uint32_t>(at) + static_cast<std::uint32_t>(_tzcnt_u64(mask));
                mask = _blsr_u64(mask);
            }
        }
        out += count;
    }
    return out;
}

const bool use_avx2 = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi") != 0
    && __builtin_cpu_supports("popcnt") != 0;

#endif

} // namespace

std::span<const std::uint32_t> LineMarks::find(std::string_view line, char a, char b, char c)
{
    if (positions_.size() < line.size() + block_bytes) {
        positions_.resize(line.size() + block_bytes);
    }
    std::uint32_t* const begin = positions_.data();
    std::uint32_t* end = nullptr;
#if defined(__x86_64__)
    if (use_avx2) {
        end = avx2_marks(line, a, b, c, begin);
    }
#endif
    if (end == nullptr) {
        end = portable_marks(line, a, b, c, begin);
    }
    return {begin, static_cast<std::size_t>(end - begin)};
}

} // namespace trawl::ingest
