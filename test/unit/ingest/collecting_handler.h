#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ingest/decoder.h"

namespace trawl::ingest::test {

// Keeps what a decoder hands over.
class CollectingHandler : public RecordHandler {
public:
    void on_event(Record& record) override
    {
        std::string json;
        record.append_event_json(json, /*with_message=*/false);
        events.push_back(std::move(json));
    }
    void on_reject(const RejectedRecord& reject) override
    {
        rejects.push_back(std::string(reject.code));
        reject_records.push_back(reject.record);
    }
    void on_filtered(std::string_view) override { ++filtered; }
    bool wants_no_more() const override { return false; }

    // Whether event number `index` (from 0) has the member, written as it stands in JSON.
    bool has(std::size_t index, std::string_view member) const
    {
        return index < events.size() && events[index].find(member) != std::string::npos;
    }

    std::vector<std::string> events;
    std::vector<std::string> rejects;
    std::vector<std::uint64_t> reject_records;
    std::size_t filtered = 0;
};

// Decodes bytes as `trawl decode` does.
inline CollectingHandler decode(
    std::string_view bytes, std::string_view kind = "", std::string_view path = "input", ObjectResult* result = nullptr)
{
    event::Projection projection;
    projection.ask_everything();
    Decoder decoder(projection, kind, /*whole_object_bytes=*/32u << 20);
    CollectingHandler handler;
    const ObjectResult outcome = decoder.decode_bytes(path, bytes, handler);
    if (result != nullptr) {
        *result = outcome;
    }
    return handler;
}

// A CloudTrail record with the given eventID and further members (",\"x\":1").
inline std::string cloudtrail(std::string_view id, std::string_view more = "")
{
    return R"({"eventVersion":"1.08","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/alice",)"
           R"("accountId":"111122223333","userName":"alice"},"eventTime":"2024-03-05T12:00:00Z",)"
           R"("eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"us-east-1",)"
           R"("sourceIPAddress":"203.0.113.9","recipientAccountId":"111122223333","eventID":")"
        + std::string(id) + "\"" + std::string(more) + "}";
}

} // namespace trawl::ingest::test
