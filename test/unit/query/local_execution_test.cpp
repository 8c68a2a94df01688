#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "memory_events.h"
#include "query/language/parse.h"
#include "query/local/execution.h"

using namespace trawl;
using query::test::Copies;
using query::test::MemoryEvent;
using query::test::MemoryRecord;
using query::test::MemorySink;

namespace {

using Rows = std::vector<std::string>;

// The records of consecutive runs, with the copies of each.
struct Run {
    std::vector<MemoryRecord> records;
    std::set<std::uint32_t> copies;
};

struct Answer {
    Rows rows;
    std::vector<std::string> names;
    std::string error;
};

query::local::Options options()
{
    query::local::Options made;
    made.temp_folder = std::filesystem::temp_directory_path() / "trawl-query-test";
    made.now = base::parse_time("2026-01-02T00:00:00Z").value();
    return made;
}

// Runs a query over runs that go round `workers` consumers, as several threads would take them.
Answer answer(const std::string& text, const std::vector<Run>& runs, query::local::Options with = options(),
    std::size_t workers = 1, const query::Lists& lists = {})
{
    const auto parsed = query::language::parse(text, lists);
    for (const auto& diagnostic : parsed.diagnostics) {
        if (diagnostic.severity == base::Severity::error) {
            return {{}, {}, diagnostic.code + ": " + diagnostic.message};
        }
    }
    auto execution = query::local::Execution::create(parsed.query, parsed.lists, std::move(with));
    if (!execution) {
        return {{}, {}, execution.error().code + ": " + execution.error().message};
    }
    MemorySink sink;
    auto collector = (*execution)->make_collector(sink);
    std::vector<std::unique_ptr<event::Consumer>> consumers;
    for (std::size_t i = 0; i < workers; ++i) {
        consumers.push_back((*execution)->make_consumer());
    }
    for (std::size_t i = 0; i < runs.size(); ++i) {
        event::Consumer& consumer = *consumers[i % workers];
        for (std::size_t j = 0; j < runs[i].records.size(); ++j) {
            MemoryEvent event((*execution)->projection(), runs[i].records[j]);
            consumer.consume(event, static_cast<std::uint32_t>(j));
        }
        auto appetite = collector->absorb(consumer.take(), Copies(runs[i].copies));
        if (!appetite) {
            return {{}, {}, appetite.error().code + ": " + appetite.error().message};
        }
        if (*appetite == event::Appetite::sated) {
            break;
        }
    }
    if (auto finished = collector->finish(); !finished) {
        return {{}, {}, finished.error().code + ": " + finished.error().message};
    }
    CHECK(sink.begun == 1);
    CHECK(sink.finished == 1);
    return {sink.rows, sink.names(), ""};
}

// Records at consecutive seconds of 2026-01-01.
std::vector<MemoryRecord> records(const std::vector<std::string>& messages)
{
    std::vector<MemoryRecord> made;
    const base::Time start = base::parse_time("2026-01-01T00:00:00Z").value();
    for (const std::string& message : messages) {
        made.push_back({message, start + static_cast<base::Time>(made.size()) * base::microseconds_per_second, {}});
    }
    return made;
}

Rows rows(const std::string& text, const std::vector<std::string>& messages)
{
    const Answer made = answer(text, {{records(messages), {}}});
    CHECK(made.error == "");
    return made.rows;
}

std::string error_of(const std::string& text)
{
    return answer(text, {{records({"{}"}), {}}}).error;
}

} // namespace

TEST_CASE("what a row shows")
{
    CHECK(rows("filter a = 1", {R"~({"a":1})~", R"~({"a":2})~"})
        == Rows {R"~({"@timestamp":"2026-01-01T00:00:00Z","@message":"{\"a\":1}"})~"});
    CHECK(rows("fields a | fields b as c, a + 1", {R"~({"a":1,"b":{"x": 1}})~"})
        == Rows {R"~({"a":1,"c":{"x":1},"a + 1":2})~"});
    CHECK(rows("fields a, b | display b | display a as x", {R"~({"a":1,"b":2})~"}) == Rows {R"~({"x":1})~"});
    CHECK(rows("fields a, missing", {R"~({"a":null})~", R"~({"a":1})~"}) == Rows {"{}", R"~({"a":1})~"});
    CHECK(rows("fields `detail-type`, a.b", {R"~({"detail-type":"x","a":{"b":2}})~"})
        == Rows {R"~({"detail-type":"x","a.b":2})~"});
    CHECK(rows("fields a | stats count(*) by a | fields a", {R"~({"a":1})~"}) == Rows {R"~({"a":1})~"});
    CHECK(answer("fields b, a, b", {}).names == std::vector<std::string> {"b", "a"});
    CHECK(answer("fields a | filter a = 1", {}).rows.empty());
}

TEST_CASE("aliases are fields of later commands")
{
    CHECK(rows("fields strlen(m) as n, n * 2 as twice | filter twice > 4 | display n",
              {R"~({"m":"ab"})~", R"~({"m":"abc"})~"})
        == Rows {R"~({"n":3})~"});
    CHECK(rows("fields a as b | fields b as c | filter c.d = 1 | display c.d", {R"~({"a":{"d":1}})~"})
        == Rows {R"~({"c.d":1})~"});
    // A field that was named anew is the new one from there on.
    CHECK(rows("fields a + 1 as a | filter a = 2", {R"~({"a":1})~", R"~({"a":2})~"}) == Rows {R"~({"a":2})~"});
}

TEST_CASE("sort: natural order, absent values last, ties in path order")
{
    const std::vector<std::string> messages {R"~({"i":1,"v":"b10"})~", R"~({"i":2,"v":9})~", R"~({"i":3})~",
        R"~({"i":4,"v":"b9"})~", R"~({"i":5,"v":"10"})~", R"~({"i":6,"v":""})~", R"~({"i":7,"v":null})~",
        R"~({"i":8,"v":"b9"})~"};
    const auto order = [&](const std::string& sort) {
        std::string made;
        for (const std::string& row : rows("fields i | " + sort, messages)) {
            made += row.substr(5, 1);
        }
        return made;
    };
    CHECK(order("sort v") == "64812537");
    CHECK(order("sort v desc") == "52148637");
    CHECK(order("sort v | limit 3") == "648");
    CHECK(order("sort v desc, i desc | head 4") == "5218");
    CHECK(order("sort by v asc, i desc") == "68412573");
    CHECK(order("sort v | tail 2") == "37");
    CHECK(order("sort i desc | limit 3 | sort i") == "678");
    CHECK(order("limit 2 | sort i desc") == "87");
    CHECK(order("sort v | limit 0").empty());
    CHECK(order("sort nothing | limit 3") == "123");
}

TEST_CASE("sort: what does not fit in memory goes to disk, with the same answer")
{
    std::vector<std::string> messages;
    for (int i = 0; i < 3000; ++i) {
        messages.push_back(R"~({"i":)~" + std::to_string(i) + R"~(,"v":)~" + std::to_string(i * 7919 % 1000) + "}");
    }
    auto small = options();
    small.memory_bytes = 4096;
    for (const std::string& text :
        {std::string("fields i | sort v desc"), std::string("fields i | sort v | limit 2000"),
            std::string("fields v | sort v | dedup v"), std::string("stats count(*), sum(i) by v")}) {
        CAPTURE(text);
        const Answer here = answer(text, {{records(messages), {}}});
        const Answer there = answer(text, {{records(messages), {}}}, small);
        CHECK(there.error == "");
        CHECK(here.rows.size() >= 1000);
        CHECK(here.rows == there.rows);
    }
    CHECK(std::filesystem::is_empty(options().temp_folder));
}

TEST_CASE("sort and limit: literal before search")
{
    const std::vector<std::string> messages {
        R"~({"i":1,"t":"Root"})~", R"~({"i":2,"t":"Root"})~", R"~({"i":3,"t":"User"})~"};
    CHECK(rows("fields i | sort @timestamp desc | limit 2 | search t=\"root\"", messages) == Rows {R"~({"i":2})~"});
    CHECK(rows("fields i | search t=\"root\" | sort @timestamp desc | limit 1", messages) == Rows {R"~({"i":2})~"});
}

TEST_CASE("top rows: the same for every number of workers, and with copies among them")
{
    std::vector<Run> runs;
    std::vector<Run> without_copies;
    for (int run = 0; run < 40; ++run) {
        Run made;
        Run originals;
        for (int i = 0; i < 50; ++i) {
            const int value = (run * 50 + i) * 7919 % 997;
            const std::string message = R"~({"id":")" + std::to_string(run) + "-" + std::to_string(i) + R"~(","v":)~"
                + std::to_string(value) + "}";
            made.records.push_back({message, base::Time {value} * 1'000'000, {}});
            if (i % 3 == 0) {
                made.copies.insert(static_cast<std::uint32_t>(i));
            } else {
                originals.records.push_back(made.records.back());
            }
        }
        runs.push_back(made);
        without_copies.push_back(originals);
    }
    for (const std::string text :
        {"fields id, v | sort @timestamp desc | limit 20", "fields id | sort v, id desc | limit 7",
            "stats sum(v), count(*) by bin(1m) | sort bin(1m)", "fields id | sort v desc | dedup v | limit 5"}) {
        CAPTURE(text);
        const Answer expected = answer(text, without_copies);
        CHECK_FALSE(expected.rows.empty());
        for (const std::size_t workers : {1U, 2U, 7U}) {
            CHECK(answer(text, runs, options(), workers).rows == expected.rows);
        }
    }
}

TEST_CASE("limit: path order, stops early")
{
    std::vector<Run> runs(3, {records({R"~({"a":1})~", R"~({"a":2})~"}), {}});
    runs[0].copies = {0};
    CHECK(answer("fields a | limit 3", runs).rows == Rows {R"~({"a":2})~", R"~({"a":1})~", R"~({"a":2})~"});
    CHECK(answer("fields a | limit any 1", runs).rows == Rows {R"~({"a":2})~"});
    CHECK(answer("fields a | limit 0", runs).rows.empty());
    CHECK(answer("fields a | limit 2 | stats sum(a) as s", runs).rows == Rows {R"~({"s":3})~"});
    CHECK(answer("fields a | tail 1", runs).rows == Rows {R"~({"a":2})~"});
}

TEST_CASE("stats: aggregates")
{
    const std::vector<std::string> messages {R"~({"k":"a","v":1,"s":"x"})~", R"~({"k":"a","v":"2","s":"y"})~",
        R"~({"k":"b","v":2.5})~", R"~({"k":"a","v":null,"s":"x"})~", R"~({"v":"-","s":"z"})~"};
    CHECK(rows("stats count(*), count() as c, count(v) as cv, countDistinct(s) as d", messages)
        == Rows {R"~({"count(*)":5,"c":5,"cv":4,"d":3})~"});
    CHECK(rows("stats sum(v) as s, avg(v) as a, min(v) as l, max(v) as h by k", messages)
        == Rows {R"~({"k":"a","s":3,"a":1.5,"l":1,"h":"2"})~", R"~({"k":"b","s":2.5,"a":2.5,"l":2.5,"h":2.5})~",
            R"~({"s":0,"l":"-","h":"-"})~"});
    CHECK(rows("stats values(s) as v, sortsFirst(s) as f, sortsLast(s) as l", messages)
        == Rows {R"~({"v":["x","y","z"],"f":"x","l":"z"})~"});
    CHECK(
        rows("stats topk(2, s)", messages) == Rows {R"~({"s":"x","topk(2, s)":2})~", R"~({"s":"y","topk(2, s)":1})~"});
    CHECK(rows("stats earliest(s) as e, latest(s) as l by k", messages)
        == Rows {R"~({"k":"a","e":"x","l":"x"})~", R"~({"k":"b"})~", R"~({"e":"z","l":"z"})~"});
    CHECK(rows("stats pct(v, 50) as p, stddev(v) as d, variance(v) as w",
              {R"~({"v":1})~", R"~({"v":2})~", R"~({"v":3})~", R"~({"v":6})~"})
        == Rows {R"~({"p":2.5,"d":1.8708286933869707,"w":3.5})~"});
    CHECK(
        rows("stats sum(v) as s", {R"~({"v":9223372036854775807})~", R"~({"v":9223372036854775807})~", R"~({"v":1})~"})
        == Rows {R"~({"s":18446744073709551615})~"});
    CHECK(rows("stats count(*) as c, sum(v) as s, max(v) as m, avg(v) as a", {}) == Rows {R"~({"c":0,"s":0})~"});
    CHECK(rows("stats count(*) as c by k", {}).empty());
    CHECK(rows("stats max(@timestamp) as t", {"{}", "{}"}) == Rows {R"~({"t":"2026-01-01T00:00:01Z"})~"});
}

TEST_CASE("stats: expressions, names and stages")
{
    const std::vector<std::string> messages {R"~({"x":1,"y":"a","z":"p"})~", R"~({"x":2,"y":"a","z":"p"})~",
        R"~({"x":5,"y":"b","z":"p"})~", R"~({"x":4,"y":"a","z":"q"})~"};
    CHECK(rows("stats sum(x) as s by y, z | stats max(s) as m by z", messages)
        == Rows {R"~({"z":"p","m":5})~", R"~({"z":"q","m":4})~"});
    CHECK(rows("stats sum(x) / count(*) as mean, mean * 2 as twice by z", messages)
        == Rows {
            R"~({"z":"p","mean":2.6666666666666665,"twice":5.333333333333333})~", R"~({"z":"q","mean":4,"twice":8})~"});
    CHECK(rows("stats count(*) by z | sort count(*) | filter count(*) > 0 | limit 1", messages)
        == Rows {R"~({"z":"q","count(*)":1})~"});
    CHECK(rows("stats sum( x ) by z | sort sum(x) desc | display z", messages)
        == Rows {R"~({"z":"p"})~", R"~({"z":"q"})~"});
    CHECK(rows("stats count(*) as n by bin(1m) | sort @timestamp | display @timestamp, n", messages)
        == Rows {R"~({"@timestamp":"2026-01-01T00:00:00Z","n":4})~"});
    CHECK(rows("stats count(*) by bin(2s)", messages)
        == Rows {R"~({"bin(2s)":"2026-01-01T00:00:00Z","count(*)":2})~",
            R"~({"bin(2s)":"2026-01-01T00:00:02Z","count(*)":2})~"});
    CHECK(rows("stats count(*) as n by x > 2 as big | sort big", messages)
        == Rows {R"~({"big":0,"n":2})~", R"~({"big":1,"n":2})~"});
    CHECK(rows("countFrequent z", messages)
        == Rows {R"~({"z":"p","_approxcount":3})~", R"~({"z":"q","_approxcount":1})~"});
    CHECK(error_of("stats count(*) by x | stats count(*) by bin(5m)") != "");
    CHECK(error_of("stats rate(x, 1m)").find("rate") != std::string::npos);
}

TEST_CASE("stats: groups are told apart by text, absent ones are one group")
{
    CHECK(rows("stats count(*) as n by k",
              {R"~({"k":1})~", R"~({"k":"1"})~", R"~({"k":null})~", R"~({})~", R"~({"k":""})~", R"~({"k":"\u0031"})~"})
        == Rows {R"~({"k":1,"n":3})~", R"~({"n":2})~", R"~({"k":"","n":1})~"});
}

TEST_CASE("stats: what collects too much is refused")
{
    std::vector<std::string> messages;
    for (int i = 0; i < 2000; ++i) {
        messages.push_back(R"~({"v":)~" + std::to_string(i) + "}");
    }
    auto small = options();
    small.memory_bytes = 4096;
    CHECK(answer("stats values(v) as x", {{records(messages), {}}}, small).error.starts_with("memory: stats"));
    CHECK(answer("tail 1000", {{records(messages), {}}}, small).error.starts_with("memory: tail"));
}

TEST_CASE("dedup")
{
    const std::vector<std::string> messages {
        R"~({"i":1,"s":"a"})~", R"~({"i":2})~", R"~({"i":3,"s":"b"})~", R"~({"i":4,"s":"a"})~", R"~({"i":5})~"};
    CHECK(
        rows("fields i | dedup s", messages) == Rows {R"~({"i":5})~", R"~({"i":4})~", R"~({"i":3})~", R"~({"i":2})~"});
    CHECK(rows("fields i | sort i | dedup s", messages)
        == Rows {R"~({"i":1})~", R"~({"i":2})~", R"~({"i":3})~", R"~({"i":5})~"});
    CHECK(rows("fields i | sort i | dedup s | limit 1", messages) == Rows {R"~({"i":1})~"});
}

TEST_CASE("parse")
{
    CHECK(rows("parse m \"user=*, method:*\" as user, method | display user, method",
              {R"~({"m":"x user=bob, method:GET rest"})~", R"~({"m":"user=bob"})~", R"~({"m":"user=, method:"})~"})
        == Rows {R"~({"user":"bob","method":"GET rest"})~", "{}", R"~({"user":"","method":""})~"});
    CHECK(rows("parse @message \"*: *\" as a, b | display a, b", {"one: two: three"})
        == Rows {R"~({"a":"one","b":"two: three"})~"});
    CHECK(rows("parse m /(?<a>\\d+)(?<b>x)?/ | display a, b", {R"~({"m":"7"})~", R"~({"m":"8x"})~", R"~({"m":"no"})~"})
        == Rows {R"~({"a":"7"})~", R"~({"a":"8","b":"x"})~", "{}"});
    CHECK(rows("parse m /(\\d+)/ as n multi | display n", {R"~({"m":"1, 22, 333"})~", R"~({"m":"none"})~"})
        == Rows {R"~({"n":"1"})~", R"~({"n":"22"})~", R"~({"n":"333"})~", "{}"});
    CHECK(rows("parse @message logfmt as lf | display lf.msg, lf.n, lf.flag", {"msg=\"two words\" n=35 flag", ""})
        == Rows {R"~({"lf.msg":"two words","lf.n":"35","lf.flag":"true"})~", "{}"});
    CHECK(rows("parse @message csv as a, b, c | display a, b, c", {"1,\"x, \"\"y\"\"\",", "2"})
        == Rows {R"~({"a":"1","b":"x, \"y\"","c":""})~", R"~({"a":"2"})~"});
    CHECK(rows("fields i | parse m \"a*\" as x", {R"~({"i":1,"m":"ab"})~"}) == Rows {R"~({"i":1,"x":"b"})~"});
    CHECK(rows("parse m \"n=*\" as n | filter n >= 400 | display n", {R"~({"m":"n=404"})~", R"~({"m":"n=200"})~"})
        == Rows {R"~({"n":"404"})~"});
}

TEST_CASE("unnest, expand, json")
{
    CHECK(rows("unnest e into x | filter x.n > 1 | display x.n, i",
              {R"~({"i":1,"e":[{"n":1},{"n":2},{"n":3}]})~", R"~({"i":2,"e":{"n":9}})~"})
        == Rows {R"~({"x.n":2,"i":1})~", R"~({"x.n":3,"i":1})~", R"~({"x.n":9,"i":2})~"});
    CHECK(
        rows("unnest a into x | unnest b into y | fields x, y, concat(x, y) as xy", {R"~({"a":[1,2],"b":["p","q"]})~"})
        == Rows {R"~({"x":1,"y":"p","xy":"1p"})~", R"~({"x":1,"y":"q","xy":"1q"})~", R"~({"x":2,"y":"p","xy":"2p"})~",
            R"~({"x":2,"y":"q","xy":"2q"})~"});
    CHECK(
        rows("expand items | fields host, items",
            {R"~({"items":["a","b"],"host":"w"})~", R"~({"items":"[1]","host":"v"})~", R"~({"items":[],"host":"u"})~"})
        == Rows {R"~({"items":"a","host":"w"})~", R"~({"items":"b","host":"w"})~", R"~({"items":1,"host":"v"})~",
            R"~({"host":"u"})~"});
    CHECK(rows("json field=o \"k.sub\" as a | display a",
              {R"~({"o":{"k":{"sub":7}}})~", R"~({"o":"{\"k\":{\"sub\":8}}"})~", R"~({"o":5})~"})
        == Rows {R"~({"a":7})~", R"~({"a":8})~", "{}"});
    CHECK(rows("fields jsonParse(@message) as j | unnest j.e into x | limit 1 | display x.n",
              {R"~({"e":[{"n":1},{"n":2}]})~"})
        == Rows {R"~({"x.n":1})~"});
}

TEST_CASE("lookup and cidrlookup")
{
    auto with = options();
    std::filesystem::create_directories(with.temp_folder);
    const std::string hosts = with.temp_folder + "/hosts.csv";
    const std::string nets = with.temp_folder + "/nets.csv";
    std::ofstream(hosts) << "ip,name,site\n10.0.0.1,\"web, one\",A\n10.0.0.2,db,\n10.0.0.1,second,B\n";
    std::ofstream(nets) << "cidr,owner\r\n10.0.0.0/8,big\r\n10.0.0.0/16,small\r\n2001:db8::/32,six\r\n";
    with.tables = {{"hosts", hosts}, {"nets", nets}};
    const std::vector<Run> runs {
        {records({R"~({"ip":"10.0.0.1","name":"old"})~", R"~({"ip":"10.0.0.2"})~",
             R"~({"ip":"::ffff:10.9.1.1","name":"old"})~", R"~({"ip":"2001:db8::5"})~", R"~({"ip":"AWS Internal"})~"}),
            {}}};
    CHECK(answer("fields ip | lookup hosts ip OUTPUT name, site as place | display name, place", runs, with).rows
        == Rows {R"~({"name":"web, one","place":"A"})~", R"~({"name":"db"})~", "{}", "{}", "{}"});
    CHECK(answer("lookup hosts ip OUTPUTNEW name | display name", runs, with).rows
        == Rows {R"~({"name":"old"})~", R"~({"name":"db"})~", R"~({"name":"old"})~", "{}", "{}"});
    CHECK(answer("cidrlookup nets ip OUTPUT owner as o | display o", runs, with).rows
        == Rows {R"~({"o":"small"})~", R"~({"o":"small"})~", R"~({"o":"big"})~", R"~({"o":"six"})~", "{}"});
    CHECK(answer("lookup nothing ip OUTPUT name", runs, with).error.find("nothing") != std::string::npos);
    CHECK(answer("lookup hosts ip OUTPUT nothing", runs, with).error.find("nothing") != std::string::npos);
    std::filesystem::remove(hosts);
    std::filesystem::remove(nets);
}

TEST_CASE("commands that look at earlier rows")
{
    const std::vector<std::string> messages {
        R"~({"v":1,"h":"a"})~", R"~({"v":2})~", R"~({"v":"x","h":"b"})~", R"~({"v":4})~"};
    CHECK(rows("fields v, h | filldown h", messages)
        == Rows {R"~({"v":1,"h":"a"})~", R"~({"v":2,"h":"a"})~", R"~({"v":"x","h":"b"})~", R"~({"v":4,"h":"b"})~"});
    CHECK(rows("fields v, h | filldown h*", messages).back() == R"~({"v":4,"h":"b"})~");
    CHECK(rows("fields v | accum v as total", messages)
        == Rows {R"~({"v":1,"total":1})~", R"~({"v":2,"total":3})~", R"~({"v":"x"})~", R"~({"v":4,"total":7})~"});
    CHECK(rows("fields v | autoregress v p=1-2", messages)
        == Rows {R"~({"v":1})~", R"~({"v":2,"v_p1":1})~", R"~({"v":"x","v_p1":2,"v_p2":1})~",
            R"~({"v":4,"v_p1":"x","v_p2":2})~"});
    CHECK(rows("fields a, b | addtotals", {R"~({"a":1,"b":2.5})~", R"~({"a":"x"})~"})
        == Rows {R"~({"a":1,"b":2.5,"Total":3.5})~", R"~({"a":"x"})~"});
    CHECK(rows("fields a, b | addtotals row=false col=true a", {R"~({"a":1,"b":2})~", R"~({"a":4})~"})
        == Rows {R"~({"a":1,"b":2})~", R"~({"a":4})~", R"~({"a":5})~"});
}

TEST_CASE("search after stats, filters behind a limit, unmask")
{
    const std::vector<std::string> messages {
        R"~({"k":"Alpha","v":1})~", R"~({"k":"beta","v":2})~", R"~({"k":"alpha","v":3})~"};
    CHECK(rows("stats count(*) as n by k | search k=\"ALPHA\"", messages)
        == Rows {R"~({"k":"Alpha","n":1})~", R"~({"k":"alpha","n":1})~"});
    CHECK(rows("fields v | limit 2 | filter v > 1", messages) == Rows {R"~({"v":2})~"});
    CHECK(rows("fields v | unmask | limit 1", messages) == Rows {R"~({"v":1})~"});
}

TEST_CASE("source: log groups by prefix and account")
{
    Run run;
    for (const std::string log :
        {"111122223333:/aws/lambda/pay", "111122223333:/aws/lambda.x", "123456789012:/aws/lambda/pay"}) {
        run.records.push_back({R"~({"a":1})~", base::Time {0}, {{"@log", log}}});
    }
    CHECK(answer("SOURCE logGroups(namePrefix: ['/aws/lambda/', 'x']) | fields @log", {run}).rows
        == Rows {R"~({"@log":"111122223333:/aws/lambda/pay"})~", R"~({"@log":"123456789012:/aws/lambda/pay"})~"});
    CHECK(answer("SOURCE logGroups(namePrefix: ['/aws'], accountIdentifier: ['123456789012']) | stats count(*) as n",
              {run})
              .rows
        == Rows {R"~({"n":1})~"});
    CHECK(answer("SOURCE logGroups(class: ['STANDARD']) | stats count(*) as n", {run}).rows == Rows {R"~({"n":3})~"});
}

TEST_CASE("what is not executed says so")
{
    for (const auto& [text, name] : std::vector<std::pair<std::string, std::string>> {{"pattern @message", "pattern"},
             {"pattern @message | anomaly", "pattern"}, {"diff", "diff"}, {"estimate", "estimate"},
             {"logcompare timeshift 7d", "logcompare"}, {"sessionize a", "sessionize"}, {"outlier a", "outlier"},
             {"fields a | stats count(*) by bin(1m) | fillmissing", "fillmissing"},
             {"filter a in (SOURCE 'g' | fields a)", "subquer"}}) {
        CAPTURE(text);
        const std::string error = error_of(text);
        CHECK(error.starts_with("query: "));
        CHECK(error.find(name) != std::string::npos);
    }
}

TEST_CASE("filter: an equality that is told by the text alone gives the same rows as the comparison it stands for")
{
    Rows messages;
    for (const char* const value : {"22", "022", "22.0", "2.2e1", "23", "-22", "\"22\"", "\"022\"", "\"x\"", "\"X\"",
             "\"\\u0078\"", "\"x y\"", "true", "null", "[22]", "{}", "\"\"", "0", "00"}) {
        messages.push_back(std::string(R"~({"a":)~") + value + R"~(,"b":"y"})~");
    }
    messages.emplace_back(R"~({"b":"y"})~");
    const std::pair<const char*, const char*> pairs[] = {
        {"a = 22", "a in [22]"},
        {"a = \"22\"", "a in [\"22\"]"},
        {"a = \"x\"", "a in [\"x\"]"},
        {"a = \"\"", "a in [\"\"]"},
        {"a = 0", "a in [0]"},
        {"a = 22 and b = \"y\"", "a in [22] and b in [\"y\"]"},
        {"b = \"z\" and a = 22", "b in [\"z\"] and a in [22]"},
        {"a = 22 or b = \"z\"", "a in [22] or b in [\"z\"]"},
    };
    for (const auto& [told, compared] : pairs) {
        CAPTURE(told);
        CHECK(rows(std::string("filter ") + told + " | fields a, b", messages)
            == rows(std::string("filter ") + compared + " | fields a, b", messages));
    }
    CHECK(rows("filter a = 22 | stats count(*) as n", messages) == Rows {R"({"n":6})"});
}
