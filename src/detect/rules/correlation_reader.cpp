#include <algorithm>
#include <cmath>
#include <utility>

#include "base/text.h"
#include "detect/rules/draft.h"
#include "detect/rules/hints.h"

namespace trawl::detect::rules {

using query::plan::Comparison;

namespace {

class CorrelationReader {
public:
    CorrelationReader(const YamlNode& node, Draft& draft, Problems& problems)
        : node_(node), draft_(draft), correlation_(draft.rule.correlation.emplace()), problems_(problems)
    {
    }

    void read()
    {
        if (!read_type()) {
            return;
        }
        read_rules();
        read_timespan();
        read_group();
        read_condition();
        read_aliases();
        const YamlNode* const generate = node_.find("generate");
        if (generate != nullptr) {
            correlation_.generate = base::equal_ignoring_case(generate->text, "true");
            if (!correlation_.generate && !base::equal_ignoring_case(generate->text, "false")) {
                problems_.error("E519", generate->span, "`generate` is true or false");
            }
        }
    }

private:
    bool read_type()
    {
        static const std::vector<std::pair<std::string_view, CorrelationType>> types
            = {{"event_count", CorrelationType::event_count}, {"value_count", CorrelationType::value_count},
                {"temporal", CorrelationType::temporal}, {"temporal_ordered", CorrelationType::temporal_ordered}};
        const YamlNode* const type = node_.find("type");
        if (type == nullptr || !type->is_scalar()) {
            problems_.error("E519", node_.span, "the correlation has no type");
            return false;
        }
        const auto found
            = std::find_if(types.begin(), types.end(), [&](const auto& known) { return known.first == type->text; });
        if (found == types.end()) {
            problems_.error("E520", type->span, "correlations of type '" + type->text + "' are not supported",
                "Types are event_count, value_count, temporal and temporal_ordered.");
            return false;
        }
        correlation_.type = found->second;
        return true;
    }

    bool is_temporal() const
    {
        return correlation_.type == CorrelationType::temporal || correlation_.type == CorrelationType::temporal_ordered;
    }

    void read_rules()
    {
        const YamlNode* const rules = node_.find("rules");
        if (rules == nullptr || rules->is_null() || !read_texts(*rules, correlation_.rules)
            || correlation_.rules.empty()) {
            problems_.error("E519", rules == nullptr ? node_.span : rules->span, "the correlation names no rules",
                "Write `rules: [name or id of a rule]`.");
            return;
        }
        if (rules->is_scalar()) {
            draft_.reference_spans.push_back(rules->span);
        }
        for (const YamlNode& item : rules->items) {
            draft_.reference_spans.push_back(item.span);
        }
    }

    void read_timespan()
    {
        const YamlNode* timespan = node_.find("timespan");
        if (timespan == nullptr) {
            timespan = node_.find("timeframe");
        }
        if (timespan == nullptr) {
            problems_.error("E519", node_.span, "the correlation has no timespan", "Write it as 30s, 10m, 1h or 7d.");
        } else if (!timespan->is_scalar() || !rules::read_timespan(timespan->text, correlation_.timespan)) {
            problems_.error(
                "E519", timespan->span, "this is no timespan: " + timespan->text, "Write it as 30s, 10m, 1h or 7d.");
        }
    }

    void read_group()
    {
        for (const std::string_view name : {"group-by", "group_by"}) {
            const YamlNode* const group = node_.find(name);
            if (group != nullptr && !group->is_null() && !read_texts(*group, correlation_.group_by)) {
                problems_.error("E519", group->span, "`group-by` is a list of fields");
            }
        }
    }

    void read_condition()
    {
        const YamlNode* const condition = node_.find("condition");
        if (condition == nullptr || condition->is_null()) {
            if (!is_temporal()) {
                problems_.error(
                    "E519", node_.span, "a correlation that counts needs a condition", "Write `condition: {gte: 10}`.");
            }
            return;
        }
        if (!condition->is_map()) {
            problems_.error("E520", condition->span, "conditions over names of rules are not supported",
                "A temporal correlation asks for all of its rules; `condition: {gte: 2}` asks for any two.");
            return;
        }
        for (std::size_t at = 0; at < condition->size(); ++at) {
            read_bound(condition->key(at), condition->value(at));
        }
        if (correlation_.bounds.empty() && !is_temporal()) {
            problems_.error("E519", condition->span, "the condition compares with nothing", "Write `gte: 10`.");
        }
        if (correlation_.type == CorrelationType::value_count && correlation_.value_fields.empty()) {
            problems_.error("E519", condition->span, "value_count needs the field whose values it counts",
                "Write `condition: {field: sourceIPAddress, gte: 5}`.");
        }
    }

    void read_bound(const YamlNode& name, const YamlNode& value)
    {
        static const std::vector<std::pair<std::string_view, Comparison>> comparisons
            = {{"gt", Comparison::greater}, {"gte", Comparison::greater_equal}, {"lt", Comparison::less},
                {"lte", Comparison::less_equal}, {"eq", Comparison::equal}, {"neq", Comparison::not_equal}};
        if (name.text == "field") {
            if (!read_texts(value, correlation_.value_fields)) {
                problems_.error("E519", value.span, "`field` is the name of a field, or a list of them");
            }
            return;
        }
        const auto found = std::find_if(
            comparisons.begin(), comparisons.end(), [&](const auto& known) { return known.first == name.text; });
        if (found == comparisons.end()) {
            problems_.error("E519", name.span, "a condition has no '" + name.text + "'",
                "It has field, gt, gte, lt, lte, eq and neq.");
            return;
        }
        CorrelationBound bound {found->second, 0};
        const bool is_number
            = value.is_scalar() && (value.type() == ScalarType::integer || value.type() == ScalarType::real);
        if (is_number) {
            bound.number = value.number();
        }
        if ((!is_number && !(value.is_scalar() && base::parse_number(value.text, bound.number)))
            || !std::isfinite(bound.number)) {
            problems_.error("E519", value.span, "a correlation compares with a number");
            return;
        }
        correlation_.bounds.push_back(bound);
    }

    void read_aliases()
    {
        const YamlNode* const aliases = node_.find("aliases");
        if (aliases == nullptr || aliases->is_null()) {
            return;
        }
        bool is_good = aliases->is_map();
        for (std::size_t at = 0; is_good && at < aliases->size(); ++at) {
            const YamlNode& fields = aliases->value(at);
            is_good = fields.is_map();
            for (std::size_t rule = 0; is_good && rule < fields.size(); ++rule) {
                is_good = fields.value(rule).is_scalar();
                correlation_.aliases[aliases->key(at).text][fields.key(rule).text] = fields.value(rule).text;
            }
        }
        if (!is_good) {
            problems_.error("E519", aliases->span, "`aliases` maps a name to a field of each rule",
                "Write `aliases: {user: {rule_a: userIdentity.arn, rule_b: requestParameters.userName}}`.");
        }
    }

    const YamlNode& node_;
    Draft& draft_;
    Correlation& correlation_;
    Problems& problems_;
};

} // namespace

bool read_timespan(std::string_view text, base::Time& span)
{
    static const std::vector<std::pair<char, double>> units
        = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86'400}, {'w', 604'800}, {'M', 2'629'746}, {'y', 31'556'952}};
    constexpr double longest = 3e9; // Seconds: about a century.
    text = base::trim(text);
    double number = 0;
    if (text.size() < 2 || !base::parse_number(base::trim(text.substr(0, text.size() - 1)), number) || number <= 0) {
        return false;
    }
    const auto unit
        = std::find_if(units.begin(), units.end(), [&](const auto& known) { return known.first == text.back(); });
    if (unit == units.end() || number * unit->second > longest) {
        return false;
    }
    span = static_cast<base::Time>(
        std::llround(number * unit->second * static_cast<double>(base::microseconds_per_second)));
    return true;
}

void read_correlation(const YamlDocument& document, const Surroundings& surroundings, Drafts& drafts)
{
    Problems& problems = surroundings.problems;
    const std::size_t errors = surroundings.errors();
    const YamlNode& node = *document.root.find("correlation");
    Draft draft;
    read_header(document, surroundings, draft.rule);
    if (!node.is_map()) {
        problems.error("E519", node.span, "a correlation is a map with type, rules and timespan");
        return;
    }
    CorrelationReader(node, draft, problems).read();
    if (surroundings.purpose == ReadFor::inspection) {
        read_tests(document.root, surroundings, draft.rule);
        read_hints(document, draft.rule);
    }
    if (surroundings.errors() == errors) {
        drafts.rules.push_back(std::move(draft));
    }
}

} // namespace trawl::detect::rules
