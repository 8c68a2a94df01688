#include "base/glob.h"

#include <algorithm>
#include <bit>
#include <cstdint>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/ascii_words.h"
#include "base/text.h"

namespace trawl::base {

namespace {

// Stands for `?` inside a piece; the byte occurs in no UTF-8 text.
constexpr char single = '\xFF';
constexpr std::size_t nowhere = std::string_view::npos;

// How many bytes the character at `at` takes. A byte that begins no whole UTF-8 sequence is a character by itself.
std::size_t character_length(std::string_view subject, std::size_t at)
{
    const auto byte = static_cast<unsigned char>(subject[at]);
    const std::size_t length = byte < 0xC2 || byte > 0xF4 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
    if (at + length > subject.size()) {
        return 1;
    }
    for (std::size_t i = 1; i < length; ++i) {
        if ((static_cast<unsigned char>(subject[at + i]) & 0xC0) != 0x80) {
            return 1;
        }
    }
    return length;
}

// The same for the character that ends before `end`.
std::size_t length_before(std::string_view subject, std::size_t end)
{
    for (std::size_t length = 2; length <= 4 && length <= end; ++length) {
        if (character_length(subject.substr(0, end), end - length) == length) {
            return length;
        }
    }
    return 1;
}

template <bool fold> char folded(char c)
{
    return fold ? lower_ascii(c) : c;
}

// Compares `size` bytes of the subject with folded ones.
template <bool fold> bool same_bytes(const char* subject, const char* wanted, std::size_t size)
{
    constexpr std::size_t step = sizeof(std::uint64_t);
    const auto same_word = [&](std::size_t at) {
        const std::uint64_t word = load_word(subject + at);
        return (fold ? lower_word(word) : word) == load_word(wanted + at);
    };
    if (size < step) {
        for (std::size_t i = 0; i < size; ++i) {
            if (folded<fold>(subject[i]) != wanted[i]) {
                return false;
            }
        }
        return true;
    }
    for (std::size_t at = 0; at + step < size; at += step) {
        if (!same_word(at)) {
            return false;
        }
    }
    // The last word overlaps the one before.
    return same_word(size - step);
}

#ifdef __SSE2__
// Sixteen copies of a byte in both cases.
struct BothCases {
    explicit BothCases(char lower, bool fold)
        : lower_bytes(_mm_set1_epi8(lower)),
          upper_bytes(
              _mm_set1_epi8(fold && lower >= 'a' && lower <= 'z' ? static_cast<char>(lower - ('a' - 'A')) : lower))
    {
    }
    __m128i equal_to(const char* at) const
    {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
        return _mm_or_si128(_mm_cmpeq_epi8(bytes, lower_bytes), _mm_cmpeq_epi8(bytes, upper_bytes));
    }
    __m128i lower_bytes;
    __m128i upper_bytes;
};
#endif

// Finds a piece without `?`: where its first and its last byte stand at the right distance, the rest is compared.
template <bool fold> std::size_t find_literal(std::string_view piece, std::string_view subject, std::size_t from)
{
    const std::size_t size = piece.size();
    if (size == 0) {
        return from;
    }
    if (subject.size() < size || from > subject.size() - size) {
        return nowhere;
    }
    const std::size_t places = subject.size() - size + 1;
    std::size_t at = from;
#ifdef __SSE2__
    constexpr std::size_t step = sizeof(__m128i);
    const BothCases first(piece.front(), fold);
    const BothCases last(piece.back(), fold);
    for (; at + step <= places; at += step) {
        const __m128i both
            = _mm_and_si128(first.equal_to(subject.data() + at), last.equal_to(subject.data() + at + size - 1));
        for (auto found = static_cast<std::uint32_t>(_mm_movemask_epi8(both)); found != 0; found &= found - 1) {
            const std::size_t place = at + static_cast<std::size_t>(std::countr_zero(found));
            if (same_bytes<fold>(subject.data() + place, piece.data(), size)) {
                return place;
            }
        }
    }
#endif
    for (; at < places; ++at) {
        if (folded<fold>(subject[at]) == piece.front() && same_bytes<fold>(subject.data() + at, piece.data(), size)) {
            return at;
        }
    }
    return nowhere;
}

// Compares a piece that may hold `?` with what begins at `at`; returns where it ends, or nowhere.
template <bool fold> std::size_t piece_end(std::string_view piece, std::string_view subject, std::size_t at)
{
    for (const char c : piece) {
        if (at >= subject.size()) {
            return nowhere;
        }
        if (c == single) {
            at += character_length(subject, at);
        } else if (folded<fold>(subject[at]) == c) {
            ++at;
        } else {
            return nowhere;
        }
    }
    return at;
}

// Compares a piece that may hold `?` with what ends at the end of the subject; returns where it begins, or nowhere.
template <bool fold> std::size_t piece_start(std::string_view piece, std::string_view subject)
{
    std::size_t at = subject.size();
    for (std::size_t i = piece.size(); i > 0; --i) {
        if (at == 0) {
            return nowhere;
        }
        const char c = piece[i - 1];
        if (c == single) {
            at -= length_before(subject, at);
        } else if (folded<fold>(subject[at - 1]) == c) {
            --at;
        } else {
            return nowhere;
        }
    }
    return at;
}

// Finds a piece at or after `from`; returns where the first one ends, or nowhere.
template <bool fold> std::size_t find_end(
    std::string_view piece, std::string_view subject, std::size_t from, bool has_single)
{
    if (!has_single || piece.find(single) == nowhere) {
        const std::size_t found = find_literal<fold>(piece, subject, from);
        return found == nowhere ? nowhere : found + piece.size();
    }
    for (std::size_t at = from; at < subject.size(); at += character_length(subject, at)) {
        const std::size_t end = piece_end<fold>(piece, subject, at);
        if (end != nowhere) {
            return end;
        }
    }
    return nowhere;
}

// What surrounds the pieces of a pattern.
struct Shape {
    bool open_start;
    bool open_end;
    bool has_single;
};

// Cuts the anchored pieces off both ends, then takes the others from left to right, each at its first place: with stars
// around them the first place is as good as any, so that nothing is tried twice.
template <bool fold> bool match_pieces(const std::vector<std::string>& pieces, std::string_view subject, Shape shape)
{
    std::size_t next = 0;
    std::size_t behind = pieces.size();
    std::size_t at = 0;
    if (!shape.open_start) {
        const std::string_view piece = pieces.front();
        if (shape.has_single) {
            at = piece_end<fold>(piece, subject, 0);
        } else {
            const bool fits
                = piece.size() <= subject.size() && same_bytes<fold>(subject.data(), piece.data(), piece.size());
            at = fits ? piece.size() : nowhere;
        }
        if (at == nowhere) {
            return false;
        }
        ++next;
    }
    if (next == behind) {
        return shape.open_end || at == subject.size();
    }
    if (!shape.open_end) {
        const std::string_view piece = pieces.back();
        std::size_t start = nowhere;
        if (shape.has_single) {
            start = piece_start<fold>(piece, subject);
        } else if (piece.size() <= subject.size()) {
            const std::size_t place = subject.size() - piece.size();
            start = same_bytes<fold>(subject.data() + place, piece.data(), piece.size()) ? place : nowhere;
        }
        if (start == nowhere || start < at) {
            return false;
        }
        subject = subject.substr(0, start);
        --behind;
    }
    for (; next < behind; ++next) {
        at = find_end<fold>(pieces[next], subject, at, shape.has_single);
        if (at == nowhere) {
            return false;
        }
    }
    return true;
}

} // namespace

Glob::Glob(std::string_view pattern, Wildcards wildcards, CaseRule case_rule) : case_rule_(case_rule)
{
    const std::string written = case_rule == CaseRule::insensitive ? fold_case(pattern) : std::string(pattern);
    is_ascii_ = is_ascii(written);
    if (wildcards == Wildcards::plain) {
        pieces_.push_back(written);
        return;
    }
    std::string piece;
    bool after_star = false;
    for (std::size_t i = 0; i < written.size(); ++i) {
        const char c = written[i];
        if (c == '*') {
            if (pieces_.empty() && piece.empty() && !after_star) {
                open_start_ = true;
            }
            if (!piece.empty()) {
                pieces_.push_back(std::move(piece));
                piece.clear();
            }
            after_star = true;
            continue;
        }
        after_star = false;
        if (c == '?') {
            piece.push_back(single);
            has_single_ = true;
            continue;
        }
        const char next = i + 1 < written.size() ? written[i + 1] : '\0';
        if (c == '\\' && (next == '*' || next == '?' || next == '\\')) {
            piece.push_back(next);
            ++i;
            continue;
        }
        piece.push_back(c);
    }
    open_end_ = after_star;
    if (!piece.empty() || pieces_.empty()) {
        pieces_.push_back(std::move(piece));
    }
}

bool Glob::is_any() const
{
    return pieces_.size() == 1 && pieces_.front().empty() && (open_start_ || open_end_);
}

std::string_view Glob::literal_prefix() const
{
    if (open_start_) {
        return {};
    }
    const std::string_view first = pieces_.front();
    return first.substr(0, first.find(single));
}

bool Glob::matches_folded(std::string_view subject, bool open_start, bool open_end) const
{
    return match_pieces<false>(pieces_, subject, {open_start, open_end, has_single_});
}

bool Glob::matches(std::string_view subject) const
{
    if (case_rule_ == CaseRule::sensitive) {
        return is_literal() ? subject == literal() : matches_folded(subject, open_start_, open_end_);
    }
    // What folds to a letter of ASCII is that letter or takes more bytes (U+212A folds to "k"): a text of the same size
    // is compared as it stands, and a shorter one never fits.
    if (is_ascii_ && is_literal() && subject.size() <= literal().size()) {
        return subject.size() == literal().size() && same_bytes<true>(subject.data(), literal().data(), subject.size());
    }
    if (is_ascii(subject)) {
        return match_pieces<true>(pieces_, subject, {open_start_, open_end_, has_single_});
    }
    return matches_folded(fold_case(subject), open_start_, open_end_);
}

bool Glob::found_in(std::string_view subject) const
{
    if (case_rule_ == CaseRule::sensitive) {
        return matches_folded(subject, true, true);
    }
    if (is_ascii(subject)) {
        return match_pieces<true>(pieces_, subject, {true, true, has_single_});
    }
    return matches_folded(fold_case(subject), true, true);
}

} // namespace trawl::base
