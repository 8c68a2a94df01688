#include "event/finding.h"

#include <array>

#include "base/text.h"

namespace trawl::event {

namespace {

constexpr std::array<std::string_view, 5> names {"informational", "low", "medium", "high", "critical"};

// Writes members with commas between them; empty texts and lists are left out.
class Members {
public:
    explicit Members(std::string& out) : out_(out) { out_ += '{'; }

    void name(std::string_view member)
    {
        if (out_.back() != '{') {
            out_ += ',';
        }
        base::append_json_string(out_, member);
        out_ += ':';
    }
    void text(std::string_view member, std::string_view value)
    {
        if (!value.empty()) {
            name(member);
            base::append_json_string(out_, value);
        }
    }
    void time(std::string_view member, base::Time value)
    {
        name(member);
        out_ += '"';
        base::append_time(out_, value);
        out_ += '"';
    }
    void number(std::string_view member, std::uint64_t value)
    {
        name(member);
        out_ += std::to_string(value);
    }
    void list(std::string_view member, const std::vector<std::string>& values)
    {
        name(member);
        out_ += '[';
        for (std::size_t i = 0; i < values.size(); ++i) {
            out_ += i > 0 ? "," : "";
            base::append_json_string(out_, values[i]);
        }
        out_ += ']';
    }
    void close() { out_ += '}'; }

private:
    std::string& out_;
};

} // namespace

std::string_view level_name(Level level)
{
    return names[static_cast<std::size_t>(level)];
}

bool parse_level(std::string_view text, Level& level)
{
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (base::equal_ignoring_case(text, names[i])) {
            level = static_cast<Level>(i);
            return true;
        }
    }
    return false;
}

void append_json(std::string& out, const Finding& finding)
{
    Members members(out);
    members.text("finding_id", finding.finding_id);
    members.text("rule_id", finding.rule_id);
    members.text("title", finding.title);
    members.text("level", level_name(finding.level));
    members.list("techniques", finding.techniques);
    members.list("mitre", finding.mitre);
    if (finding.has_time) {
        members.time("first_seen", finding.first_seen);
        members.time("last_seen", finding.last_seen);
    }
    members.number("count", finding.count);
    members.text("account", finding.account);
    members.text("region", finding.region);
    members.text("principal", finding.principal);
    members.text("source_ip", finding.source_ip);
    members.text("resource", finding.resource);
    members.text("message", finding.message);
    members.text("author", finding.author);
    members.text("description", finding.description);
    members.text("response", finding.response);
    members.name("events");
    out += '[';
    for (std::size_t i = 0; i < finding.events.size(); ++i) {
        const FindingEvent& event = finding.events[i];
        out += i > 0 ? "," : "";
        Members inner(out);
        inner.text("source", event.source);
        inner.number("record", event.record);
        inner.text("event_id", event.event_id);
        if (event.has_timestamp) {
            inner.time("@timestamp", event.timestamp);
        }
        inner.text("summary", event.summary);
        inner.close();
    }
    out += ']';
    members.close();
}

} // namespace trawl::event
