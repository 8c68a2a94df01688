#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/time.h"
#include "event/finding.h"

// A match is kept in two parts. Its *record* is small and is sorted: key, level, counted values, and where its details
// are. The *details* are blocks of bytes in a DetailStore, which are read back only for the events that a finding lists:
// one block for each object's path, one for each matched event, and one more where a message or an outer correlation
// needs something of its own.
namespace trawl::detect::engine {

// A group of the roll-up or of a correlation, by the hash of its key.
using GroupHash = std::array<char, 12>;
GroupHash group_hash(std::string_view key);

// The key that records are sorted by: what yields the finding, its group, then event-time order (time, path order,
// rule). Written big-endian, so that comparing bytes compares keys.
struct RecordKey {
    static constexpr std::size_t size = 36;
    static constexpr std::size_t group_size = 16; // unit and group

    std::uint32_t unit = 0; // The rule or correlation that makes a finding of it, by its index in the rule set.
    GroupHash group {};
    bool has_time = false; // Events without time come last.
    base::Time time = 0;
    std::uint64_t order = 0; // Run in path order, then the event's index in it.
    std::uint32_t rule = 0; // The rule that matched.
};

// The record beside its key. `own` is 0 where there is no block of its own.
struct RecordBody {
    event::Level level = event::Level::informational;
    bool is_denied = false;
    std::uint64_t event = 0; // Where the event's block begins in the store.
    std::uint64_t own = 0; // Where its own block begins.
    std::vector<std::uint64_t> values; // Of value_count.
};

void append_record(std::string& out, const RecordKey& key, const RecordBody& body);
RecordKey read_key(std::string_view record);
RecordBody read_body(std::string_view record);
// Read the few bytes that counting needs.
std::size_t count_values(std::string_view record);
std::uint64_t read_value(std::string_view record, std::size_t position);
event::Level read_level(std::string_view record);
bool read_is_denied(std::string_view record);

// What is known only when a run is merged: the order of its events, and where its details begin in the store.
void place_record(char* record, std::uint64_t order, std::uint64_t details_begin);

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
