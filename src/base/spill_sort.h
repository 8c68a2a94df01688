#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace trawl::base {

// Sorts byte records of any total size in bounded memory: runs beyond `memory_bytes` go to files in `folder` (made on
// first use, removed with the sorter) and are merged while reading. The order is that of `less` over records, ties in
// the order of add(). Errors: "io" when the folder cannot be written (a full disk included).
class SpillSort {
public:
    using Less = std::function<bool(std::string_view, std::string_view)>;

    SpillSort(std::string folder, std::size_t memory_bytes, Less less);
    // Records begin with a key of `key_bytes`, at least 24, and are ordered by it as bytes: much faster than any Less.
    SpillSort(std::string folder, std::size_t memory_bytes, std::size_t key_bytes);
    ~SpillSort();
    SpillSort(SpillSort&&) noexcept;
    SpillSort& operator=(SpillSort&&) noexcept;

    Result<void> add(std::string_view record);
    std::uint64_t size() const;
    // Visits all records in order, then forgets them. `visit` returns false to stop early.
    Result<void> drain(const std::function<bool(std::string_view)>& visit);

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace trawl::base
