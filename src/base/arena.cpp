#include "base/arena.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace trawl::base {

namespace {

constexpr std::size_t alignment = alignof(std::max_align_t);

} // namespace

Arena::Arena(Arena&& other) noexcept
    : blocks_(std::exchange(other.blocks_, {})),
      next_(std::exchange(other.next_, nullptr)),
      end_(std::exchange(other.end_, nullptr))
{
}

Arena& Arena::operator=(Arena&& other) noexcept
{
    blocks_ = std::exchange(other.blocks_, {});
    next_ = std::exchange(other.next_, nullptr);
    end_ = std::exchange(other.end_, nullptr);
    return *this;
}

char* Arena::allocate(std::size_t size)
{
    const std::size_t rounded = (size + alignment - 1) / alignment * alignment;
    if (static_cast<std::size_t>(end_ - next_) < rounded) {
        const std::size_t wanted = std::max(block_bytes, rounded);
        blocks_.push_back({std::make_unique_for_overwrite<char[]>(wanted), wanted});
        next_ = blocks_.back().bytes.get();
        end_ = next_ + wanted;
    }
    char* const start = next_;
    next_ += rounded;
    return start;
}

void Arena::shrink(char* start, std::size_t size, std::size_t used)
{
    const std::size_t rounded = (size + alignment - 1) / alignment * alignment;
    if (start + rounded == next_) {
        next_ = start + (used + alignment - 1) / alignment * alignment;
    }
}

std::string_view Arena::copy(std::string_view text)
{
    if (text.empty()) {
        return {};
    }
    char* const start = allocate(text.size());
    std::memcpy(start, text.data(), text.size());
    return {start, text.size()};
}

void Arena::reset()
{
    if (blocks_.empty()) {
        return;
    }
    // Keeping the first block only bounds what one huge record leaves behind.
    if (blocks_.size() > 1 || blocks_.front().size > block_bytes) {
        const bool first_fits = blocks_.front().size <= block_bytes;
        blocks_.resize(first_fits ? 1 : 0);
    }
    next_ = blocks_.empty() ? nullptr : blocks_.front().bytes.get();
    end_ = blocks_.empty() ? nullptr : next_ + blocks_.front().size;
}

} // namespace trawl::base
