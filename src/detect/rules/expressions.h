#pragma once

#include <vector>

#include "query/plan/expression.h"

namespace trawl::detect::rules {

query::plan::Expression constant(bool value);
query::plan::Expression negation(query::plan::Expression operand);
// All operands hold; one operand is itself.
query::plan::Expression conjunction(std::vector<query::plan::Expression> operands);
// Any operand holds. Tests of one field that differ in their values alone become one test.
query::plan::Expression disjunction(std::vector<query::plan::Expression> operands);

// Number of nodes and values in an expression.
std::size_t size_of(const query::plan::Expression& expression);

} // namespace trawl::detect::rules
