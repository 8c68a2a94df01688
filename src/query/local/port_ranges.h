#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "event/value.h"

namespace trawl::query::local {

// Ports from `first` to `last`, both in.
struct PortRange {
    double first = 0;
    double last = 0;
};

// Reads "22" or "9200-9300".
std::optional<PortRange> parse_port_range(std::string_view text);

// Reads [from, to], [port], or one number.
std::optional<PortRange> port_range_of(const event::Value& value, base::Arena& arena);

} // namespace trawl::query::local
