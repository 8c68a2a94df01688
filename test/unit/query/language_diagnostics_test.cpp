#include <algorithm>

#include <doctest/doctest.h>

#include "base/file.h"
#include "base/text.h"
#include "language_fixture.h"

namespace base = trawl::base;
namespace query = trawl::query;
namespace test = trawl::test;
using test::codes;
using test::help_of;
using test::marked;

TEST_CASE("syntax errors point at the place")
{
    CHECK(marked("filter eventName = | limit 3", "E101") == "|");
    CHECK(marked("filter eventName =", "E101") == "(end)");
    CHECK(marked("fields a b", "E101") == "b");
    CHECK(marked("filter a = b = c", "E101") == "=");
    CHECK(marked("filter a like /x/i", "E101") == "i");
    CHECK(marked("search a)", "E101") == ")");
    CHECK(marked("search eventName=\xE2\x80\x9CRoot\xE2\x80\x9D", "E101") == "\xE2\x80\x9C");
    CHECK(marked("search f = (a or b)", "E101") == "(");
    CHECK(marked("filter $Words = a", "E203") == "$");
    CHECK(help_of("fields a sort b", "E101") == "commands are joined by |: | sort");
    CHECK(help_of("filter a is null", "E101").find("ispresent") != std::string::npos);
}

TEST_CASE("a command that is wrong does not hide the next")
{
    CHECK(codes("felds a | filter b = | limit x") == "E102 E101 E101");
    CHECK(codes("fields | | sort") == "E101 E112 E101");
    // Not without end.
    std::string many;
    for (int i = 0; i < 100; ++i) {
        many += "felds a | ";
    }
    CHECK(test::parse(many).diagnostics.size() <= 21);
}

TEST_CASE("unknown commands and functions have a suggestion")
{
    CHECK(marked("fields a | felds eventName", "E102") == "felds");
    CHECK(help_of("felds eventName", "E102") == "did you mean fields?");
    CHECK(help_of("eventName = 'x'", "E102").find("filter eventName") != std::string::npos);
    CHECK(marked("filter strlenn(a) > 1", "E105") == "strlenn");
    CHECK(help_of("filter strlenn(a) > 1", "E105") == "did you mean strlen?");
    CHECK(help_of("stats cuont(*)", "E105") == "did you mean count?");
}

TEST_CASE("what is not closed")
{
    CHECK(marked("search a = \"x", "E103") == "\"");
    CHECK(marked("fields `a", "E104") == "`");
    CHECK(marked("filter a like /x", "E104") == "/");
    CHECK(codes("filter (a = 1") == "E101");
    CHECK(codes("filter a in ['x'") == "E101");
}

TEST_CASE("expressions and arguments that cannot be used")
{
    CHECK(marked("filter a like /x(/ and b", "E106") == "/x(/");
    CHECK(codes("filter a =~ /(?=x)/") == "E106");
    CHECK(marked("filter strlen() > 1", "E107") == "strlen()");
    CHECK(codes("filter strlen(a, b) > 1") == "E107");
    CHECK(codes("stats max(*)") == "E107");
    CHECK(codes("stats count(*) by bin(5)") == "E107");
    CHECK(marked("filter a = 10x", "E110") == "10x");
    CHECK(marked("filter a = 10.0.0.1", "E110") == "10.0.0.1");
    CHECK(codes("filterIndex a > 1") == "E113");
    CHECK(codes("filterIndex a in ['x'] | filterindex b = 1").empty());
}

TEST_CASE("aggregates stand in stats alone")
{
    CHECK(marked("filter count(*) > 3", "E108") == "count(*)");
    CHECK(marked("stats sum(max(a))", "E108") == "max(a)");
    CHECK(marked("stats a by b", "E108") == "a");
    CHECK(codes("stats count(*) by max(a)") == "E108");
    CHECK(codes("stats count(*), topk(3, a)") == "E108");
    CHECK(codes("stats topk(3, a)").empty());
    // A name of the same stats, and a group, are results.
    CHECK(codes("stats count(*) as n, n / 2 as half, concat(k, '') by k").empty());
    CHECK(codes("stats sum(a) / count(*) as mean").empty());
}

TEST_CASE("names that stats hides")
{
    CHECK(marked("stats count(*) as n by a | filter n > 3 and logType = 'x'", "E302") == "logType");
    CHECK(help_of("stats count(*) as n by a | filter n > 3 and logType = 'x'", "E302")
        == "filter logType = 'x' | stats … | filter n > 3");
    CHECK(marked("stats count(*) as n by a | stats max(b)", "E303") == "b");
    CHECK(marked("stats count(*) as n by a | stats max(n) by bin(5m)", "E303") == "bin(5m)");
    CHECK(codes("stats count(*) as n, max(@timestamp) as @t by a | stats max(n) by dateceil(@t, 5m)").empty());
    CHECK(marked("stats count(*) as n by a | sort m", "W304") == "m");
    CHECK(marked("stats count(*) as n by a | display n, b", "W305") == "b");
    CHECK(codes("stats count(*) by a | sort count( * ) desc | filter COUNT(*) > 3 | display `count(*)`, a").empty());
    CHECK(codes("stats latest(a) as last by b | display last.x").empty());
}

TEST_CASE("a limit before a search")
{
    const std::string text = "sort @timestamp desc | limit 100 | search a";
    CHECK(codes(text) == "W120");
    CHECK(marked(text, "W120") == "limit 100");
    CHECK(test::parse(text).diagnostics.at(0).message == "search looks at the newest 100 events only");
    CHECK(help_of(text, "W120").find("search before limit") != std::string::npos);
    CHECK(codes("search a | limit 100").empty());
    CHECK(codes("limit 100 | stats count(*) by a | search a=x").empty());
}

TEST_CASE("fields that nobody knows")
{
    const std::vector<std::string> known {"eventName", "userIdentity.arn", "requestParameters"};
    const auto check = [&known](std::string_view text) {
        std::string out;
        const auto parsed = query::language::parse(text, {});
        for (const base::Diagnostic& diagnostic : query::language::check_fields(parsed.query, known)) {
            out += diagnostic.code + " " + std::string(text.substr(diagnostic.span.start, diagnostic.span.length)) + " "
                + diagnostic.help + ";";
        }
        return out;
    };
    CHECK(check("display eventNaem").starts_with("W305 eventNaem did you mean eventName?;"));
    CHECK(check("filter EventName = 'x'") == "W305 EventName did you mean eventName?;");
    CHECK(check("fields userIdentity, userIdentity.arn, requestParameters.bucketName, @anything").empty());
    CHECK(check("search colour=red colour=blue") == "W305 colour=red ;");
    CHECK(check("fields strlen(eventName) as n | filter n > 3 | sort n").empty());
    CHECK(check("parse eventName \"*x\" as head | display head | fields head.tail").empty());
    CHECK(check("stats count(*) as n by eventName | sort n | display what").empty());
    CHECK(check("stats max(what) by eventName") == "W305 what ;");
    CHECK(check("search word \"a phrase\"").empty());
}

namespace {

// The texts in back-ticks of a cell, with \\| as |.
std::vector<std::string> examples_in(std::string_view cell)
{
    std::vector<std::string> out;
    bool is_inside = false;
    for (const std::string_view piece : base::split(cell, '`')) {
        if (is_inside) {
            out.emplace_back(piece);
        }
        is_inside = !is_inside;
    }
    return out;
}

bool says(const std::string& text, const std::string& code, const query::Lists& lists)
{
    const std::vector<std::string> known {"eventName"};
    auto parsed = query::language::parse(text, lists);
    for (base::Diagnostic& diagnostic : query::language::check_fields(parsed.query, known)) {
        parsed.diagnostics.push_back(std::move(diagnostic));
    }
    return std::ranges::count(parsed.diagnostics, code, &base::Diagnostic::code) > 0;
}

} // namespace

TEST_CASE("the examples of docs/diagnostics.md are examples")
{
    const std::string page = base::read_file("docs/diagnostics.md").value_or("");
    query::Lists lists = test::some_lists();
    lists["L"] = {"L", query::ListType::string, {"x"}, query::NonAddress::ignore, false};
    lists["Addresses"] = {"Addresses", query::ListType::ip, {"192.0.2.1"}, query::NonAddress::ignore, false};
    query::Lists more = lists;
    more["InternalIPRange"]
        = {"InternalIPRange", query::ListType::cidr, {"10.0.0.0/8"}, query::NonAddress::ignore, false};
    std::size_t codes_shown = 0;
    for (std::string_view line : base::split(page, '\n')) {
        if (!line.starts_with("| E") && !line.starts_with("| W")) {
            continue;
        }
        // An escaped bar is no border of a cell.
        std::string row(line);
        for (std::size_t at = row.find("\\|"); at != std::string::npos; at = row.find("\\|", at)) {
            row.replace(at, 2, "\x01");
        }
        const std::vector<std::string_view> cells = base::split(row, '|');
        REQUIRE(cells.size() >= 5);
        const std::string code(base::trim(cells[1]).substr(0, 4));
        if (code == "E109") {
            continue;   // Too long for a page.
        }
        ++codes_shown;
        const std::vector<std::string> examples = examples_in(cells[3]);
        CAPTURE(code);
        CHECK_FALSE(examples.empty());
        for (std::string example : examples) {
            std::ranges::replace(example, '\x01', '|');
            CAPTURE(example);
            CHECK((says(example, code, lists) || says(example, code, more)));
        }
    }
    CHECK(codes_shown == 31);
}
