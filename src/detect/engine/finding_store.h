#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/spill_sort.h"
#include "detect/engine/detail_store.h"
#include "detect/engine/emission.h"
#include "detect/engine/match_record.h"
#include "detect/engine/scan.h"

namespace trawl::detect::engine {

// A finding while its events are still being added.
struct Draft {
    static constexpr std::size_t max_events = 10;

    std::uint32_t unit = 0;
    event::Finding finding;
    EventBlock first;                  // The message is made of it at the end, when the count is known.
    std::vector<std::string> extras;

    bool lists_more() const { return finding.events.size() < max_events; }
};

// Takes finished findings in any order and gives them to a sink in the order of CONTRACT, in bounded memory.
class FindingStore {
public:
    // All outlive the store. `messages` hold the rules' messages.
    FindingStore(const RuleSet& rules, const std::vector<RulePlan>& plans, const ScanOptions& options,
        const DetailStore& details, std::size_t memory_bytes);

    // Starts the finding with the event of its first record: members, message and id are that event's. `tie` goes into
    // the id too, for findings that may share rule, group and first event with another. Errors: "io".
    base::Result<Draft> start(const RecordKey& key, std::string_view record, std::string_view tie) const;
    // Lists the record's event, unless enough are listed. Errors: "io".
    base::Result<void> list(Draft& draft, const RecordKey& key, std::string_view record) const;
    // Findings below the asked level are left out.
    base::Result<void> add(Draft&& draft);
    base::Result<void> drain(FindingSink& sink);

private:
    void list_event(Draft& draft, const RecordKey& key, const EventBlock& event) const;
    void append(std::string& out, const Draft& draft) const;
    event::Finding read(std::string_view record) const;

    const RuleSet& rules_;
    const std::vector<RulePlan>& plans_;
    const DetailStore& details_;
    event::Level level_;
    std::vector<std::uint32_t> id_ranks_; // By rule: place of its id among all ids.
    base::SpillSort sorter_;
};

} // namespace trawl::detect::engine
