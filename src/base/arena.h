#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace trawl::base {

// Hands out bytes that live until reset(). Views into an arena are valid until then. Not thread-safe: one owner.
class Arena {
public:
    Arena() = default;
    Arena(Arena&& other) noexcept;
    Arena& operator=(Arena&& other) noexcept;

    // Gives `size` bytes aligned for any value type.
    char* allocate(std::size_t size);
    // Gives the last `size - used` bytes of the newest allocation back, so that a writer may over-allocate.
    void shrink(char* start, std::size_t size, std::size_t used);
    std::string_view copy(std::string_view text);
    // Forgets all allocations; keeps one block for reuse.
    void reset();

private:
    struct Block {
        std::unique_ptr<char[]> bytes;
        std::size_t size;
    };
    static constexpr std::size_t block_bytes = std::size_t {64} * 1024;

    std::vector<Block> blocks_;
    char* next_ = nullptr;
    char* end_ = nullptr;
};

} // namespace trawl::base
