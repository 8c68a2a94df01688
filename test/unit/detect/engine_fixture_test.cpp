#include <filesystem>
#include <set>

#include "base/text.h"
#include "engine_fixture.h"

namespace trawl::test {

using query::plan::Expression;
using query::plan::ExpressionKind;
using query::plan::Test;

namespace {

struct CollectingSink : detect::FindingSink {
    explicit CollectingSink(ScanResult& into) : result(into) {}
    base::Result<void> finding(const event::Finding& finding) override
    {
        result.findings.push_back(finding);
        return {};
    }
    base::Result<void> match(const detect::RuleMatch& match) override
    {
        result.matches.push_back(match);
        return {};
    }
    void not_recalled(std::uint64_t events) override { result.not_recalled += events; }
    void left_out(const std::string& rule_id, std::uint64_t events) override
    {
        result.left_out.emplace_back(rule_id, events);
    }
    ScanResult& result;
};

struct CopyFlags : event::Duplicates {
    bool is_copy(std::uint32_t index) const override { return flags[index]; }
    std::vector<bool> flags;
};

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

} // namespace

event::Value JsonEvent::field(std::string_view path)
{
    return event::follow(
        event::json::parse(text_), event::FieldPath::parse(path).parts, 0, event::Reach::any_element, arena_);
}

event::Value JsonEvent::column(event::ColumnId id)
{
    if (asked.size() <= id) {
        asked.resize(id + 1, 0);
    }
    ++asked[id];
    const event::ColumnRequest& request = projection_.columns()[id];
    const std::string& name = request.path.text;
    if (name == "@principal") {
        return field("userIdentity.arn");
    }
    if (name == "@account") {
        return field("recipientAccountId");
    }
    if (name == "@region") {
        return field("awsRegion");
    }
    if (name == "@src_ip") {
        return field("sourceIPAddress");
    }
    if (name == "@resource") {
        return field("requestParameters.bucketName");
    }
    if (name == "@action") {
        return field("eventName");
    }
    if (name == "@denied") {
        return event::Value::boolean(field("errorCode").text(arena_) == "AccessDenied");
    }
    if (name.starts_with('@')) {
        return {};
    }
    return event::follow(event::json::parse(text_), request.path.parts, 0, request.reach, arena_);
}

event::Value JsonEvent::timestamp()
{
    const auto time = base::parse_time(field("eventTime").text(arena_));
    return time ? event::Value::time(*time) : event::Value();
}

Expression is(std::string_view field, std::vector<std::string> values)
{
    return leaf(field, Test::text, std::move(values));
}

Expression contains(std::string_view field, std::vector<std::string> values)
{
    return leaf(field, Test::contains, std::move(values));
}

Expression absent(std::string_view field)
{
    return leaf(field, Test::absent, {});
}

Expression keyword(std::string_view word)
{
    Expression made;
    made.kind = ExpressionKind::keyword;
    made.match.patterns = {std::string(word)};
    return made;
}

Expression all_of(std::vector<Expression> operands)
{
    return group(ExpressionKind::conjunction, std::move(operands));
}

Expression any_of(std::vector<Expression> operands)
{
    return group(ExpressionKind::disjunction, std::move(operands));
}

Expression none_of(Expression operand)
{
    return group(ExpressionKind::negation, {std::move(operand)});
}

Expression element(std::string_view field, Expression condition)
{
    Expression made = group(ExpressionKind::element, {std::move(condition)});
    made.path = event::FieldPath::parse(field);
    made.reach = event::Reach::any_element;
    return made;
}

detect::Rule event_rule(std::string id, Expression condition, event::Level level)
{
    detect::Rule rule;
    rule.id = std::move(id);
    rule.name = rule.id;
    rule.title = "Title of " + rule.id;
    rule.kind = "cloudtrail";
    rule.level = level;
    rule.condition = std::move(condition);
    return rule;
}

detect::Rule correlation_rule(std::string id, detect::CorrelationType type, std::vector<std::string> bases,
    std::vector<std::string> group_by, base::Time timespan, double at_least)
{
    detect::Rule rule;
    rule.id = std::move(id);
    rule.name = rule.id;
    rule.title = "Title of " + rule.id;
    rule.level = event::Level::high;
    detect::Correlation correlation;
    correlation.type = type;
    correlation.rules = std::move(bases);
    correlation.group_by = std::move(group_by);
    correlation.timespan = timespan;
    if (at_least > 0) {
        correlation.bounds.push_back({query::plan::Comparison::greater_equal, at_least});
    }
    rule.correlation = std::move(correlation);
    return rule;
}

ScanResult scan(std::vector<detect::Rule> rules, const std::vector<TestObject>& objects, detect::ScanOptions options,
    std::size_t workers, const query::Lists& lists)
{
    ScanResult result;
    if (options.temp_folder.empty()) {
        options.temp_folder = std::filesystem::temp_directory_path().string();
    }
    detect::RuleSet set;
    set.rules = std::move(rules);
    auto made = detect::Scan::create(std::move(set), lists, std::move(options));
    if (!made) {
        result.error = made.error().code + ": " + made.error().message;
        return result;
    }
    detect::Scan& compiled = **made;
    std::vector<std::unique_ptr<event::Consumer>> consumers;
    for (std::size_t i = 0; i < workers; ++i) {
        consumers.push_back(compiled.make_consumer());
    }
    CollectingSink sink(result);
    const auto collector = compiled.make_collector(sink);
    std::set<std::string> seen;
    for (std::size_t i = 0; i < objects.size(); ++i) {
        event::Consumer& consumer = *consumers[i % workers];
        CopyFlags copies;
        for (std::uint32_t index = 0; index < objects[i].records.size(); ++index) {
            const std::string& text = objects[i].records[index];
            JsonEvent event(compiled.projection(), text, objects[i].kind, {objects[i].path, index + 1, 0});
            consumer.consume(event, index);
            const std::string id(event::json::member(text, "eventID").text(event.arena()));
            copies.flags.push_back(!id.empty() && !seen.insert(id).second);
        }
        auto absorbed = collector->absorb(consumer.take(), copies);
        if (!absorbed) {
            result.error = absorbed.error().message;
        }
    }
    auto finished = collector->finish();
    if (!finished) {
        result.error = finished.error().message;
    }
    return result;
}

std::string record(std::string_view time, std::string_view members)
{
    std::string text = "{\"eventTime\":\"2026-01-02T";
    text += time;
    text += "Z\",";
    text += members;
    text += "}";
    return text;
}

std::string describe(const ScanResult& result)
{
    std::string out = result.error;
    for (const event::Finding& finding : result.findings) {
        out += finding.finding_id + " " + finding.rule_id + " " + std::to_string(static_cast<int>(finding.level)) + " "
            + (finding.has_time ? base::format_time(finding.first_seen) + " " + base::format_time(finding.last_seen)
                                : "-")
            + " x" + std::to_string(finding.count) + " " + finding.message + "\n";
        for (const event::FindingEvent& event : finding.events) {
            out += "  " + event.source + ":" + std::to_string(event.record) + " " + event.event_id + " " + event.summary
                + "\n";
        }
    }
    for (const detect::RuleMatch& match : result.matches) {
        out += match.rule_id + " " + match.source + ":" + std::to_string(match.record) + " " + match.event_id + "\n";
    }
    return out;
}

} // namespace trawl::test
