#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/arena.h"
#include "base/time.h"
#include "event/value.h"
#include "query/local/literal_set.h"
#include "query/plan/expression.h"

namespace trawl::query::local {

// The literal of a comparison, read once. It decides how values are compared with it (LANGUAGE 1.5).
struct Constant {
    plan::Literal::Type type = plan::Literal::Type::null;
    bool boolean = false;
    std::string text;
    std::optional<double> number;
    std::optional<base::Time> time;

    static Constant of(const plan::Literal& literal);
};

// Compares by the rules of Logs Insights: false for a value that is absent, an object or an array, `!=` included; with
// a number, numerically, and false for what is no number; with a text as texts, but numerically where the value is a
// number itself.
bool compare(plan::Comparison comparison, const event::Value& value, const Constant& constant, base::Arena& arena);
// Two values that are no literals: numerically where one is a number and the other reads as one, else as texts.
bool compare(plan::Comparison comparison, const event::Value& left, const event::Value& right, base::Arena& arena);

// Swaps the sides: `5 < x` is `x > 5`.
plan::Comparison mirrored(plan::Comparison comparison);

// The list of `in`: `=` with any of its literals, without a loop over them.
class ConstantSet {
public:
    explicit ConstantSet(const std::vector<Constant>& constants);
    bool contains(const event::Value& value, base::Arena& arena) const;

private:
    LiteralSet texts_;
    std::vector<double> numbers_;        // Of number literals. Sorted.
    std::vector<double> number_texts_;   // Of string literals that read as numbers. Sorted.
    std::vector<Constant> others_;
};

} // namespace trawl::query::local
