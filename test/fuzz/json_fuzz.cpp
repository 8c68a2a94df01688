// Our JSON reader against simdjson's: both must agree on what is JSON, our compact form must be stable, and reading a
// value's parts must stay inside the text whatever it holds.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <simdjson.h>

#include "base/arena.h"
#include "base/check.h"
#include "base/text.h"
#include "event/json.h"

namespace {

using trawl::event::Type;
using trawl::event::Value;
namespace json = trawl::event::json;

// Visits everything below a value, as queries and rules may.
void visit(Value value, int depth, trawl::base::Arena& arena)
{
    value.text(arena);
    if (depth > 40) {
        return;
    }
    if (value.type() == Type::object) {
        json::for_each_member(value.raw(), [&](Value key, Value inner) {
            key.text(arena);
            visit(inner, depth + 1, arena);
            return true;
        });
        json::member(value.raw(), "eventName");
    }
    if (value.type() == Type::array) {
        json::for_each_element(value.raw(), [&](Value inner) {
            visit(inner, depth + 1, arena);
            return true;
        });
        json::element(value.raw(), 1);
    }
}

// What simdjson refuses and we let through: text that is replaced or escaped on output (raw control characters, too),
// and numbers that are kept as written.
bool is_known_difference(simdjson::error_code error)
{
    return error == simdjson::UTF8_ERROR || error == simdjson::STRING_ERROR || error == simdjson::UNESCAPED_CHARS
        || error == simdjson::NUMBER_ERROR || error == simdjson::NUMBER_OUT_OF_RANGE;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    trawl::base::Arena arena;
    visit(json::parse(text), 0, arena);

    std::size_t at = 0;
    const char* const wrong = json::validate(text, at);
    TRAWL_CHECK(at <= size, "the place of an error lies in the text");

    simdjson::dom::parser parser;
    if (parser.allocate(size + 1, json::max_depth - 8) != simdjson::SUCCESS) {
        return 0;
    }
    const simdjson::padded_string padded(text);
    const simdjson::error_code error = parser.parse(padded).error();
    if (error == simdjson::SUCCESS) {
        TRAWL_CHECK(wrong == nullptr, "what simdjson takes for JSON is JSON");
    } else if (wrong == nullptr) {
        TRAWL_CHECK(is_known_difference(error) || error == simdjson::DEPTH_ERROR,
            "what is no JSON for simdjson is none for us");
    }

    if (wrong == nullptr) {
        std::string once;
        json::append_compact(once, text);
        TRAWL_CHECK(trawl::base::is_utf8(once), "the compact form is valid UTF-8");
        TRAWL_CHECK(json::validate(once, at) == nullptr, "the compact form is JSON");
        std::string twice;
        json::append_compact(twice, once);
        TRAWL_CHECK(once == twice, "the compact form of a compact form is itself");
    }
    return 0;
}
