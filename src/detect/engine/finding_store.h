#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/spill_sort.h"
#include "detect/engine/match_record.h"
#include "detect/engine/scan.h"

namespace trawl::detect::engine {

// Paths of objects by slot, in bounded memory: once full, records carry their path themselves.
class SourceTable {
public:
    // The slot of the path, or inline_source when the table is full.
    std::uint32_t add(std::string_view path);
    std::string_view text(const MatchDetails& details) const
    {
        return details.source == inline_source ? details.source_text : std::string_view(paths_[details.source]);
    }

private:
    static constexpr std::size_t max_bytes = 16u << 20;
    std::vector<std::string> paths_;
    std::size_t bytes_ = 0;
};

// A finding while its events are still being added.
struct Draft {
    static constexpr std::size_t max_events = 10;

    std::uint32_t unit = 0;
    event::Finding finding;

    bool lists_more() const { return finding.events.size() < max_events; }
};

// Takes finished findings in any order and gives them to a sink in the order of CONTRACT, in bounded memory.
class FindingStore {
public:
    FindingStore(const RuleSet& rules, const ScanOptions& options, std::size_t memory_bytes);

    // Starts the finding with its first event: members, message and id are that event's. `tie` goes into the id too, for
    // findings that may share rule, group and first event with another.
    Draft start(const RecordKey& key, const MatchDetails& first, std::string_view source, std::string_view tie) const;
    // Lists the event, unless enough are listed.
    void list(Draft& draft, const RecordKey& key, const MatchDetails& details, std::string_view source) const;
    // Findings below the asked level are left out.
    base::Result<void> add(Draft&& draft);
    base::Result<void> drain(FindingSink& sink);

private:
    void append(std::string& out, const Draft& draft) const;
    event::Finding read(std::string_view record) const;

    const RuleSet& rules_;
    event::Level level_;
    std::vector<std::uint32_t> id_ranks_;   // By rule: place of its id among all ids.
    base::SpillSort sorter_;
};

} // namespace trawl::detect::engine
