#pragma once

#include <string>
#include <vector>

#include "query/local/operator.h"
#include "query/plan/query.h"

namespace trawl::query::local {

bool is_aggregate_call(const plan::Expression& expression);

// Puts a field in the place of each aggregate (`sum(a) / count(*)`), so that the rest is worked out of a group's results.
plan::Expression with_aggregates_named(const plan::Expression& expression, std::vector<plan::Expression>& aggregates);

// Groups rows. What comes out are the columns of `by` under their names, and the aggregates under the names that
// with_aggregates_named() gave them.
base::Result<OperatorPointer> make_stats(
    const std::vector<plan::Item>& by, const std::vector<plan::Expression>& aggregates, Segment& before);

} // namespace trawl::query::local
