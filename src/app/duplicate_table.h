#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/hash.h"

namespace trawl::app {

// Remembers the identities of events in path order, in bounded memory: exact for at least the 2 million events before.
// Three generations of one million; the oldest is forgotten when the newest is full.
class DuplicateTable {
public:
    // Whether the identity was seen before; remembers it.
    bool seen_before(const base::Hash128& identity);
    // Brings the identity's place near, for it will be asked about soon.
    void prefetch(const base::Hash128& identity) const { generations_[newest_].prefetch(identity); }
    // Whether something was forgotten, so that a copy farther apart may have stayed.
    bool bound_passed() const { return forgotten_; }

private:
    static constexpr std::size_t generation_size = 1'000'000;

    // Open addressing; the all-zero key stands for an empty place (no hash is all zero but by a chance of 2^-128).
    class Generation {
    public:
        bool contains(const base::Hash128& key) const;
        void prefetch(const base::Hash128& key) const
        {
            if (!places_.empty()) {
                __builtin_prefetch(&places_[key.low & (places_.size() - 1)]);
            }
        }
        bool insert(const base::Hash128& key); // False when it was there.
        std::size_t size() const { return size_; }
        void clear();

    private:
        void grow();
        std::vector<base::Hash128> places_;
        std::size_t size_ = 0;
    };

    std::array<Generation, 3> generations_;
    std::size_t newest_ = 0;
    std::size_t filled_ = 0; // Generations behind the newest that hold something.
    bool forgotten_ = false;
};

} // namespace trawl::app
