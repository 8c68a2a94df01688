#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trawl::ingest {

// Copies a JSON text with the text of every member of one of the names, at any depth, replaced by "****". Empty texts
// stay. Everything else stays byte for byte.
std::string mask_members(std::string_view json, const std::vector<std::string_view>& names);

} // namespace trawl::ingest
