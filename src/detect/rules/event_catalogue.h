#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "detect/rules/rule.h"

namespace trawl::detect::rules {

// What is known of CloudTrail's events: their names and sources, from the records in the tests of rules, and its fields.
class EventCatalogue {
public:
    explicit EventCatalogue(const RuleSet& rules);

    // For a name that no record has (plain_event_name): one of the same source that differs by a slip; else empty.
    std::string nearest(const std::string& name, const std::string& source) const;

private:
    std::map<std::string, std::set<std::string>> sources_;
    std::map<std::string, std::string> spellings_;
};

// "updatefunctioncode" of "UpdateFunctionCode20150331v2".
std::string plain_event_name(std::string_view name);

// The source of an event (plain_event_name) that no other service has; empty when that is not known.
std::string_view only_source(std::string_view name);

// The event that an IAM action, or the name of an API operation, is logged as; nullptr when the name is an event's own,
// or none that is known to be confused.
struct ConfusedName {
    std::string_view name;
    std::string_view advice;
};
const ConfusedName* find_confused_name(std::string_view name);

// A known field path of CloudTrail that equals `path` but for case; empty when `path` is spelled well or is unknown.
std::string other_case_of_field(std::string_view path);
// Whether a CloudTrail record has such a member at its top.
bool is_known_top_field(std::string_view name);
std::string nearest_top_field(std::string_view name);

} // namespace trawl::detect::rules
