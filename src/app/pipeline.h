#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "event/columns.h"
#include "event/consumer.h"
#include "ingest/decoder.h"

namespace trawl::app {

// The members of `--summary` (CONTRACT): records == events + duplicates + filtered + rejected.
struct KindCounts {
    std::uint64_t records = 0;
    std::uint64_t events = 0;
    std::uint64_t rejected = 0;
    std::map<std::int64_t, std::uint64_t> hours; // Hour since 1970 → events; only with PipelineOptions::count_hours.
};
struct Summary {
    std::uint64_t objects = 0;
    std::uint64_t unreadable_objects = 0;
    std::uint64_t skipped_objects = 0;     // Left out whole by --from/--to.
    std::uint64_t digest_objects = 0;
    std::uint64_t records = 0;
    std::uint64_t events = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t filtered = 0;
    std::uint64_t rejected = 0;
    std::uint64_t bytes = 0;               // Uncompressed.
    std::uint64_t without_timestamp = 0;   // Events whose time cannot be read.
    std::string first_without_timestamp;   // Where the first of them is.
    bool duplicate_bound_passed = false;
    std::map<std::string, KindCounts> by_kind;
};
std::string summary_json(const Summary& summary);

// One record that could not be decoded (CONTRACT "A reject"), or an object that could not be read (record 0).
struct Reject {
    std::string source;
    std::uint64_t record = 0;
    std::uint64_t offset = 0;
    std::string kind;
    std::string code;
    std::string reason;
    std::string raw;                       // At most max_reject_bytes of it.
    bool is_object = false;                // The object as a whole: unreadable, cut, vanished.
};

struct PipelineOptions {
    std::vector<std::string> paths;        // Files, directories, "-".
    std::string kind;                      // --kind, or empty.
    std::string columns;                   // --columns: names, blank-separated, or empty.
    std::optional<base::Time> from;
    std::optional<base::Time> to;
    unsigned threads = 0;                  // 0: as many as there are cores.
    bool keep_duplicates = false;
    bool count_hours = false;              // Count events by kind and hour.
    std::vector<std::string> log_groups;   // Only these log groups (SOURCE); empty: all.
};

// What the person waiting sees. Called from one thread at a time.
struct Progress {
    std::uint64_t objects_done = 0;
    std::uint64_t objects_known = 0;
    std::uint64_t bytes_read = 0;          // Compressed.
    std::uint64_t bytes_known = 0;
    std::uint64_t events = 0;
    bool listing_done = false;
};

struct PipelineHooks {
    std::function<void(const Reject&)> on_reject;     // In path order.
    std::function<void(const Progress&)> on_progress; // A few times a second; may be empty.
    std::function<void(const std::string&)> on_warning;
    const std::atomic<bool>* stop = nullptr;          // Set by Ctrl-C.
};

// A decoder of objects as the options tell. `projection` outlives it.
std::unique_ptr<ingest::Decoder> make_decoder(const PipelineOptions& options, const event::Projection& projection);

// Reads all objects, decodes them on the workers and merges their runs in path order into `collector`.
// Errors: "path" (a path named does not exist or cannot be read: nothing was run), what the collector fails with
// ("io", "closed" for a closed pipe), "interrupted".
base::Result<Summary> run_pipeline(const PipelineOptions& options, const event::Projection& projection,
    const std::function<std::unique_ptr<event::Consumer>()>& make_consumer, event::Collector& collector,
    const PipelineHooks& hooks);

} // namespace trawl::app
