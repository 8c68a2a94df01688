#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "query/lists.h"
#include "query/plan/query.h"

namespace trawl::query::language {

// Reads a query (grammar: LANGUAGE 5.1), binds named lists, applies the rewrites of LANGUAGE 1.6 and collects errors,
// warnings and notes. The plan is usable when has_error(diagnostics) is false.
struct Parsed {
    plan::Query query;
    Lists lists;                    // The given ones and those of `let`.
    std::vector<base::Diagnostic> diagnostics;
};

Parsed parse(std::string_view text, const Lists& lists);

// Warns (W305, with did-you-mean) of fields that the records do not have by all that is known: the tables of the kinds
// that may be read. Names that the query makes itself, fields inside known ones, and @ fields are known.
std::vector<base::Diagnostic> check_fields(const plan::Query& query, std::span<const std::string> known_fields);

// The query with what W101, W120 and the other mendable warnings hint at put right (`--fix`); comments and layout
// stay. A query with syntax errors comes back as it is.
std::string fix(std::string_view text, const Lists& lists);

} // namespace trawl::query::language
