#include "ingest/mask.h"

#include <algorithm>

#include "base/arena.h"
#include "base/text.h"
#include "event/json_scan.h"
#include "event/value.h"

namespace trawl::ingest {

namespace {

// `replace` gets a text as it is in the JSON, between the quotes, and gives the JSON to stand there; nothing: it stays.
template <typename Replace>
std::string replace_texts(std::string_view json, const std::vector<std::string_view>& names, Replace replace)
{
    std::string out;
    out.reserve(json.size());
    const char* at = json.data();
    const char* const end = at + json.size();
    while (at < end) {
        const char* const start = at;
        if (*at != '"') {
            out.push_back(*at++);
            continue;
        }
        bool escaped = false;
        const char* const close = event::json::find_string_end(at + 1, end, escaped);
        at = close < end ? close + 1 : end;
        out.append(start, static_cast<std::size_t>(at - start));
        const std::string_view name(start + 1, static_cast<std::size_t>(close - start - 1));
        const char* value = event::json::skip_space(at, end);
        if (value >= end || *value != ':' || std::find(names.begin(), names.end(), name) == names.end()) {
            continue;
        }
        value = event::json::skip_space(value + 1, end);
        if (value >= end || *value != '"') {
            continue;
        }
        const char* const value_close = event::json::find_string_end(value + 1, end, escaped);
        out.append(at, static_cast<std::size_t>(value - at));
        at = value_close < end ? value_close + 1 : end;
        const std::string_view text(value + 1, static_cast<std::size_t>(value_close - value - 1));
        if (const std::optional<std::string> replaced = replace(text)) {
            out += *replaced;
        } else {
            out.append(value, static_cast<std::size_t>(at - value));
        }
    }
    return out;
}

} // namespace

std::string mask_members(std::string_view json, const std::vector<std::string_view>& names)
{
    return replace_texts(json, names,
        [](std::string_view text) { return std::optional<std::string>(text.empty() ? "\"\"" : "\"****\""); });
}

std::string mask_texts(std::string_view json, const std::vector<std::string_view>& names,
    std::optional<std::string> (*mask)(std::string_view text))
{
    base::Arena arena;
    return replace_texts(json, names, [&](std::string_view text) -> std::optional<std::string> {
        const auto masked = mask(event::Value::escaped_string(text).text(arena));
        if (!masked) {
            return {};
        }
        std::string quoted;
        base::append_json_string(quoted, *masked);
        return quoted;
    });
}

} // namespace trawl::ingest
