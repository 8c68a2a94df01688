#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "query/plan/expression.h"

namespace trawl::query::plan {

struct Item {
    Expression expression;
    std::string name;       // The alias, else the source text (`count(*)`, `bin(5m)`); later commands refer to it.
    base::Span span;
};

struct SortKey {
    Expression expression;
    bool descending = false;
};

enum class CommandKind : std::uint8_t {
    source,
    fields,
    display,
    filter,
    search,
    stats,
    sort,
    limit,
    dedup,
    parse,
    json,
    unnest,
    expand,
    lookup,
    cidrlookup,
    join,
    pattern,
    anomaly,
    diff,
    unmask,
    autoregress,
    logcompare,
    filldown,
    fillmissing,
    outlier,
    accum,
    appendcols,
    sessionize,
    count_frequent,
    addtotals,
    relevantfields,
    estimate,
    detect,
};

enum class ParseMode : std::uint8_t { glob, regex, logfmt, csv };

struct Command {
    CommandKind kind = CommandKind::fields;
    base::Span span;

    std::vector<Item> items;          // fields, display, stats: the expressions or aggregates
    std::vector<Item> by;             // stats
    std::optional<Expression> where;  // filter, search (search's leaves are `match` and `keyword`)
    std::vector<SortKey> keys;        // sort
    std::int64_t count = 0;           // limit
    bool any = false;                 // limit any: stop early, no order
    bool tail = false;                // tail N
    bool top = false;                 // L1: this limit stands before `sort` and means top N
    std::vector<event::FieldPath> names; // dedup, expand, accum, …

    std::optional<Expression> input;  // parse, json, unnest: absent means @message
    ParseMode parse_mode = ParseMode::glob;
    std::string pattern;              // parse: glob or expression; json: path
    std::vector<std::string> aliases; // parse, json, unnest: names of the new fields
    bool multi = false;               // parse … multi
    std::vector<std::string> log_groups; // source: the names
    // What else is written, in order: `type=left`, `p=1-4`, `fieldname=Total`, `row=true`; the target of `accum … as a`
    // and `autoregress … as a` is aliases[0]. lookup and cidrlookup: ("table", NAME), ("match", c) and ("as", f) for each
    // column to match, ("mode", "output" or "outputnew"), ("output", c) and ("as", f) for each column to take.
    std::vector<std::pair<std::string, std::string>> options;
    std::vector<Command> subquery;
};

// A whole query after its rewrites (F1, L1 … of LANGUAGE 1.6).
struct Query {
    std::string text; // As the user wrote it; spans point into it.
    std::vector<Command> commands;
};

} // namespace trawl::query::plan
