// Measures the detection engine alone: nanoseconds for each event with synthetic rules over synthetic CloudTrail events
// whose columns are ready to hand. Decompression and decoding are not in it.
//
//   engine_bench [RULES [EVENTS]]

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "detect/engine/scan.h"
#include "event/json.h"

namespace {

using trawl::detect::Rule;
using trawl::query::plan::Expression;
using trawl::query::plan::ExpressionKind;
using trawl::query::plan::Test;
namespace event = trawl::event;

Expression leaf(std::string_view field, Test test, std::vector<std::string> values)
{
    Expression made;
    made.kind = ExpressionKind::match;
    made.path = event::FieldPath::parse(field);
    made.reach = event::Reach::any_element;
    made.match.test = test;
    made.match.patterns = std::move(values);
    return made;
}

Expression group(ExpressionKind kind, std::vector<Expression> operands)
{
    Expression made;
    made.kind = kind;
    made.operands = std::move(operands);
    return made;
}

std::string service(unsigned number)
{
    return "service" + std::to_string(number % 60) + ".amazonaws.com";
}

std::string action(unsigned number)
{
    constexpr const char* verbs[] = {"Describe", "Get", "List", "Put", "Create", "Delete", "Update", "Attach"};
    return verbs[number % 8] + std::string("Thing") + std::to_string(number % 300);
}

// The mix of a real pack: most rules name source and names, some only a name, one in ten has no gate at all.
std::vector<Rule> make_rules(unsigned count)
{
    std::mt19937 random(1);
    std::vector<Rule> rules;
    for (unsigned i = 0; i < count; ++i) {
        std::vector<Expression> all;
        const unsigned shape = i % 20;
        if (shape >= 2) {
            std::vector<std::string> names;
            for (unsigned n = 0; n <= random() % 4; ++n) {
                names.push_back(action(static_cast<unsigned>(random())));
            }
            all.push_back(leaf("eventName", Test::text, std::move(names)));
        }
        if (shape >= 6) {
            all.push_back(leaf("eventSource", Test::text, {service(static_cast<unsigned>(random()))}));
        }
        if (shape % 3 == 0) {
            all.push_back(leaf("errorCode", Test::absent, {}));
        }
        if (shape == 0) {
            all.push_back(leaf("userIdentity.type", Test::text, {"Root"}));
            all.push_back(
                group(ExpressionKind::negation, {leaf("userAgent", Test::contains, {"agent" + std::to_string(i)})}));
        }
        if (shape == 1) {
            all.push_back(leaf("userAgent", Test::contains, {"tool" + std::to_string(i), "kit" + std::to_string(i)}));
        }
        if (shape % 4 == 2) {
            all.push_back(leaf("requestParameters", Test::contains, {"word" + std::to_string(i)}));
        }
        if (shape % 5 == 3) {
            all.push_back(leaf("requestParameters.name", Test::text, {"*prod*" + std::to_string(i)}));
        }
        Rule rule;
        rule.id = "rule" + std::to_string(i);
        rule.title = rule.id;
        rule.kind = "cloudtrail";
        rule.level = event::Level::medium;
        rule.condition = group(ExpressionKind::conjunction, std::move(all));
        rules.push_back(std::move(rule));
    }
    return rules;
}

std::string make_record(std::mt19937& random)
{
    const auto number = [&](unsigned bound) { return std::to_string(random() % bound); };
    const unsigned what = static_cast<unsigned>(random() % 40) * static_cast<unsigned>(random() % 8);
    std::string text = R"({"eventVersion":"1.08","userIdentity":{"type":")";
    text += random() % 500 == 0 ? "Root" : (random() % 3 == 0 ? "AWSService" : "AssumedRole");
    text += R"(","arn":"arn:aws:sts::111122223333:assumed-role/role)" + number(30)
        + R"("},"eventTime":"2026-01-02T03:04:05Z","eventSource":")";
    text += service(what) + R"(","eventName":")" + action(what)
        + R"(","awsRegion":"eu-west-1","sourceIPAddress":"10.0.)" + number(9) + "." + number(250);
    text += R"(","userAgent":"aws-sdk-java/2.)" + number(40)
        + R"( Linux/5.10 exec-env/AWS_Lambda","requestParameters":{"name":"name)" + number(999);
    text += random() % 30 == 0 ? R"("},"errorCode":"AccessDenied")" : R"("})";
    return text + R"(,"eventID":")" + number(4'000'000'000) + R"("})";
}

// Columns are worked out beforehand: what is measured is the engine.
class ReadyEvent : public event::Event {
public:
    ReadyEvent(const event::Projection& projection, std::string text) : text_(std::move(text))
    {
        for (const event::ColumnRequest& request : projection.columns()) {
            values_.push_back(event::follow(event::json::parse(text_), request.path.parts, 0, request.reach, arena_));
        }
        origin_.source = "synthetic.json";
    }
    event::Value column(event::ColumnId id) override { return values_[id]; }
    trawl::base::Arena& arena() override { return arena_; }
    const event::Origin& origin() const override { return origin_; }
    std::string_view kind() const override { return "cloudtrail"; }
    event::Value timestamp() override { return event::Value::time(0); }
    std::string_view message() override { return text_; }
    void append_event_json(std::string&, bool) override {}

private:
    std::string text_;
    std::vector<event::Value> values_;
    trawl::base::Arena arena_;
    event::Origin origin_;
};

double seconds_since(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

} // namespace

int main(int count, char** arguments)
{
    const unsigned rules = count > 1 ? static_cast<unsigned>(std::strtoul(arguments[1], nullptr, 10)) : 200;
    const std::size_t events = count > 2 ? std::strtoul(arguments[2], nullptr, 10) : 2'000'000;
    trawl::detect::RuleSet set;
    set.rules = make_rules(rules);
    const auto compile_start = std::chrono::steady_clock::now();
    auto scan = trawl::detect::Scan::create(std::move(set), {}, {});
    if (!scan) {
        std::fprintf(stderr, "%s\n", scan.error().message.c_str());
        return 1;
    }
    const double compile_seconds = seconds_since(compile_start);
    std::mt19937 random(2);
    std::vector<ReadyEvent> ready;
    // Few enough to stay in the cache, as an event that was just decoded is.
    const std::size_t distinct = 500;
    ready.reserve(distinct);
    for (std::size_t i = 0; i < distinct; ++i) {
        ready.emplace_back((*scan)->projection(), make_record(random));
    }
    const auto consumer = (*scan)->make_consumer();
    std::size_t bytes = 0;
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < events; ++i) {
        consumer->consume(ready[i % distinct], static_cast<std::uint32_t>(i % distinct));
        if (i % distinct == distinct - 1) {
            bytes += consumer->gathered_bytes();
            consumer->take();
        }
    }
    const double seconds = seconds_since(start);
    std::printf("%u rules, %zu events: compile %.1f ms, %.0f ns an event, %.1f bytes of matches an event\n", rules,
        events, compile_seconds * 1e3, seconds / static_cast<double>(events) * 1e9,
        static_cast<double>(bytes) / static_cast<double>(events));
    return 0;
}
