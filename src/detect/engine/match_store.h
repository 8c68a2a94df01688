#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/spill_sort.h"
#include "detect/engine/match.h"

namespace trawl::detect::engine {

// Keeps matches and hands them out group by group, each group's in event-time order (time, path order, rule; those
// without time last). Groups are told apart when a match comes, so that nothing but the few matches of one group needs
// sorting; what does not fit in memory is sorted as a whole, on disk.
class MatchStore {
public:
    using Visit = std::function<base::Result<void>(const GroupKey&, const Match&)>;

    MatchStore(std::string folder, std::size_t memory_bytes);

    // Errors: "io".
    base::Result<void> add(const GroupKey& key, const Match& match);
    // Visits all matches, groups in the order of their keys, then forgets them. Fails as `visit` does, or "io".
    base::Result<void> drain(const Visit& visit);

private:
    struct Kept {
        Match match;
        std::uint32_t group = 0;
    };
    struct Group {
        GroupKey key;
        std::uint32_t count = 0;
    };
    static constexpr std::uint32_t no_group = ~std::uint32_t {0};
    // A match, and its place in the order.
    static constexpr std::size_t bytes_of_match = sizeof(Kept) + sizeof(std::uint32_t);
    // A group, its place in the table, which is at most half full, and in the order.
    static constexpr std::size_t bytes_of_group = sizeof(Group) + 4 * sizeof(std::uint32_t);

    const Kept& kept(std::size_t at) const { return kept_[at / block_size][at % block_size]; }
    void forget();
    std::uint32_t group_of(const GroupKey& key);
    void grow_table();
    base::Result<void> spill();
    base::Result<void> visit_kept(const Visit& visit);
    base::Result<void> visit_spilled(const Visit& visit);

    std::string folder_;
    std::size_t memory_bytes_;
    std::vector<Group> groups_;
    std::vector<std::uint32_t> table_; // Open addressing: a group, or no_group.
    static constexpr std::size_t block_size = 4096;
    std::vector<std::unique_ptr<Kept[]>> kept_; // Blocks of block_size, the last one partly filled.
    std::size_t count_ = 0;
    std::optional<base::SpillSort> sorter_; // Of all matches, once they did not fit.
};

} // namespace trawl::detect::engine
