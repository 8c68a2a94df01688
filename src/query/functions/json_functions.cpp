#include <array>

#include "event/json.h"
#include "query/functions/function_table.h"
#include "query/functions/number.h"

// Functions over JSON. A text that holds JSON and JSON itself are the same to them.
// As SQL: from_json / JSONExtractRaw / json_parse guarded by a validity test; the size is json_array_length,
// JSONLength or json_array_length; jsonArrayContains an unnest with a comparison of texts.
namespace trawl::query::functions {

using event::Type;
using event::Value;

namespace {

// Gives the object or array that a value is, or that its text holds; missing for everything else.
Value parse_container(const Value& value, base::Arena& arena)
{
    if (value.is_container()) {
        return value;
    }
    if (value.type() != Type::string) {
        return {};
    }
    const std::string_view text = value.text(arena);
    std::size_t at = 0;
    if (text.empty() || event::json::validate(text, at) != nullptr) {
        return {};
    }
    const Value parsed = event::json::parse(text);
    return parsed.is_container() ? parsed : Value();
}

Value json_parse(const Call& call)
{
    return parse_container(call.at(0), call.arena);
}

Value json_stringify(const Call& call)
{
    const Value value = call.at(0);
    if (value.type() == Type::missing) {
        return {};
    }
    std::string json;
    value.append_json(json);
    return Value::string(call.arena.copy(json));
}

Value json_array_size(const Call& call)
{
    const Value array = parse_container(call.at(0), call.arena);
    if (array.type() != Type::array) {
        return {};
    }
    std::int64_t size = 0;
    event::json::for_each_element(array.raw(), [&size](Value) {
        ++size;
        return true;
    });
    return Value::integer(size);
}

bool is_same(const Value& element, const Value& wanted, base::Arena& arena)
{
    if (element.is_absent() || wanted.is_absent() || element.is_container()) {
        return false;
    }
    Number a;
    Number b;
    if ((element.is_numeric() || wanted.is_numeric()) && read_number(element, arena, a)
        && read_number(wanted, arena, b)) {
        return a.real == b.real;
    }
    return element.text(arena) == wanted.text(arena);
}

Value json_array_contains(const Call& call)
{
    const Value array = parse_container(call.at(0), call.arena);
    bool found = false;
    if (array.type() == Type::array) {
        event::json::for_each_element(array.raw(), [&call, &found](Value element) {
            found = is_same(element, call.at(1), call.arena);
            return !found;
        });
    }
    return truth(found);
}

constexpr std::array<Function, 4> table {{
    {"jsonParse", "Opens a text that holds a JSON object or array: jsonParse(f).a; null for everything else.", 1, 1,
        "[\"{\\\"a\\\":[1, 2]}\"]", "{\"a\":[1,2]}", json_parse},
    {"jsonStringify", "Writes a value as JSON text.", 1, 1, "[{\"a\": 1}]", "\"{\\\"a\\\":1}\"", json_stringify},
    {"jsonArraySize", "The number of elements of an array, or of a text that holds one; null for everything else.", 1,
        1, "[\"[1,2,3]\"]", "3", json_array_size},
    {"jsonArrayContains", "1 when an element equals the value (case counts), else 0.", 2, 2, "[[\"a\",\"B\"],\"B\"]",
        "1", json_array_contains},
}};

} // namespace

std::span<const Function> json_functions()
{
    return table;
}

} // namespace trawl::query::functions
