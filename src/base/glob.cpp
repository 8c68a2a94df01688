#include "base/glob.h"

#include <algorithm>

#include "base/text.h"

namespace trawl::base {

namespace {

// Stands for `?` inside a piece; the byte occurs in no UTF-8 text.
constexpr char single = '\xFF';

std::size_t code_point_length(char first)
{
    const auto byte = static_cast<unsigned char>(first);
    return byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

// Compares one piece at the start of `subject`. Returns how many bytes it takes, or npos.
template <bool fold> std::size_t piece_at(std::string_view piece, std::string_view subject)
{
    std::size_t at = 0;
    for (const char c : piece) {
        if (at >= subject.size()) {
            return std::string_view::npos;
        }
        if (c == single) {
            at += std::min(code_point_length(subject[at]), subject.size() - at);
            continue;
        }
        const char other = fold ? lower_ascii(subject[at]) : subject[at];
        if (other != c) {
            return std::string_view::npos;
        }
        ++at;
    }
    return at;
}

template <bool fold>
std::size_t find_piece(std::string_view piece, std::string_view subject, std::size_t from, std::size_t& length)
{
    if (piece.empty()) {
        length = 0;
        return from;
    }
    const char first = piece.front();
    for (std::size_t at = from; at < subject.size(); ++at) {
        const char c = fold ? lower_ascii(subject[at]) : subject[at];
        if (c != first && first != single) {
            continue;
        }
        length = piece_at<fold>(piece, subject.substr(at));
        if (length != std::string_view::npos) {
            return at;
        }
    }
    return std::string_view::npos;
}

// Matches pieces from left to right, each at its first place: with stars between them the first place is as good as any.
template <bool fold>
bool match_pieces(const std::vector<std::string>& pieces, std::string_view subject, bool open_start, bool open_end)
{
    std::size_t at = 0;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const std::string_view piece = pieces[i];
        const bool anchored_start = i == 0 && !open_start;
        const bool anchored_end = i + 1 == pieces.size() && !open_end;
        std::size_t length = 0;
        if (anchored_start) {
            length = piece_at<fold>(piece, subject);
            if (length == std::string_view::npos || (anchored_end && length != subject.size())) {
                return false;
            }
            at = length;
            continue;
        }
        if (anchored_end) {
            // `?` may stand for several bytes, so that the last piece's length is found by trying its places.
            for (std::size_t from = at; from <= subject.size(); ++from) {
                const std::size_t found = find_piece<fold>(piece, subject, from, length);
                if (found == std::string_view::npos) {
                    return false;
                }
                if (found + length == subject.size()) {
                    return true;
                }
                from = found;
            }
            return false;
        }
        const std::size_t found = find_piece<fold>(piece, subject, at, length);
        if (found == std::string_view::npos) {
            return false;
        }
        at = found + length;
    }
    return true;
}

} // namespace

Glob::Glob(std::string_view pattern, Wildcards wildcards, CaseRule case_rule) : case_rule_(case_rule)
{
    const std::string folded = case_rule == CaseRule::insensitive ? fold_case(pattern) : std::string(pattern);
    if (wildcards == Wildcards::plain) {
        pieces_.push_back(folded);
        return;
    }
    std::string piece;
    bool after_star = false;
    for (std::size_t i = 0; i < folded.size(); ++i) {
        const char c = folded[i];
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
        const char next = i + 1 < folded.size() ? folded[i + 1] : '\0';
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
    return match_pieces<false>(pieces_, subject, open_start, open_end);
}

bool Glob::matches(std::string_view subject) const
{
    if (case_rule_ == CaseRule::sensitive) {
        return matches_folded(subject, open_start_, open_end_);
    }
    if (is_ascii(subject)) {
        return match_pieces<true>(pieces_, subject, open_start_, open_end_);
    }
    return matches_folded(fold_case(subject), open_start_, open_end_);
}

bool Glob::found_in(std::string_view subject) const
{
    if (case_rule_ == CaseRule::sensitive) {
        return matches_folded(subject, true, true);
    }
    if (is_ascii(subject)) {
        return match_pieces<true>(pieces_, subject, true, true);
    }
    return matches_folded(fold_case(subject), true, true);
}

} // namespace trawl::base
