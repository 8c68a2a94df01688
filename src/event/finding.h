#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace trawl::event {

enum class Level : std::uint8_t { informational, low, medium, high, critical };

std::string_view level_name(Level level);
// Reads a level's name; false for another word.
bool parse_level(std::string_view text, Level& level);

// One event that a finding lists.
struct FindingEvent {
    std::string source;
    std::uint64_t record = 0;
    std::string event_id;      // Empty where the record has none.
    base::Time timestamp = 0;
    bool has_timestamp = false;
    std::string summary;       // One line for people: action, address, outcome.
};

// What a rule found: the members of CONTRACT "trawl scan". Empty texts are left out of outputs.
struct Finding {
    std::string finding_id;    // The same whenever the same input is scanned again.
    std::string rule_id;
    std::string title;
    std::string author;
    Level level = Level::informational;
    std::vector<std::string> techniques;
    std::vector<std::string> mitre;
    base::Time first_seen = 0;
    base::Time last_seen = 0;
    bool has_time = false;
    std::uint64_t count = 0;
    std::string account;
    std::string region;
    std::string principal;
    std::string source_ip;
    std::string resource;
    std::string message;
    std::string response;      // What a person should check first.
    std::string description;
    std::vector<FindingEvent> events; // At most 10.
};

// Appends the finding as one JSON object, members as CONTRACT names them.
void append_json(std::string& out, const Finding& finding);

} // namespace trawl::event
