#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace trawl::base {

// Base64 with padding (RFC 4648, section 4).
std::string encode_base64(std::string_view bytes);
// Reads it, and the URL alphabet too; padding may lack, white space and JSON's backslash before a slash are passed over.
// Nothing for anything else.
std::optional<std::string> decode_base64(std::string_view text);

} // namespace trawl::base
