#include <doctest/doctest.h>

#include "engine_fixture.h"
#include "rules_fixture.h"

namespace trawl::test {

std::string ReadResult::codes() const
{
    std::string codes;
    for (const base::Diagnostic& diagnostic : diagnostics) {
        codes += (codes.empty() ? "" : " ") + diagnostic.code;
    }
    return codes;
}

namespace {

ReadResult read_as(std::string_view yaml, const query::Lists& lists, detect::ReadFor purpose, bool is_builtin)
{
    detect::RuleFile file;
    file.path = "rule.yml";
    file.text = yaml;
    file.is_builtin = is_builtin;
    ReadResult result;
    result.set = detect::read_rules({file}, lists, purpose, result.diagnostics);
    return result;
}

} // namespace

ReadResult read(std::string_view yaml, const query::Lists& lists, detect::ReadFor purpose)
{
    return read_as(yaml, lists, purpose, false);
}

ReadResult read_builtin(std::string_view yaml, const query::Lists& lists, detect::ReadFor purpose)
{
    return read_as(yaml, lists, purpose, true);
}

std::string rule_of(std::string_view detection, std::string_view more)
{
    return "title: A rule\nlogsource: {product: aws, service: cloudtrail}\nlevel: high\n" + std::string(more)
        + "detection:\n" + std::string(detection);
}

std::string item_rule(std::string_view item)
{
    return rule_of("  s:\n    " + std::string(item) + "\n  condition: s\n");
}

query::NamedList list_of(std::string name, query::ListType type, std::vector<std::string> values)
{
    query::NamedList list;
    list.name = std::move(name);
    list.type = type;
    list.values = std::move(values);
    return list;
}

query::Lists lists_of(std::vector<query::NamedList> lists)
{
    query::Lists made;
    for (query::NamedList& list : lists) {
        made.emplace(list.name, list);
    }
    return made;
}

bool matches(const ReadResult& read, std::string_view record, const query::Lists& lists)
{
    REQUIRE_MESSAGE(!base::has_error(read.diagnostics), read.diagnostics.front().message);
    REQUIRE(!read.set.rules.empty());
    detect::ScanOptions options;
    options.matches = true;
    options.level = event::Level::informational;
    const ScanResult result = scan({read.set.rules.front()}, {{"a.json", {std::string(record)}}}, options, 1, lists);
    REQUIRE(result.error.empty());
    return !result.matches.empty();
}

bool item_matches(std::string_view item, std::string_view record, const query::Lists& lists)
{
    return matches(read(item_rule(item), lists), record, lists);
}

} // namespace trawl::test
