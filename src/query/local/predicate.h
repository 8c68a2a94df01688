#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "event/columns.h"
#include "query/functions/function_table.h"
#include "query/lists.h"
#include "query/plan/expression.h"

namespace trawl::query::local {

// Named lists made ready for look-ups (list_matcher.h): one for all the predicates that are made together.
class ListMatchers;

// One `match` leaf compiled: judges a value without allocating in the common cases (ASCII text without escapes).
// Immutable after creation: workers share it.
class MatchProgram {
public:
    static base::Result<MatchProgram> create(const plan::Match& match, const Lists& lists);
    // The same; large lists are made ready once for many programs. `lists` is needed during the call only.
    static base::Result<MatchProgram> create(const plan::Match& match, ListMatchers& lists);
    MatchProgram(MatchProgram&&) noexcept;
    MatchProgram& operator=(MatchProgram&&) noexcept;
    ~MatchProgram();

    // `other` is the value of match.other for the field tests, else missing.
    bool matches(const event::Value& value, const event::Value& other, base::Arena& arena) const;

private:
    struct State;
    MatchProgram();
    std::unique_ptr<State> state_;
};

// A boolean or value expression compiled against a projection. Immutable after creation: workers share it; what changes
// while evaluating lives in the row's arena.
class Program {
public:
    // Adds the columns it needs to `projection`. Errors: "query" with a message (an unknown function, a bad regex).
    static base::Result<Program> create(
        const plan::Expression& expression, const Lists& lists, event::Projection& projection);
    // The same with shared lists, and with the times that now() and its like give.
    static base::Result<Program> create(const plan::Expression& expression, ListMatchers& lists,
        event::Projection& projection, const functions::Surroundings& surroundings);
    Program(Program&&) noexcept;
    Program& operator=(Program&&) noexcept;
    ~Program();

    bool test(event::Columns& row) const;
    event::Value evaluate(event::Columns& row) const;

private:
    struct State;
    Program();
    std::unique_ptr<State> state_;
};

} // namespace trawl::query::local
