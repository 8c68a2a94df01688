#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/time.h"
#include "event/finding.h"

// A match is small: where it counts, what is counted, and where its details are. The *details* are blocks of bytes in a
// DetailStore, which are read back only for the events that a finding lists: one block for each object's path, one for
// each matched event, and one more where a message or an outer correlation needs something of its own. Of the very many
// events that only a correlation counts, the block says no more than where the event is: those that a finding lists in
// the end are read again from their object.
namespace trawl::detect::engine {

// A group of the roll-up or of a correlation, by the hash of its key.
using GroupHash = std::array<char, 12>;
GroupHash group_hash(std::string_view key);

// Where a match counts: the rule or correlation that makes a finding of it, by its index in the rule set, and its group
// there.
struct GroupKey {
    std::uint32_t unit = 0;
    GroupHash group {};
    bool operator==(const GroupKey&) const = default;
};

// One event that matched, as one group counts it.
struct Match {
    base::Time time = 0;
    std::uint64_t order = 0; // Run in path order, then the event's index in it.
    std::uint64_t event = 0; // Where the event's block begins in the store.
    std::uint64_t own = 0; // Where its own block begins; 0: it has none.
    std::uint64_t value = 0; // The hash of what value_count counts.
    std::uint32_t rule = 0; // The rule that matched.
    event::Level level = event::Level::informational;
    bool has_time : 1 = false;
    bool is_denied : 1 = false;
    bool has_value : 1 = false;
    bool is_more : 1 = false; // One more value of the match before: counts no second time.
};

// Calls `take` with the match once for each value, or once without.
template <typename Take> void for_each_value(Match match, const std::vector<std::uint64_t>& values, const Take& take)
{
    match.has_value = !values.empty();
    match.value = match.has_value ? values.front() : 0;
    take(match);
    for (std::size_t i = 1; i < values.size(); ++i) {
        match.value = values[i];
        match.is_more = true;
        take(match);
    }
}

// What a correlation over a correlation needs, should the inner one hold at this event.
struct OuterPart {
    std::uint32_t unit = 0;
    std::vector<GroupHash> groups; // Empty: a group-by field is missing.
    std::vector<std::uint64_t> values;
    std::vector<std::string> extras; // Of its message.
    std::vector<OuterPart> outers;
};

struct OwnBlock {
    std::vector<std::string> extras; // Values that the message names beside those of every event.
    std::vector<OuterPart> outers;
};

// What every finding wants of an event.
struct EventBlock {
    std::string source;
    std::uint64_t record = 0;
    bool is_place_only = false; // What follows is not known yet.
    std::string event_id;
    std::string account;
    std::string region;
    std::string principal;
    std::string source_ip;
    std::string resource;
    std::string action;
    std::string outcome;
    std::string error;
};

// Writing and reading of the parts of blocks.
void append_size(std::string& out, std::uint64_t number);
void append_text(std::string& out, std::string_view text);

class ByteReader {
public:
    explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}
    std::uint64_t size();
    std::string_view text();
    std::uint8_t byte();
    std::uint64_t word();
    std::string_view take(std::size_t count);

private:
    std::string_view bytes_;
};

void append_own(std::string& out, const OwnBlock& own);
OwnBlock read_own(std::string_view block);

} // namespace trawl::detect::engine
