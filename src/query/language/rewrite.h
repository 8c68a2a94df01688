#pragma once

#include "query/language/analysis.h"

namespace trawl::query::language {

// Gives the commands the meaning that AWS's own samples need (F1, L1, T1 and S1 of docs/LANGUAGE.md), and checks what
// only the order of commands tells: names that `stats` hides, aggregates outside it, a limit before a search.
void rewrite(Analysis& analysis);

} // namespace trawl::query::language
