#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace trawl::query::functions {

// Writes everything but letters, digits and -._~ as %XX.
std::string encode_url(std::string_view text);
// Reads %XX and, as forms write a blank, +; a % that no two digits follow stays.
std::string decode_url(std::string_view text);

// Reads pairs of hexadecimal digits, after 0x or without; nothing for anything else.
std::optional<std::string> decode_hex(std::string_view text);

} // namespace trawl::query::functions
