#pragma once

#include <cstddef>
#include <vector>

#include "detect/engine/match.h"

namespace trawl::detect::engine {

// Matches, first in, first out, side by side.
class MatchQueue {
public:
    void push(const Match& match)
    {
        if (first_ > items_.size() / 2 && first_ >= enough_to_move) {
            items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(first_));
            first_ = 0;
        }
        items_.push_back(match);
    }
    void pop_front() { ++first_; }
    void clear()
    {
        items_.clear();
        first_ = 0;
    }
    bool empty() const { return first_ == items_.size(); }
    std::size_t size() const { return items_.size() - first_; }
    const Match* begin() const { return items_.data() + first_; }
    const Match* end() const { return items_.data() + items_.size(); }

private:
    static constexpr std::size_t enough_to_move = 64;

    std::vector<Match> items_;
    std::size_t first_ = 0;
};

} // namespace trawl::detect::engine
