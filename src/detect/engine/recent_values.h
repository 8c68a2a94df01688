#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/time.h"

namespace trawl::detect::engine {

// The distinct values that a window holds, each with the time it was last seen. Holds at most `max`; beyond that the one
// not seen for longest goes. Times never decrease.
class RecentValues {
public:
    explicit RecentValues(std::size_t max);

    void see(std::uint64_t value, base::Time now);
    void forget_before(base::Time begin);
    void clear();
    std::size_t size() const { return size_; }

private:
    static constexpr std::uint32_t none = 0xffffffff;

    // In a list from the one seen longest ago to the newest; free nodes hang in a list of their own.
    struct Node {
        std::uint64_t value = 0;
        base::Time time = 0;
        std::uint32_t before = none;
        std::uint32_t after = none;
    };

    std::size_t place_of(std::uint64_t value) const;
    void append(std::uint32_t node);
    void unlink(std::uint32_t node);
    void forget_oldest();
    void grow();

    std::size_t max_;
    std::vector<Node> nodes_;
    std::vector<std::uint32_t> table_; // Open addressing: a node, or `none`.
    std::uint32_t oldest_ = none;
    std::uint32_t newest_ = none;
    std::uint32_t free_ = none;
    std::size_t size_ = 0;
};

} // namespace trawl::detect::engine
