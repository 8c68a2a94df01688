#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "event/columns.h"
#include "ingest/codec/window.h"
#include "ingest/kinds/log_kind.h"
#include "ingest/record.h"
#include "ingest/source/object_list.h"

namespace trawl::ingest {

// A record that could not be decoded. Views are valid during the call.
struct RejectedRecord {
    std::uint64_t record = 0;
    std::uint64_t offset = 0;
    std::string_view kind; // Empty when it is not known.
    std::string_view code;
    std::string_view reason;
    std::string_view raw;
};

// Takes what a decoder finds, in the order of the object. Each call counts as one record.
class RecordHandler {
public:
    virtual ~RecordHandler() = default;
    virtual void on_event(Record& record) = 0;
    // An event that a gate of the projection excludes; its time can be read. Only after Decoder::pass_over_excluded.
    virtual void on_excluded(std::string_view kind) { static_cast<void>(kind); }
    virtual void on_reject(const RejectedRecord& reject) = 0;
    // A control message, or a record of another kind than the selected one. `kind` may be empty.
    virtual void on_filtered(std::string_view kind) = 0;
    // Whether reading on is pointless (interrupted).
    virtual bool wants_no_more() const = 0;
};

// How the reading of one object ended.
struct ObjectResult {
    std::uint64_t bytes = 0; // Uncompressed bytes seen.
    bool is_digest = false; // A CloudTrail digest file: no records.
    base::Error error; // Code is empty when the object was read to its end.
};

// Decodes objects: finds out how records sit in the bytes (compression, containers, envelopes, lines), which kind each
// record is, and hands them over as views into its own memory. One decoder serves one worker.
class Decoder {
public:
    // How far records are read that nobody wants whole: `as_needed` stops at the last value that was asked for, which
    // pays when the first values tell whether a record counts.
    enum class Reading : std::uint8_t { whole, as_needed };
    // `projection` outlives the decoder. `selected_kind` is --kind, or empty.
    Decoder(const event::Projection& projection, std::string_view selected_kind, std::size_t whole_object_bytes,
        Reading reading = Reading::whole);
    ~Decoder();

    // Names the columns of the selected kind's lines, which have no header that would name them. The kind takes columns.
    void name_columns(std::string_view names);

    // Tells of events that a gate of the projection excludes by on_excluded() where that is cheaper; of kinds whose events
    // are told apart by an identity only `with_identity`.
    void pass_over_excluded(bool with_identity);

    ObjectResult decode(const Object& object, RecordHandler& handler);
    // The same for bytes in memory (tests, fuzzing, one record of a rule's test).
    ObjectResult decode_bytes(std::string_view name, std::string_view bytes, RecordHandler& handler);

private:
    class Run;
    struct KindReader;
    friend class Run;

    ObjectResult decode_stream(std::string_view name, std::unique_ptr<ByteStream> stream, RecordHandler& handler);
    ObjectResult decode_parquet(std::string_view name, base::Result<std::unique_ptr<ByteStream>> lines,
        std::string_view first_bytes, RecordHandler& handler);
    base::Error decode_archive(ZipReader& archive, Run& run, std::uint64_t& bytes);

    std::vector<std::unique_ptr<KindReader>> readers_;
    KindReader* selected_ = nullptr;
    KindReader* cloudwatch_ = nullptr;
    KindReader* hot_ = nullptr; // The kind of the last JSON record: the next one is likely the same.
    Reading reading_;
    std::size_t whole_object_bytes_;
    Window window_;
    Record record_;
    std::vector<char> compressed_;
};

} // namespace trawl::ingest
