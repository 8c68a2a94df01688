#pragma once

#include <string>
#include <string_view>

namespace trawl::deliver::html {

// Appends text from anywhere to a page, as the content of an element or of a quoted attribute: markup loses its meaning,
// control characters and marks that turn the direction are shown.
void append_text(std::string& out, std::string_view text);
std::string text(std::string_view text);

// `'sha256-…'` of a script, for the page's content security policy: no other script runs, should one get in.
std::string script_source(std::string_view script);

} // namespace trawl::deliver::html
