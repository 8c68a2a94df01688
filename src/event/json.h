#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "event/value.h"

// Reading JSON (RFC 8259) text that is already known to be well formed in structure, without a tree: values are views.
// On malformed text the functions stop early and give missing values; they never read outside the text.
// Duplicate keys: the first counts.
namespace trawl::event::json {

constexpr int max_depth = 1000;

// Reads the value at the beginning of `text` (leading white space allowed).
Value parse(std::string_view text);

// The member `key` (unescaped) of an object's raw text, or missing.
Value member(std::string_view object, std::string_view key);
// The element at `position` from zero of an array's raw text, or missing.
Value element(std::string_view array, std::size_t position);

// Goes through the members of an object's raw text in order.
class MemberCursor {
public:
    explicit MemberCursor(std::string_view object);
    bool next(Value& key, Value& value);

private:
    const char* at_;
    const char* end_;
};

// Visit members or elements in order; the visitor returns false to stop.
void for_each_member(std::string_view object, const std::function<bool(Value key, Value value)>& visit);
void for_each_element(std::string_view array, const std::function<bool(Value)>& visit);

// Unescapes the inside of a JSON string; lone surrogates and invalid UTF-8 become U+FFFD.
void append_unescaped(std::string& out, std::string_view raw);
std::string_view unescape(std::string_view raw, base::Arena& arena);

// Appends the compact form: no white space outside strings, minimal escapes, numbers as written, valid UTF-8.
void append_compact(std::string& out, std::string_view json);

// Validates one whole JSON value strictly (RFC 8259, depth at most max_depth; invalid UTF-8 and lone surrogates pass,
// they are replaced on output). Returns nullptr when valid, else what is wrong, with its byte offset in `at`.
const char* validate(std::string_view text, std::size_t& at);

} // namespace trawl::event::json
