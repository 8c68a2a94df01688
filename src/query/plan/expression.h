#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/glob.h"
#include "event/field_path.h"

namespace trawl::query::plan {

enum class ExpressionKind : std::uint8_t {
    literal,     // `literal`
    field,       // `path`, `reach`
    negation,    // operands[0]; two-valued: not (missing comparison) is true
    conjunction, // all operands
    disjunction, // any operand
    comparison,  // operands[0] `comparison` operands[1] (Logs Insights semantics, LANGUAGE 1.5)
    in_list,     // operands[0] in operands[1..] (Logs Insights semantics)
    like,        // operands[0] like operands[1]: substring, case-sensitive; operands[1] any expression
    regex,       // operands[0] =~ /`text`/
    arithmetic,  // operands[0] `arithmetic` operands[1]
    minus,       // - operands[0]
    call,        // `text`(operands…), the name in its canonical spelling
    member,      // postfix access: operands[0] . `text`  or [position]
    match,       // `match` on field `path`: the leaf of `search` and of Sigma
    element,     // one element of the array in `path` meets operands[0], whose fields are relative to the element
    keyword,     // the record's text contains match.patterns[i] (search's bare words, Sigma's keywords)
    list_match,  // operands[0] equals / is in / is like the list `match.list` (filter's `f in $L`, `f like $L`)
    constant,    // `literal.boolean`: always true or always false
};

enum class Comparison : std::uint8_t { equal, not_equal, less, less_equal, greater, greater_equal };
enum class Arithmetic : std::uint8_t { add, subtract, multiply, divide, remainder, power };

struct Literal {
    enum class Type : std::uint8_t { null, boolean, number, string, duration };
    Type type = Type::null;
    bool boolean = false;
    double number = 0;
    std::string text; // As written: the string's content, the number's or duration's digits and unit.
};

// The test of a match leaf. Every test is false on a field without value, unless it says otherwise. Any element of an
// array (any value of Type::several) suffices; on an object, and on an array besides its elements, text tests see the
// compact JSON text.
enum class Test : std::uint8_t {
    text,          // whole value matches a pattern (wildcards as `wildcards` says)
    contains,      // a pattern is found in the text
    starts_with,
    ends_with,
    regex,         // RE2 search; patterns are expressions
    number_equal,  // numerically equal to `numbers[i]`
    less,
    less_equal,
    greater,
    greater_equal, // than numbers[0]; numeric text is read, other values are false
    text_less,
    text_less_equal,
    text_greater,
    text_greater_equal, // than patterns[0] as text by code point;
                   // a value that is a number itself: than numbers[0] where there is one
    cidr,          // an address within a range of patterns
    in_named_list, // whole value matches an entry of `list`, by the list's own type
    like_named_list, // an entry of `list` is found in the text (address lists: as in_named_list)
    outside_named_list, // has a value and no entry matches; non-addresses as the list's `nonip` says
    has_value,     // present and not null ("" counts)
    exists,        // present, be it null (Sigma's exists: true)
    absent,        // missing or null
    empty,         // missing, null or "" (search's f="")
    empty_text,    // present and "" (Sigma's '')
    equals_field,
    contains_field,
    starts_with_field,
    ends_with_field, // compared with the field `other`
    time_part,     // the part `part` of a time equals numbers[i], UTC
    overlaps_ports, // [from,to] (or one number) meets a port or range of patterns, or of the list `list`
    port_width_over, // to - from + 1 > numbers[0]
    world,         // an address range that is the whole internet
    wider_than,    // an IPv4 prefix shorter than /numbers[0] (IPv6: than /32) that is not world
};

struct Match {
    Test test = Test::text;
    std::vector<std::string> patterns;  // Any of them suffices ("all" is a conjunction of leaves).
    std::vector<double> numbers;
    base::Wildcards wildcards = base::Wildcards::glob;
    base::CaseRule case_rule = base::CaseRule::insensitive;
    bool cut_api_version = false;       // Sigma's |api of ours: cut `20150331v2`, `2020_05_31` from both sides first.
    std::string list;                   // Name of the list, for the list tests.
    event::FieldPath other;             // For the field tests.
    std::string part;                   // minute hour day week month year, for time_part.
};

// A typed expression of a query or a rule. A value: no pointers into an engine, so that it can be executed locally or
// written as SQL.
struct Expression {
    ExpressionKind kind = ExpressionKind::constant;
    base::Span span;                    // In the text it was read from.
    Literal literal;
    event::FieldPath path;
    event::Reach reach = event::Reach::exact;
    Comparison comparison = Comparison::equal;
    Arithmetic arithmetic = Arithmetic::add;
    std::string text;
    std::int64_t position = -1;         // For member by position.
    Match match;
    std::vector<Expression> operands;
};

} // namespace trawl::query::plan
