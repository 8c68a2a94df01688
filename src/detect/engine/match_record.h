#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/time.h"
#include "event/finding.h"

namespace trawl::detect::engine {

// Stands in a message where the number of events goes once it is known. Values in messages hold no control characters.
constexpr char count_mark = '\x1d';

// The key that match records are sorted by: what yields the finding, its group, then event-time order (time, path order,
// rule). Written big-endian, so that comparing bytes compares keys.
struct RecordKey {
    static constexpr std::size_t size = 40;
    static constexpr std::size_t group_size = 20;  // unit and group
    static constexpr std::size_t order_offset = 28;

    std::uint32_t unit = 0;      // The rule or correlation that makes a finding of it, by its index in the rule set.
    base::Hash128 group;
    bool has_time = false;       // Events without time come last.
    base::Time time = 0;
    std::uint64_t order = 0;     // Run in path order, then the event's index in it.
    std::uint32_t rule = 0;      // The rule that matched.
};

void append_key(std::string& out, const RecordKey& key);
RecordKey read_key(std::string_view record);
bool key_less(std::string_view a, std::string_view b);

// The order of an event is known only when its run is merged.
void set_order(char* record, std::uint64_t order);

// What a correlation over a correlation needs, should the inner one fire on this event.
struct OuterPart {
    std::uint32_t unit = 0;
    std::vector<base::Hash128> groups;   // Empty: a group-by field is missing.
    std::vector<base::Hash128> values;
    std::string_view message;
    std::vector<OuterPart> outers;
};

// What is kept of a match beside its key. Views into the record.
struct MatchDetails {
    std::uint32_t source = 0;            // Slot of the path; inline_source: `source_text` holds it.
    std::string_view source_text;
    std::uint64_t record = 0;
    event::Level level = event::Level::informational;
    bool is_denied = false;
    std::string_view event_id;
    std::string_view account;
    std::string_view region;
    std::string_view principal;
    std::string_view source_ip;
    std::string_view resource;
    std::string_view summary;
    std::string_view message;
    std::vector<base::Hash128> values;   // Of value_count.
    std::vector<OuterPart> outers;
};
constexpr std::uint32_t inline_source = ~std::uint32_t {0};

// Where the slot stands in a record.
constexpr std::size_t source_offset = RecordKey::size;
void set_source(char* record, std::uint32_t slot);
// Makes the record carry its path itself.
void append_inline_source(std::string& record, std::string_view path);

// Writing and reading of the parts of a record.
void append_size(std::string& out, std::uint64_t number);
void append_text(std::string& out, std::string_view text);
void append_hashes(std::string& out, const std::vector<base::Hash128>& hashes);

class RecordReader {
public:
    explicit RecordReader(std::string_view bytes) : bytes_(bytes) {}
    std::uint64_t size();
    std::string_view text();
    std::uint8_t byte();
    std::uint32_t word();
    std::vector<base::Hash128> hashes();
    std::string_view rest() const { return bytes_; }

private:
    std::string_view bytes_;
};

// Appends what follows the key, up to the details that all records of an event share.
void append_head(std::string& out, std::uint64_t record, event::Level level, bool is_denied);
void append_outers(std::string& out, const std::vector<OuterPart>& outers);
// Reads a whole record.
MatchDetails read_details(std::string_view record);
// Read the few bytes that counting needs.
event::Level read_level(std::string_view record);
bool read_is_denied(std::string_view record);

} // namespace trawl::detect::engine
