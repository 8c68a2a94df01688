#include "query/local/record_text.h"

#include <cstring>

#include "event/json.h"

namespace trawl::query::local {

namespace {

// Whether JSON text is compact as it stands: no escapes, no white space outside strings.
bool is_compact(std::string_view text)
{
    if (text.empty() || std::memchr(text.data(), '\\', text.size()) != nullptr) {
        return false;
    }
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at < end) {
        if (*at == '"') {
            const void* const close = std::memchr(at + 1, '"', static_cast<std::size_t>(end - at - 1));
            if (close == nullptr) {
                return false;
            }
            at = static_cast<const char*>(close) + 1;
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
