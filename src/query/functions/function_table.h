#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/result.h"
#include "base/time.h"
#include "event/value.h"

namespace trawl::query::functions {

// What a function may know besides its arguments: the times of the query, so that answers do not depend on the clock.
struct Surroundings {
    base::Time now = 0;
    base::Time start = 0; // Of the range that the query looks at; 0 when it is open.
    base::Time end = 0;
};

struct Call {
    std::span<const event::Value> arguments;
    base::Arena& arena;   // Where texts that the function makes may live.
    const Surroundings& surroundings;

    // The argument at `position`, or missing.
    event::Value at(std::size_t position) const
    {
        return position < arguments.size() ? arguments[position] : event::Value();
    }
};

using Kernel = event::Value (*)(const Call& call);

// A function with its constant arguments read once (a regular expression, a period, a time zone).
class Bound {
public:
    virtual ~Bound() = default;
    virtual event::Value call(const Call& call) const = 0;
};

// Reads the constant arguments; nullptr when there is nothing to gain. Errors: "query".
using Bind = base::Result<std::unique_ptr<Bound>> (*)(std::span<const std::optional<std::string>> constants);

// A scalar function of the query language. The example is run as a test.
struct Function {
    std::string_view name;      // The canonical spelling.
    std::string_view doc;       // One line for users.
    unsigned fewest = 0;        // Arguments.
    unsigned most = 0;
    std::string_view example;   // The arguments as a JSON array: ["2026-01-02T03:04:05Z","1h"].
    std::string_view expected;  // The result as JSON.
    Kernel kernel = nullptr;
    Bind bind = nullptr;
    // Reads a field when called without arguments: @timestamp (put before the arguments) or @message.
    std::string_view implied = {};
};

// An aggregate of `stats`. Its execution is local/aggregates.h.
struct AggregateFunction {
    std::string_view name;
    std::string_view doc;
    unsigned fewest = 0;
    unsigned most = 0;
};

// Finds a function by its name or an alias, in any case; nullptr when there is none.
const Function* find_function(std::string_view name);
const AggregateFunction* find_aggregate(std::string_view name);

// All canonical names, sorted.
std::vector<std::string_view> function_names();
std::vector<std::string_view> aggregate_names();

// The families, each in a file of its own.
std::span<const Function> numeric_functions();
std::span<const Function> string_functions();
std::span<const Function> time_functions();
std::span<const Function> general_functions();
std::span<const Function> json_functions();
std::span<const Function> ip_functions();
std::span<const Function> hash_functions();

} // namespace trawl::query::functions
