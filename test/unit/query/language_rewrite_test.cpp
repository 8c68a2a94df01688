#include <doctest/doctest.h>

#include "language_fixture.h"

namespace query = trawl::query;
namespace test = trawl::test;
using query::plan::Command;
using query::plan::CommandKind;
using test::codes;
using test::marked;

namespace {

std::string order(std::string_view text)
{
    constexpr std::pair<CommandKind, std::string_view> names[] {{CommandKind::fields, "fields"},
        {CommandKind::filter, "filter"}, {CommandKind::stats, "stats"}, {CommandKind::sort, "sort"},
        {CommandKind::limit, "limit"}, {CommandKind::search, "search"}};
    std::string out;
    for (const Command& command : test::parse(text).query.commands) {
        for (const auto& [kind, name] : names) {
            if (command.kind == kind) {
                out += (out.empty() ? "" : " ") + std::string(name);
            }
        }
    }
    return out;
}

std::string fixed(std::string_view text)
{
    return query::language::fix(text, test::some_lists());
}

} // namespace

TEST_CASE("F1: a filter by what stats hides goes before it")
{
    const std::string text
        = "fields ispresent(r) as is | stats count() as n by r | filter is and t = 'x' | filter n > 3";
    CHECK(order(text) == "fields filter stats filter");
    CHECK(codes(text) == "W301");
    CHECK(marked(text, "W301") == "filter is and t = 'x'");
    CHECK(order("stats count(*) as n by a | filter a = 1 and b = 2") == "filter stats");
    // Groups alone stay where they are.
    CHECK(order("stats count(*) as n by a | filter a = 1") == "stats filter");
    CHECK(order("stats count(*) as n by a | sort n | filter b = 1 | filter c = 1") == "filter filter stats sort");
    CHECK(codes("stats count(*) as n by a | stats max(n) as m by a | filter b = 1") == "E303");
    CHECK(codes("stats count(*) as n by a | stats max(n) as m | filter a = 1") == "W301");
}

TEST_CASE("L1: a limit directly before the first sort is the top")
{
    CHECK(order("filter a = 1 | limit 10 | sort b desc") == "filter sort limit");
    CHECK(marked("filter a = 1 | limit 10 | sort b desc", "W303") == "limit 10");
    CHECK(order("sort a | limit 10 | sort b") == "sort limit sort");
    CHECK(codes("sort a | limit 10 | sort b").empty());
    CHECK(order("limit any 10 | sort b") == "limit sort");
    CHECK(order("limit 10 | fields a | sort b") == "limit fields sort");
    // A stats opens a new stage.
    CHECK(order("sort a | stats count(*) as n by b | limit 10 | sort n desc") == "sort stats sort limit");
}

TEST_CASE("T1: after one bin @timestamp is that bin")
{
    const auto sorted = test::parse("stats count(*) as n by bin(5m), host | sort @timestamp desc");
    CHECK(sorted.diagnostics.empty());
    CHECK(sorted.query.commands.at(1).keys.at(0).expression.path.parts == std::vector<std::string> {"bin(5m)"});
    const auto again = test::parse("stats count(*) as n by bin(5m) as t | stats max(n) by bin(1h)");
    CHECK(again.diagnostics.empty());
    CHECK(test::shape(again.query.commands.at(1).by.at(0).expression) == "(datefloor t 1h)");
    CHECK(again.query.commands.at(1).by.at(0).name == "bin(1h)");
    CHECK(codes("stats count(*) as n by bin(5m), bin(1h) | sort @timestamp") == "W304");
    CHECK(test::parse("stats max(@timestamp) as @timestamp by bin(5m) | sort @timestamp")
              .query.commands.at(1)
              .keys.at(0)
              .expression.path.text
        == "@timestamp");
}

TEST_CASE("results are called by how they are written")
{
    const auto parsed = test::parse("stats count(*), sum(a.b) by c | sort count(*) desc | filter SUM( a.b ) > 1");
    CHECK(parsed.diagnostics.empty());
    CHECK(parsed.query.commands.at(1).keys.at(0).expression.path.parts == std::vector<std::string> {"count(*)"});
    CHECK(test::shape(*parsed.query.commands.at(2).where) == "(> sum(a.b) 1)");
    const auto second = test::parse("stats count(*) by a | stats max(count(*)) as most");
    CHECK(second.diagnostics.empty());
    CHECK(test::shape(second.query.commands.at(1).items.at(0).expression) == "(max count(*))");
}

TEST_CASE("fix puts right what warnings hint at, and leaves the rest as it is")
{
    CHECK(fixed("search eventName=\"\" # why\n  and a=1") == "search eventName=\"*\" # why\n  and a=1");
    CHECK(fixed("search errorCode=\"\"") == "search errorCode=\"\"");
    CHECK(fixed("search f != \"*\"") == "search NOT f=\"*\"");
    CHECK(fixed("search a AND b OR c d") == "search (a AND b) OR (c d)");
    CHECK(fixed("search f!=\"*\" b OR (c d or e)") == "search (NOT f=\"*\" b) OR ((c d) or e)");
    CHECK(fixed("fields a # x\n| sort @timestamp desc\n| limit 100 # y\n| search b")
        == "fields a # x\n| sort @timestamp desc\n| search b # y\n| limit 100");
    CHECK(fixed("limit 10 | fields a | search b | search c") == "fields a | search b | search c | limit 10");
    CHECK(fixed("filter a = 1 | limit 10 | sort b desc") == "filter a = 1 | sort b desc | limit 10");
    CHECK(fixed("stats count(*) by r | filter t = 'x' | sort r") == "filter t = 'x' | stats count(*) by r | sort r");
    // All at once, and nothing is left to mend.
    const std::string all
        = fixed("limit 5 | search eventName=\"\" x or y | stats count(*) as n by a | filter b = 1 | limit 3 | sort n");
    CHECK(all
        == "search (eventName=\"*\" x) or y | limit 5 | filter b = 1 | stats count(*) as n by a | sort n | limit 3");
    CHECK(fixed(all) == all);
    // What does not parse comes back.
    CHECK(fixed("search eventName=\"\" |") == "search eventName=\"\" |");
    // An unbound list does not keep the rest from being mended.
    CHECK(
        query::language::fix("search eventName=\"\" a=\"ElasticIP\"", {}) == "search eventName=\"*\" a=\"ElasticIP\"");
}
