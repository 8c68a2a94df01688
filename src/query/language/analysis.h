#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "query/language/parse.h"

namespace trawl::query::language {

// A change of the text that mends what a warning is about.
struct Edit {
    base::Span span;
    std::string text;
};

// Commands that change their places: the text of contents[i] is to stand at places[i].
struct Move {
    std::vector<base::Span> places;
    std::vector<base::Span> contents;
};

// All that is found out about a query's text.
struct Analysis {
    Parsed parsed;
    bool is_well_formed = true;   // Syntax alone; a list may still be unbound.
    std::vector<Edit> edits;      // They do not overlap.
    std::optional<Move> move;     // The first one that a warning hints at.
};

Analysis analyse(std::string_view text, const Lists& lists);

} // namespace trawl::query::language
