#include "ingest/mask.h"

#include <algorithm>

#include "event/json_scan.h"

namespace trawl::ingest {

std::string mask_members(std::string_view json, const std::vector<std::string_view>& names)
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
        out += value_close == value + 1 ? "\"\"" : "\"****\"";
        at = value_close < end ? value_close + 1 : end;
    }
    return out;
}

} // namespace trawl::ingest
