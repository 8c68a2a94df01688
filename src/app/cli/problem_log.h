#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/messages.h"
#include "app/pipeline.h"
#include "deliver/output.h"
#include "deliver/run_report.h"

namespace trawl::app::cli {

// What could not be read or decoded: the first of it for people, all records for --rejects, all of it as JSON with
// --diagnostics json.
class ProblemLog {
public:
    explicit ProblemLog(Messages& messages) : messages_(messages) {}

    void write_records_to(deliver::Output output) { rejects_.emplace(std::move(output)); }
    const deliver::Output* rejects() const { return rejects_ ? &*rejects_ : nullptr; }

    void add(const Reject& reject);
    // Ends --rejects.
    base::Result<void> finish();

    // Objects first, then records; a few of each, and few of one object.
    std::vector<deliver::Problem> first() const;
    // What first() does not name.
    std::uint64_t others() const { return count_ - objects_.size() - records_.size(); }
    std::uint64_t count() const { return count_; }

private:
    Messages& messages_; // Belongs to main().
    std::optional<deliver::Output> rejects_;
    base::Error failure_;
    std::vector<deliver::Problem> objects_;
    std::vector<deliver::Problem> records_;
    std::uint64_t of_last_object_ = 0;
    std::uint64_t count_ = 0;
};

} // namespace trawl::app::cli
