// The decoder takes any bytes: every record is an event, a reject or filtered, in order, and what comes out is JSON in
// valid UTF-8.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/text.h"
#include "event/columns.h"
#include "event/json.h"
#include "ingest/decoder.h"

namespace {

class Checker : public trawl::ingest::RecordHandler {
public:
    void on_event(trawl::ingest::Record& record) override
    {
        count(record.origin().record);
        if (record.binding().everything()) {
            json_.clear();
            record.append_event_json(json_, /*with_message=*/true);
            std::size_t at = 0;
            TRAWL_CHECK(trawl::base::is_utf8(json_), "a decoded event is valid UTF-8");
            TRAWL_CHECK(trawl::event::json::validate(json_, at) == nullptr, "a decoded event is JSON");
        }
        for (trawl::event::ColumnId column = 0; column < columns; ++column) {
            record.column(column).text(record.arena());
        }
        record.identity();
    }
    void on_reject(const trawl::ingest::RejectedRecord& reject) override
    {
        count(reject.record);
        TRAWL_CHECK(!reject.code.empty() && !reject.reason.empty(), "a reject says why");
    }
    void on_filtered(std::string_view) override { ++records_; }
    // Some small inputs hold very many records.
    bool wants_no_more() const override { return records_ > 10'000; }

    trawl::event::ColumnId columns = 0;

private:
    void count(std::uint64_t record)
    {
        ++records_;
        TRAWL_CHECK(record == records_, "records are counted from one, without holes");
    }

    std::uint64_t records_ = 0;
    std::string json_;
};

// A decoder of all kinds is slow to make and is meant to be used for many objects.
struct Decoders {
    Decoders()
    {
        using trawl::event::FieldPath;
        for (const char* const name :
            {"eventName", "userIdentity.sessionContext.sessionIssuer.arn", "requestParameters", "resources.ARN",
                "srcAddr", "@principal", "@src_ip", "@outcome", "@rules", "@statements", "@timestamp", "@log"}) {
            last = projection.add(FieldPath::parse(name), trawl::event::Reach::any_element);
        }
        columns_alone = projection;
        projection.ask_everything();
        whole.emplace(projection, std::string_view {}, std::size_t {1} << 20);
        streaming.emplace(projection, std::string_view {}, std::size_t {64});
        as_needed.emplace(
            columns_alone, std::string_view {}, std::size_t {1} << 20, trawl::ingest::Decoder::Reading::as_needed);
    }

    trawl::event::Projection projection;
    trawl::event::Projection columns_alone;
    trawl::event::ColumnId last = 0;
    std::optional<trawl::ingest::Decoder> whole;
    std::optional<trawl::ingest::Decoder> streaming;
    std::optional<trawl::ingest::Decoder> as_needed;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static Decoders decoders;
    // The first byte says in how small a memory an object is held whole, so that streaming is tried as well, and whether
    // records are read only as far as the columns need, and whether the object has a name of an export task.
    const bool streams = size > 0 && data[0] % 2 == 1;
    const bool is_lazy = size > 0 && data[0] % 4 >= 2;
    const bool is_export = size > 0 && data[0] % 8 >= 4;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + (size > 0 ? 1 : 0), size > 0 ? size - 1 : 0);
    Checker checker;
    checker.columns = decoders.last + 1;
    auto& decoder = is_lazy ? decoders.as_needed : streams ? decoders.streaming : decoders.whole;
    decoder->decode_bytes(
        is_export ? "exports/task/stream/000000" : "AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/02/input", bytes,
        checker);
    return 0;
}
