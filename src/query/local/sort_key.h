#pragma once

#include <cstdint>
#include <string>

#include "base/arena.h"
#include "event/value.h"

namespace trawl::query::local {

enum class Direction : std::uint8_t { ascending, descending };

// Appends bytes whose order (memcmp) is the natural order of `sort` (LANGUAGE 1.3): what is no number before numbers;
// texts cut into runs of digits, which compare by length and then by value, and other characters, by code point;
// descending the reverse of it; absent values, objects and arrays last in both directions. Keys of several values are
// their concatenation.
void append_sort_key(std::string& out, const event::Value& value, Direction direction, base::Arena& arena);

} // namespace trawl::query::local
