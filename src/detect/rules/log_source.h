#pragma once

#include <optional>
#include <string>
#include <vector>

#include "detect/rules/problems.h"
#include "detect/rules/yaml_node.h"
#include "query/plan/expression.h"

namespace trawl::detect::rules {

// What a rule's `logsource` means here.
struct LogSource {
    std::string kind;        // Kind id; empty: every kind.
    bool is_foreign = false; // Logs that are none of AWS's: the rule is left out.
    // What its records must meet besides being of the kind.
    std::optional<query::plan::Expression> condition;
};

// Reads the log source; `node` is nullptr when the rule has none. False when it is wrong (E507; told).
bool read_log_source(const YamlNode* node, base::Span rule, LogSource& source, Problems& problems);

} // namespace trawl::detect::rules
