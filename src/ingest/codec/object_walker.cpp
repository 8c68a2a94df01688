#include "ingest/codec/object_walker.h"

#include <cstring>

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

#include "base/hash.h"
#include "event/json.h"
#include "event/json_scan.h"

namespace trawl::ingest {

using event::json::find_container_end;
using event::json::find_scalar_end;
using event::json::find_string_end;
using event::json::skip_space;
using event::Value;

namespace {

// Whether the bytes at `at` are the name's text, closing quote and colon. 32 bytes are readable at `at`.
bool starts_alike(const char* at, const char* start, std::uint32_t mask)
{
#if defined(__x86_64__)
    const __m128i low = _mm_cmpeq_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)),
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(start)));
    const __m128i high = _mm_cmpeq_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at + 16)),
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(start + 16)));
    const std::uint32_t equal = static_cast<std::uint32_t>(_mm_movemask_epi8(low))
        | static_cast<std::uint32_t>(_mm_movemask_epi8(high)) << 16;
    return (equal & mask) == mask;
#else
    for (int i = 0; i < 32; ++i) {
        if ((mask >> i & 1) != 0 && at[i] != start[i]) {
            return false;
        }
    }
    return true;
#endif
}

bool is_number_text(const char* begin, const char* end)
{
    if (begin == end) {
        return false;
    }
    for (const char* at = begin; at < end; ++at) {
        const char c = *at;
        if (!((c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E')) {
            return false;
        }
    }
    const char first = *begin;
    return first == '-' || (first >= '0' && first <= '9');
}

// Moves from behind a member to the next name, or to the `}` at the object's end; nullptr where neither is.
inline const char* skip_separator(const char* at, const char* end)
{
    if (at < end && *at != ',' && *at != '}') {
        at = skip_space(at, end);
    }
    if (at >= end) {
        return nullptr;
    }
    if (*at == '}') {
        return at;
    }
    if (*at != ',') {
        return nullptr;
    }
    ++at;
    if (at < end && *at != '"') {
        at = skip_space(at, end);
        // What follows a comma is a name.
        return at < end && *at == '"' ? at : nullptr;
    }
    return at;
}

} // namespace

ObjectWalker::ObjectWalker(const std::vector<std::string>& names) : table_(2 * max_names, nothing)
{
    names_.reserve(max_names);
    for (std::size_t i = 0; i < names.size(); ++i) {
        add(names[i], static_cast<std::int32_t>(i));
    }
}

std::uint32_t ObjectWalker::add(std::string_view key, std::int32_t slot)
{
    Name name;
    name.text = std::string(key);
    name.length = static_cast<std::uint32_t>(key.size());
    name.slot = slot;
    const std::string whole = name.text + "\":";
    const std::size_t compared = whole.size() < 32 ? whole.size() : 32;
    std::memcpy(name.start, whole.data(), compared);
    name.mask = compared == 32 ? 0xffffffffU : (std::uint32_t {1} << compared) - 1;
    std::size_t at = base::hash64(key) % table_.size();
    while (table_[at] != nothing) {
        at = (at + 1) % table_.size();
    }
    const auto id = static_cast<std::uint32_t>(names_.size());
    table_[at] = id;
    names_.push_back(std::move(name));
    return id;
}

// Finds the name, learning it when it is new and there is room. Returns `nothing` for a name that is not kept.
std::uint32_t ObjectWalker::find(std::string_view key)
{
    std::size_t at = base::hash64(key) % table_.size();
    while (table_[at] != nothing) {
        if (names_[table_[at]].text == key) {
            return table_[at];
        }
        at = (at + 1) % table_.size();
    }
    // Names that are met again come from the table: a new one tells once.
    saw_dotted_names_ = saw_dotted_names_ || key.find('.') != std::string_view::npos;
    return names_.size() < max_names ? add(key, -1) : nothing;
}

const char* ObjectWalker::walk(const char* begin, const char* end, Value* slots, std::vector<Member>* members)
{
    Position position {begin, nullptr};
    return run<false>(-1, position, end, slots, members) == Stop::at_end ? position.at : nullptr;
}

ObjectWalker::Stop ObjectWalker::walk_to(std::int32_t wanted, Position& position, const char* end, Value* slots)
{
    return run<true>(wanted, position, end, slots, nullptr);
}

template <bool stops>
ObjectWalker::Stop ObjectWalker::run(
    std::int32_t wanted, Position& position, const char* end, Value* slots, std::vector<Member>* members)
{
    const char* at = position.at;
    std::uint32_t* expected = position.expected;
    if (expected == nullptr) {
        expected = &first_;
        at = skip_space(at + 1, end);
        if (at < end && *at == '}') {
            position.at = at + 1;
            return Stop::at_end;
        }
    } else {
        at = skip_separator(at, end);
        if (at == nullptr) {
            return Stop::broken;
        }
        if (*at == '}') {
            position.at = at + 1;
            return Stop::at_end;
        }
    }
    while (true) {
        if (at >= end || *at != '"') {
            return Stop::broken;
        }
        ++at;
        std::uint32_t id = *expected;
        std::string_view key;
        bool key_escaped = false;
        if (id != nothing && end - at >= 64 && names_[id].length <= 30
            && starts_alike(at, names_[id].start, names_[id].mask)) {
            key = {at, names_[id].length};
            at += names_[id].length + 2;
        } else {
            const char* const close = find_string_end(at, end, key_escaped);
            if (close >= end) {
                return Stop::broken;
            }
            key = {at, static_cast<std::size_t>(close - at)};
            at = skip_space(close + 1, end);
            if (at >= end || *at != ':') {
                return Stop::broken;
            }
            ++at;
            if (key_escaped) {
                std::string unescaped;
                event::json::append_unescaped(unescaped, key);
                id = find(unescaped);
            } else {
                id = find(key);
            }
            *expected = id;
        }
        if (at < end && *at == ' ') {
            at = skip_space(at, end);
        }
        if (at >= end) {
            return Stop::broken;
        }

        Value value;
        const char* const start = at;
        switch (*at) {
        case '"': {
            bool escaped = false;
            const char* const close = find_string_end(at + 1, end, escaped);
            if (close >= end) {
                return Stop::broken;
            }
            const std::string_view inside(start + 1, static_cast<std::size_t>(close - start - 1));
            value = escaped ? Value::escaped_string(inside) : Value::string(inside);
            at = close + 1;
            break;
        }
        case '{':
        case '[': {
            at = find_container_end(at, end);
            if (at == nullptr) {
                return Stop::broken;
            }
            const std::string_view text(start, static_cast<std::size_t>(at - start));
            value = *start == '{' ? Value::object(text) : Value::array(text);
            break;
        }
        case '\n':
        case '\r':
        case '\t':
            at = skip_space(at, end);
            if (at >= end) {
                return Stop::broken;
            }
            // White space before a value is rare: read it the general way.
            value = event::json::parse({at, static_cast<std::size_t>(end - at)});
            if (value.type() == event::Type::missing) {
                return Stop::broken;
            }
            if (value.type() == event::Type::string) {
                at = value.raw().data() + value.raw().size() + 1;
            } else if (value.is_container()) {
                at = value.raw().data() + value.raw().size();
            } else {
                at = find_scalar_end(at, end);
            }
            break;
        default: {
            at = find_scalar_end(at, end);
            const std::string_view text(start, static_cast<std::size_t>(at - start));
            if (text == "true" || text == "false") {
                value = Value::boolean(text == "true");
            } else if (text == "null") {
                value = Value::null();
            } else if (is_number_text(start, at)) {
                value = Value::number_text(text);
            } else {
                return Stop::broken;
            }
            break;
        }
        }
        if (id != nothing) {
            const std::int32_t slot = names_[id].slot;
            if (slot >= 0 && slots[slot].type() == event::Type::missing) {
                slots[slot] = value;
            }
            expected = &names_[id].next;
        } else {
            expected = &first_;
        }
        if constexpr (stops) {
            if (id != nothing && names_[id].slot == wanted) {
                position = {at, expected};
                return Stop::at_wanted;
            }
        }
        if (members != nullptr) {
            members->push_back({key_escaped ? Value::escaped_string(key) : Value::string(key), value});
        }

        at = skip_separator(at, end);
        if (at == nullptr) {
            return Stop::broken;
        }
        if (*at == '}') {
            position.at = at + 1;
            return Stop::at_end;
        }
    }
}

} // namespace trawl::ingest
