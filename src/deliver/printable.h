#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace trawl::deliver {

// Makes text from logs harmless for a terminal: control characters (ANSI escapes among them) and marks that turn the
// direction of writing are shown as \n, \t, \x1b, \u202e; invalid UTF-8 becomes U+FFFD.
std::string printable(std::string_view text);
void append_printable(std::string& out, std::string_view text);

// How many columns of a terminal a printable text takes: wide East Asian characters take two, combining ones none.
std::size_t display_width(std::string_view text);

// Appends at most `width` columns of a printable text, a cut one with "…" at its end; pads with blanks when asked.
enum class Pad { none, right, left };
void append_cut(std::string& out, std::string_view text, std::size_t width, Pad pad);

// Cuts a printable text into lines of at most `width` columns, at blanks where there are any.
std::string wrapped(std::string_view text, std::size_t width, std::string_view indent);

} // namespace trawl::deliver
