#pragma once

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

// The query with what W101, W120 and the other mendable warnings hint at put right (`--fix`); comments and layout stay.
std::string fix(std::string_view text, const Lists& lists);

} // namespace trawl::query::language
