#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/spill_sort.h"
#include "detect/engine/detail_store.h"
#include "detect/engine/match.h"
#include "detect/engine/scan.h"
#include "detect/engine/worker.h"

namespace trawl::detect::engine {

// A finding while its events are still being added. Its events are told by their places in the DetailStore: what they
// say of themselves is read at the end.
struct Draft {
    static constexpr std::size_t max_events = 10;

    struct Listed {
        std::uint64_t place = 0;
        base::Time time = 0;
        bool has_time = false;
    };

    std::uint32_t unit = 0;
    std::string id;
    event::Level level = event::Level::informational;
    base::Time first_seen = 0;
    base::Time last_seen = 0;
    bool has_time = false;
    std::uint64_t count = 0;
    std::uint64_t own = 0;       // The own block of the first event; 0: it has none.
    std::vector<Listed> events;  // The first one gives account, principal and so on.

    bool lists_more() const { return events.size() < max_events; }
};

// Takes finished findings in any order and gives them to a sink in the order of CONTRACT, in bounded memory.
class FindingStore {
public:
    // All outlive the store. The plans hold the rules' messages.
    FindingStore(const Compiled& compiled, DetailStore& details, std::size_t memory_bytes);

    // Starts the finding with the event of its first match. `tie` goes into its id, for findings that may share rule,
    // group and time with another.
    Draft start(const GroupKey& key, const Match& match, std::string_view tie) const;
    // Lists the match's event, unless enough are listed.
    void list(Draft& draft, const Match& match) const;
    // Findings below the asked level are left out. Errors: "io".
    base::Result<void> add(const Draft& draft);
    // Reads events again of which only the places are known, then hands out all findings.
    base::Result<void> drain(FindingSink& sink);

private:
    base::Result<void> want(const Draft::Listed& listed);
    base::Result<std::uint64_t> recall();
    base::Result<event::Finding> finish(const Draft& draft) const;

    const Compiled& compiled_;
    DetailStore& details_;
    std::vector<std::uint32_t> id_ranks_; // By rule: place of its id among all ids.
    base::SpillSort sorter_;
    base::SpillSort wanted_; // Events to be read again, in path order.
};

} // namespace trawl::detect::engine
