#include "app/duplicate_table.h"

#include <algorithm>

namespace trawl::app {

bool DuplicateTable::Generation::contains(const base::Hash128& key) const
{
    if (places_.empty()) {
        return false;
    }
    const std::size_t mask = places_.size() - 1;
    for (std::size_t at = key.low & mask;; at = (at + 1) & mask) {
        if (places_[at] == key) {
            return true;
        }
        if (places_[at] == base::Hash128 {}) {
            return false;
        }
    }
}

bool DuplicateTable::Generation::insert(const base::Hash128& key)
{
    if ((size_ + 1) * 4 > places_.size() * 3) {
        grow();
    }
    const std::size_t mask = places_.size() - 1;
    for (std::size_t at = key.low & mask;; at = (at + 1) & mask) {
        if (places_[at] == key) {
            return false;
        }
        if (places_[at] == base::Hash128 {}) {
            places_[at] = key;
            ++size_;
            return true;
        }
    }
}

void DuplicateTable::Generation::grow()
{
    std::vector<base::Hash128> old(std::max<std::size_t>(1024, places_.size() * 2));
    old.swap(places_);
    const std::size_t mask = places_.size() - 1;
    for (const base::Hash128& key : old) {
        if (key == base::Hash128 {}) {
            continue;
        }
        std::size_t at = key.low & mask;
        while (!(places_[at] == base::Hash128 {})) {
            at = (at + 1) & mask;
        }
        places_[at] = key;
    }
}

void DuplicateTable::Generation::clear()
{
    std::fill(places_.begin(), places_.end(), base::Hash128 {});
    size_ = 0;
}

bool DuplicateTable::seen_before(const base::Hash128& identity)
{
    for (std::size_t back = 1; back <= filled_; ++back) {
        if (generations_[(newest_ + generations_.size() - back) % generations_.size()].contains(identity)) {
            return true;
        }
    }
    if (!generations_[newest_].insert(identity)) {
        return true;
    }
    if (generations_[newest_].size() == generation_size) {
        newest_ = (newest_ + 1) % generations_.size();
        if (filled_ + 1 < generations_.size()) {
            ++filled_;
        } else {
            forgotten_ = true;
        }
        generations_[newest_].clear();
    }
    return false;
}

} // namespace trawl::app
