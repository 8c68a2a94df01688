#include "query/local/exact_sum.h"

#include <algorithm>
#include <limits>
#include <string>

namespace trawl::query::local {

using event::Value;

void ExactSum::add(const functions::Number& number)
{
    if (number.is_whole) {
        // 2^64 additions of the largest number fit.
        whole_ += number.whole;
        return;
    }
    real_ += number.real;
    has_real_ = true;
}

double ExactSum::real() const
{
    return static_cast<double>(whole_) + real_;
}

Value ExactSum::value(base::Arena& arena) const
{
    if (has_real_) {
        return functions::Number::of(real()).value();
    }
    if (whole_ >= std::numeric_limits<std::int64_t>::min() && whole_ <= std::numeric_limits<std::int64_t>::max()) {
        return Value::integer(static_cast<std::int64_t>(whole_));
    }
    std::string digits;
    for (Whole left = whole_ < 0 ? -whole_ : whole_; left > 0; left /= 10) {
        digits.push_back(static_cast<char>('0' + static_cast<int>(left % 10)));
    }
    if (whole_ < 0) {
        digits.push_back('-');
    }
    std::ranges::reverse(digits);
    return Value::number_text(arena.copy(digits));
}

} // namespace trawl::query::local
