#include <array>

#include "query/functions/function_table.h"
#include "query/functions/number.h"

// Functions over values of any type. JSON null is missing.
// As SQL: coalesce, case and if are CASE expressions with every condition wrapped in coalesce(p, false); ispresent is
// IS NOT NULL of the text at the path; isNumeric one regular expression; messageSize the octet length of the record.
namespace trawl::query::functions {

using event::Value;

namespace {

Value is_present(const Call& call)
{
    return truth(!call.at(0).is_absent());
}

Value coalesce(const Call& call)
{
    for (const Value& value : call.arguments) {
        if (!value.is_absent()) {
            return value;
        }
    }
    return {};
}

Value choose(const Call& call)
{
    std::size_t i = 0;
    for (; i + 1 < call.arguments.size(); i += 2) {
        if (is_true(call.at(i), call.arena)) {
            return call.at(i + 1);
        }
    }
    return call.at(i);
}

Value choose_of_two(const Call& call)
{
    return is_true(call.at(0), call.arena) ? call.at(1) : call.at(2);
}

Value is_numeric(const Call& call)
{
    Number number;
    return truth(read_number(call.at(0), call.arena, number));
}

Value message_size(const Call& call)
{
    const Value value = call.at(0);
    return value.is_absent() ? Value() : Value::integer(static_cast<std::int64_t>(value.text(call.arena).size()));
}

constexpr std::array<Function, 6> table {{
    {"ispresent", "1 when the field has a value (an empty text is one), else 0.", 1, 1, "[\"\"]", "1", is_present},
    {"coalesce", "The first argument that has a value.", 1, 64, "[null,2,3]", "2", coalesce},
    {"case", "The value behind the first condition that is true, else the last argument when it stands alone.", 2, 21,
        "[0,\"a\",1,\"b\",\"c\"]", "\"b\"", choose},
    {"if", "The second argument when the first is true, else the third.", 2, 3, "[false,1,2]", "2", choose_of_two},
    {"isNumeric", "1 for a number or a text that is one, else 0.", 1, 1, "[\"1e3\"]", "1", is_numeric},
    {"messageSize", "The size in bytes of @message, or of the given value.", 0, 1, "[\"abc\"]", "3", message_size,
        nullptr, "@message"},
}};

} // namespace

std::span<const Function> general_functions()
{
    return table;
}

} // namespace trawl::query::functions
