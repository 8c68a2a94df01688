#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "detect/engine/finding_store.h"
#include "detect/engine/match.h"

namespace trawl::detect::engine {

// Makes findings of one rule's hits in one group after another, in event-time order: hits within 24 hours of the first
// are one finding.
class RollUp {
public:
    RollUp(FindingStore& store, const DetailStore& details, Rollup rollup)
        : store_(store), details_(details), rollup_(rollup)
    {
    }

    base::Result<void> add(const GroupKey& key, const Match& match);
    // Ends the group.
    base::Result<void> finish();

private:
    FindingStore& store_;
    const DetailStore& details_;
    Rollup rollup_;
    std::optional<Draft> open_;
};

} // namespace trawl::detect::engine
