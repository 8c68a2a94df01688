#include "query/language/suggestion.h"

#include "base/text.h"

namespace trawl::query::language {

std::string_view nearest(std::string_view name, std::span<const std::string_view> candidates)
{
    // More letters may be wrong in longer names; long texts are no misspelt names.
    constexpr std::size_t longest = 200;
    if (name.empty() || name.size() > longest) {
        return {};
    }
    const std::string lower = base::to_lower_ascii(name);
    std::size_t limit = name.size() < 5 ? 1 : name.size() < 9 ? 2 : 3;
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
