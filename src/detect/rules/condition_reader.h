#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "detect/rules/problems.h"
#include "detect/rules/yaml_node.h"
#include "query/plan/expression.h"

namespace trawl::detect::rules {

// The selections of a rule by name, in the order of the file.
using Selections = std::vector<std::pair<std::string, query::plan::Expression>>;

// `| count(field) by a, b > 5` of Sigma's old conditions.
struct Aggregation {
    std::string field;   // Empty: events are counted.
    std::vector<std::string> group_by;
    query::plan::Comparison comparison = query::plan::Comparison::greater;
    double number = 0;
};

struct Condition {
    query::plan::Expression expression;
    std::optional<Aggregation> aggregation;
    bool has_not = false;
};

// Whether the name meets a pattern of `1 of selection_*`; `them` is each name that does not begin with '_'.
bool is_selected(std::string_view name, std::string_view pattern);

// Reads one condition: or < and < not < 1/any/all of < ( ). False when it is wrong (E510, E511, E518; told).
bool read_condition(const YamlNode& node, const Selections& selections, Condition& condition, Problems& problems);

} // namespace trawl::detect::rules
