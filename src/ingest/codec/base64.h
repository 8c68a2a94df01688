#pragma once

#include <string>
#include <string_view>

namespace trawl::ingest {

// Decodes base64 (RFC 4648; also the URL alphabet; padding optional, white space skipped). False for anything else.
bool decode_base64(std::string_view text, std::string& out);

} // namespace trawl::ingest
