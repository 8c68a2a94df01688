#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace trawl::query::functions {

// Reads a fixed distance from UTC in seconds: "UTC", "Z", "GMT", "+02:00", "-0530", "GMT+2".
std::optional<int> parse_utc_offset(std::string_view text);

// Writes a time by a strftime pattern (`%Y-%m-%d %H:%M:%S`), or, where there is no `%`, by a Java one (`yyyy-MM-dd`).
std::string format_date(base::Time time, std::string_view pattern, int utc_offset);

// Reads a whole text by a Java pattern (`yyyy-MM-dd'T'HH:mm:ss.SSSX`); a zone in the text wins over `utc_offset`.
std::optional<base::Time> parse_date(std::string_view text, std::string_view pattern, int utc_offset);

} // namespace trawl::query::functions
