#include <algorithm>
#include <optional>

#include "base/address.h"
#include "base/regex.h"
#include "base/text.h"
#include "event/json.h"
#include "query/local/api_version.h"
#include "query/local/ascii_fold.h"
#include "query/local/list_matcher.h"
#include "query/local/pattern_set.h"
#include "query/local/port_ranges.h"
#include "query/local/predicate.h"
#include "query/local/record_text.h"
#include "query/local/time_part.h"

// The leaf of `search` and of Sigma: a value (with all that it may hold) against one test. Every test goes through
// three layers: presence, the values of arrays, one value.
namespace trawl::query::local {

using event::Type;
using event::Value;
using plan::Test;

namespace {

bool has_value(const Value& value)
{
    if (value.type() == Type::several) {
        for (std::size_t i = 0; i < value.count(); ++i) {
            if (has_value(value.at(i))) {
                return true;
            }
        }
        return false;
    }
    return !value.is_absent();
}

// Visits the scalars in a value, however deep; `visit` returns false to stop. Returns false when it was stopped.
template <typename Visit> bool for_each_leaf(const Value& value, Visit& visit)
{
    bool going = true;
    switch (value.type()) {
    case Type::several:
        for (std::size_t i = 0; going && i < value.count(); ++i) {
            going = for_each_leaf(value.at(i), visit);
        }
        return going;
    case Type::array:
        event::json::for_each_element(value.raw(), [&going, &visit](Value element) {
            going = for_each_leaf(element, visit);
            return going;
        });
        return going;
    case Type::object:
        event::json::for_each_member(value.raw(), [&going, &visit](Value, Value member) {
            going = for_each_leaf(member, visit);
            return going;
        });
        return going;
    default: return visit(value);
    }
}

Place place_of(Test test)
{
    switch (test) {
    case Test::contains: return Place::anywhere;
    case Test::starts_with: return Place::start;
    case Test::ends_with: return Place::end;
    default: return Place::whole;
    }
}

bool is_list_test(Test test)
{
    return test == Test::in_named_list || test == Test::like_named_list || test == Test::outside_named_list;
}

bool is_order(Test test, int order)
{
    switch (test) {
    case Test::less:
    case Test::text_less: return order < 0;
    case Test::less_equal:
    case Test::text_less_equal: return order <= 0;
    case Test::greater:
    case Test::text_greater: return order > 0;
    default: return order >= 0;
    }
}

// Reads a number, a numeric text, or a time as milliseconds since 1970, as @timestamp compares in CloudWatch.
bool to_number(const Value& value, base::Arena& arena, double& number)
{
    if (value.type() == Type::time) {
        number = static_cast<double>(value.as_time()) / 1000;
        return true;
    }
    if (value.type() == Type::string && value.has_escapes()) {
        return base::parse_number(value.text(arena), number);
    }
    return value.to_number(number);
}

bool compare_texts(Test test, std::string_view text, std::string_view other)
{
    switch (test) {
    case Test::contains_field: return text.find(other) != std::string_view::npos;
    case Test::starts_with_field: return text.starts_with(other);
    case Test::ends_with_field: return text.ends_with(other);
    default: return text == other;
    }
}

} // namespace

struct MatchProgram::State {
    Test test;
    base::CaseRule case_rule;
    bool cut_api_version;
    PatternSet patterns;
    std::string only_literal;                // The one pattern where it is plain ASCII, folded; most tests are such.
    std::vector<base::Regex> expressions;
    std::vector<double> numbers;
    std::string limit;                       // Of the text comparisons.
    std::optional<base::Time> limit_time;    // The same as a time, for values that are times.
    base::AddressSet addresses;
    std::vector<PortRange> ports;
    TimePart part;
    std::shared_ptr<const ListMatcher> list; // Shared with the other predicates that name it.

    State(const plan::Match& match, std::span<const std::string> texts)
        : test(match.test),
          case_rule(match.case_rule),
          cut_api_version(match.cut_api_version),
          patterns(texts, match.wildcards, match.case_rule, place_of(match.test)),
          numbers(match.numbers),
          part(TimePart::minute)
    {
        const bool is_plain = match.test == Test::text && match.case_rule == base::CaseRule::insensitive
            && !match.cut_api_version && texts.size() == 1 && has_only_ascii(texts.front())
            && texts.front().find_first_of("*?\\") == std::string::npos;
        if (is_plain) {
            only_literal = base::to_lower_ascii(texts.front());
        }
    }

    bool matches(const Value& value, const Value& other, base::Arena& arena) const;
    bool matches_any(const Value& value, const Value& other, base::Arena& arena) const;
    bool matches_one(const Value& value, const Value& other, base::Arena& arena) const;
    bool matches_field(const Value& value, const Value& other, base::Arena& arena) const;
    bool is_empty_text(const Value& value) const;
    bool is_in_list(const Value& value, base::Arena& arena) const;
    bool is_outside_list(const Value& value, base::Arena& arena) const;
};

bool MatchProgram::State::matches(const Value& value, const Value& other, base::Arena& arena) const
{
    if (!only_literal.empty() && value.type() == Type::string && !value.has_escapes()) {
        const std::string_view text = value.raw();
        if (text.size() < only_literal.size()) {
            return false;
        }
        if (text.size() == only_literal.size() && equals_folded(text, only_literal)) {
            return true;
        }
        // A longer text may still fold to it: U+212A, the Kelvin sign, is a k.
        if (has_only_ascii(text)) {
            return false;
        }
    }
    switch (test) {
    case Test::exists: return value.type() != Type::missing;
    case Test::has_value: return has_value(value);
    case Test::absent: return !has_value(value);
    case Test::empty: return !has_value(value) || is_empty_text(value);
    case Test::empty_text: return is_empty_text(value);
    case Test::in_named_list: return is_in_list(value, arena);
    case Test::outside_named_list: return is_outside_list(value, arena);
    case Test::like_named_list:
        if (list->has_addresses()) {
            return is_in_list(value, arena);
        }
        break;
    default: break;
    }
    return matches_any(value, other, arena);
}

bool MatchProgram::State::is_empty_text(const Value& value) const
{
    if (value.type() == Type::string) {
        return value.raw().empty();
    }
    if (value.type() == Type::several) {
        for (std::size_t i = 0; i < value.count(); ++i) {
            if (is_empty_text(value.at(i))) {
                return true;
            }
        }
        return false;
    }
    bool found = false;
    if (value.type() == Type::array) {
        event::json::for_each_element(value.raw(), [this, &found](Value element) {
            found = element.type() == Type::string && element.raw().empty();
            return !found;
        });
    }
    return found;
}

bool MatchProgram::State::is_in_list(const Value& value, base::Arena& arena) const
{
    const auto visit = [this, &arena](const Value& leaf) { return !list->contains(leaf, arena); };
    return !for_each_leaf(value, visit);
}

bool MatchProgram::State::is_outside_list(const Value& value, base::Arena& arena) const
{
    if (!has_value(value)) {
        return false;
    }
    if (!list->has_addresses()) {
        return !is_in_list(value, arena);
    }
    bool has_address = false;
    const auto visit = [this, &arena, &has_address](const Value& leaf) {
        const auto address = leaf.is_absent() ? std::nullopt : base::parse_address(leaf.text(arena));
        has_address = has_address || address.has_value();
        return !address || !list->contains(*address);
    };
    return for_each_leaf(value, visit) && (has_address || list->nonip() == NonAddress::outside);
}

bool MatchProgram::State::matches_any(const Value& value, const Value& other, base::Arena& arena) const
{
    if (value.type() == Type::several) {
        for (std::size_t i = 0; i < value.count(); ++i) {
            if (matches_any(value.at(i), other, arena)) {
                return true;
            }
        }
        return false;
    }
    if (value.is_absent()) {
        return false;
    }
    if (value.type() == Type::array && test != Test::overlaps_ports && test != Test::port_width_over) {
        struct Search {
            const State& state;
            const Value& other;
            base::Arena& arena;
            bool found = false;
        } search {*this, other, arena};
        event::json::for_each_element(value.raw(), [&search](Value element) {
            search.found = search.state.matches_any(element, search.other, search.arena);
            return !search.found;
        });
        if (search.found) {
            return true;
        }
    }
    return matches_one(value, other, arena);
}

bool MatchProgram::State::matches_one(const Value& value, const Value& other, base::Arena& arena) const
{
    double number = 0;
    switch (test) {
    case Test::text:
    case Test::contains:
    case Test::starts_with:
    case Test::ends_with: {
        const std::string_view text = compact_text(value, arena);
        return patterns.matches(cut_api_version ? without_api_version(text) : text);
    }
    case Test::regex: {
        const std::string_view text = compact_text(value, arena);
        return std::ranges::any_of(expressions, [text](const base::Regex& regex) { return regex.search(text); });
    }
    case Test::number_equal:
        return to_number(value, arena, number) && std::ranges::find(numbers, number) != numbers.end();
    case Test::less:
    case Test::less_equal:
    case Test::greater:
    case Test::greater_equal:
        return to_number(value, arena, number)
            && is_order(test, number < numbers.front() ? -1 : (number > numbers.front() ? 1 : 0));
    case Test::text_less:
    case Test::text_less_equal:
    case Test::text_greater:
    case Test::text_greater_equal:
        if (value.is_numeric() && !numbers.empty() && value.to_number(number)) {
            return is_order(test, number < numbers.front() ? -1 : (number > numbers.front() ? 1 : 0));
        }
        if (value.type() == Type::time && limit_time) {
            return is_order(test, value.as_time() < *limit_time ? -1 : (value.as_time() > *limit_time ? 1 : 0));
        }
        // A text compares as text, but a value that is a number with what the text reads as (LANGUAGE 1.5).
        if (value.is_numeric() && !numbers.empty() && value.to_number(number)) {
            return is_order(test, number < numbers.front() ? -1 : (number > numbers.front() ? 1 : 0));
        }
        return is_order(test, value.text(arena).compare(limit));
    case Test::cidr: {
        const auto address = value.is_container() ? std::nullopt : base::parse_address(value.text(arena));
        return address && addresses.contains(*address);
    }
    case Test::like_named_list: return list->found_in(compact_text(value, arena));
    case Test::equals_field:
    case Test::contains_field:
    case Test::starts_with_field:
    case Test::ends_with_field: return matches_field(value, other, arena);
    case Test::time_part: {
        const auto time
            = value.type() == Type::time ? std::optional(value.as_time()) : base::parse_time(value.text(arena));
        return time && std::ranges::find(numbers, static_cast<double>(part_of(*time, part))) != numbers.end();
    }
    case Test::overlaps_ports: {
        const auto range = port_range_of(value, arena);
        return range && std::ranges::any_of(ports, [&range](const PortRange& wanted) {
            return range->first <= wanted.last && wanted.first <= range->last;
        });
    }
    case Test::port_width_over: {
        const auto range = port_range_of(value, arena);
        return range && range->last - range->first + 1 > numbers.front();
    }
    case Test::world: {
        const auto range = value.is_container() ? std::nullopt : base::parse_cidr(value.text(arena));
        return range && range->is_world();
    }
    case Test::wider_than: {
        const auto range = value.is_container() ? std::nullopt : base::parse_cidr(value.text(arena));
        if (!range || range->is_world()) {
            return false;
        }
        constexpr unsigned mapped_bits = 96;
        constexpr unsigned widest_v6_site = 32;
        return range->network.is_v4() && range->prefix >= mapped_bits
            ? static_cast<double>(range->prefix - mapped_bits) < numbers.front()
            : range->prefix < widest_v6_site;
    }
    default: return false;
    }
}

bool MatchProgram::State::matches_field(const Value& value, const Value& other, base::Arena& arena) const
{
    if (other.type() == Type::several) {
        for (std::size_t i = 0; i < other.count(); ++i) {
            if (matches_field(value, other.at(i), arena)) {
                return true;
            }
        }
        return false;
    }
    if (other.is_absent()) {
        return false;
    }
    std::string_view text = value.text(arena);
    std::string_view wanted = other.text(arena);
    if (cut_api_version) {
        text = without_api_version(text);
        wanted = without_api_version(wanted);
    }
    if (case_rule == base::CaseRule::sensitive) {
        return compare_texts(test, text, wanted);
    }
    return compare_texts(test, base::fold_case(text), base::fold_case(wanted));
}

base::Result<MatchProgram> MatchProgram::create(const plan::Match& match, const Lists& lists)
{
    ListMatchers matchers(lists);
    return create(match, matchers);
}

base::Result<MatchProgram> MatchProgram::create(const plan::Match& match, ListMatchers& lists)
{
    const bool is_text = match.test == Test::text || match.test == Test::contains || match.test == Test::starts_with
        || match.test == Test::ends_with;
    std::vector<std::string> texts;
    if (is_text) {
        for (const std::string& pattern : match.patterns) {
            texts.emplace_back(match.cut_api_version ? without_api_version(pattern) : pattern);
        }
    }
    MatchProgram program;
    program.state_ = std::make_unique<State>(match, texts);
    State& state = *program.state_;
    if (is_list_test(match.test) || !match.list.empty()) {
        TRY(state.list, lists.find(match.list, match.case_rule));
    }
    switch (match.test) {
    case Test::regex:
        for (const std::string& pattern : match.patterns) {
            TRY(auto regex, base::Regex::create(pattern));
            state.expressions.push_back(std::move(regex));
        }
        break;
    case Test::less:
    case Test::less_equal:
    case Test::greater:
    case Test::greater_equal:
    case Test::port_width_over:
    case Test::wider_than:
        if (match.numbers.empty()) {
            return base::fail("query", "a comparison needs a number");
        }
        break;
    case Test::text_less:
    case Test::text_less_equal:
    case Test::text_greater:
    case Test::text_greater_equal:
        if (match.patterns.empty()) {
            return base::fail("query", "a comparison needs a text");
        }
        state.limit = match.patterns.front();
        state.limit_time = base::parse_time(state.limit);
        break;
    case Test::cidr:
        for (const std::string& pattern : match.patterns) {
            const auto range = base::parse_cidr(pattern);
            if (!range) {
                return base::fail("query", "no range of addresses: " + pattern);
            }
            state.addresses.add(*range);
        }
        state.addresses.finish();
        break;
    case Test::overlaps_ports:
        for (const std::string& pattern : match.patterns) {
            const auto range = parse_port_range(pattern);
            if (!range) {
                return base::fail("query", "no port or range of ports: " + pattern);
            }
            state.ports.push_back(*range);
        }
        for (const double number : match.numbers) {
            state.ports.push_back({number, number});
        }
        if (state.list != nullptr) {
            state.ports.insert(state.ports.end(), state.list->ports().begin(), state.list->ports().end());
        }
        break;
    case Test::time_part: {
        const auto part = time_part_named(match.part);
        if (!part) {
            return base::fail("query", "no part of a time: " + match.part);
        }
        state.part = *part;
        break;
    }
    default: break;
    }
    return program;
}

bool MatchProgram::matches(const Value& value, const Value& other, base::Arena& arena) const
{
    return state_->matches(value, other, arena);
}

MatchProgram::MatchProgram() = default;
MatchProgram::MatchProgram(MatchProgram&&) noexcept = default;
MatchProgram& MatchProgram::operator=(MatchProgram&&) noexcept = default;
MatchProgram::~MatchProgram() = default;

} // namespace trawl::query::local
