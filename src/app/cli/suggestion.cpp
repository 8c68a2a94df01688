#include "app/cli/suggestion.h"

#include <algorithm>

#include "base/text.h"

namespace trawl::app::cli {

namespace {

// The distance of Levenshtein, except that two neighbours in the wrong order are one slip.
std::size_t slips(const std::string& word, const std::string& meant, std::size_t limit)
{
    std::size_t best = base::edit_distance(word, meant, limit);
    for (std::size_t i = 0; i + 1 < word.size(); ++i) {
        std::string swapped = word;
        std::swap(swapped[i], swapped[i + 1]);
        best = std::min(best, 1 + base::edit_distance(swapped, meant, limit));
    }
    return best;
}

} // namespace

std::string did_you_mean(std::string_view word, const Choices& choices)
{
    constexpr std::size_t longest = 60; // No name is as long.
    if (word.empty() || word.size() > longest) {
        return {};
    }
    const std::string lower = base::to_lower_ascii(word);
    const std::size_t limit = std::clamp<std::size_t>(word.size() / 3, 1, 3);
    std::size_t least = limit + 1;
    std::string_view best;
    for (const std::string_view choice : choices) {
        const std::size_t distance = slips(lower, base::to_lower_ascii(choice), limit);
        if (distance < least) {
            least = distance;
            best = choice;
        }
    }
    constexpr std::size_t shortest_beginning = 3;
    if (best.empty() && lower.size() >= shortest_beginning) {
        const auto found
            = std::ranges::find_if(choices, [&](std::string_view choice) { return choice.starts_with(lower); });
        best = found == choices.end() ? std::string_view() : *found;
    }
    return best.empty() ? std::string() : "did you mean " + std::string(best) + "?";
}

} // namespace trawl::app::cli
