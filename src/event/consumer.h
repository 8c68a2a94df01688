#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.h"
#include "event/columns.h"

namespace trawl::event {

// What one worker made of a run of consecutive events of one object. Moves from the worker to the merging thread.
class Gathered {
public:
    virtual ~Gathered() = default;
};

// Judges events on a worker thread. Each worker has its own; it shares nothing that changes with another.
class Consumer {
public:
    virtual ~Consumer() = default;
    // `index` counts the events of this run from 0. The event is valid during the call only.
    virtual void consume(Event& event, std::uint32_t index) = 0;
    // Hands over what was gathered since the last take() and starts a new run.
    virtual std::unique_ptr<Gathered> take() = 0;
    // About how many bytes the run holds: the pipeline takes it when it grows large.
    virtual std::size_t gathered_bytes() const = 0;
};

// Which events of a run are copies of earlier events, in path order.
class Duplicates {
public:
    virtual ~Duplicates() = default;
    virtual bool is_copy(std::uint32_t index) const = 0;
};

// absorb() says whether later events can still change the answer.
enum class Appetite : std::uint8_t { hungry, sated };

// Takes the runs of all workers in path order, on one thread at a time, and leaves out what stems from copies.
class Collector {
public:
    virtual ~Collector() = default;
    virtual base::Result<Appetite> absorb(std::unique_ptr<Gathered> gathered, const Duplicates& duplicates) = 0;
    // Called once after the last run; writes the answer to the sink that the collector was made with.
    virtual base::Result<void> finish() = 0;
};

} // namespace trawl::event
