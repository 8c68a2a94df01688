#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.h"

namespace trawl::query::local {

// The parts of a time that Sigma's modifiers of the same names compare, in UTC; weeks are those of ISO 8601.
enum class TimePart : std::uint8_t { minute, hour, day, week, month, year };

std::optional<TimePart> time_part_named(std::string_view name);
std::int64_t part_of(base::Time time, TimePart part);

} // namespace trawl::query::local
