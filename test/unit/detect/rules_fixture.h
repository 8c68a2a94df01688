#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "detect/rules/rule.h"
#include "query/lists.h"

namespace trawl::test {

struct ReadResult {
    detect::RuleSet set;
    std::vector<base::Diagnostic> diagnostics;

    // "E510 W402", in the order told.
    std::string codes() const;
};

ReadResult read(
    std::string_view yaml, const query::Lists& lists = {}, detect::ReadFor purpose = detect::ReadFor::scanning);
ReadResult read_builtin(
    std::string_view yaml, const query::Lists& lists, detect::ReadFor purpose = detect::ReadFor::scanning);

// A CloudTrail rule with this detection (lines indented by two).
std::string rule_of(std::string_view detection, std::string_view more = "");
// The same with one item as its selection.
std::string item_rule(std::string_view item);

query::NamedList list_of(std::string name, query::ListType type, std::vector<std::string> values);
query::Lists lists_of(std::vector<query::NamedList> lists);

// Whether the first rule matches the record.
bool matches(const ReadResult& read, std::string_view record, const query::Lists& lists = {});
// The same for a rule of one item: "field|modifier: value".
bool item_matches(std::string_view item, std::string_view record, const query::Lists& lists = {});

} // namespace trawl::test
