#include "query/local/aggregates.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/text.h"
#include "query/functions/number.h"
#include "query/local/exact_sum.h"
#include "query/local/row_codec.h"
#include "query/local/sort_key.h"

namespace trawl::query::local {

using event::Value;
using functions::Number;

namespace {

// Of nodes and buckets of the hash tables, beside what they hold.
constexpr std::size_t bytes_of_node = 48;

struct LowBits {
    std::size_t operator()(const base::Hash128& hash) const { return hash.low; }
};

class Count final : public Aggregate {
public:
    std::size_t add(const Value& value, const Value&, base::Arena&) override
    {
        count_ += value.is_absent() ? 0 : 1;
        return 0;
    }
    Value result(base::Arena&) const override { return Value::integer(count_); }

private:
    std::int64_t count_ = 0;
};

class CountDistinct final : public Aggregate {
public:
    std::size_t add(const Value& value, const Value&, base::Arena& arena) override
    {
        if (value.is_absent()) {
            return 0;
        }
        return seen_.insert(base::hash128(value.text(arena))).second ? bytes_of_node : 0;
    }
    Value result(base::Arena&) const override { return Value::integer(static_cast<std::int64_t>(seen_.size())); }

private:
    std::unordered_set<base::Hash128, LowBits> seen_;
};

class Sum final : public Aggregate {
public:
    std::size_t add(const Value& value, const Value&, base::Arena& arena) override
    {
        Number number;
        if (functions::read_number(value, arena, number)) {
            sum_.add(number);
        }
        return 0;
    }
    Value result(base::Arena& arena) const override { return sum_.value(arena); }

private:
    ExactSum sum_;
};

class Average final : public Aggregate {
public:
    std::size_t add(const Value& value, const Value&, base::Arena& arena) override
    {
        Number number;
        if (functions::read_number(value, arena, number)) {
            sum_.add(number);
            ++count_;
        }
        return 0;
    }
    Value result(base::Arena&) const override
    {
        return count_ == 0 ? Value() : Number::of(sum_.real() / static_cast<double>(count_)).value();
    }

private:
    ExactSum sum_;
    std::int64_t count_ = 0;
};

// Numbers count before texts: a `-` among numbers is no minimum. Times stay times.
class Extreme final : public Aggregate {
public:
    explicit Extreme(int direction) : direction_(direction) {}

    std::size_t add(const Value& value, const Value&, base::Arena& arena) override
    {
        Number number;
        std::string_view text;
        if (functions::read_number(value, arena, number)) {
            if (!has_number_ || is_better(number, best_number_)) {
                best_number_ = number;
                best_.assign(value);
                has_number_ = true;
            }
            return 0;
        }
        if (has_number_ || !functions::read_text(value, arena, text)) {
            return 0;
        }
        if (!has_text_ || (direction_ > 0 ? text > best_text_ : text < best_text_)) {
            best_text_ = text;
            best_.assign(value);
            has_text_ = true;
        }
        return 0;
    }
    Value result(base::Arena& arena) const override { return best_.value().copy(arena); }

private:
    bool is_better(const Number& a, const Number& b) const
    {
        const bool is_less = a.is_whole && b.is_whole ? a.whole < b.whole : a.real < b.real;
        const bool is_more = a.is_whole && b.is_whole ? a.whole > b.whole : a.real > b.real;
        return direction_ > 0 ? is_more : is_less;
    }

    int direction_;
    bool has_number_ = false;
    bool has_text_ = false;
    Number best_number_;
    std::string best_text_;
    OwnedValue best_;
};

// Interpolates linearly between the two nearest ranks, as SQL's percentile_cont does.
class Percentile final : public Aggregate {
public:
    explicit Percentile(double percent) : percent_(std::clamp(percent, 0.0, 100.0)) {}

    std::size_t add(const Value& value, const Value&, base::Arena& arena) override
    {
        Number number;
        if (!functions::read_number(value, arena, number)) {
            return 0;
        }
        numbers_.push_back(number.real);
        return sizeof(double) * 2;
    }
    Value result(base::Arena&) const override
    {
        if (numbers_.empty()) {
            return {};
        }
        std::vector<double> sorted = numbers_;
        std::ranges::sort(sorted);
        const double rank = percent_ / 100 * static_cast<double>(sorted.size() - 1);
        const auto below = static_cast<std::size_t>(rank);
        const double part = rank - static_cast<double>(below);
        const double low = sorted[below];
        const double high = sorted[std::min(below + 1, sorted.size() - 1)];
        return Number::of(part == 0 ? low : low + (high - low) * part).value();
    }

private:
    double percent_;
    std::vector<double> numbers_;
};

// Population variance by Welford's method, in the order that rows come in.
class Variance final : public Aggregate {
public:
    enum class Root : std::uint8_t { no, yes };
    explicit Variance(Root root) : root_(root) {}

    std::size_t add(const Value& value, const Value&, base::Arena& arena) override
    {
        Number number;
        if (functions::read_number(value, arena, number)) {
            ++count_;
            const double distance = number.real - mean_;
            mean_ += distance / static_cast<double>(count_);
            squares_ += distance * (number.real - mean_);
        }
        return 0;
    }
    Value result(base::Arena&) const override
    {
        if (count_ == 0) {
            return {};
        }
        const double variance = squares_ / static_cast<double>(count_);
        return Number::of(root_ == Root::yes ? std::sqrt(variance) : variance).value();
    }

private:
    Root root_;
    std::int64_t count_ = 0;
    double mean_ = 0;
    double squares_ = 0;
};

// The different values in order of first appearance.
class Values final : public Aggregate {
public:
    std::size_t add(const Value& value, const Value&, base::Arena& arena) override
    {
        if (value.is_absent()) {
            return 0;
        }
        if (!seen_.insert(base::hash128(value.text(arena))).second) {
            return 0;
        }
        const std::size_t before = json_.size();
        json_ += before > 1 ? "," : "";
        value.append_json(json_);
        return bytes_of_node + json_.size() - before;
    }
    Value result(base::Arena& arena) const override { return Value::array(arena.copy(json_ + "]")); }

private:
    std::unordered_set<base::Hash128, LowBits> seen_;
    std::string json_ = "[";
};

// The value in the row with the lowest or highest time; of equal times the first, or the last.
class ByTime final : public Aggregate {
public:
    explicit ByTime(int direction) : direction_(direction) {}

    std::size_t add(const Value& value, const Value& time, base::Arena& arena) override
    {
        base::Time at = 0;
        if (value.is_absent() || !functions::read_time(time, arena, at)) {
            return 0;
        }
        if (!found_ || (direction_ > 0 ? at >= best_time_ : at < best_time_)) {
            best_time_ = at;
            best_.assign(value);
            found_ = true;
        }
        return 0;
    }
    Value result(base::Arena& arena) const override { return best_.value().copy(arena); }

private:
    int direction_;
    bool found_ = false;
    base::Time best_time_ = 0;
    OwnedValue best_;
};

class BySortOrder final : public Aggregate {
public:
    explicit BySortOrder(int direction) : direction_(direction) {}

    std::size_t add(const Value& value, const Value&, base::Arena& arena) override
    {
        std::string_view text;
        if (!functions::read_text(value, arena, text)) {
            return 0;
        }
        std::string key;
        append_sort_key(key, value, Direction::ascending, arena);
        if (key_.empty() || (direction_ > 0 ? key > key_ : key < key_)) {
            key_ = std::move(key);
            best_.assign(value);
        }
        return 0;
    }
    Value result(base::Arena& arena) const override { return best_.value().copy(arena); }

private:
    int direction_;
    std::string key_;
    OwnedValue best_;
};

constexpr std::array<std::pair<std::string_view, AggregateKind>, 14> kinds {{
    {"count", AggregateKind::count},
    {"countDistinct", AggregateKind::count_distinct},
    {"sum", AggregateKind::sum},
    {"avg", AggregateKind::average},
    {"min", AggregateKind::minimum},
    {"max", AggregateKind::maximum},
    {"pct", AggregateKind::percentile},
    {"stddev", AggregateKind::deviation},
    {"variance", AggregateKind::variance},
    {"values", AggregateKind::values},
    {"earliest", AggregateKind::earliest},
    {"latest", AggregateKind::latest},
    {"sortsFirst", AggregateKind::sorts_first},
    {"sortsLast", AggregateKind::sorts_last},
}};

} // namespace

base::Result<AggregateKind> aggregate_kind(std::string_view name)
{
    for (const auto& [known, kind] : kinds) {
        if (base::equal_ignoring_case(known, name)) {
            return kind;
        }
    }
    return base::fail("query", "the aggregate " + std::string(name) + "() is not executed yet");
}

std::unique_ptr<Aggregate> make_aggregate(AggregateKind kind, double parameter)
{
    switch (kind) {
    case AggregateKind::count: return std::make_unique<Count>();
    case AggregateKind::count_distinct: return std::make_unique<CountDistinct>();
    case AggregateKind::sum: return std::make_unique<Sum>();
    case AggregateKind::average: return std::make_unique<Average>();
    case AggregateKind::minimum: return std::make_unique<Extreme>(-1);
    case AggregateKind::maximum: return std::make_unique<Extreme>(1);
    case AggregateKind::percentile: return std::make_unique<Percentile>(parameter);
    case AggregateKind::deviation: return std::make_unique<Variance>(Variance::Root::yes);
    case AggregateKind::variance: return std::make_unique<Variance>(Variance::Root::no);
    case AggregateKind::values: return std::make_unique<Values>();
    case AggregateKind::earliest: return std::make_unique<ByTime>(-1);
    case AggregateKind::latest: return std::make_unique<ByTime>(1);
    case AggregateKind::sorts_first: return std::make_unique<BySortOrder>(-1);
    case AggregateKind::sorts_last: return std::make_unique<BySortOrder>(1);
    }
    return nullptr;
}

} // namespace trawl::query::local
