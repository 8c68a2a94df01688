#include "detect/engine/emission.h"

#include <algorithm>
#include <span>

#include "base/hash.h"
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

// `path` leads from the correlation to the rule whose events are looked at.
Emission plan_correlation(const RuleSet& rules, const RuleGraph& graph, const std::vector<std::size_t>& path,
    const std::vector<RulePlan>& plans, event::Projection& projection)
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
    emission.extras = plans[path.front()].message.extra_columns();
    for (const std::size_t outer : graph.outers(path.front())) {
        if (graph.is_needed(outer)) {
            std::vector<std::size_t> longer = {outer};
            longer.insert(longer.end(), path.begin(), path.end());
            emission.outers.push_back(plan_correlation(rules, graph, longer, plans, projection));
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

constexpr char missing_part = '\0';
constexpr char present_part = '\1';

// Appends a part of a key in folded case.
void append_folded(std::string& key, std::string_view text)
{
    constexpr std::size_t one_byte_size = 0x80;
    if (text.size() < one_byte_size && base::is_ascii(text)) {
        const char head[] = {present_part, static_cast<char>(text.size())};
        key.append(head, sizeof head);
        base::append_lower_ascii(key, text);
        return;
    }
    key.push_back(present_part);
    append_text(key, base::fold_case(text));
}

bool is_manifold(const event::Value& value)
{
    return value.type() == event::Type::several || value.type() == event::Type::array;
}

} // namespace

MessageTemplate plan_message(const Rule& rule, event::Projection& projection)
{
    return rule.message.empty() ? MessageTemplate::create_default(rule.title)
                                : MessageTemplate::create(rule.message, projection);
}

std::vector<Emission> plan_emissions(const RuleSet& rules, const RuleGraph& graph, std::size_t rule,
    const std::vector<RulePlan>& plans, event::Projection& projection)
{
    std::vector<Emission> emissions;
    if (graph.makes_findings(rule)) {
        Emission own;
        own.unit = static_cast<std::uint32_t>(rule);
        const std::vector<std::string>& group = rules.rules[rule].group;
        static const std::vector<std::string> default_group = {"account", "who"};
        for (const std::string& name : group.empty() ? default_group : group) {
            own.group.push_back(
                add_column(name == "account" ? "@account" : (name == "who" ? "@principal" : name), projection));
        }
        own.extras = plans[rule].message.extra_columns();
        emissions.push_back(std::move(own));
    }
    for (const std::size_t outer : graph.outers(rule)) {
        if (graph.is_needed(outer)) {
            emissions.push_back(plan_correlation(rules, graph, {outer, rule}, plans, projection));
        }
    }
    return emissions;
}

KeyMaker::Parts KeyMaker::append_simple(const std::vector<event::ColumnId>& columns, event::Event& event)
{
    key_.clear();
    std::size_t missing = 0;
    for (const event::ColumnId column : columns) {
        const event::Value value = event.column(column);
        if (value.type() == event::Type::string && !value.has_escapes()) [[likely]] {
            append_folded(key_, value.raw());
        } else if (is_manifold(value)) {
            return Parts::manifold;
        } else if (value.is_absent()) {
            key_.push_back(missing_part);
            ++missing;
        } else {
            append_folded(key_, value.text(event.arena()));
        }
    }
    if (missing == 0) {
        return Parts::all_there;
    }
    return missing == columns.size() ? Parts::all_missing : Parts::some_missing;
}

// Makes the keys of all combinations of one value from each column; a column without values adds a missing part.
void KeyMaker::combine(const std::vector<event::ColumnId>& columns, event::Event& event, std::vector<std::string>& keys)
{
    keys = {""};
    for (const event::ColumnId column : columns) {
        std::vector<std::string> parts;
        for_each_value(event.column(column), [&](const event::Value& value) {
            if (parts.size() < max_combinations) {
                append_folded(parts.emplace_back(), value.text(event.arena()));
            }
        });
        std::sort(parts.begin(), parts.end());
        parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
        if (parts.empty()) {
            parts.emplace_back(1, missing_part);
        }
        std::vector<std::string> longer;
        for (const std::string& key : keys) {
            for (const std::string& part : parts) {
                if (longer.size() < max_combinations) {
                    longer.push_back(key + part);
                }
            }
        }
        keys = std::move(longer);
    }
}

void KeyMaker::correlation_groups(
    const std::vector<event::ColumnId>& columns, event::Event& event, std::vector<GroupHash>& groups)
{
    groups.clear();
    const Parts parts = append_simple(columns, event);
    if (parts == Parts::all_there) {
        groups.push_back(group_hash(key_));
        return;
    }
    if (parts != Parts::manifold) {
        return;
    }
    const auto has_values = [&event](event::ColumnId column) {
        bool found = false;
        for_each_value(event.column(column), [&found](const event::Value&) { found = true; });
        return found;
    };
    if (!std::all_of(columns.begin(), columns.end(), has_values)) {
        return;
    }
    std::vector<std::string> keys;
    combine(columns, event, keys);
    for (const std::string& key : keys) {
        groups.push_back(group_hash(key));
    }
}

void KeyMaker::counted_values(
    const std::vector<event::ColumnId>& columns, event::Event& event, std::vector<std::uint64_t>& values)
{
    values.clear();
    const Parts parts = append_simple(columns, event);
    if (parts == Parts::all_there || parts == Parts::some_missing) {
        values.push_back(base::hash64(key_));
        return;
    }
    if (parts == Parts::all_missing) {
        return;
    }
    std::vector<std::string> keys;
    combine(columns, event, keys);
    const std::string none(columns.size(), missing_part);
    for (const std::string& key : keys) {
        if (key != none) {
            values.push_back(base::hash64(key));
        }
    }
}

GroupHash KeyMaker::rollup_group(const std::vector<event::ColumnId>& columns, event::Event& event)
{
    key_.clear();
    for (const event::ColumnId column : columns) {
        const event::Value value = event.column(column);
        if (value.is_absent()) {
            key_.push_back(missing_part);
        } else {
            key_.push_back(present_part);
            append_text(key_, value.text(event.arena()));
        }
    }
    return group_hash(key_);
}

} // namespace trawl::detect::engine
