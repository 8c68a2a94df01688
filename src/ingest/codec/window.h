#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "ingest/codec/byte_stream.h"

namespace trawl::ingest {

// The part of an object's uncompressed bytes that is being looked at, contiguous in memory. Address space for the
// largest record is reserved once; only what is touched costs memory, and growing never copies.
class Window {
public:
    // A record beyond this is rejected ("record-too-large").
    static constexpr std::size_t max_record_bytes = 64u << 20;

    Window();
    ~Window();
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    // Starts on a new object. The stream must outlive its reading.
    void open(ByteStream& stream);
    // Starts on bytes that were written straight into the window's memory (see whole()).
    void open_whole(std::size_t size);
    // Memory for an object that is decompressed in one go.
    char* whole() { return memory_; }
    static constexpr std::size_t whole_capacity() { return max_record_bytes; }

    const char* begin() const { return begin_; }
    const char* end() const { return end_; }
    std::string_view text() const { return {begin_, static_cast<std::size_t>(end_ - begin_)}; }
    // Byte offset of begin() in the uncompressed object.
    std::uint64_t offset() const { return offset_; }
    // Whether nothing more can come.
    bool at_end() const { return at_end_; }
    // The error that ended the object early; code is empty when there was none.
    const base::Error& error() const { return error_; }

    void consume_to(const char* position)
    {
        offset_ += static_cast<std::uint64_t>(position - begin_);
        begin_ = position;
    }

    // Makes more bytes visible behind end(), at least as many as are visible now, so that looking again at the same
    // record costs no more than a constant factor. Pointers into the window become invalid. False when nothing more
    // comes or the window is full.
    bool more();
    bool is_full() const { return static_cast<std::size_t>(end_ - begin_) >= max_record_bytes; }

    // Gives memory of large objects back to the system.
    void shrink();

private:
    char* memory_;
    std::size_t touched_ = 0;
    const char* begin_ = nullptr;
    const char* end_ = nullptr;
    std::uint64_t offset_ = 0;
    bool at_end_ = true;
    ByteStream* stream_ = nullptr; // Owned by whoever opened the object.
    base::Error error_;
};

} // namespace trawl::ingest
