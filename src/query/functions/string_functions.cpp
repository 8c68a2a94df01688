#include <array>
#include <charconv>
#include <cmath>

#include "base/base64.h"
#include "base/regex.h"
#include "base/text.h"
#include "query/functions/encoding.h"
#include "query/functions/function_table.h"
#include "query/functions/number.h"
#include "query/functions/utf8.h"

// Functions over texts; numbers count as their text. Absent values, objects and arrays give null, unless said.
// As SQL: same names in most dialects; strlen counts code points (length / lengthUTF8 / length), substr begins at 0
// (add 1), trim with a set of characters is trim(both … from …) or a regular expression, strcontains is position > 0,
// isempty is coalesce(x, '') = '', split gives a JSON array of split_part's pieces.
namespace trawl::query::functions {

using event::Type;
using event::Value;

namespace {

Value text_value(const Call& call, std::string_view text)
{
    return Value::string(call.arena.copy(text));
}

// Applies a function to the first argument's text.
Value map(const Call& call, std::string (*function)(std::string_view))
{
    std::string_view text;
    return read_text(call.at(0), call.arena, text) ? text_value(call, function(text)) : Value();
}

Value map_if_valid(const Call& call, std::optional<std::string> (*function)(std::string_view))
{
    std::string_view text;
    if (!read_text(call.at(0), call.arena, text)) {
        return {};
    }
    const auto result = function(text);
    return result ? text_value(call, *result) : Value();
}

Value is_empty(const Call& call)
{
    const Value value = call.at(0);
    return truth(value.is_absent() || (value.type() == Type::string && value.raw().empty()));
}

Value is_blank(const Call& call)
{
    const Value value = call.at(0);
    return truth(value.is_absent() || (value.type() == Type::string && base::trim(value.text(call.arena)).empty()));
}

Value concat(const Call& call)
{
    std::string joined;
    for (const Value& value : call.arguments) {
        std::string_view text;
        if (read_text(value, call.arena, text)) {
            joined += text;
        }
    }
    return text_value(call, joined);
}

enum class Side : std::uint8_t { left = 1, right = 2, both = 3 };

bool is_in_set(std::string_view code_point, std::string_view set)
{
    for (std::size_t at = 0; at < set.size();) {
        const std::size_t size = code_point_size(set.substr(at));
        if (set.substr(at, size) == code_point) {
            return true;
        }
        at += size;
    }
    return false;
}

Value trim_side(const Call& call, Side side)
{
    std::string_view text;
    std::string_view set = " \t\n\r\f\v";
    if (!read_text(call.at(0), call.arena, text)
        || (call.arguments.size() > 1 && !read_text(call.at(1), call.arena, set))) {
        return {};
    }
    const auto trims
        = [side](Side wanted) { return (static_cast<unsigned>(side) & static_cast<unsigned>(wanted)) != 0; };
    while (trims(Side::left) && !text.empty()) {
        const std::size_t size = code_point_size(text);
        if (!is_in_set(text.substr(0, size), set)) {
            break;
        }
        text.remove_prefix(size);
    }
    while (trims(Side::right) && !text.empty()) {
        std::size_t start = text.size() - 1;
        while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) {
            --start;
        }
        if (!is_in_set(text.substr(start), set)) {
            break;
        }
        text.remove_suffix(text.size() - start);
    }
    return Value::string(text);
}

Value trim_left(const Call& call)
{
    return trim_side(call, Side::left);
}

Value trim_right(const Call& call)
{
    return trim_side(call, Side::right);
}

Value trim_both(const Call& call)
{
    return trim_side(call, Side::both);
}

Value length(const Call& call)
{
    std::string_view text;
    return read_text(call.at(0), call.arena, text) ? Value::integer(static_cast<std::int64_t>(count_code_points(text)))
                                                   : Value();
}

Value upper(const Call& call)
{
    return map(call, to_upper);
}

Value lower(const Call& call)
{
    return map(call, to_lower);
}

// Reads a count or a position; negative ones are 0.
bool read_size(const Value& value, base::Arena& arena, std::size_t& size)
{
    Number number;
    if (!read_number(value, arena, number)) {
        return false;
    }
    constexpr double most = 4e9;
    size = number.real < 0 ? 0 : static_cast<std::size_t>(std::min(number.real, most));
    return true;
}

Value substring(const Call& call)
{
    std::string_view text;
    std::size_t start = 0;
    std::size_t count = std::string_view::npos;
    if (!read_text(call.at(0), call.arena, text) || !read_size(call.at(1), call.arena, start)
        || (call.arguments.size() > 2 && !read_size(call.at(2), call.arena, count))) {
        return {};
    }
    text.remove_prefix(byte_of_code_point(text, start));
    return Value::string(text.substr(0, byte_of_code_point(text, count)));
}

Value replace_all(const Call& call)
{
    std::string_view text;
    std::string_view wanted;
    std::string_view replacement;
    if (!read_text(call.at(0), call.arena, text) || !read_text(call.at(1), call.arena, wanted)
        || !read_text(call.at(2), call.arena, replacement)) {
        return {};
    }
    if (wanted.empty()) {
        return Value::string(text);
    }
    std::string out;
    for (std::size_t at = text.find(wanted); at != std::string_view::npos; at = text.find(wanted)) {
        out += text.substr(0, at);
        out += replacement;
        text.remove_prefix(at + wanted.size());
    }
    out += text;
    return text_value(call, out);
}

Value replace_matches(const Call& call, const base::Regex& regex)
{
    std::string_view text;
    std::string_view replacement;
    if (!read_text(call.at(0), call.arena, text) || !read_text(call.at(2), call.arena, replacement)) {
        return {};
    }
    return text_value(call, regex.replace_all(text, replacement));
}

// The expression of regexReplace, compiled once.
class Replacing final : public Bound {
public:
    explicit Replacing(base::Regex regex) : regex_(std::move(regex)) {}
    Value call(const Call& call) const override { return replace_matches(call, regex_); }

private:
    base::Regex regex_;
};

base::Result<std::unique_ptr<Bound>> bind_regex(std::span<const std::optional<std::string>> constants)
{
    if (constants.size() < 2 || !constants[1]) {
        return std::unique_ptr<Bound>();
    }
    TRY(auto regex, base::Regex::create(*constants[1]));
    return std::unique_ptr<Bound>(std::make_unique<Replacing>(std::move(regex)));
}

Value regex_replace(const Call& call)
{
    std::string_view pattern;
    if (!read_text(call.at(1), call.arena, pattern)) {
        return {};
    }
    const auto regex = base::Regex::create(pattern);
    return regex ? replace_matches(call, *regex) : Value();
}

Value contains(const Call& call)
{
    std::string_view text;
    std::string_view wanted;
    if (!read_text(call.at(0), call.arena, text) || !read_text(call.at(1), call.arena, wanted)) {
        return truth(false);
    }
    if (call.arguments.size() > 2 && is_true(call.at(2), call.arena)) {
        return truth(base::fold_case(text).find(base::fold_case(wanted)) != std::string::npos);
    }
    return truth(text.find(wanted) != std::string_view::npos);
}

Value starts_with(const Call& call)
{
    std::string_view text;
    std::string_view wanted;
    return truth(read_text(call.at(0), call.arena, text) && read_text(call.at(1), call.arena, wanted)
        && text.starts_with(wanted));
}

Value ends_with(const Call& call)
{
    std::string_view text;
    std::string_view wanted;
    return truth(
        read_text(call.at(0), call.arena, text) && read_text(call.at(1), call.arena, wanted) && text.ends_with(wanted));
}

Value url_encode(const Call& call)
{
    return map(call, encode_url);
}

Value url_decode(const Call& call)
{
    return map(call, decode_url);
}

Value base64_encode(const Call& call)
{
    return map(call, base::encode_base64);
}

Value base64_decode(const Call& call)
{
    return map_if_valid(call, base::decode_base64);
}

Value hex_to_ascii(const Call& call)
{
    return map_if_valid(call, decode_hex);
}

Value split_text(const Call& call)
{
    std::string_view text;
    std::string_view separator;
    if (!read_text(call.at(0), call.arena, text) || !read_text(call.at(1), call.arena, separator)) {
        return {};
    }
    std::string json = "[";
    while (true) {
        const std::size_t at = separator.empty() ? std::string_view::npos : text.find(separator);
        base::append_json_string(json, text.substr(0, at));
        if (at == std::string_view::npos) {
            break;
        }
        json.push_back(',');
        text.remove_prefix(at + separator.size());
    }
    json.push_back(']');
    return Value::array(call.arena.copy(json));
}

Value hex_to_number(const Call& call)
{
    std::string_view text;
    if (!read_text(call.at(0), call.arena, text)) {
        return {};
    }
    const bool negative = text.starts_with('-');
    text.remove_prefix(negative ? 1 : 0);
    if (text.starts_with("0x") || text.starts_with("0X")) {
        text.remove_prefix(2);
    }
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
    if (text.empty() || text.front() == '-' || error != std::errc() || end != text.data() + text.size()) {
        return {};
    }
    return Value::integer(negative ? -number : number);
}

Value number_to_hex(const Call& call)
{
    Number number;
    if (!read_number(call.at(0), call.arena, number)) {
        return {};
    }
    constexpr double most = 9e18;
    if (!number.is_whole && !(std::abs(number.real) < most)) {
        return {};
    }
    const std::int64_t whole = number.is_whole ? number.whole : static_cast<std::int64_t>(number.real);
    const std::uint64_t size = whole < 0 ? 0 - static_cast<std::uint64_t>(whole) : static_cast<std::uint64_t>(whole);
    std::array<char, 16> digits {};
    const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), size, 16);
    std::string out = whole < 0 ? "-0x" : "0x";
    out.append(digits.data(), result.ptr);
    return text_value(call, out);
}

constexpr std::array<Function, 23> table {{
    {"isempty", "1 when the field is missing, null or an empty text, else 0.", 1, 1, "[null]", "1", is_empty},
    {"isblank", "1 when the field is missing, null or white space, else 0.", 1, 1, "[\" \\t\"]", "1", is_blank},
    {"concat", "Joins texts; absent ones add nothing.", 1, 64, "[\"a\",1,null,\"b\"]", "\"a1b\"", concat},
    {"ltrim", "Cuts white space, or the given characters, from the start.", 1, 2, "[\"xyZxyfooxyZ\",\"xyZ\"]",
        "\"fooxyZ\"", trim_left},
    {"rtrim", "Cuts white space, or the given characters, from the end.", 1, 2, "[\"xyZfooxyxyZ\",\"xyZ\"]",
        "\"xyZfoo\"", trim_right},
    {"trim", "Cuts white space, or the given characters, from both ends.", 1, 2, "[\"xyZxyfooxyxyZ\",\"xyZ\"]",
        "\"foo\"", trim_both},
    {"strlen", "The number of characters (code points).", 1, 1, "[\"äb\"]", "2", length},
    {"toupper", "The text in capitals.", 1, 1, "[\"aä1\"]", "\"AÄ1\"", upper},
    {"tolower", "The text in small letters.", 1, 1, "[\"AÄ1\"]", "\"aä1\"", lower},
    {"substr", "The text from a position (from 0), as many characters as said or all.", 2, 3, "[\"xyZfooxyZ\",3,3]",
        "\"foo\"", substring},
    {"replace", "Replaces each occurrence of a text.", 3, 3, "[\"smoke_test/smoke_test\",\"smoke_test\",\"Smoke\"]",
        "\"Smoke/Smoke\"", replace_all},
    {"regexReplace", "Replaces each match of an expression (RE2); \\1 is its first group.", 3, 3,
        "[\"a-b\",\"(\\\\w)-(\\\\w)\",\"\\\\2+\\\\1\"]", "\"b+a\"", regex_replace, bind_regex},
    {"strcontains", "1 when the text contains the other, else 0; a third argument true ignores case.", 2, 3,
        "[\"xabcy\",\"ABC\",true]", "1", contains},
    {"startsWith", "1 when the text starts with the other, else 0.", 2, 2, "[\"xabcy\",\"x\"]", "1", starts_with},
    {"endsWith", "1 when the text ends with the other, else 0.", 2, 2, "[\"xabcy\",\"x\"]", "0", ends_with},
    {"urlencode", "Writes the text for use in a URL.", 1, 1, "[\"a b/ä\"]", "\"a%20b%2F%C3%A4\"", url_encode},
    {"urldecode", "Reads %XX and + as the characters that they stand for.", 1, 1, "[\"a%20b+c%2\"]", "\"a b c%2\"",
        url_decode},
    {"base64encode", "Writes the text in base64.", 1, 1, "[\"foob\"]", "\"Zm9vYg==\"", base64_encode},
    {"base64decode", "Reads base64; null for what is none.", 1, 1, "[\"Zm9vYg\"]", "\"foob\"", base64_decode},
    {"split", "The pieces between separators, as an array.", 2, 2, "[\"a,b,,c\",\",\"]", "[\"a\",\"b\",\"\",\"c\"]",
        split_text},
    {"hexToAscii", "The text that pairs of hexadecimal digits stand for.", 1, 1, "[\"48656c6c6f\"]", "\"Hello\"",
        hex_to_ascii},
    {"hexToDec", "Reads a hexadecimal number.", 1, 1, "[\"0xff\"]", "255", hex_to_number},
    {"decToHex", "Writes a number in hexadecimal; a fraction is cut.", 1, 1, "[-255.9]", "\"-0xff\"", number_to_hex},
}};

} // namespace

std::span<const Function> string_functions()
{
    return table;
}

} // namespace trawl::query::functions
