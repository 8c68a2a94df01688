#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"
#include "detect/rules/draft.h"
#include "detect/rules/yaml_json.h"

namespace trawl::detect::rules {

namespace {

class TestReader {
public:
    TestReader(const YamlNode& root, const Surroundings& surroundings, const Rule& rule)
        : base_(root.find("test_base")), surroundings_(surroundings), problems_(surroundings.problems), rule_(rule)
    {
    }

    // False when the test is wrong (told).
    bool read(const YamlNode& node, RuleTest& test)
    {
        if (!node.is_map()) {
            return refuse(node, "a test is a map with name, event or events, and expect");
        }
        const YamlNode* const name = node.find("name");
        if (name == nullptr || !name->is_scalar()) {
            return refuse(node, "the test has no name");
        }
        test.name = name->text;
        test.kind = rule_.kind;
        test.line = line_of(node);
        return read_events(node, test) && read_expectation(node, test) && read_lists(node, test);
    }

private:
    bool refuse(const YamlNode& node, std::string message, std::string help = {})
    {
        problems_.error("E526", node.span, std::move(message), std::move(help));
        return false;
    }

    std::size_t line_of(const YamlNode& node) const
    {
        const std::string_view before = surroundings_.text.substr(0, node.span.start);
        return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    }

    bool read_events(const YamlNode& node, RuleTest& test)
    {
        const YamlNode* const event = node.find("event");
        const YamlNode* const events = node.find("events");
        if ((event == nullptr) == (events == nullptr)) {
            return refuse(node, "a test has either `event` or `events`");
        }
        if (event != nullptr) {
            return read_event(*event, test);
        }
        if (!events->is_sequence() || events->items.empty()) {
            return refuse(*events, "`events` is a list of records");
        }
        return std::all_of(
            events->items.begin(), events->items.end(), [&](const YamlNode& item) { return read_event(item, test); });
    }

    bool read_event(const YamlNode& event, RuleTest& test)
    {
        if (event.is_scalar()) {
            test.events.push_back(event.text);
            return true;
        }
        if (!event.is_map()) {
            return refuse(event, "an event is a record, or a log line");
        }
        std::string json;
        append_json(json, merge_over(base_ == nullptr ? YamlNode {} : *base_, event));
        test.events.push_back(std::move(json));
        return true;
    }

    bool read_number(const YamlNode& expect, std::string_view name, std::optional<std::uint64_t>& number)
    {
        const YamlNode* const node = expect.find(name);
        if (node == nullptr) {
            return true;
        }
        std::int64_t value = 0;
        if (!node->is_scalar() || !base::parse_integer(node->text, value) || value < 0) {
            return refuse(*node, "`" + std::string(name) + "` is a number");
        }
        number = static_cast<std::uint64_t>(value);
        return true;
    }

    bool read_expectation(const YamlNode& node, RuleTest& test)
    {
        const YamlNode* const expect = node.find("expect");
        constexpr const char* choices = "Write match, quiet, or {findings: 1, count: 3}.";
        if (expect == nullptr) {
            return refuse(node, "the test expects nothing", choices);
        }
        if (expect->is_scalar() && (expect->text == "match" || expect->text == "quiet")) {
            test.match = expect->text == "match";
        } else if (!expect->is_map()) {
            return refuse(*expect, "this is no expectation: " + expect->text, choices);
        } else if (!read_number(*expect, "findings", test.findings) || !read_number(*expect, "count", test.count)) {
            return false;
        } else if (!test.findings && !test.count) {
            return refuse(*expect, "the expectation says nothing", choices);
        }
        const YamlNode* level = node.find("level");
        if (level == nullptr && expect->is_map()) {
            level = expect->find("level");
        }
        event::Level expected {};
        if (level != nullptr) {
            if (!level->is_scalar() || !event::parse_level(base::to_lower_ascii(level->text), expected)) {
                return refuse(*level, "there is no level '" + level->text + "'");
            }
            test.level = expected;
        }
        return true;
    }

    // lists: {Name: [values]}, or {Name: {type, values, nonip}} as in a file of lists.
    bool read_lists(const YamlNode& node, RuleTest& test)
    {
        const YamlNode* const lists = node.find("lists");
        if (lists == nullptr || lists->is_null()) {
            return true;
        }
        if (!lists->is_map()) {
            return refuse(*lists, "`lists` maps names to values");
        }
        for (std::size_t at = 0; at < lists->size(); ++at) {
            query::NamedList list;
            list.name = lists->key(at).text;
            const auto known = surroundings_.lists.find(list.name);
            if (known != surroundings_.lists.end()) {
                list.type = known->second.type;
                list.nonip = known->second.nonip;
            }
            if (!read_list(lists->value(at), list)) {
                return refuse(lists->value(at), "a list has values, and may have a type and nonip: " + list.name);
            }
            test.lists.emplace(list.name, std::move(list));
        }
        return true;
    }

    static bool read_list(const YamlNode& node, query::NamedList& list)
    {
        if (!node.is_map()) {
            return node.is_null() || read_texts(node, list.values);
        }
        static const std::vector<std::pair<std::string_view, query::ListType>> types = {{"cidr", query::ListType::cidr},
            {"ip", query::ListType::ip}, {"string", query::ListType::string}, {"glob", query::ListType::glob},
            {"regex", query::ListType::regex}, {"number", query::ListType::number}};
        if (const YamlNode* const type = node.find("type")) {
            const auto found = std::find_if(
                types.begin(), types.end(), [&](const auto& known) { return known.first == type->text; });
            if (found == types.end()) {
                return false;
            }
            list.type = found->second;
        }
        if (const YamlNode* const nonip = node.find("nonip")) {
            list.nonip = nonip->text == "outside" ? query::NonAddress::outside : query::NonAddress::ignore;
        }
        const YamlNode* const values = node.find("values");
        return values != nullptr && read_texts(*values, list.values);
    }

    const YamlNode* base_;
    const Surroundings& surroundings_;
    Problems& problems_;
    const Rule& rule_;
};

} // namespace

void read_tests(const YamlNode& root, const Surroundings& surroundings, Rule& rule)
{
    const YamlNode* const tests = root.find("tests");
    if (tests == nullptr || tests->is_null()) {
        return;
    }
    if (!tests->is_sequence()) {
        surroundings.problems.error("E526", tests->span, "`tests` is a list of tests");
        return;
    }
    TestReader reader(root, surroundings, rule);
    for (const YamlNode& node : tests->items) {
        RuleTest test;
        if (reader.read(node, test)) {
            rule.tests.push_back(std::move(test));
        }
    }
}

} // namespace trawl::detect::rules
