// Events that findings of correlations list are read a second time, when the objects can be read again.
#include <algorithm>
#include <map>

#include <doctest/doctest.h>

#include "engine_fixture.h"

namespace trawl::test {

using detect::CorrelationType;
using detect::Rule;
using detect::ScanOptions;

namespace {

constexpr base::Time minute = 60 * base::microseconds_per_second;

class TestRecall : public detect::EventRecall {
public:
    explicit TestRecall(std::vector<TestObject> objects) : objects_(std::move(objects)) {}

    bool can_recall(std::string_view source) const override { return source != "-"; }
    base::Result<void> recall(const std::string& source, const std::vector<std::uint64_t>& records,
        const event::Projection& projection, const Visit& visit) override
    {
        CHECK(source != "-");
        CHECK(std::is_sorted(records.begin(), records.end()));
        for (const TestObject& object : objects_) {
            if (object.path != source) {
                continue;
            }
            for (const std::uint64_t number : records) {
                ++recalled;
                if (number <= object.records.size()) {
                    JsonEvent event(projection, object.records[number - 1], object.kind, {object.path, number, 0});
                    if (auto visited = visit(event); !visited) {
                        return visited;
                    }
                }
            }
        }
        return {};
    }

    int recalled = 0;

private:
    std::vector<TestObject> objects_;
};

std::vector<TestObject> objects_of(std::size_t count)
{
    std::vector<TestObject> objects;
    for (std::size_t object = 0; object < count; ++object) {
        TestObject made;
        made.path = object == 1 ? "-" : "o" + std::to_string(object) + ".json";
        for (std::size_t i = 0; i < 40; ++i) {
            const std::size_t number = object * 40 + i;
            made.records.push_back(record((number % 60 < 10 ? "03:0" : "03:") + std::to_string(number % 60) + ":00",
                R"("eventID":"e)" + std::to_string(number) + R"(","eventName":"F","awsRegion":"r)"
                    + std::to_string(object) + R"(","user":"u)" + std::to_string(number % 3) + "\""));
        }
        objects.push_back(made);
    }
    return objects;
}

std::vector<Rule> rules()
{
    Rule base = event_rule("fail", is("eventName", {"F"}));
    base.is_base = true;
    Rule distinct = correlation_rule("distinct", CorrelationType::value_count, {"fail"}, {"user"}, 10 * minute, 3);
    distinct.correlation->value_fields = {"eventID"};
    return {base, event_rule("each", is("eventName", {"F"})), distinct,
        correlation_rule("many", CorrelationType::event_count, {"fail"}, {"user"}, 10 * minute, 4)};
}

} // namespace

TEST_CASE("what is read again tells the same as what was kept")
{
    const std::vector<TestObject> objects = objects_of(4);
    const std::string expected = describe(scan(rules(), objects));
    CHECK(expected.find(" distinct ") != std::string::npos);
    CHECK(expected.find(" many ") != std::string::npos);
    const auto recall = std::make_shared<TestRecall>(objects);
    ScanOptions options;
    options.recall = recall;
    CHECK(describe(scan(rules(), objects, options)) == expected);
    CHECK(recall->recalled > 0);
    CHECK(recall->recalled <= 120);
    options.memory_bytes = 4096;
    CHECK(describe(scan(rules(), objects, options, 3)) == expected);
}

TEST_CASE("an object that changed leaves its events listed, and is told of")
{
    const std::vector<TestObject> objects = objects_of(1);
    std::vector<TestObject> changed = objects;
    changed[0].records.resize(10);
    changed[0].records[3] = record("09:00:00", R"("eventID":"other","eventName":"F")");
    std::vector<Rule> counted = rules();
    counted.erase(counted.begin() + 1); // The rule that describes each event at once.
    ScanOptions options;
    options.recall = std::make_shared<TestRecall>(changed);
    const ScanResult whole = scan(counted, objects);
    const ScanResult result = scan(counted, objects, options);
    REQUIRE(result.findings.size() == whole.findings.size());
    CHECK(result.not_recalled > 0);
    CHECK(whole.not_recalled == 0);
    for (std::size_t i = 0; i < result.findings.size(); ++i) {
        CHECK(result.findings[i].finding_id == whole.findings[i].finding_id);
        CHECK(result.findings[i].count == whole.findings[i].count);
        REQUIRE(result.findings[i].events.size() == whole.findings[i].events.size());
        for (std::size_t at = 0; at < whole.findings[i].events.size(); ++at) {
            const event::FindingEvent& event = result.findings[i].events[at];
            CHECK(event.source == "o0.json");
            CHECK(event.record == whole.findings[i].events[at].record);
            const bool is_lost = event.record > 10 || event.record == 4;
            CHECK(event.event_id == (is_lost ? std::string() : whole.findings[i].events[at].event_id));
        }
    }
}

} // namespace trawl::test
