#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.h"

namespace trawl::query::functions {

// The width of a bin: of fixed length (`300s`, `2d`), or so many months (`mo`, `q`, `y`), or weeks, which begin on Monday.
struct Period {
    base::Time microseconds = 0;
    std::int64_t weeks = 0;
    std::int64_t months = 0;

    bool is_calendar() const { return microseconds == 0; }
    // The beginning of the bin that holds `time`, and the end of it (`time` itself where a bin begins). UTC.
    base::Time floor(base::Time time) const;
    base::Time ceil(base::Time time) const;
};

// Reads a duration of the language (LANGUAGE 1.1): a number and a unit, `5m`, `1.5h`, `2weeks`. Calendar units take
// whole numbers.
std::optional<Period> parse_period(std::string_view text);

} // namespace trawl::query::functions
