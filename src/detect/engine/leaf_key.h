#pragma once

#include <string>

#include "query/plan/expression.h"

namespace trawl::detect::engine {

// Appends bytes that are the same for two expressions exactly when they test the same (their spans aside).
void append_leaf_key(std::string& key, const query::plan::Expression& expression);

} // namespace trawl::detect::engine
