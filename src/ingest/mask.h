#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trawl::ingest {

// Copies a JSON text with the text of every member of one of the names, at any depth, replaced by "****". Empty texts
// stay. Everything else stays byte for byte.
std::string mask_members(std::string_view json, const std::vector<std::string_view>& names);

// The same, for members whose texts only may hold secrets: `mask` gives the text to stand there, nothing: it stays.
std::string mask_texts(std::string_view json, const std::vector<std::string_view>& names,
    std::optional<std::string> (*mask)(std::string_view text));

} // namespace trawl::ingest
