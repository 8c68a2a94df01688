// Workers take objects in path order, decode them and gather runs of events; the runs are merged in path order by
// whichever worker brings the next one, so that one thread needs no other. A worker waits before it gets too far ahead
// of the object that is being merged: that bounds memory.
#include "app/pipeline.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <limits>
#include <mutex>
#include <thread>

#include "app/duplicate_table.h"
#include "base/check.h"
#include "base/text.h"
#include "ingest/source/object_key.h"
#include "ingest/source/object_list.h"

namespace trawl::app {

namespace {

constexpr std::size_t run_bytes = 1u << 20;          // A run is handed over when it holds this much …
constexpr std::uint32_t run_events = 16'384;         // … or this many events.
constexpr std::size_t queue_bytes = 48u << 20;       // What may wait for the merge beside the object being merged.
constexpr std::size_t max_reject_bytes = 1024;
constexpr std::size_t max_rejects_of_a_run = 1000;   // Then the run is handed over.
constexpr std::size_t whole_object_budget = 96u << 20;

constexpr std::int64_t no_hour = std::numeric_limits<std::int64_t>::min();

std::int64_t floor_hour(base::Time time)
{
    constexpr base::Time hour = 3600 * base::microseconds_per_second;
    return time >= 0 ? time / hour : (time - hour + 1) / hour;
}

unsigned threads_of(const PipelineOptions& options)
{
    return options.threads != 0 ? options.threads : std::max(1u, std::thread::hardware_concurrency());
}

// One step of a run, in order: what became of a record.
struct Run {
    std::size_t object = 0;
    bool last = false;
    std::unique_ptr<event::Gathered> gathered;
    std::uint32_t events = 0;                  // Of them, those that the consumer may have been given.
    std::vector<base::Hash128> identities;     // Of each event up to the last that has one; zero when it has none.
    std::vector<Reject> rejects;
    std::uint64_t records = 0;                 // All that the decoder handed over.
    std::uint64_t filtered = 0;
    std::uint64_t without_timestamp = 0;
    std::uint64_t first_without_timestamp = 0; // Number of the record.
    // Counts for each kind in the order they were met; few, so that a vector serves.
    std::vector<std::pair<std::string_view, KindCounts>> kinds;
    std::vector<std::uint16_t> event_kinds; // Index into `kinds` for each event; empty while there is one kind only.
    std::vector<std::int64_t> event_hours; // Since 1970, for each event; only with count_hours.
    std::size_t bytes = 0;
    // With `last`:
    std::uint64_t object_bytes = 0;
    bool unreadable = false;
    bool skipped = false;
    bool digest = false;
    std::string path;
};

class CopyFlags final : public event::Duplicates {
public:
    explicit CopyFlags(const std::vector<bool>& flags) : flags_(flags) {}
    bool is_copy(std::uint32_t index) const override { return index < flags_.size() && flags_[index]; }

private:
    const std::vector<bool>& flags_; // Belongs to the merge, which outlives the call.
};

// Takes runs from all workers and merges them in path order.
class Merge {
public:
    Merge(const PipelineOptions& options, event::Collector& collector, const PipelineHooks& hooks)
        : options_(options), collector_(collector), hooks_(hooks)
    {
    }

    // Hands a run over and merges what is due. Waits while too much of later objects is queued.
    void push(Run run)
    {
        std::unique_lock lock(mutex_);
        const std::size_t object = run.object;
        // The run that is due next never waits for room unless somebody is merging and will make it.
        room_.wait(lock, [&] { return stopped_ || (object == head_ && !merging_) || queued_bytes_ < queue_bytes; });
        if (stopped_) {
            return;
        }
        queued_bytes_ += run.bytes;
        queues_[object].push_back(std::move(run));
        if (!merging_) {
            merging_ = true;
            merge_due(lock);
            merging_ = false;
            room_.notify_all();
        }
    }

    bool stopped() const { return stopped_.load(std::memory_order_relaxed); }
    void stop()
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        room_.notify_all();
    }
    const base::Error& error() const { return error_; }
    Summary& summary() { return summary_; }

private:
    void merge_due(std::unique_lock<std::mutex>& lock)
    {
        while (!stopped_) {
            const auto found = queues_.find(head_);
            if (found == queues_.end() || found->second.empty()) {
                return;
            }
            Run run = std::move(found->second.front());
            found->second.pop_front();
            lock.unlock();
            absorb(run);
            lock.lock();
            queued_bytes_ -= run.bytes;
            if (run.last) {
                queues_.erase(head_);
                ++head_;
                if (sated_ || !error_.code.empty()) {
                    stopped_ = true;
                }
            } else if (!error_.code.empty()) {
                stopped_ = true;
            }
            room_.notify_all();
        }
    }

    void absorb(Run& run)
    {
        std::vector<bool> copies;
        std::uint64_t copy_count = 0;
        if (!options_.keep_duplicates) {
            constexpr std::size_t ahead = 8;
            for (std::size_t i = 0; i < run.identities.size(); ++i) {
                if (i + ahead < run.identities.size()) {
                    duplicates_.prefetch(run.identities[i + ahead]);
                }
                if (run.identities[i] == base::Hash128 {} || !duplicates_.seen_before(run.identities[i])) {
                    continue;
                }
                copies.resize(run.identities.size());
                copies[i] = true;
                ++copy_count;
                if (!run.event_kinds.empty()) {
                    --run.kinds[run.event_kinds[i]].second.events;
                }
            }
        }
        if (run.event_kinds.empty() && copy_count > 0) {
            run.kinds.front().second.events -= copy_count;
        }
        count_hours(run, copies);
        summary_.duplicates += copy_count;
        summary_.records += run.records;
        summary_.filtered += run.filtered;
        if (run.without_timestamp > 0 && summary_.without_timestamp == 0) {
            summary_.first_without_timestamp = run.path + " record " + std::to_string(run.first_without_timestamp);
        }
        summary_.without_timestamp += run.without_timestamp;
        summary_.duplicate_bound_passed = duplicates_.bound_passed();
        for (const auto& [kind, counts] : run.kinds) {
            KindCounts& total = summary_.by_kind[std::string(kind)];
            total.records += counts.records;
            total.events += counts.events;
            total.rejected += counts.rejected;
            summary_.events += counts.events;
        }
        for (const Reject& reject : run.rejects) {
            if (!reject.is_object) {
                ++summary_.rejected;
            }
            if (hooks_.on_reject) {
                hooks_.on_reject(reject);
            }
        }
        if (run.gathered && !sated_ && error_.code.empty()) {
            const CopyFlags flags(copies);
            const auto appetite = collector_.absorb(std::move(run.gathered), flags);
            if (!appetite) {
                error_ = appetite.error();
            } else if (*appetite == event::Appetite::sated) {
                sated_ = true;
            }
        }
        if (run.last) {
            ++summary_.objects;
            summary_.bytes += run.object_bytes;
            summary_.unreadable_objects += run.unreadable ? 1 : 0;
            summary_.skipped_objects += run.skipped ? 1 : 0;
            summary_.digest_objects += run.digest ? 1 : 0;
        }
        progress(run);
    }

    void count_hours(const Run& run, const std::vector<bool>& copies)
    {
        std::map<std::int64_t, std::uint64_t>* hours = nullptr;
        std::size_t kind = 0;
        for (std::size_t i = 0; i < run.event_hours.size(); ++i) {
            const std::size_t kind_of_event = run.event_kinds.empty() ? 0 : run.event_kinds[i];
            if (hours == nullptr || kind_of_event != kind) {
                kind = kind_of_event;
                hours = &summary_.by_kind[std::string(run.kinds[kind].first)].hours;
            }
            if (run.event_hours[i] != no_hour && (i >= copies.size() || !copies[i])) {
                ++(*hours)[run.event_hours[i]];
            }
        }
    }

    void progress(const Run& run)
    {
        if (!hooks_.on_progress) {
            return;
        }
        const auto now = std::chrono::steady_clock::now();
        if (!run.last || now - told_ < std::chrono::milliseconds(100)) {
            return;
        }
        told_ = now;
        Progress report;
        report.objects_done = summary_.objects;
        report.bytes_read = summary_.bytes;
        report.events = summary_.events;
        hooks_.on_progress(report);
    }

    const PipelineOptions& options_;
    event::Collector& collector_;
    const PipelineHooks& hooks_;
    std::mutex mutex_;
    std::condition_variable room_;
    std::map<std::size_t, std::deque<Run>> queues_;
    std::size_t head_ = 0;
    std::size_t queued_bytes_ = 0;
    bool merging_ = false;
    std::atomic<bool> stopped_ = false;
    // Touched only by the thread that merges.
    DuplicateTable duplicates_;
    Summary summary_;
    base::Error error_;
    bool sated_ = false;
    std::chrono::steady_clock::time_point told_;
};

// Judges records on a worker and gathers them into runs.
class Worker final : public ingest::RecordHandler {
public:
    Worker(const PipelineOptions& options, std::unique_ptr<event::Consumer> consumer, Merge& merge,
        const PipelineHooks& hooks)
        : options_(options), consumer_(std::move(consumer)), merge_(merge), hooks_(hooks)
    {
    }

    void start_object(std::size_t number, const std::string& path)
    {
        path_ = path;
        run_ = Run {};
        run_.object = number;
    }

    void finish_object(const ingest::ObjectResult& result, bool skipped)
    {
        if (!result.error.code.empty()) {
            Reject reject;
            reject.source = path_;
            reject.code = result.error.code;
            reject.reason = result.error.message;
            reject.is_object = true;
            run_.rejects.push_back(std::move(reject));
            run_.unreadable = true;
        }
        run_.object_bytes = result.bytes;
        run_.skipped = skipped;
        run_.digest = result.is_digest;
        hand_over(true);
    }

    void on_event(ingest::Record& record) override
    {
        ++run_.records;
        if (outside_time(record)) {
            filter(record.kind());
            return;
        }
        if (!record.has_timestamp()) {
            if (run_.without_timestamp++ == 0) {
                run_.first_without_timestamp = record.origin().record;
            }
        }
        const std::uint32_t index = count_event(kind_index(record.kind()));
        if (!options_.keep_duplicates) {
            if (const auto identity = record.identity()) {
                run_.identities.resize(index);
                run_.identities.push_back(*identity);
            }
        }
        if (options_.count_hours) {
            const event::Value time = record.timestamp();
            run_.event_hours.push_back(time.type() == event::Type::time ? floor_hour(time.as_time()) : no_hour);
        }
        if (in_log_groups(record)) {
            consumer_->consume(record, index);
        }
        if (run_.events >= run_events || consumer_->gathered_bytes() >= run_bytes) {
            hand_over(false);
        }
    }

    void on_excluded(std::string_view kind_id) override
    {
        ++run_.records;
        count_event(kind_index(kind_id));
        if (run_.events >= run_events) {
            hand_over(false);
        }
    }

    void on_reject(const ingest::RejectedRecord& rejected) override
    {
        ++run_.records;
        Reject reject;
        reject.source = path_;
        reject.record = rejected.record;
        reject.offset = rejected.offset;
        reject.kind = std::string(rejected.kind);
        reject.code = std::string(rejected.code);
        reject.reason = std::string(rejected.reason);
        reject.raw = std::string(rejected.raw.substr(0, max_reject_bytes));
        if (!rejected.kind.empty()) {
            auto& counts = run_.kinds[kind_index(rejected.kind)].second;
            ++counts.records;
            ++counts.rejected;
        }
        run_.rejects.push_back(std::move(reject));
        if (run_.rejects.size() >= max_rejects_of_a_run) {
            hand_over(false);
        }
    }

    void on_filtered(std::string_view kind) override
    {
        ++run_.records;
        filter(kind);
    }

    bool wants_no_more() const override
    {
        return merge_.stopped() || (hooks_.stop != nullptr && hooks_.stop->load(std::memory_order_relaxed));
    }

private:
    void filter(std::string_view kind)
    {
        ++run_.filtered;
        if (!kind.empty()) {
            ++run_.kinds[kind_index(kind)].second.records;
        }
    }

    std::size_t kind_index(std::string_view kind)
    {
        for (std::size_t i = 0; i < run_.kinds.size(); ++i) {
            const std::string_view known = run_.kinds[i].first;
            if ((known.data() == kind.data() && known.size() == kind.size()) || known == kind) {
                return i;
            }
        }
        run_.kinds.emplace_back(kind, KindCounts {});
        return run_.kinds.size() - 1;
    }

    // Gives the event's place in the run.
    std::uint32_t count_event(std::size_t kind)
    {
        ++run_.kinds[kind].second.records;
        ++run_.kinds[kind].second.events;
        if (kind > 0 && run_.event_kinds.empty()) {
            run_.event_kinds.assign(run_.events, 0);
        }
        if (kind > 0 || !run_.event_kinds.empty()) {
            run_.event_kinds.push_back(static_cast<std::uint16_t>(kind));
        }
        return run_.events++;
    }

    bool outside_time(ingest::Record& record)
    {
        if (!options_.from && !options_.to) {
            return false;
        }
        const event::Value time = record.timestamp();
        if (time.type() != event::Type::time) {
            return false;
        }
        return (options_.from && time.as_time() < *options_.from) || (options_.to && time.as_time() >= *options_.to);
    }

    bool in_log_groups(const ingest::Record& record) const
    {
        const auto& groups = options_.log_groups;
        return groups.empty() || std::find(groups.begin(), groups.end(), record.context().log_group) != groups.end();
    }

    void hand_over(bool last)
    {
        Run run = std::move(run_);
        run.last = last;
        run.path = path_;
        run.bytes = consumer_->gathered_bytes() + run.identities.size() * sizeof(base::Hash128) + 4096;
        run.gathered = consumer_->take();
        run_ = Run {};
        run_.object = run.object;
        merge_.push(std::move(run));
    }

    const PipelineOptions& options_;
    std::unique_ptr<event::Consumer> consumer_;
    Merge& merge_;
    const PipelineHooks& hooks_;
    std::string path_;
    Run run_;
};

// Gives objects to the workers one by one, in path order.
class ObjectQueue {
public:
    explicit ObjectQueue(ingest::ObjectList list) : list_(std::move(list)) {}
    bool next(ingest::Object& object, std::size_t& number)
    {
        const std::lock_guard lock(mutex_);
        auto found = list_.next();
        if (!found) {
            return false;
        }
        object = std::move(*found);
        number = count_++;
        return true;
    }

private:
    std::mutex mutex_;
    ingest::ObjectList list_;
    std::size_t count_ = 0;
};

} // namespace

std::string summary_json(const Summary& summary)
{
    std::string out = "{";
    const auto put = [&out](std::string_view name, std::uint64_t value) {
        if (out.size() > 1) {
            out += ',';
        }
        out += '"';
        out += name;
        out += "\":";
        out += std::to_string(value);
    };
    put("objects", summary.objects);
    put("unreadable_objects", summary.unreadable_objects);
    put("skipped_objects", summary.skipped_objects);
    put("digest_objects", summary.digest_objects);
    put("records", summary.records);
    put("events", summary.events);
    put("duplicates", summary.duplicates);
    put("filtered", summary.filtered);
    put("rejected", summary.rejected);
    put("bytes", summary.bytes);
    put("events_without_timestamp", summary.without_timestamp);
    out += ",\"duplicate_bound_passed\":";
    out += summary.duplicate_bound_passed ? "true" : "false";
    out += ",\"by_kind\":{";
    bool first = true;
    for (const auto& [kind, counts] : summary.by_kind) {
        out += first ? "" : ",";
        first = false;
        base::append_json_string(out, kind);
        out += ":{\"records\":" + std::to_string(counts.records) + ",\"events\":" + std::to_string(counts.events)
            + ",\"rejected\":" + std::to_string(counts.rejected) + "}";
    }
    out += "}}";
    return out;
}

std::unique_ptr<ingest::Decoder> make_decoder(const PipelineOptions& options, const event::Projection& projection)
{
    // Looking for duplicates takes the event's id, which stands near the end of a record.
    using Reading = ingest::Decoder::Reading;
    auto decoder = std::make_unique<ingest::Decoder>(projection, options.kind,
        whole_object_budget / std::max(2u, threads_of(options)),
        options.keep_duplicates ? Reading::as_needed : Reading::whole);
    if (!options.columns.empty()) {
        decoder->name_columns(options.columns);
    }
    if (!options.from && !options.to && !options.count_hours && options.log_groups.empty()) {
        decoder->pass_over_excluded(options.keep_duplicates);
    }
    return decoder;
}

base::Result<Summary> run_pipeline(const PipelineOptions& options, const event::Projection& projection,
    const std::function<std::unique_ptr<event::Consumer>()>& make_consumer, event::Collector& collector,
    const PipelineHooks& hooks)
{
    TRY(auto list, ingest::ObjectList::create(options.paths));
    ObjectQueue queue(std::move(list));
    Merge merge(options, collector, hooks);
    const unsigned threads = threads_of(options);

    const auto work = [&] {
        Worker worker(options, make_consumer(), merge, hooks);
        const auto decoder = make_decoder(options, projection);
        ingest::Object object;
        std::size_t number = 0;
        while (!worker.wants_no_more() && queue.next(object, number)) {
            worker.start_object(number, object.path);
            worker.finish_object(decoder->decode(object, worker), /*skipped=*/false);
        }
    };
    std::vector<std::thread> others;
    for (unsigned i = 1; i < threads; ++i) {
        others.emplace_back(work);
    }
    work();
    for (std::thread& other : others) {
        other.join();
    }
    if (hooks.stop != nullptr && hooks.stop->load()) {
        return base::fail("interrupted", "interrupted");
    }
    if (!merge.error().code.empty()) {
        return base::fail(merge.error().code, merge.error().message);
    }
    TRY_VOID(collector.finish());
    const Summary& summary = merge.summary();
    TRAWL_CHECK(summary.records == summary.events + summary.duplicates + summary.filtered + summary.rejected,
        "each record is counted once");
    if (summary.without_timestamp > 0 && hooks.on_warning) {
        hooks.on_warning(std::to_string(summary.without_timestamp)
            + " events have no time that can be read; they have no @timestamp. The first: "
            + summary.first_without_timestamp);
    }
    if (summary.duplicate_bound_passed && hooks.on_warning) {
        hooks.on_warning("copies of an event that lie more than 2 million events apart may have been counted twice");
    }
    return summary;
}

} // namespace trawl::app
