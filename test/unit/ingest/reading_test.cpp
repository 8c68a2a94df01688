#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "collecting_handler.h"
#include "ingest/decoder.h"

namespace trawl::ingest {

namespace {

// Keeps the values of the asked columns as JSON, one text an event.
class ColumnHandler : public RecordHandler {
public:
    explicit ColumnHandler(event::ColumnId count) : count_(count) {}
    void on_event(Record& record) override
    {
        std::string row = std::to_string(record.origin().record) + (record.has_timestamp() ? " " : " ? ");
        for (event::ColumnId column = 0; column < count_; ++column) {
            record.column(column).append_json(row);
            row += ' ';
        }
        rows.push_back(row);
    }
    void on_reject(const RejectedRecord& reject) override { rows.push_back(std::string(reject.code)); }
    void on_filtered(std::string_view) override { rows.emplace_back("filtered"); }
    bool wants_no_more() const override { return false; }

    std::vector<std::string> rows;

private:
    event::ColumnId count_;
};

std::vector<std::string> read(
    std::string_view bytes, const std::vector<std::string>& columns, Decoder::Reading reading, std::size_t whole_bytes)
{
    event::Projection projection;
    for (const std::string& column : columns) {
        projection.add(event::FieldPath::parse(column), event::Reach::any_element);
    }
    Decoder decoder(projection, "", whole_bytes, reading);
    ColumnHandler handler(static_cast<event::ColumnId>(columns.size()));
    decoder.decode_bytes("input", bytes, handler);
    return handler.rows;
}

} // namespace

TEST_CASE("reading as needed: the same values as reading whole, in whatever order members stand and are asked for")
{
    std::string records = "{\"Records\":[";
    for (int i = 0; i < 300; ++i) {
        records += i == 0 ? "" : ",";
        records += test::cloudtrail("id-" + std::to_string(i),
            i % 3 == 0       ? R"(,"errorCode":"AccessDenied","requestParameters":{"bucketName":"b","x":"}{\""})"
                : i % 3 == 1 ? R"(,"requestParameters":null,"responseElements":{"a":[1,{"b":2}]})"
                             : "");
    }
    // Known names in another order, a name that comes twice, and one that never comes.
    records += R"(,{"eventName":"PutObject","requestParameters":{"bucketName":"c"},"errorCode":"x","errorCode":"y",)"
               R"("eventTime":"2024-03-05T12:00:01Z","eventSource":"s3.amazonaws.com","eventVersion":"1.08"}]})";
    const std::vector<std::vector<std::string>> orders = {{"eventName", "errorCode", "requestParameters.bucketName",
                                                              "responseElements.a.b", "userIdentity.arn", "eventID"},
        {"eventID", "userIdentity.arn", "nowhere", "eventName", "requestParameters"},
        {"nowhere.at.all", "@principal", "@outcome", "@action", "eventVersion"}, {}};
    for (const std::vector<std::string>& columns : orders) {
        for (const std::size_t whole_bytes : {std::size_t {1} << 20, std::size_t {64}}) {
            const auto whole = read(records, columns, Decoder::Reading::whole, whole_bytes);
            CHECK(whole.size() == 301);
            CHECK(read(records, columns, Decoder::Reading::as_needed, whole_bytes) == whole);
        }
    }
}

TEST_CASE("reading as needed: a record that is cut is a reject, its neighbours are events")
{
    const std::string cut = "{\"Records\":[" + test::cloudtrail("a") + "," + test::cloudtrail("b").substr(0, 200);
    for (const auto reading : {Decoder::Reading::whole, Decoder::Reading::as_needed}) {
        const auto rows = read(cut, {"eventName"}, reading, std::size_t {1} << 20);
        REQUIRE(rows.size() == 2);
        CHECK(rows[0] == "1 \"GetObject\" ");
        CHECK(rows[1] == "json-cut");
    }
}

} // namespace trawl::ingest
