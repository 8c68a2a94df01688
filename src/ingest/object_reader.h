#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "event/field_path.h"
#include "event/value.h"
#include "ingest/codec/object_walker.h"

namespace trawl::ingest {

// Reads the values that paths ask for inside one top-level object of a record (`userIdentity.sessionContext.…`). The
// paths of all columns are known before the first record, so that each object on their way is walked once, when the
// first of its values is asked for. Objects that repeat (an identity in each of its session's events) are remembered by
// their text and are not walked again. Owned by one worker; what it gives out lives until the next record.
class ObjectReader {
public:
    // What the parts of a path behind its first are called here: the object that each is looked for in, and its place.
    struct Step {
        std::uint32_t group = 0;
        std::uint32_t child = 0;
    };

    // All paths are named before prepare(); `parts` begin with the object's own name.
    void want(const std::vector<std::string>& parts);
    void prepare();
    std::vector<Step> steps_of(const std::vector<std::string>& parts) const;

    // Follows the path from `object`, the record's. `generation` tells records apart.
    event::Value find(const event::Value& object, std::uint64_t generation, const std::vector<std::string>& parts,
        const std::vector<Step>& steps, event::Reach reach, base::Arena& arena);

private:
    static constexpr std::size_t remembered = 512; // A power of two.
    static constexpr std::size_t max_text = 2048;
    // Remembering pays when one look-up in four finds its object; judged and tried again after so many.
    static constexpr std::uint32_t trial = 512;
    static constexpr std::uint32_t pause = 32'768;

    // The names that are wanted inside one object.
    struct Group {
        std::vector<std::string> names;
        std::vector<std::int32_t> inner; // The group inside each value; -1: none.
        std::uint32_t first_child = 0;
        std::unique_ptr<ObjectWalker> walker; // Made when first needed; learns the order of names.
    };
    // One object and what was read of it.
    struct Memory {
        std::uint64_t hash = 0;
        std::string text; // Empty: the values are views of the record itself.
        event::Value object;
        std::vector<event::Value> children;
        std::vector<std::uint8_t> is_read; // By group.
    };

    std::uint32_t add_group();
    void start(Memory& memory, const event::Value& object) const;
    void choose(const event::Value& object);
    bool read(std::uint32_t group, const event::Value& object);

    std::vector<Group> groups_;
    std::uint32_t child_count_ = 0;
    std::vector<Memory> memories_;
    Memory passing_; // Of an object that is not remembered.
    Memory* current_ = nullptr;
    std::uint64_t generation_ = 0;
    std::uint32_t lookups_ = 0;
    std::uint32_t hits_ = 0;
    std::uint32_t paused_ = 0;
};

} // namespace trawl::ingest
