#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "event/columns.h"
#include "event/consumer.h"
#include "event/row_sink.h"
#include "query/lists.h"
#include "query/plan/query.h"

namespace trawl::query::local {

struct Options {
    std::string temp_folder;                        // What does not fit in memory goes below it.
    std::size_t memory_bytes = 64u << 20;           // For each sort or table before it spills or is refused.
    std::map<std::string, std::string> tables;      // lookup tables: name → CSV file
    base::Time now = 0;
    base::Time start = 0;                           // --from and --to, for queryStartTime() and its like; 0: open
    base::Time end = 0;
};

// The local execution of a plan: row-wise commands (fields, filter, search, parse …) run on the workers up to the first
// command that needs all rows; the rest runs on the merging thread in path order, so that the answer is the same for
// every number of threads.
class Execution {
public:
    // Errors: "query" (what cannot be executed), "io" (a table).
    static base::Result<std::unique_ptr<Execution>> create(
        const plan::Query& query, const Lists& lists, const Options& options);
    virtual ~Execution() = default;

    // What the decoders must extract.
    virtual const event::Projection& projection() const = 0;
    // Names of the log groups that `SOURCE` picks; empty: all.
    virtual const std::vector<std::string>& log_groups() const = 0;
    virtual std::unique_ptr<event::Consumer> make_consumer() const = 0;
    // The sink outlives the collector.
    virtual std::unique_ptr<event::Collector> make_collector(event::RowSink& sink) = 0;
};

} // namespace trawl::query::local
