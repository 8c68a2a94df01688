#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "detect/engine/scan.h"
#include "event/columns.h"
#include "event/consumer.h"
#include "event/json.h"

namespace trawl::test {

// An event over JSON text, with the few derived fields that findings ask for.
class JsonEvent : public event::Event {
public:
    JsonEvent(const event::Projection& projection, std::string_view text, std::string_view kind, event::Origin origin)
        : projection_(projection), text_(text), kind_(kind), origin_(origin)
    {
    }

    event::Value column(event::ColumnId id) override;
    base::Arena& arena() override { return arena_; }
    const event::Origin& origin() const override { return origin_; }
    std::string_view kind() const override { return kind_; }
    event::Value timestamp() override;
    std::string_view message() override { return text_; }
    void append_event_json(std::string& out, bool) override { out += text_; }

    // How often each column was asked for.
    std::vector<int> asked;

private:
    event::Value field(std::string_view path);

    const event::Projection& projection_;
    std::string_view text_;
    std::string_view kind_;
    event::Origin origin_;
    base::Arena arena_;
};

// Plan expressions as the front end makes them.
query::plan::Expression is(std::string_view field, std::vector<std::string> values);
query::plan::Expression contains(std::string_view field, std::vector<std::string> values);
query::plan::Expression absent(std::string_view field);
query::plan::Expression keyword(std::string_view word);
query::plan::Expression all_of(std::vector<query::plan::Expression> operands);
query::plan::Expression any_of(std::vector<query::plan::Expression> operands);
query::plan::Expression none_of(query::plan::Expression operand);
query::plan::Expression element(std::string_view field, query::plan::Expression condition);

detect::Rule event_rule(std::string id, query::plan::Expression condition, event::Level level = event::Level::high);
detect::Rule correlation_rule(std::string id, detect::CorrelationType type, std::vector<std::string> bases,
    std::vector<std::string> group_by, base::Time timespan, double at_least);

// One object of records, in path order.
struct TestObject {
    std::string path = "a.json";
    std::vector<std::string> records;
    std::string kind = "cloudtrail";
};

struct ScanResult {
    std::vector<event::Finding> findings;
    std::vector<detect::RuleMatch> matches;
    std::vector<std::pair<std::string, std::uint64_t>> left_out;
    std::uint64_t not_recalled = 0;
    std::string error;
};

// Scans the objects as `workers` workers would; records whose eventID was seen are copies.
ScanResult scan(std::vector<detect::Rule> rules, const std::vector<TestObject>& objects,
    detect::ScanOptions options = {}, std::size_t workers = 1, const query::Lists& lists = {});

// {"eventTime":"2026-01-02T<time>Z", …members}
std::string record(std::string_view time, std::string_view members);

// All members of the findings as text, to compare whole answers.
std::string describe(const ScanResult& result);

} // namespace trawl::test
