#include "ingest/codec/window.h"

#include <algorithm>
#include <cstring>

#include <sys/mman.h>

#include "base/check.h"

namespace trawl::ingest {

namespace {

constexpr std::size_t reserved_bytes = Window::max_record_bytes + (1u << 20);
constexpr std::size_t chunk_bytes = std::size_t {256} * 1024;
constexpr std::size_t kept_bytes = 8u << 20;

} // namespace

Window::Window()
{
    void* const memory
        = ::mmap(nullptr, reserved_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    TRAWL_CHECK(memory != MAP_FAILED, "address space for one record is always there");
    memory_ = static_cast<char*>(memory);
}

Window::~Window()
{
    ::munmap(memory_, reserved_bytes);
}

void Window::open(ByteStream& stream)
{
    stream_ = &stream;
    begin_ = end_ = memory_;
    offset_ = 0;
    at_end_ = false;
    error_ = {};
}

void Window::open_whole(std::size_t size)
{
    stream_ = nullptr;
    begin_ = memory_;
    end_ = memory_ + size;
    touched_ = std::max(touched_, size);
    offset_ = 0;
    at_end_ = true;
    error_ = {};
}

bool Window::more()
{
    if (at_end_ || is_full()) {
        return false;
    }
    const auto visible = static_cast<std::size_t>(end_ - begin_);
    if (begin_ != memory_) {
        std::memmove(memory_, begin_, visible);
        begin_ = memory_;
        end_ = memory_ + visible;
    }
    const std::size_t wanted = std::min(std::max(chunk_bytes, visible), reserved_bytes - visible);
    std::size_t added = 0;
    while (added < wanted) {
        const auto count = stream_->read(memory_ + visible + added, wanted - added);
        if (!count) {
            error_ = count.error();
            at_end_ = true;
            break;
        }
        if (*count == 0) {
            at_end_ = true;
            break;
        }
        added += *count;
    }
    end_ = memory_ + visible + added;
    touched_ = std::max(touched_, visible + added);
    return added > 0;
}

void Window::shrink()
{
    if (touched_ > kept_bytes) {
        ::madvise(memory_ + kept_bytes, reserved_bytes - kept_bytes, MADV_DONTNEED);
        touched_ = kept_bytes;
    }
}

} // namespace trawl::ingest
