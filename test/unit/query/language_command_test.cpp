#include <fstream>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "language_fixture.h"

namespace base = trawl::base;
namespace event = trawl::event;
namespace query = trawl::query;
namespace test = trawl::test;
using query::plan::Command;
using query::plan::CommandKind;
using test::codes;
using test::marked;

namespace {

// The first command; an empty one when the text does not parse.
Command first(std::string_view text)
{
    const auto parsed = test::parse(text);
    if (base::has_error(parsed.diagnostics) || parsed.query.commands.empty()) {
        return {};
    }
    return parsed.query.commands.front();
}

std::vector<std::string> texts(const std::vector<event::FieldPath>& paths)
{
    std::vector<std::string> out;
    for (const event::FieldPath& path : paths) {
        out.push_back(path.text);
    }
    return out;
}

using Texts = std::vector<std::string>;
using Options = std::vector<std::pair<std::string, std::string>>;

} // namespace

TEST_CASE("columns are named by their alias, their field or their text")
{
    const Command command = first("fields a.b, `x-y`, @timestamp as t, strlen( a )  # comment\n + 1, c[0] | limit 1");
    REQUIRE(command.items.size() == 5);
    CHECK(command.items.at(0).name == "a.b");
    CHECK(command.items.at(1).name == "x-y");
    CHECK(command.items.at(2).name == "t");
    CHECK(command.items.at(3).name == "strlen( a ) + 1");
    CHECK(command.items.at(4).name == "c.0");
    const Command stats = first("STATS COUNT(*), avg(@duration) AS mean BY bin(5m), a as k");
    REQUIRE(stats.items.size() == 2);
    CHECK(stats.items.at(0).name == "COUNT(*)");
    CHECK(stats.items.at(0).expression.text == "count");
    CHECK(stats.items.at(0).expression.operands.empty());
    CHECK(stats.items.at(1).name == "mean");
    CHECK(stats.by.at(0).name == "bin(5m)");
    CHECK(stats.by.at(0).expression.operands.at(0).literal.type == query::plan::Literal::Type::duration);
    CHECK(stats.by.at(1).name == "k");
}

TEST_CASE("sort, limit, dedup")
{
    const Command sort = first("sort by a desc, b.c, strlen(d) ASC");
    REQUIRE(sort.keys.size() == 3);
    CHECK(sort.keys.at(0).descending);
    CHECK_FALSE(sort.keys.at(1).descending);
    CHECK_FALSE(sort.keys.at(2).descending);
    CHECK(first("limit 25").count == 25);
    CHECK(first("limit any 3").any);
    CHECK(first("head 3").count == 3);
    CHECK(first("tail 3").tail);
    CHECK(texts(first("dedup a, b.c").names) == Texts {"a", "b.c"});
    CHECK(codes("limit") == "E101");
    CHECK(codes("limit 1.5") == "E110");
    CHECK(codes("limit 99999999999999999999") == "E110");
    CHECK(codes("sort a as b") == "W306");
}

TEST_CASE("parse takes globs, expressions, logfmt and csv")
{
    const Command glob = first("parse @message \"user=*, from *\" as user, address");
    CHECK(glob.parse_mode == query::plan::ParseMode::glob);
    CHECK(glob.input->path.text == "@message");
    CHECK(glob.pattern == "user=*, from *");
    CHECK(glob.aliases == Texts {"user", "address"});
    CHECK_FALSE(first("parse \"a *\" as b").input.has_value());
    const Command regex = first("parse userAgent /(?<tool>[a-z/]+)\\/(?<major>\\d+)/ multi");
    CHECK(regex.pattern == "(?<tool>[a-z/]+)\\/(?<major>\\d+)");
    CHECK(regex.aliases == Texts {"tool", "major"});
    CHECK(regex.multi);
    CHECK(first("parse @message /(\\d+) (\\d+)/ as a, b").aliases == Texts {"a", "b"});
    CHECK(first("parse @message /(?<a>x)(?<b>y)/ as b").aliases == Texts {"b"});
    CHECK(first("parse @message logfmt as lf").aliases == Texts {"lf"});
    CHECK(first("parse csv as a, b").aliases == Texts {"a", "b"});
    CHECK(first("parse jsonParse(a).b \"*\" as x").input->kind == query::plan::ExpressionKind::member);
    CHECK(codes("parse @message \"* *\" as a") == "E111");
    CHECK(codes("parse @message /(a)(b)/ as x") == "E111");
    CHECK(codes("parse @message /(a)/") == "E111");
    CHECK(codes("parse @message as x") == "E101");
}

TEST_CASE("json, unnest, expand")
{
    const Command json = first("json field=requestContext \"identity.sourceIp\" as ip");
    CHECK(json.input->path.text == "requestContext");
    CHECK(json.pattern == "identity.sourceIp");
    CHECK(json.aliases == Texts {"ip"});
    CHECK(first("unnest json.events into event").aliases == Texts {"event"});
    CHECK(texts(first("expand items").names) == Texts {"items"});
}

TEST_CASE("source picks log groups")
{
    CHECK(first("SOURCE '/aws/lambda/a' start=-1d end=now").log_groups == Texts {"/aws/lambda/a"});
    CHECK(first("SOURCE lg start=-1d end=now").options == Options {{"start", "-1d"}, {"end", "now"}});
    CHECK(first("SOURCE logGroups(namePrefix: ['a', 'b)']) dataSource(['x'])").options
        == Options {{"logGroups", "namePrefix: ['a', 'b)']"}, {"dataSource", "['x']"}});
    CHECK(codes("SOURCE logGroups(namePrefix: ['a'") == "E101");
}

TEST_CASE("commands of later issues keep what is written")
{
    const Command join
        = first("join type=left left=o right=p where o.id=p.id (SOURCE 'g' | filter x = 1) | fields o.id");
    CHECK(join.options == Options {{"type", "left"}, {"left", "o"}, {"right", "p"}});
    CHECK(texts(join.names) == Texts {"o.id", "p.id"});
    CHECK(join.subquery.size() == 2);
    CHECK(first("lookup hosts ip as srcAddr OUTPUTNEW hostname, region as r").options
        == Options {{"table", "hosts"}, {"match", "ip"}, {"as", "srcAddr"}, {"mode", "outputnew"},
            {"output", "hostname"}, {"as", "hostname"}, {"output", "region"}, {"as", "r"}});
    CHECK(texts(first("filldown host cpu*").names) == Texts {"host", "cpu*"});
    CHECK(first("outlier action=remove param=3.0 cpu memory").options
        == Options {{"action", "remove"}, {"param", "3.0"}});
    CHECK(texts(first("outlier action=remove cpu memory").names) == Texts {"cpu", "memory"});
    CHECK(first("autoregress bytes p=1-4").options == Options {{"p", "1-4"}});
    CHECK(first("fillmissing with 0 for a, -1 for b").options
        == Options {{"with", "0"}, {"for", "a"}, {"with", "-1"}, {"for", "b"}});
    CHECK(first("sessionize user maxspan 30m as s").options == Options {{"maxspan", "30m"}});
    CHECK(first("diff previousWeek").options == Options {{"period", "previousWeek"}});
    CHECK(first("stats count(*) by a offset 1d").options == Options {{"offset", "1d"}});
    CHECK(first("relevantfields a, b where c > 1").where.has_value());
    const Command detect
        = first("detect \"many\" count(*) >= 10 within 10m by sourceIPAddress suppress 1h severity high");
    CHECK(detect.options
        == Options {{"name", "many"}, {"kind", "aggregate"}, {"bound", ">= 10"}, {"within", "10m"}, {"suppress", "1h"},
            {"severity", "high"}});
    CHECK(first("detect sequence [eventName=\"CreateUser\"] then [eventName=\"CreateAccessKey\"] within 10m by a")
              .subquery.size()
        == 2);
    for (const std::string_view text : {"anomaly", "estimate", "unmask", "diff", "pattern @message", "accum a as b",
             "countFrequent a", "count_frequent a, b", "addtotals row=true a, b", "logcompare timeshift 7d",
             "cidrlookup t ip OUTPUT region", "appendcols max=3 (fields a)"}) {
        CAPTURE(text);
        CHECK(codes(text).empty());
    }
}

TEST_CASE("let binds lists for the query")
{
    const auto parsed
        = test::parse("let In = cidr[\"10.0.0.0/8\", '192.168.0.0/16'] nonip: outside; let Re = regex[/a\\d/];\n"
                      "search a in $In and b like $Re;");
    CHECK(parsed.diagnostics.empty());
    CHECK(parsed.lists.at("In").type == query::ListType::cidr);
    CHECK(parsed.lists.at("In").values == Texts {"10.0.0.0/8", "192.168.0.0/16"});
    CHECK(parsed.lists.at("In").nonip == query::NonAddress::outside);
    CHECK(parsed.lists.at("Re").values == Texts {"a\\d"});
    CHECK(codes("let InternalIPRange = cidr[\"10.0.0.0/8\"]; search f != \"InternalIPRange\"").empty());
    CHECK(codes("let A = cidr[\"10.0.0.0/40\"]; fields a") == "E204");
    CHECK(codes("let A = file(\"/dev/zero\", type: ip); fields a") == "E204");
    CHECK(codes("let A = file(\"no-such-file\", type: ip); fields a") == "E204");
    CHECK(codes("let A = colour[\"x\"]; fields a") == "E101");
    CHECK(codes("let A = (fields a); fields a") == "E204");
}

TEST_CASE("comments, white space and case do not matter")
{
    CHECK(codes("# what\nFIELDS @timestamp, @message # first\n|\n\tSORT @timestamp DESC\n  | LIMIT 25 # last").empty());
    CHECK(codes("\xEF\xBB\xBF"
                "fields\xC2\xA0"
                "a | limit 1")
            .empty());
    CHECK(test::condition("filter a = \"# no comment\"") == "(= a \"# no comment\")");
}

TEST_CASE("AWS's published queries and the catalogue parse")
{
    for (const std::string file : {"../shared/official-queries.jsonl", "../shared/check/cases.jsonl"}) {
        std::ifstream lines(file);
        if (!lines) {
            MESSAGE("skipped, not here: " << file);
            continue;
        }
        for (std::string line; std::getline(lines, line);) {
            const auto entry = nlohmann::json::parse(line);
            if (!entry.contains("query")) {
                continue;
            }
            query::Lists lists;
            std::vector<base::Diagnostic> diagnostics;
            if (entry.contains("lists")) {
                lists = query::parse_lists(nlohmann::json {{"lists", entry["lists"]}}.dump(), "lists", "", diagnostics);
            }
            const std::string text = entry["query"];
            const bool is_wrong = entry.contains("expect") && entry["expect"].contains("error");
            CAPTURE(text);
            const auto parsed = query::language::parse(text, lists);
            CHECK(base::has_error(parsed.diagnostics) == is_wrong);
            CHECK(diagnostics.empty());
            if (!is_wrong) {
                CHECK_FALSE(
                    base::has_error(query::language::parse(query::language::fix(text, lists), lists).diagnostics));
            }
        }
    }
}
