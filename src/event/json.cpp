#include "event/json.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/text.h"
#include "event/json_scan.h"

namespace trawl::event::json {

namespace {

// Reads one value at `at` (no white space before it) and moves behind it. False when there is none.
bool read_value(const char*& at, const char* end, Value& value)
{
    if (at >= end) {
        return false;
    }
    const char* const start = at;
    if (*at == '"') {
        bool escaped = false;
        const char* const close = find_string_end(at + 1, end, escaped);
        if (close >= end) {
            return false;
        }
        const std::string_view inside(start + 1, static_cast<std::size_t>(close - start - 1));
        value = escaped ? Value::escaped_string(inside) : Value::string(inside);
        at = close + 1;
        return true;
    }
    if (*at == '{' || *at == '[') {
        const char* const behind = find_container_end(at, end);
        if (behind == nullptr) {
            return false;
        }
        const std::string_view text(start, static_cast<std::size_t>(behind - start));
        value = *start == '{' ? Value::object(text) : Value::array(text);
        at = behind;
        return true;
    }
    at = find_scalar_end(at, end);
    const std::string_view text(start, static_cast<std::size_t>(at - start));
    if (text == "true" || text == "false") {
        value = Value::boolean(text == "true");
    } else if (text == "null") {
        value = Value::null();
    } else if (!text.empty()) {
        value = Value::number_text(text);
    } else {
        return false;
    }
    return true;
}

bool next_member(const char*& at, const char* end, Value& key, Value& value)
{
    at = skip_space(at, end);
    if (at < end && *at == ',') {
        at = skip_space(at + 1, end);
    }
    if (at >= end || *at != '"' || !read_value(at, end, key)) {
        return false;
    }
    at = skip_space(at, end);
    if (at >= end || *at != ':') {
        return false;
    }
    at = skip_space(at + 1, end);
    return read_value(at, end, value);
}

bool next_element(const char*& at, const char* end, Value& value)
{
    at = skip_space(at, end);
    if (at < end && *at == ',') {
        at = skip_space(at + 1, end);
    }
    return at < end && *at != ']' && read_value(at, end, value);
}

bool read_hex4(const char* at, const char* end, std::uint32_t& value)
{
    if (end - at < 4) {
        return false;
    }
    value = 0;
    for (int i = 0; i < 4; ++i) {
        const char c = at[i];
        std::uint32_t digit = 0;
        if (c >= '0' && c <= '9') {
            digit = static_cast<std::uint32_t>(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            digit = static_cast<std::uint32_t>(c - 'a' + 10);
        } else if (c >= 'A' && c <= 'F') {
            digit = static_cast<std::uint32_t>(c - 'A' + 10);
        } else {
            return false;
        }
        value = value * 16 + digit;
    }
    return true;
}

bool keys_equal(const Value& key, std::string_view wanted)
{
    if (!key.has_escapes()) {
        return key.raw() == wanted;
    }
    std::string unescaped;
    append_unescaped(unescaped, key.raw());
    return unescaped == wanted;
}

// Appends the inside of a JSON string in minimal escapes.
void append_string(std::string& out, const Value& value)
{
    if (!value.has_escapes()) {
        base::append_json_string(out, value.raw());
        return;
    }
    std::string unescaped;
    append_unescaped(unescaped, value.raw());
    base::append_json_string(out, unescaped);
}

} // namespace

Value parse(std::string_view text)
{
    const char* at = skip_space(text.data(), text.data() + text.size());
    Value value;
    if (!read_value(at, text.data() + text.size(), value)) {
        return {};
    }
    return value;
}

Value member(std::string_view object, std::string_view key)
{
    if (object.empty() || object.front() != '{') {
        return {};
    }
    const char* at = object.data() + 1;
    const char* const end = object.data() + object.size();
    Value name;
    Value value;
    while (next_member(at, end, name, value)) {
        if (keys_equal(name, key)) {
            return value;
        }
    }
    return {};
}

Value element(std::string_view array, std::size_t position)
{
    if (array.empty() || array.front() != '[') {
        return {};
    }
    const char* at = array.data() + 1;
    const char* const end = array.data() + array.size();
    Value value;
    for (std::size_t i = 0; next_element(at, end, value); ++i) {
        if (i == position) {
            return value;
        }
    }
    return {};
}

MemberCursor::MemberCursor(std::string_view object) : at_(object.data()), end_(object.data() + object.size())
{
    if (object.empty() || object.front() != '{') {
        at_ = end_;
    } else {
        ++at_;
    }
}

bool MemberCursor::next(Value& key, Value& value)
{
    return next_member(at_, end_, key, value);
}

void for_each_member(std::string_view object, const std::function<bool(Value key, Value value)>& visit)
{
    MemberCursor members(object);
    Value key;
    Value value;
    while (members.next(key, value)) {
        if (!visit(key, value)) {
            return;
        }
    }
}

void for_each_element(std::string_view array, const std::function<bool(Value)>& visit)
{
    if (array.empty() || array.front() != '[') {
        return;
    }
    const char* at = array.data() + 1;
    const char* const end = array.data() + array.size();
    Value value;
    while (next_element(at, end, value)) {
        if (!visit(value)) {
            return;
        }
    }
}

void append_unescaped(std::string& out, std::string_view raw)
{
    const char* at = raw.data();
    const char* const end = at + raw.size();
    while (at < end) {
        const char* const start = at;
        while (at < end && *at != '\\') {
            ++at;
        }
        out.append(start, static_cast<std::size_t>(at - start));
        if (at >= end) {
            return;
        }
        ++at;
        if (at >= end) {
            out.push_back('\\');
            return;
        }
        const char escape = *at++;
        switch (escape) {
        case 'n': out.push_back('\n'); break;
        case 't': out.push_back('\t'); break;
        case 'r': out.push_back('\r'); break;
        case 'b': out.push_back('\b'); break;
        case 'f': out.push_back('\f'); break;
        case 'u': {
            std::uint32_t code_point = 0;
            if (!read_hex4(at, end, code_point)) {
                out += "\\u";
                break;
            }
            at += 4;
            std::uint32_t low = 0;
            if (code_point >= 0xD800 && code_point < 0xDC00 && end - at >= 6 && at[0] == '\\' && at[1] == 'u'
                && read_hex4(at + 2, end, low) && low >= 0xDC00 && low < 0xE000) {
                code_point = 0x10000 + ((code_point - 0xD800) << 10) + (low - 0xDC00);
                at += 6;
            }
            base::append_utf8(out, code_point);
            break;
        }
        default: out.push_back(escape); break;
        }
    }
}

std::string_view unescape(std::string_view raw, base::Arena& arena)
{
    // An escape is never shorter than what it stands for, but a lone surrogate (6 bytes) becomes U+FFFD (3 bytes).
    std::string out;
    out.reserve(raw.size());
    append_unescaped(out, raw);
    return arena.copy(out);
}

void append_compact(std::string& out, std::string_view json)
{
    const char* at = json.data();
    const char* const end = at + json.size();
    // Text as AWS writes it is mostly compact already.
    const auto needs_work = [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) >= 0x7f || c == '\\';
    };
    if (std::none_of(at, end, needs_work)) {
        out += json;
        return;
    }
    while (at < end) {
        const char c = *at;
        if (is_space(c)) {
            ++at;
            continue;
        }
        if (c == '"') {
            bool escaped = false;
            const char* const close = find_string_end(at + 1, end, escaped);
            const std::string_view inside(at + 1, static_cast<std::size_t>(close - at - 1));
            append_string(out, escaped ? Value::escaped_string(inside) : Value::string(inside));
            at = close + 1;
            continue;
        }
        out.push_back(c);
        ++at;
    }
}

namespace {

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// Checks a number by RFC 8259 section 6 and moves behind it.
bool check_number(const char*& at, const char* end)
{
    if (at < end && *at == '-') {
        ++at;
    }
    if (at >= end || !is_digit(*at)) {
        return false;
    }
    if (*at == '0') {
        ++at;
    } else {
        while (at < end && is_digit(*at)) {
            ++at;
        }
    }
    if (at < end && *at == '.') {
        ++at;
        if (at >= end || !is_digit(*at)) {
            return false;
        }
        while (at < end && is_digit(*at)) {
            ++at;
        }
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        ++at;
        if (at < end && (*at == '+' || *at == '-')) {
            ++at;
        }
        if (at >= end || !is_digit(*at)) {
            return false;
        }
        while (at < end && is_digit(*at)) {
            ++at;
        }
    }
    return true;
}

bool check_literal(const char*& at, const char* end, std::string_view word)
{
    if (static_cast<std::size_t>(end - at) < word.size() || std::string_view(at, word.size()) != word) {
        return false;
    }
    at += word.size();
    return true;
}

// Moves behind a string and checks its escapes; `at` is at the opening quote.
const char* check_string(const char*& at, const char* end)
{
    bool escaped = false;
    const char* const close = find_string_end(at + 1, end, escaped);
    if (close >= end) {
        return "a string does not end";
    }
    if (escaped) {
        for (const char* c = at + 1; c < close; ++c) {
            if (*c != '\\') {
                continue;
            }
            ++c;
            std::uint32_t ignored = 0;
            const bool known = std::string_view("\"\\/bfnrt").find(*c) != std::string_view::npos;
            if (!known && (*c != 'u' || !read_hex4(c + 1, close, ignored))) {
                at = c - 1;
                return "an escape in a string is not one of JSON's";
            }
        }
    }
    at = close + 1;
    return nullptr;
}

} // namespace

const char* validate(std::string_view text, std::size_t& at_byte)
{
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    const char* at = skip_space(begin, end);
    std::array<char, max_depth> closers {};
    std::size_t depth = 0;
    const auto fail = [&](const char* reason) {
        at_byte = static_cast<std::size_t>(at - begin);
        return reason;
    };
    bool value_due = true;
    bool key_due = false;
    bool may_close = false;
    while (true) {
        at = skip_space(at, end);
        if (at >= end) {
            return fail(depth == 0 && !value_due ? nullptr : "the text ends inside a value");
        }
        if (depth == 0 && !value_due) {
            return fail("there is more text behind the value");
        }
        const char c = *at;
        if (may_close && depth > 0 && c == closers[depth - 1]) {
            --depth;
            ++at;
            value_due = key_due = false;
            may_close = depth > 0;
            if (depth == 0) {
                continue;
            }
            continue;
        }
        if (key_due) {
            if (c != '"') {
                return fail("a member's name was due");
            }
            if (const char* const reason = check_string(at, end)) {
                return fail(reason);
            }
            at = skip_space(at, end);
            if (at >= end || *at != ':') {
                return fail("a colon was due");
            }
            ++at;
            key_due = false;
            may_close = false;
            value_due = true;
            continue;
        }
        if (!value_due) {
            if (c != ',') {
                return fail("a comma or a closing bracket was due");
            }
            ++at;
            may_close = false;
            key_due = closers[depth - 1] == '}';
            value_due = !key_due;
            continue;
        }
        if (c == '{' || c == '[') {
            if (depth == closers.size()) {
                return fail("brackets are nested more than 1000 deep");
            }
            closers[depth++] = c == '{' ? '}' : ']';
            ++at;
            key_due = c == '{';
            value_due = !key_due;
            may_close = true;
            continue;
        }
        if (c == '"') {
            if (const char* const reason = check_string(at, end)) {
                return fail(reason);
            }
        } else if (c == '-' || is_digit(c)) {
            if (!check_number(at, end)) {
                return fail("a number is not one of JSON's");
            }
        } else if (!check_literal(at, end, "true") && !check_literal(at, end, "false")
            && !check_literal(at, end, "null")) {
            return fail("a value was due");
        }
        value_due = false;
        may_close = depth > 0;
    }
}

} // namespace trawl::event::json
