#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "detect/rules/rule.h"
#include "event/columns.h"
#include "event/consumer.h"

namespace trawl::app {

// What of one kind is there.
struct KindCoverage {
    std::uint64_t events = 0;
    std::set<std::string> accounts;
    std::set<std::string> regions;
    std::map<std::int64_t, std::uint64_t> hours; // Hour since 1970 → events.
};

// Hours in a row without events of a kind in an account and region that has some before and after, and in most hours.
struct Hole {
    std::string kind;
    std::string account;
    std::string region;
    std::int64_t first_hour = 0;
    std::int64_t hours = 0;
};

// A detection that sees nothing because no log of its kind is there.
struct BlindDetection {
    std::string rule_id;
    std::string title;
    std::string kind;
};

struct Coverage {
    std::map<std::string, KindCoverage> kinds; // By kind id; views count what --kind selects. All 25 are there.
    std::vector<Hole> holes;
    std::vector<BlindDetection> blind;
};

// Counts events by kind, account, region and hour.
class CoverageCount {
public:
    CoverageCount();
    const event::Projection& projection() const { return projection_; }
    std::unique_ptr<event::Consumer> make_consumer() const;
    std::unique_ptr<event::Collector> make_collector();
    // After the collector's finish().
    Coverage coverage(const detect::RuleSet& rules) const;

private:
    class Consumer;
    class Collector;
    struct Place {
        std::string kind;
        std::string account;
        std::string region;
        auto operator<=>(const Place&) const = default;
    };
    using Hours = std::map<std::int64_t, std::uint64_t>;

    static bool is_steady(const Hours& hours);

    event::Projection projection_;
    event::ColumnId account_;
    event::ColumnId region_;
    std::map<Place, Hours> places_; // Events without time are counted under the hour `without_time`.
};

// One JSON object: {"kinds":[{"kind","title","events","accounts","regions","first","last","hours":[[T,N]…],"switch_on"}],
// "holes":[…],"blind":[…]}.
std::string coverage_json(const Coverage& coverage);
// For people: a table of the 25 kinds, the holes, the blind detections and what to switch on.
std::string coverage_text(const Coverage& coverage, bool colour);
// A self-contained page with a heat map of hours by kind.
std::string coverage_html(const Coverage& coverage);

} // namespace trawl::app
