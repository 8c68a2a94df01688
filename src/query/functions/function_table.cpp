#include "query/functions/function_table.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "base/text.h"

namespace trawl::query::functions {

namespace {

using Family = std::span<const Function> (*)();

constexpr std::array<Family, 7> families {numeric_functions, string_functions, time_functions, general_functions,
    json_functions, ip_functions, hash_functions};

// Other spellings that AWS's pages of several years use.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> aliases {{
    {"count_distinct", "countDistinct"},
    {"collect_values", "values"},
    {"percentile", "pct"},
    {"strftime", "formatDate"},
    {"date_floor", "datefloor"},
    {"date_ceil", "dateceil"},
    {"ceiling", "ceil"},
    {"upper", "toupper"},
    {"lower", "tolower"},
}};

constexpr std::array<AggregateFunction, 19> aggregates {{
    {"avg", "The mean of the numbers; null when there are none.", 1, 1},
    {"count", "How many events; with a field, how many have a value in it.", 0, 1},
    {"countDistinct", "How many different values, exactly.", 1, 1},
    {"countOverTime", "Events for each period.", 1, 2},
    {"earliest", "The value of the event with the lowest @timestamp.", 1, 1},
    {"histogram", "Counts by ranges of equal width.", 2, 2},
    {"latest", "The value of the event with the highest @timestamp.", 1, 1},
    {"max", "The largest number, or the last text when no value is a number.", 1, 1},
    {"min", "The smallest number, or the first text when no value is a number.", 1, 1},
    {"pct", "The percentile of the numbers, 0 to 100, interpolated linearly.", 2, 2},
    {"rate", "Events a period.", 1, 2},
    {"sortsFirst", "The value that `sort` puts first.", 1, 1},
    {"sortsLast", "The value that `sort` puts last.", 1, 1},
    {"stddev", "The population standard deviation of the numbers.", 1, 1},
    {"sum", "The sum of the numbers, 0 of none; whole numbers are added exactly.", 1, 1},
    {"sumOverTime", "Sums for each period.", 2, 2},
    {"topk", "A row for each of the k most frequent values, most frequent first; stands alone.", 2, 2},
    {"values", "The different values, in order of first appearance.", 1, 1},
    {"variance", "The population variance of the numbers.", 1, 1},
}};

std::string_view without_alias(std::string_view name)
{
    for (const auto& [alias, canonical] : aliases) {
        if (base::equal_ignoring_case(alias, name)) {
            return canonical;
        }
    }
    return name;
}

} // namespace

const Function* find_function(std::string_view name)
{
    const std::string_view wanted = without_alias(name);
    for (const Family family : families) {
        for (const Function& function : family()) {
            if (base::equal_ignoring_case(function.name, wanted)) {
                return &function;
            }
        }
    }
    return nullptr;
}

const AggregateFunction* find_aggregate(std::string_view name)
{
    const std::string_view wanted = without_alias(name);
    for (const AggregateFunction& aggregate : aggregates) {
        if (base::equal_ignoring_case(aggregate.name, wanted)) {
            return &aggregate;
        }
    }
    return nullptr;
}

std::vector<std::string_view> function_names()
{
    std::vector<std::string_view> names;
    for (const Family family : families) {
        for (const Function& function : family()) {
            names.push_back(function.name);
        }
    }
    std::ranges::sort(names);
    return names;
}

std::vector<std::string_view> aggregate_names()
{
    std::vector<std::string_view> names;
    names.reserve(std::size(aggregates));
    for (const AggregateFunction& aggregate : aggregates) {
        names.push_back(aggregate.name);
    }
    return names;
}

} // namespace trawl::query::functions
