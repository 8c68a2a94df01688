#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "detect/engine/match.h"

namespace trawl::detect::engine {

// Makes the details of one run: blocks, each with its size before it, that point back to others by distance, so that a
// run can be appended to a store as it is.
class DetailWriter {
public:
    // The object that the run's events are from. Calls after the first do nothing.
    void set_source(std::string_view path);
    // Starts an event's block and returns its place in the run. The members of EventBlock follow in their order, from
    // event_id on, then end_block().
    std::uint64_t begin_event(std::uint64_t record);
    void text(std::string_view text);
    void end_block();
    // Adds the block of an event of which only the place is kept; returns the block's place in the run.
    std::uint64_t add_place(std::uint64_t record);
    // Adds an own block; returns its place in the run.
    std::uint64_t add_own(const OwnBlock& own);

    const std::string& bytes() const { return bytes_; }

private:
    void begin_block(std::uint64_t record, char form);

    std::string bytes_;
    std::size_t block_ = 0;
    std::size_t source_ = 0;
    bool has_source_ = false;
};

// Keeps the details of all runs; what does not fit in memory goes to an unnamed file in the temporary folder.
class DetailStore {
public:
    DetailStore(std::string folder, std::size_t memory_bytes);
    ~DetailStore();
    DetailStore(const DetailStore&) = delete;
    DetailStore& operator=(const DetailStore&) = delete;

    // Where the next run's details will begin. Places in the store count from 1, so that 0 is none.
    std::uint64_t end() const { return stored_ + buffer_.size() + 1; }
    // Errors: "io".
    base::Result<void> append(std::string_view details);
    base::Result<EventBlock> read_event(std::uint64_t place) const;
    // Where the path of the event's object is: equal for the events of a run.
    base::Result<std::uint64_t> source_of(std::uint64_t place) const;
    // From now on, the event whose place alone was kept at `place` is told by the block at `described`.
    base::Result<void> settle(std::uint64_t place, std::uint64_t described);
    base::Result<OwnBlock> read_own(std::uint64_t place) const;

private:
    base::Result<void> flush();
    base::Result<std::string> read_block(std::uint64_t place) const;
    base::Result<void> read_bytes(std::uint64_t place, char* out, std::size_t size) const;
    base::Result<void> write_bytes(std::uint64_t place, const char* bytes, std::size_t size);

    std::string folder_;
    std::size_t memory_bytes_;
    std::string buffer_;
    std::uint64_t stored_ = 0; // Bytes in the file; the buffer follows.
    int file_ = -1;
};

} // namespace trawl::detect::engine
