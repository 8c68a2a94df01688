#pragma once

#include "base/arena.h"
#include "event/value.h"
#include "query/functions/number.h"

namespace trawl::query::local {

// A sum whose whole numbers are added exactly; fractions are added in the order that they come in.
class ExactSum {
public:
    void add(const functions::Number& number);
    event::Value value(base::Arena& arena) const;
    double real() const;

private:
    __extension__ using Whole = __int128;

    Whole whole_ = 0;
    double real_ = 0;
    bool has_real_ = false;
};

} // namespace trawl::query::local
