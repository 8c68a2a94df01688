#pragma once

#include <cstdint>
#include <string_view>

#include "base/arena.h"
#include "event/value.h"

namespace trawl::query::functions {

// A number as functions and operators see it: whole numbers stay exact while they fit.
struct Number {
    bool is_whole = false;
    std::int64_t whole = 0;
    double real = 0;

    static Number of(std::int64_t value) { return {true, value, static_cast<double>(value)}; }
    static Number of(double value) { return {false, 0, value}; }
    // The value; missing for what is no finite number.
    event::Value value() const;
};

// Reads a number, a numeric text, or a time as milliseconds since 1970 (what @timestamp is in CloudWatch). False for
// everything else: booleans, objects and arrays are no numbers.
bool read_number(const event::Value& value, base::Arena& arena, Number& number);

// Reads the text of a scalar; false for absent values, objects and arrays, which are null for functions (LANGUAGE 1.5).
bool read_text(const event::Value& value, base::Arena& arena, std::string_view& text);

// Reads a point in time: a time, a number or numeric text of milliseconds since 1970, or RFC 3339 text.
bool read_time(const event::Value& value, base::Arena& arena, base::Time& time);

// What a value says as a condition: true, a number other than 0, or a text that says one of these.
bool is_true(const event::Value& value, base::Arena& arena);

// Conditions print as 1 and 0.
inline event::Value truth(bool value)
{
    return event::Value::integer(value ? 1 : 0);
}

} // namespace trawl::query::functions
