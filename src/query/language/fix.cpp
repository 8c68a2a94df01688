#include <algorithm>

#include "query/language/analysis.h"

namespace trawl::query::language {

namespace {

std::string with_edits(std::string_view text, std::vector<Edit> edits)
{
    // At one place an insertion comes before what replaces the text there.
    std::ranges::stable_sort(edits, {}, [](const Edit& edit) { return std::pair(edit.span.start, edit.span.length); });
    std::string out;
    std::size_t at = 0;
    for (const Edit& edit : edits) {
        if (edit.span.start < at) {
            continue;
        }
        out += text.substr(at, edit.span.start - at);
        out += edit.text;
        at = edit.span.start + edit.span.length;
    }
    return out += text.substr(at);
}

std::string with_move(std::string_view text, const Move& move)
{
    std::string out;
    std::size_t at = 0;
    for (std::size_t i = 0; i < move.places.size(); ++i) {
        out += text.substr(at, move.places[i].start - at);
        out += text.substr(move.contents[i].start, move.contents[i].length);
        at = move.places[i].start + move.places[i].length;
    }
    return out += text.substr(at);
}

} // namespace

std::string fix(std::string_view text, const Lists& lists)
{
    Analysis analysis = analyse(text, lists);
    std::string fixed(text);
    if (!analysis.is_well_formed) {
        return fixed;
    }
    fixed = with_edits(fixed, std::move(analysis.edits));
    // One move at a time: each changes where the others' commands stand.
    constexpr int most_moves = 64;
    for (int moves = 0; moves < most_moves; ++moves) {
        analysis = analyse(fixed, lists);
        if (!analysis.is_well_formed || !analysis.move) {
            break;
        }
        fixed = with_move(fixed, *analysis.move);
    }
    return fixed;
}

} // namespace trawl::query::language
