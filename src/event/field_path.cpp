#include "event/field_path.h"

#include "base/text.h"
#include "event/json.h"

namespace trawl::event {

namespace {

bool is_position(std::string_view part, std::size_t& position)
{
    std::int64_t value = 0;
    if (part.empty() || part.front() == '-' || !base::parse_integer(part, value)) {
        return false;
    }
    position = static_cast<std::size_t>(value);
    return true;
}

Value gather(const std::vector<Value>& found, base::Arena& arena)
{
    if (found.empty()) {
        return {};
    }
    if (found.size() == 1) {
        return found.front();
    }
    auto* const values = new (arena.allocate(found.size() * sizeof(Value))) Value[found.size()];
    for (std::size_t i = 0; i < found.size(); ++i) {
        values[i] = found[i];
    }
    return Value::several(values, found.size());
}

// Follows one path through every element that it may enter.
void collect(
    Value value, const std::vector<std::string>& parts, std::size_t from, std::vector<Value>& found, base::Arena& arena)
{
    for (std::size_t at = from; at < parts.size(); ++at) {
        if (value.type() == Type::object) {
            // A key that holds dots itself wins over nesting.
            Value next;
            std::string joined = parts[at];
            std::size_t used = at;
            next = json::member(value.raw(), joined);
            for (std::size_t end = at + 1; next.type() == Type::missing && end < parts.size(); ++end) {
                joined += '.';
                joined += parts[end];
                next = json::member(value.raw(), joined);
                used = end;
            }
            if (next.type() == Type::missing) {
                for (const std::string_view wrapper : {"items", "member"}) {
                    const Value inside = json::member(value.raw(), wrapper);
                    if (inside.type() == Type::array || inside.type() == Type::object) {
                        collect(inside, parts, at, found, arena);
                        return;
                    }
                }
                return;
            }
            value = next;
            at = used;
            continue;
        }
        if (value.type() == Type::array) {
            std::size_t position = 0;
            if (is_position(parts[at], position)) {
                value = json::element(value.raw(), position);
                continue;
            }
            json::for_each_element(value.raw(), [&](Value element) {
                collect(element, parts, at, found, arena);
                return true;
            });
            return;
        }
        return;
    }
    if (value.type() != Type::missing) {
        found.push_back(value);
    }
}

} // namespace

FieldPath FieldPath::parse(std::string_view dotted)
{
    FieldPath path;
    path.text = std::string(dotted);
    for (const std::string_view part : base::split(dotted, '.')) {
        path.parts.emplace_back(part);
    }
    return path;
}

FieldPath FieldPath::of(std::vector<std::string> parts)
{
    FieldPath path;
    path.parts = std::move(parts);
    for (const std::string& part : path.parts) {
        if (!path.text.empty()) {
            path.text += '.';
        }
        path.text += part;
    }
    return path;
}

Value follow(Value value, const std::vector<std::string>& parts, std::size_t from, Reach reach, base::Arena& arena)
{
    if (reach == Reach::any_element) {
        // The common case, a chain of objects, needs no list.
        std::size_t at = from;
        while (at < parts.size() && value.type() == Type::object) {
            const Value next = json::member(value.raw(), parts[at]);
            if (next.type() == Type::missing) {
                break;
            }
            value = next;
            ++at;
        }
        if (at == parts.size()) {
            return value;
        }
        if (!value.is_container()) {
            return {};
        }
        std::vector<Value> found;
        collect(value, parts, at, found, arena);
        return gather(found, arena);
    }
    for (std::size_t at = from; at < parts.size(); ++at) {
        if (value.type() == Type::object) {
            std::string joined = parts[at];
            Value next = json::member(value.raw(), joined);
            for (std::size_t end = at + 1; next.type() == Type::missing && end < parts.size(); ++end) {
                joined += '.';
                joined += parts[end];
                next = json::member(value.raw(), joined);
                if (next.type() != Type::missing) {
                    at = end;
                }
            }
            value = next;
        } else if (value.type() == Type::array) {
            std::size_t position = 0;
            if (!is_position(parts[at], position)) {
                return {};
            }
            value = json::element(value.raw(), position);
        } else {
            return {};
        }
        if (value.type() == Type::missing) {
            return {};
        }
    }
    return value;
}

} // namespace trawl::event
