#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace trawl::deliver {

// Something that could not be read or decoded.
struct Problem {
    std::string source;
    std::uint64_t record = 0; // 0: the object as a whole.
    std::string code;
    std::string reason;
};

struct KindLine {
    std::string kind;
    std::uint64_t records = 0;
    std::uint64_t events = 0;
    std::uint64_t rejected = 0;
    std::map<std::int64_t, std::uint64_t> hours; // Hour since 1970 → events, where the run counted them.
};

// What a run read, for those who must judge what it can have missed. The same for the same input: no times of the run.
struct RunReport {
    std::vector<std::string> paths; // As they were given.
    std::uint64_t objects = 0;
    std::uint64_t unreadable_objects = 0;
    std::uint64_t skipped_objects = 0;
    std::uint64_t records = 0;
    std::uint64_t events = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t filtered = 0;
    std::uint64_t rejected = 0;
    std::uint64_t bytes = 0;
    std::vector<KindLine> kinds;
    std::vector<Problem> problems;  // The first ones.
    std::uint64_t rules = 0;        // How many were looked for.
};

} // namespace trawl::deliver
