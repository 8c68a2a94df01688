#include "query/language/suggestion.h"

#include <algorithm>

#include "base/text.h"

namespace trawl::query::language {

std::string_view nearest(std::string_view name, std::span<const std::string_view> candidates)
{
    // A third of the letters may be wrong; long texts are no misspelt names.
    constexpr std::size_t longest = 200;
    if (name.empty() || name.size() > longest) {
        return {};
    }
    const std::string lower = base::to_lower_ascii(name);
    std::size_t limit = std::clamp<std::size_t>(name.size() / 3, 1, 3);
    std::string_view best;
    for (const std::string_view candidate : candidates) {
        const std::size_t distance = base::edit_distance(lower, base::to_lower_ascii(candidate), limit);
        if (distance <= limit && (best.empty() || distance < limit)) {
            best = candidate;
            limit = distance;
            if (distance == 0) {
                break;
            }
        }
    }
    return best;
}

std::string did_you_mean(std::string_view name, std::span<const std::string_view> candidates)
{
    const std::string_view best = nearest(name, candidates);
    return best.empty() ? std::string() : "did you mean " + std::string(best) + "?";
}

} // namespace trawl::query::language
