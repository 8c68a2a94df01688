#include "detect/engine/emission.h"

#include <algorithm>
#include <span>

#include "base/text.h"
#include "event/json.h"

namespace trawl::detect::engine {

namespace {

// Bounds what one event with long lists may put into a correlation.
constexpr std::size_t max_combinations = 4096;

// The field that a name of correlation path[0] stands for in events of the last rule of the path.
std::string resolve_field(const RuleSet& rules, std::span<const std::size_t> path, const std::string& name)
{
    std::string field = name;
    for (std::size_t at = 0; at + 1 < path.size(); ++at) {
        const Correlation& correlation = *rules.rules[path[at]].correlation;
        const Rule& base = rules.rules[path[at + 1]];
        const auto alias = correlation.aliases.find(field);
        if (alias == correlation.aliases.end()) {
            continue;
        }
        for (const std::string* const called : {&base.name, &base.id, &base.title}) {
            const auto mapped = alias->second.find(*called);
            if (!called->empty() && mapped != alias->second.end()) {
                field = mapped->second;
                break;
            }
        }
    }
    return field;
}

event::ColumnId add_column(const std::string& field, event::Projection& projection)
{
    return projection.add(event::FieldPath::parse(field), event::Reach::any_element);
}

MessageTemplate make_message(const Rule& rule, event::Projection& projection)
{
    return rule.message.empty() ? MessageTemplate::create_default(rule.title, projection)
                                : MessageTemplate::create(rule.message, projection);
}

// `path` leads from the correlation to the rule whose events are looked at.
Emission plan_correlation(
    const RuleSet& rules, const RuleGraph& graph, const std::vector<std::size_t>& path, event::Projection& projection)
{
    const Rule& rule = rules.rules[path.front()];
    Emission emission;
    emission.unit = static_cast<std::uint32_t>(path.front());
    emission.is_correlation = true;
    emission.needs_denied = rule.level_if_denied.has_value();
    for (const std::string& name : rule.correlation->group_by) {
        emission.group.push_back(add_column(resolve_field(rules, path, name), projection));
    }
    if (rule.correlation->type == CorrelationType::value_count) {
        for (const std::string& name : rule.correlation->value_fields) {
            emission.values.push_back(add_column(resolve_field(rules, path, name), projection));
        }
    }
    if (graph.makes_findings(path.front())) {
        emission.message = make_message(rule, projection);
    }
    for (const std::size_t outer : graph.outers(path.front())) {
        if (graph.is_needed(outer)) {
            std::vector<std::size_t> longer = {outer};
            longer.insert(longer.end(), path.begin(), path.end());
            emission.outers.push_back(plan_correlation(rules, graph, longer, projection));
            emission.needs_denied = emission.needs_denied || emission.outers.back().needs_denied;
        }
    }
    return emission;
}

template <typename Visit> void for_each_value(const event::Value& value, const Visit& visit)
{
    if (value.type() == event::Type::several) {
        for (std::size_t at = 0; at < value.count(); ++at) {
            for_each_value(value.at(at), visit);
        }
        return;
    }
    if (value.type() == event::Type::array) {
        event::json::for_each_element(value.raw(), [&visit](const event::Value& element) {
            for_each_value(element, visit);
            return true;
        });
        return;
    }
    if (!value.is_absent()) {
        visit(value);
    }
}

// The folded texts of each column's values.
std::vector<std::vector<std::string>> gather_texts(const std::vector<event::ColumnId>& columns, event::Event& event)
{
    std::vector<std::vector<std::string>> all;
    for (const event::ColumnId column : columns) {
        std::vector<std::string> texts;
        for_each_value(event.column(column), [&](const event::Value& value) {
            if (texts.size() < max_combinations) {
                texts.push_back(base::fold_case(value.text(event.arena())));
            }
        });
        std::sort(texts.begin(), texts.end());
        texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
        all.push_back(std::move(texts));
    }
    return all;
}

constexpr char missing_part = '\0';
constexpr char present_part = '\1';

void append_part(std::string& key, std::string_view text)
{
    key.push_back(present_part);
    append_text(key, text);
}

// Hashes of all combinations of one text from each column; a column without texts adds a missing part.
std::vector<base::Hash128> combine(const std::vector<std::vector<std::string>>& texts)
{
    std::vector<std::string> keys = {""};
    for (const std::vector<std::string>& column : texts) {
        std::vector<std::string> longer;
        for (const std::string& key : keys) {
            if (column.empty()) {
                longer.push_back(key + missing_part);
            }
            for (const std::string& text : column) {
                if (longer.size() < max_combinations) {
                    longer.push_back(key);
                    append_part(longer.back(), text);
                }
            }
        }
        keys = std::move(longer);
    }
    std::vector<base::Hash128> hashes;
    hashes.reserve(keys.size());
    for (const std::string& key : keys) {
        hashes.push_back(base::hash128(key));
    }
    return hashes;
}

} // namespace

std::vector<Emission> plan_emissions(
    const RuleSet& rules, const RuleGraph& graph, std::size_t rule, event::Projection& projection)
{
    std::vector<Emission> emissions;
    if (graph.makes_findings(rule)) {
        Emission own;
        own.unit = static_cast<std::uint32_t>(rule);
        const std::vector<std::string>& group = rules.rules[rule].group;
        static const std::vector<std::string> default_group = {"account", "who"};
        for (const std::string& name : group.empty() ? default_group : group) {
            const bool is_short = name == "account" || name == "who";
            own.group.push_back(add_column(is_short ? std::string(path_of_name(name)) : name, projection));
        }
        own.message = make_message(rules.rules[rule], projection);
        emissions.push_back(std::move(own));
    }
    for (const std::size_t outer : graph.outers(rule)) {
        if (graph.is_needed(outer)) {
            emissions.push_back(plan_correlation(rules, graph, {outer, rule}, projection));
        }
    }
    return emissions;
}

std::vector<base::Hash128> correlation_groups(const std::vector<event::ColumnId>& columns, event::Event& event)
{
    const std::vector<std::vector<std::string>> texts = gather_texts(columns, event);
    if (std::any_of(texts.begin(), texts.end(), [](const auto& column) { return column.empty(); })) {
        return {};
    }
    return combine(texts);
}

std::vector<base::Hash128> counted_values(const std::vector<event::ColumnId>& columns, event::Event& event)
{
    const std::vector<std::vector<std::string>> texts = gather_texts(columns, event);
    if (std::all_of(texts.begin(), texts.end(), [](const auto& column) { return column.empty(); })) {
        return {};
    }
    return combine(texts);
}

base::Hash128 rollup_group(const std::vector<event::ColumnId>& columns, event::Event& event)
{
    std::string key;
    for (const event::ColumnId column : columns) {
        const event::Value value = event.column(column);
        if (value.is_absent()) {
            key.push_back(missing_part);
        } else {
            append_part(key, value.text(event.arena()));
        }
    }
    return base::hash128(key);
}

} // namespace trawl::detect::engine
