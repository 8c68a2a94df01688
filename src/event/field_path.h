#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "event/value.h"

namespace trawl::event {

// A field's name, cut at dots: `requestParameters.instancesSet.items.0.instanceId`. A part of digits is a position in
// an array or a key of an object. The whole text is tried as one key first ("a.b" beside {"a":{"b":…}}).
struct FieldPath {
    std::string text;
    std::vector<std::string> parts;

    static FieldPath parse(std::string_view dotted);
    // From parts that may hold dots themselves (back-ticked segments).
    static FieldPath of(std::vector<std::string> parts);
    bool operator==(const FieldPath& other) const { return parts == other.parts; }
};

// What a path may cross.
//   exact: objects by key, arrays by position: as CloudWatch Logs Insights.
//   any_element: also enters each element of an array without a position, and the wrappers `items` and `member` of EC2
//   and query-protocol APIs: as `search` and Sigma (LANGUAGE 2.2, DETECTIONS 3). More than one value gives Type::several.
enum class Reach : std::uint8_t { exact, any_element };

// Follows `parts[from..]` from `value`.
Value follow(Value value, const std::vector<std::string>& parts, std::size_t from, Reach reach, base::Arena& arena);

} // namespace trawl::event
