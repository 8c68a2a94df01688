#pragma once

#include <string>
#include <string_view>

namespace trawl::deliver {

// Appends a cell of CSV: quoted as RFC 4180 says, valid UTF-8, and with a ' before what a spreadsheet would take for a
// formula (a leading = + - @, tab, line break, or their full-width forms). Numbers stay numbers.
void append_csv_cell(std::string& out, std::string_view text);

// The same for the name of a column: "@timestamp" stays as it is, since no name alone is a formula that does anything.
void append_csv_name(std::string& out, std::string_view name);

} // namespace trawl::deliver
