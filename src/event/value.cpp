#include "event/value.h"

#include <charconv>

#include "base/text.h"
#include "event/json.h"

namespace trawl::event {

namespace {

std::string_view in_arena(base::Arena& arena, const std::string& text)
{
    return arena.copy(text);
}

// The compact form equals the raw text unless there is white space outside strings or an escape inside one.
bool may_differ_from_compact(std::string_view json)
{
    for (const char c : json) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= ' ' || byte == '\\' || byte >= 0x80) {
            return true;
        }
    }
    return false;
}

} // namespace

std::string_view Value::text(base::Arena& arena) const
{
    switch (type_) {
    case Type::missing:
    case Type::null: return {};
    case Type::boolean: return as_boolean() ? "true" : "false";
    case Type::number: return raw();
    case Type::integer: {
        char* const start = arena.allocate(24);
        const auto result = std::to_chars(start, start + 24, integer_);
        return {start, static_cast<std::size_t>(result.ptr - start)};
    }
    case Type::real: {
        std::string out;
        base::append_number(out, real_);
        return in_arena(arena, out);
    }
    case Type::string: return escaped_ ? json::unescape(raw(), arena) : raw();
    case Type::time: {
        std::string out;
        base::append_time(out, as_time());
        return in_arena(arena, out);
    }
    case Type::object:
    case Type::array: {
        if (!may_differ_from_compact(raw())) {
            return raw();
        }
        std::string out;
        json::append_compact(out, raw());
        return in_arena(arena, out);
    }
    case Type::several: {
        std::string out;
        append_json(out);
        return in_arena(arena, out);
    }
    }
    return {};
}

void Value::append_json(std::string& out) const
{
    switch (type_) {
    case Type::missing:
    case Type::null: out += "null"; return;
    case Type::boolean: out += as_boolean() ? "true" : "false"; return;
    case Type::number: {
        // Text logs may write what JSON does not take as a number ("007", "1.").
        std::size_t at = 0;
        if (json::validate(raw(), at) == nullptr) {
            out += raw();
        } else {
            base::append_json_string(out, raw());
        }
        return;
    }
    case Type::integer: {
        char digits[24];
        const auto result = std::to_chars(digits, digits + sizeof digits, integer_);
        out.append(digits, result.ptr);
        return;
    }
    case Type::real: base::append_number(out, real_); return;
    case Type::string:
        if (escaped_) {
            std::string unescaped;
            json::append_unescaped(unescaped, raw());
            base::append_json_string(out, unescaped);
        } else {
            base::append_json_string(out, raw());
        }
        return;
    case Type::time:
        out.push_back('"');
        base::append_time(out, as_time());
        out.push_back('"');
        return;
    case Type::object:
    case Type::array: json::append_compact(out, raw()); return;
    case Type::several:
        out.push_back('[');
        for (std::size_t i = 0; i < count(); ++i) {
            if (i > 0) {
                out.push_back(',');
            }
            at(i).append_json(out);
        }
        out.push_back(']');
        return;
    }
}

bool Value::to_number(double& number) const
{
    switch (type_) {
    case Type::number: return base::parse_number(raw(), number);
    case Type::string: return !escaped_ && base::parse_number(raw(), number);
    case Type::integer: number = static_cast<double>(integer_); return true;
    case Type::real: number = real_; return true;
    default: return false;
    }
}

Value Value::copy(base::Arena& arena) const
{
    Value made = *this;
    if (type_ == Type::number || type_ == Type::string || is_container()) {
        made.text_ = arena.copy(raw()).data();
    } else if (type_ == Type::several) {
        auto* const values = new (arena.allocate(count() * sizeof(Value))) Value[count()];
        for (std::size_t i = 0; i < count(); ++i) {
            values[i] = at(i).copy(arena);
        }
        made.values_ = values;
    }
    return made;
}

} // namespace trawl::event
