#pragma once

#include <string_view>

namespace trawl::query::local {

// Finds `needle` (folded, not empty) in `text` without regard to the case of ASCII letters.
bool find_folded(std::string_view text, std::string_view needle);

} // namespace trawl::query::local
