#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace trawl::base {

// Reads a whole (small) file: configuration, rules, lists. Error code "io" with path and reason in the message.
Result<std::string> read_file(const std::string& path);

// Writes to a temporary file beside `path` and renames it: readers see the old or the new content, never half of it.
// Error code "io" (a full disk included).
Result<void> write_file_atomically(const std::string& path, std::string_view content);

} // namespace trawl::base
