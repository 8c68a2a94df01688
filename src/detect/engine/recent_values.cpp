#include "detect/engine/recent_values.h"

namespace trawl::detect::engine {

namespace {

constexpr std::size_t first_capacity = 32; // Of the table; a power of two.

// Values are hashes already, of which the low bits are good enough.
std::size_t home_of(std::uint64_t value, std::size_t capacity)
{
    return static_cast<std::size_t>(value) & (capacity - 1);
}

} // namespace

RecentValues::RecentValues(std::size_t max) : max_(max), table_(first_capacity, none) {}

// Where the value is in the table, or the free place for it.
std::size_t RecentValues::place_of(std::uint64_t value) const
{
    std::size_t place = home_of(value, table_.size());
    while (table_[place] != none && nodes_[table_[place]].value != value) {
        place = (place + 1) & (table_.size() - 1);
    }
    return place;
}

void RecentValues::append(std::uint32_t node)
{
    nodes_[node].before = newest_;
    nodes_[node].after = none;
    (newest_ == none ? oldest_ : nodes_[newest_].after) = node;
    newest_ = node;
}

void RecentValues::unlink(std::uint32_t node)
{
    const Node& gone = nodes_[node];
    (gone.before == none ? oldest_ : nodes_[gone.before].after) = gone.after;
    (gone.after == none ? newest_ : nodes_[gone.after].before) = gone.before;
}

void RecentValues::see(std::uint64_t value, base::Time now)
{
    std::size_t place = place_of(value);
    std::uint32_t node = table_[place];
    if (node != none) {
        nodes_[node].time = now;
        if (node != newest_) {
            unlink(node);
            append(node);
        }
        return;
    }
    if (size_ == max_) {
        forget_oldest();
        place = place_of(value);
    }
    if ((size_ + 1) * 2 > table_.size()) {
        grow();
        place = place_of(value);
    }
    node = free_;
    if (node != none) {
        free_ = nodes_[node].after;
    } else {
        node = static_cast<std::uint32_t>(nodes_.size());
        nodes_.emplace_back();
    }
    nodes_[node].value = value;
    nodes_[node].time = now;
    table_[place] = node;
    append(node);
    ++size_;
}

void RecentValues::forget_before(base::Time begin)
{
    while (oldest_ != none && nodes_[oldest_].time < begin) {
        forget_oldest();
    }
}

void RecentValues::forget_oldest()
{
    const std::uint32_t node = oldest_;
    const std::size_t mask = table_.size() - 1;
    std::size_t hole = place_of(nodes_[node].value);
    // Moves up what stands behind and may stand in the hole, so that no search ends early.
    for (std::size_t at = (hole + 1) & mask; table_[at] != none; at = (at + 1) & mask) {
        const std::size_t home = home_of(nodes_[table_[at]].value, table_.size());
        if (((at - home) & mask) >= ((at - hole) & mask)) {
            table_[hole] = table_[at];
            hole = at;
        }
    }
    table_[hole] = none;
    unlink(node);
    nodes_[node].after = free_;
    free_ = node;
    --size_;
}

void RecentValues::clear()
{
    while (oldest_ != none) {
        forget_oldest();
    }
}

void RecentValues::grow()
{
    table_.assign(table_.size() * 2, none);
    for (std::uint32_t node = oldest_; node != none; node = nodes_[node].after) {
        table_[place_of(nodes_[node].value)] = node;
    }
}

} // namespace trawl::detect::engine
