#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "query/language/parse.h"

namespace trawl::test {

// Lists of each type, and one that only the built-in pack binds.
query::Lists some_lists();

query::language::Parsed parse(std::string_view text);

// The codes of all diagnostics in the order of the text, joined by blanks: "W120 W101".
std::string codes(std::string_view text);
// The text that the first diagnostic of this code points at.
std::string marked(std::string_view text, std::string_view code);
std::string help_of(std::string_view text, std::string_view code);

// The condition of the last command that has one, as `(and (= a "x") (not b))`; empty when the text does not parse.
std::string condition(std::string_view text);
// An expression the same way.
std::string shape(const query::plan::Expression& expression);

} // namespace trawl::test
