#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "event/finding.h"

namespace trawl::deliver::html {

constexpr std::size_t level_count = static_cast<std::size_t>(event::Level::critical) + 1;

// How many findings name somebody or something, and how grave the gravest is.
struct Tally {
    std::uint64_t findings = 0;
    event::Level gravest = event::Level::informational;
    std::set<std::string> also; // ATT&CK ids of a technique.
};

struct Ranked {
    std::string name;
    Tally tally;
};

using LevelCounts = std::array<std::uint64_t, level_count>;

// What a report shows, gathered while findings come by, in bounded memory.
class ReportData {
public:
    void add(const event::Finding& finding);

    std::uint64_t total() const { return total_; }
    std::uint64_t count(event::Level level) const { return counts_[static_cast<std::size_t>(level)]; }
    const std::vector<event::Finding>& findings(event::Level level) const
    {
        return kept_[static_cast<std::size_t>(level)];
    }
    const std::map<std::int64_t, LevelCounts>& hours() const { return hours_; } // Since 1970.
    const std::set<std::string>& accounts() const { return accounts_; }
    bool has_time() const { return has_time_; }
    base::Time first_seen() const { return first_seen_; }
    base::Time last_seen() const { return last_seen_; }

    // The gravest and most frequent first.
    std::vector<Ranked> principals() const { return ranked(principals_); }
    std::vector<Ranked> addresses() const { return ranked(addresses_); }
    std::vector<Ranked> techniques() const { return ranked(techniques_); }

private:
    using Tallies = std::map<std::string, Tally>;

    static void count(Tallies& tallies, const std::string& name, event::Level level);
    static std::vector<Ranked> ranked(const Tallies& tallies);

    std::uint64_t total_ = 0;
    LevelCounts counts_ {};
    std::array<std::vector<event::Finding>, level_count> kept_;
    std::map<std::int64_t, LevelCounts> hours_;
    std::set<std::string> accounts_;
    Tallies principals_;
    Tallies addresses_;
    Tallies techniques_;
    bool has_time_ = false;
    base::Time first_seen_ = 0;
    base::Time last_seen_ = 0;
};

} // namespace trawl::deliver::html
