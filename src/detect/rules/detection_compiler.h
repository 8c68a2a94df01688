#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "detect/rules/item_key.h"
#include "detect/rules/problems.h"
#include "detect/rules/yaml_node.h"
#include "query/lists.h"
#include "query/plan/expression.h"

namespace trawl::detect::rules {

// Whose rules are read: default lists serve the built-in ones alone (CONTRACT, "Lists").
enum class RuleOrigin : std::uint8_t { user, builtin };

bool is_address_list(const query::NamedList& list);
// The name in a value that is one `%Name%` and nothing else.
std::optional<std::string> whole_placeholder(std::string_view text);

// Compiles the selections of one rule. What is wrong is told, and then stands as a constant.
class DetectionCompiler {
public:
    // All outlive it.
    DetectionCompiler(const query::Lists& lists, RuleOrigin origin, Problems& problems)
        : lists_(lists), origin_(origin), problems_(problems)
    {
    }

    // A search identifier: a map (all items), a list of maps (any), a list of values (keywords).
    query::plan::Expression compile_selection(const YamlNode& node);

    // Names of the lists that were used.
    const std::set<std::string>& used_lists() const { return used_lists_; }

private:
    using Expressions = std::vector<query::plan::Expression>;

    query::plan::Expression compile_map(const YamlNode& map);
    query::plan::Expression compile_item(const YamlNode& name, const YamlNode& value);
    query::plan::Expression compile_value(const ItemKey& key, const YamlNode& value);
    query::plan::Expression compile_text(const ItemKey& key, const YamlNode& value);
    query::plan::Expression compile_regex(const ItemKey& key, const YamlNode& value);
    query::plan::Expression compile_cidr(const ItemKey& key, const YamlNode& value);
    query::plan::Expression compile_presence(const ItemKey& key, const YamlNode& value);
    query::plan::Expression compile_field(const ItemKey& key, const YamlNode& value);
    query::plan::Expression compile_order(const ItemKey& key, const YamlNode& value);
    query::plan::Expression compile_time_part(const ItemKey& key, const YamlNode& value);
    query::plan::Expression compile_ports(const ItemKey& key, const YamlNode& value);
    query::plan::Expression compile_world(const ItemKey& key, const YamlNode& value);
    query::plan::Expression compile_limit(const ItemKey& key, const YamlNode& value, query::plan::Test test);
    query::plan::Expression compile_list(const ItemKey& key, const YamlNode& value, const std::string& name);
    query::plan::Expression compile_patterns(const ItemKey& key, const YamlNode& value, std::vector<std::string> texts);

    // The texts that a value with placeholders stands for; false when a list is unbound.
    bool substitute(const YamlNode& value, std::vector<std::string>& texts);
    // A test that an empty list in the value makes false.
    query::plan::Expression never_in_list(const ItemKey& key, const YamlNode& value) const;
    const query::NamedList* find_list(const std::string& name, const YamlNode& value);
    query::plan::Expression make_leaf(const ItemKey& key, query::plan::Test test, base::Span span) const;
    query::plan::Expression wrong(const char* code, const YamlNode& value, std::string message, std::string help = {});

    const query::Lists& lists_;
    RuleOrigin origin_;
    Problems& problems_;
    std::set<std::string> used_lists_;
    int depth_ = 0;
};

} // namespace trawl::detect::rules
