#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/arena.h"
#include "base/result.h"
#include "event/value.h"

namespace trawl::query::local {

// The aggregates that one pass over a group's rows can answer. Absent values do not count. Objects and arrays count as
// present and have their text, but they are no numbers.
enum class AggregateKind : std::uint8_t {
    count,
    count_distinct,
    sum,
    average,
    minimum,
    maximum,
    percentile,
    deviation,
    variance,
    values,
    earliest,
    latest,
    sorts_first,
    sorts_last,
};

// Finds the kind by the canonical name. Errors: "query" for aggregates that are known but not executed here.
base::Result<AggregateKind> aggregate_kind(std::string_view name);

// The state of one aggregate of one group.
class Aggregate {
public:
    virtual ~Aggregate() = default;
    // Takes the argument's value in one row and the row's time; gives by how many bytes the state grew.
    virtual std::size_t add(const event::Value& value, const event::Value& time, base::Arena& arena) = 0;
    virtual event::Value result(base::Arena& arena) const = 0;
};

// `parameter`: the percentile.
std::unique_ptr<Aggregate> make_aggregate(AggregateKind kind, double parameter);

// About what a state takes before anything is added.
constexpr std::size_t bytes_of_aggregate = 96;

} // namespace trawl::query::local
