#pragma once

#include <string_view>

#include "base/arena.h"
#include "event/value.h"

namespace trawl::query::local {

// The text that bare words look in: the compact JSON of a JSON record (LANGUAGE 2.2), else the line as it stands.
std::string_view record_text(const event::Value& message, base::Arena& arena);

} // namespace trawl::query::local
