#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "detect/engine/match_record.h"

namespace trawl::detect::engine {

// Match records, first in, first out, side by side in one buffer. Views are valid until the next push().
class RecordQueue {
public:
    struct Item {
        RecordKey key;
        std::size_t begin = 0;
        std::size_t size = 0;
    };

    void push(const RecordKey& key, std::string_view record)
    {
        if (first_ > items_.size() / 2 && first_ >= enough_to_move) {
            move_up();
        }
        items_.push_back({key, bytes_.size(), record.size()});
        bytes_ += record;
    }
    void pop_front() { ++first_; }
    void clear()
    {
        items_.clear();
        bytes_.clear();
        first_ = 0;
    }
    bool empty() const { return first_ == items_.size(); }
    const Item* begin() const { return items_.data() + first_; }
    const Item* end() const { return items_.data() + items_.size(); }
    std::string_view record(const Item& item) const { return std::string_view(bytes_).substr(item.begin, item.size); }
    // Bytes that the records and what is kept beside them take.
    std::size_t bytes() const
    {
        return empty() ? 0 : bytes_.size() - begin()->begin + (items_.size() - first_) * sizeof(Item);
    }

private:
    static constexpr std::size_t enough_to_move = 64;

    void move_up()
    {
        const std::size_t gone = empty() ? bytes_.size() : begin()->begin;
        items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(first_));
        first_ = 0;
        for (Item& item : items_) {
            item.begin -= gone;
        }
        bytes_.erase(0, gone);
    }

    std::vector<Item> items_;
    std::string bytes_;
    std::size_t first_ = 0;
};

} // namespace trawl::detect::engine
