#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace trawl::query::functions {

// The number of code points; each byte that is no UTF-8 counts as one.
std::size_t count_code_points(std::string_view text);

// The byte at which the code point number `position` (from 0) begins; the text's size when there are fewer.
std::size_t byte_of_code_point(std::string_view text, std::size_t position);

// The size in bytes of the code point that begins `text`, which is not empty.
std::size_t code_point_size(std::string_view text);

// Map letters of Latin, Greek, Cyrillic and Armenian one to one; other text stays.
std::string to_lower(std::string_view text);
std::string to_upper(std::string_view text);

} // namespace trawl::query::functions
