#pragma once

#include <string_view>

#include "base/arena.h"
#include "event/value.h"

namespace trawl::query::local {

// Value::text(), without a copy where JSON is compact as it stands, as AWS mostly writes it.
std::string_view compact_text(const event::Value& value, base::Arena& arena);

// Whether each escape in JSON text, or in the inside of a string, is the one that the compact form has.
bool has_minimal_escapes(std::string_view text);

// The text that bare words look in: the compact JSON of a JSON record (LANGUAGE 2.2), else the line as it stands.
std::string_view record_text(const event::Value& message, base::Arena& arena);

} // namespace trawl::query::local
