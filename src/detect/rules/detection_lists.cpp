#include <algorithm>
#include <string>
#include <utility>

#include "base/address.h"
#include "base/text.h"
#include "detect/rules/detection_compiler.h"
#include "detect/rules/expressions.h"
#include "detect/rules/sigma_text.h"

namespace trawl::detect::rules {

using query::plan::Expression;
using query::plan::Test;

namespace {

// What placeholders within longer texts may grow to.
constexpr std::size_t max_texts = 100'000;

} // namespace

bool is_address_list(const query::NamedList& list)
{
    return list.type == query::ListType::cidr || list.type == query::ListType::ip;
}

std::optional<std::string> whole_placeholder(std::string_view text)
{
    const std::vector<Placeholder> found = find_placeholders(text);
    if (found.size() != 1 || found.front().length != text.size()) {
        return std::nullopt;
    }
    return found.front().name;
}

Expression DetectionCompiler::compile_cidr(const ItemKey& key, const YamlNode& value)
{
    if (key.expand) {
        if (const auto name = whole_placeholder(value.text)) {
            const query::NamedList* const list = find_list(*name, value);
            if (list != nullptr && !is_address_list(*list)) {
                return wrong("E517", value, "cidr needs a list of type cidr or ip: " + *name);
            }
            return compile_list(key, value, *name);
        }
    }
    if (!base::parse_cidr(value.text)) {
        return wrong(
            "E516", value, "this is no range of addresses: " + value.text, "Write it as 10.0.0.0/8 or fd00::/8.");
    }
    Expression leaf = make_leaf(key, Test::cidr, value.span);
    leaf.match.patterns.push_back(value.text);
    return leaf;
}

Expression DetectionCompiler::compile_ports(const ItemKey& key, const YamlNode& value)
{
    if (const auto name = whole_placeholder(value.text)) {
        if (find_list(*name, value) == nullptr) {
            return constant(false);
        }
        Expression leaf = make_leaf(key, Test::overlaps_ports, value.span);
        leaf.match.list = *name;
        return leaf;
    }
    const std::vector<std::string_view> ends = base::split(value.text, '-');
    double number = 0;
    const bool are_ports = ends.size() <= 2 && std::all_of(ends.begin(), ends.end(), [&](std::string_view end) {
        return base::parse_number(base::trim(end), number) && number >= 0 && number <= 65535;
    });
    if (!are_ports) {
        return wrong("E514", value, "this is no port and no range of ports: " + value.text,
            "Write 22, \"9200-9300\" or '%Name%'.");
    }
    Expression leaf = make_leaf(key, Test::overlaps_ports, value.span);
    leaf.match.patterns.push_back(value.text);
    return leaf;
}

Expression DetectionCompiler::compile_list(const ItemKey& key, const YamlNode& value, const std::string& name)
{
    if (find_list(name, value) == nullptr) {
        return constant(false);
    }
    const bool is_inside = key.form == TextForm::contains || key.field.empty();
    Expression leaf = make_leaf(key, is_inside ? Test::like_named_list : Test::in_named_list, value.span);
    leaf.match.list = name;
    return leaf;
}

const query::NamedList* DetectionCompiler::find_list(const std::string& name, const YamlNode& value)
{
    used_lists_.insert(name);
    const auto found = lists_.find(name);
    if (found != lists_.end() && (origin_ == RuleOrigin::builtin || !found->second.is_default)) {
        return &found->second;
    }
    const bool is_of_addresses = found != lists_.end() && is_address_list(found->second);
    problems_.error("E201", value.span, "the list " + name + " is not bound",
        "Bind it in a file for --lists:  lists: {" + name
            + (is_of_addresses ? ": {type: cidr, values: [192.0.2.0/24]}}" : ": {type: string, values: [...]}}"));
    return nullptr;
}

bool DetectionCompiler::substitute(const YamlNode& value, std::vector<std::string>& texts)
{
    const std::string& text = value.text;
    texts.assign(1, "");
    std::size_t at = 0;
    for (const Placeholder& placeholder : find_placeholders(text)) {
        const query::NamedList* const list = find_list(placeholder.name, value);
        if (list == nullptr) {
            return false;
        }
        if (is_address_list(*list) || list->type == query::ListType::regex) {
            problems_.error("E517", value.span,
                "a list of addresses or expressions is no part of a text: " + placeholder.name,
                "Use the placeholder alone: `field|expand: '%" + placeholder.name + "%'`.");
            return false;
        }
        const std::string before = without_escaped_percents(std::string_view(text).substr(at, placeholder.start - at));
        std::vector<std::string> longer;
        for (const std::string& start : texts) {
            for (const std::string& entry : list->values) {
                longer.push_back(start + before + (list->type == query::ListType::glob ? entry : escape_text(entry)));
            }
        }
        if (longer.size() > max_texts) {
            problems_.error(
                "E528", value.span, "the placeholders make more than " + std::to_string(max_texts) + " texts");
            return false;
        }
        texts = std::move(longer);
        at = placeholder.start + placeholder.length;
    }
    for (std::string& made : texts) {
        made += without_escaped_percents(std::string_view(text).substr(at));
    }
    return true;
}

Expression DetectionCompiler::never_in_list(const ItemKey& key, const YamlNode& value) const
{
    Expression leaf = make_leaf(key, Test::in_named_list, value.span);
    for (const Placeholder& placeholder : find_placeholders(value.text)) {
        const auto list = lists_.find(placeholder.name);
        if (list != lists_.end() && list->second.values.empty()) {
            leaf.match.list = placeholder.name;
        }
    }
    return leaf;
}

} // namespace trawl::detect::rules
