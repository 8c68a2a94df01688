#include "query/local/record_text.h"

#include "event/json.h"
#include "event/json_scan.h"

namespace trawl::query::local {

bool has_minimal_escapes(std::string_view text)
{
    constexpr std::string_view minimal = "\"\\nrtbf";
    for (std::size_t at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at + 2)) {
        if (at + 1 >= text.size() || minimal.find(text[at + 1]) == std::string_view::npos) {
            return false;
        }
    }
    return true;
}

namespace {

// Whether JSON text is compact as it stands: minimal escapes, no white space outside strings.
bool is_compact(std::string_view text)
{
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at < end) {
        if (*at == '"') {
            bool escaped = false;
            const char* const close = event::json::find_string_end(at + 1, end, escaped);
            const std::string_view inside(at + 1, static_cast<std::size_t>(close - at - 1));
            if (close >= end || (escaped && !has_minimal_escapes(inside))) {
                return false;
            }
            at = close + 1;
            continue;
        }
        if (static_cast<unsigned char>(*at) <= ' ') {
            return false;
        }
        ++at;
    }
    return true;
}

} // namespace

std::string_view compact_text(const event::Value& value, base::Arena& arena)
{
    return value.is_container() && is_compact(value.raw()) ? value.raw() : value.text(arena);
}

std::string_view record_text(const event::Value& message, base::Arena& arena)
{
    const std::string_view text = message.text(arena);
    if (text.empty() || (text.front() != '{' && text.front() != '[') || is_compact(text)) {
        return text;
    }
    std::size_t at = 0;
    if (event::json::validate(text, at) != nullptr) {
        return text;
    }
    return event::json::parse(text).text(arena);
}

} // namespace trawl::query::local
