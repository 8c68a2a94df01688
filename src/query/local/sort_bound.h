#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

namespace trawl::query::local {

// The worst sort key that the merging thread still keeps of the best N rows; nothing while it has fewer. Written by the
// merging thread, read by workers, who may see an older and wider bound.
class SortBound {
public:
    void tighten(std::string_view key)
    {
        const std::lock_guard lock(mutex_);
        key_ = key;
        version_.fetch_add(1, std::memory_order_release);
    }

    // Whether a row with this key can be left out. `seen` and `known` are the worker's own copy of the bound.
    bool excludes(std::string_view key, std::uint64_t& seen, std::string& known)
    {
        if (const std::uint64_t version = version_.load(std::memory_order_acquire); version != seen) {
            const std::lock_guard lock(mutex_);
            known = key_;
            seen = version;
        }
        // Rows as good as the bound go on: the order of such is told by the merging thread.
        return seen > 0 && key > known;
    }

private:
    std::atomic<std::uint64_t> version_ = 0;
    std::mutex mutex_;
    std::string key_;
};

} // namespace trawl::query::local
