#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "event/value.h"

namespace trawl::ingest {

// Walks the top level of a JSON object once and keeps the values of the wanted names as views; nested values are
// skipped by masks without being looked into. Logs repeat the same names in nearly the same order: for each name the
// walker remembers which one followed it last time, so that a name usually costs one comparison.
class ObjectWalker {
public:
    // `names[i]` goes to slot i.
    explicit ObjectWalker(const std::vector<std::string>& names);

    struct Member {
        event::Value key;
        event::Value value;
    };

    // Walks the object that begins at `begin` (its `{`). Fills `slots` (one for each name; those not met stay as they
    // are) and, when `members` is given, all members in order. The first of duplicate names counts. Returns the byte
    // behind the object, or nullptr when it is cut or malformed.
    const char* walk(const char* begin, const char* end, event::Value* slots, std::vector<Member>* members);

    // Where a walk stands that stops on its way.
    struct Position {
        const char* at = nullptr; // The object's `{`, then behind a member.
        std::uint32_t* expected = nullptr; // The name that is likely next; null before the first.
    };
    enum class Stop : std::uint8_t { at_wanted, at_end, broken };
    // Walks on until slot `wanted` is filled, the object ends (then `position.at` is behind it) or is malformed.
    Stop walk_to(std::int32_t wanted, Position& position, const char* end, event::Value* slots);

    // Whether any object so far had a name with a dot in it.
    bool saw_dotted_names() const { return saw_dotted_names_; }

private:
    static constexpr std::size_t max_names = 512;
    static constexpr std::uint32_t nothing = 0xffffffff;

    struct Name {
        char start[32] = {}; // `name":`, as much of it as fits, zero-padded.
        std::uint32_t mask = 0; // One bit for each byte of `start` that is compared.
        std::uint32_t length = 0; // Of the name.
        std::int32_t slot = -1;
        std::uint32_t next = nothing; // The name that followed last time.
        std::string text;
    };

    template <bool stops>
    Stop run(
        std::int32_t wanted, Position& position, const char* end, event::Value* slots, std::vector<Member>* members);
    std::uint32_t find(std::string_view key);
    std::uint32_t add(std::string_view key, std::int32_t slot);

    std::vector<Name> names_;
    std::vector<std::uint32_t> table_; // Open addressing over names_.
    std::uint32_t first_ = nothing;
    bool saw_dotted_names_ = false;
};

} // namespace trawl::ingest
