#include "query/local/port_ranges.h"

#include "base/text.h"
#include "event/json.h"

namespace trawl::query::local {

std::optional<PortRange> parse_port_range(std::string_view text)
{
    PortRange range;
    text = base::trim(text);
    const std::size_t dash = text.find('-', 1);
    if (dash == std::string_view::npos) {
        if (!base::parse_number(text, range.first)) {
            return {};
        }
        range.last = range.first;
        return range;
    }
    if (!base::parse_number(base::trim(text.substr(0, dash)), range.first)
        || !base::parse_number(base::trim(text.substr(dash + 1)), range.last) || range.last < range.first) {
        return {};
    }
    return range;
}

std::optional<PortRange> port_range_of(const event::Value& value, base::Arena& arena)
{
    PortRange range;
    if (value.type() == event::Type::array) {
        double bounds[2] {};
        std::size_t count = 0;
        event::json::for_each_element(value.raw(), [&bounds, &count](event::Value element) {
            if (count < 2 && !element.to_number(bounds[count])) {
                count = 2;
            }
            return ++count <= 2;
        });
        if (count == 0 || count > 2) {
            return {};
        }
        range.first = bounds[0];
        range.last = count == 2 ? bounds[1] : bounds[0];
        return range.first <= range.last ? std::optional(range) : std::nullopt;
    }
    if (value.type() == event::Type::string) {
        return parse_port_range(value.text(arena));
    }
    if (!value.to_number(range.first)) {
        return {};
    }
    range.last = range.first;
    return range;
}

} // namespace trawl::query::local
