#include "deliver/column_widths.h"

#include <algorithm>
#include <numeric>

namespace trawl::deliver {

namespace {

constexpr std::size_t longest_without_terminal = 60;
constexpr std::size_t least = 6; // A column of less says nothing.

} // namespace

std::vector<std::size_t> share_width(const std::vector<std::size_t>& natural, const TableStyle& style)
{
    std::vector<std::size_t> widths = natural;
    if (style.wide) {
        return widths;
    }
    if (style.width == 0) {
        // The last column has nothing to its right that it could push away.
        for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
            widths[i] = std::min(widths[i], longest_without_terminal);
        }
        return widths;
    }
    const std::size_t gaps = widths.empty() ? 0 : (widths.size() - 1) * column_gap;
    const std::size_t room = style.width > gaps ? style.width - gaps : 0;
    while (std::accumulate(widths.begin(), widths.end(), std::size_t {0}) > room) {
        const auto widest = std::ranges::max_element(widths);
        if (*widest <= least) {
            break;
        }
        // Down to the next widest at once, or by what is missing.
        const std::size_t excess = std::accumulate(widths.begin(), widths.end(), std::size_t {0}) - room;
        std::size_t next = least;
        for (const std::size_t width : widths) {
            if (width < *widest) {
                next = std::max(next, width);
            }
        }
        const auto equal = static_cast<std::size_t>(std::ranges::count(widths, *widest));
        const std::size_t top = *widest;
        const std::size_t step = std::min(top - next, std::max<std::size_t>(1, excess / equal));
        if (step == 0) {
            *widest = top - 1;
            continue;
        }
        for (std::size_t& width : widths) {
            if (width == top) {
                width = top - step;
            }
        }
    }
    return widths;
}

} // namespace trawl::deliver
