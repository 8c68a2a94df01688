#include <doctest/doctest.h>

#include "language_fixture.h"

namespace base = trawl::base;
namespace query = trawl::query;
namespace test = trawl::test;
using test::codes;
using test::condition;
using test::marked;

TEST_CASE("or binds less than and, and less than not, and that less than comparisons")
{
    CHECK(condition("filter a = 1 or b = 2 and not c = 3") == "(or (= a 1) (and (= b 2) (not (= c 3))))");
    CHECK(condition("filter (a or b) and !c") == "(and (or a b) (not c))");
    CHECK(condition("FILTER a AND NOT b OR c") == "(or (and a (not b)) c)");
}

TEST_CASE("arithmetic binds as in school, powers from the right")
{
    CHECK(condition("filter a + b * c - d > 1") == "(> (- (+ a (* b c)) d) 1)");
    CHECK(condition("filter a ^ b ^ c = -d % 2") == "(= (^ a (^ b c)) (% (minus d) 2))");
    CHECK(condition("filter -a ^ 2 = 1") == "(= (minus (^ a 2)) 1)");
    CHECK(condition("filter a - b = a-b") == "(= (- a b) (- a b))");
    CHECK(condition("filter a / b > 3") == "(> (/ a b) 3)");
}

TEST_CASE("an unquoted hyphen is a minus, a back-ticked one part of the name")
{
    CHECK(condition("filter detail-type") == "(- detail type)");
    CHECK(condition("filter `detail-type` = 'x'") == "(= detail-type \"x\")");
    CHECK(condition("filter @`aws.tag.aws:cloudformation:stack-name` = 'x'")
        == "(= @aws.tag.aws:cloudformation:stack-name \"x\")");
    const auto parsed = test::parse("filter a.`b.c`.0.d[1] = 1");
    CHECK(parsed.query.commands.at(0).where->operands.at(0).path.parts
        == std::vector<std::string> {"a", "b.c", "0", "d", "1"});
}

TEST_CASE("literals")
{
    CHECK(condition(R"(filter a = "x\"y\\z\d" or b = 'it\'s "so"')") == R"((or (= a "x"y\z\d") (= b "it's "so"")))");
    CHECK(condition("filter a = 1.5e3 or b = true or c = NULL or d = 5m")
        == "(or (= a 1.5e3) (= b true) (= c null) (= d 5m))");
    const auto parsed = test::parse("filter a = 5m and b = 12");
    const auto& parts = parsed.query.commands.at(0).where->operands;
    CHECK(parts.at(0).operands.at(1).literal.type == query::plan::Literal::Type::duration);
    CHECK(parts.at(1).operands.at(1).literal.number == 12);
    // An official sample of Apache logs has this.
    CHECK(condition("filter referrer= http://203.0.113.7/a?b=c | limit 1")
        == "(= referrer \"http://203.0.113.7/a?b=c\")");
}

TEST_CASE("like, in and regular expressions")
{
    CHECK(condition("filter a like 'x' and b like /x|y/ and c =~ /[/]z/")
        == "(and (like a \"x\") (regex b /x|y/) (regex c /[/]z/))");
    CHECK(condition("filter a in ['x', 1] or b in ('y')") == "(or (in a \"x\" 1) (in b \"y\"))");
    CHECK(condition("filter a like /a\\/b/") == "(regex a /a\\/b/)");
    CHECK(condition("filter a like /one\ntwo/") == "(regex a /one\ntwo/)");
    CHECK(condition("filter a in []") == "(in a)");
    // Neither holds where the field has no value; not (…) does.
    CHECK(condition("filter a not like 'x'") == "(and (like a \"\") (not (like a \"x\")))");
    CHECK(condition("filter a not like /x/") == "(and (like a \"\") (not (regex a /x/)))");
    CHECK(condition("filter a not in ['x']") == "(and (like a \"\") (not (in a \"x\")))");
    CHECK(condition("filter not (a in ['x'])") == "(not (in a \"x\"))");
}

TEST_CASE("calls have their canonical names, and members")
{
    CHECK(condition("filter ISPRESENT(a) and StrLen(b) > 3") == "(and (ispresent a) (> (strlen b) 3))");
    CHECK(condition("filter jsonParse(a).b.0[1].`c.d` = 1") == "(= (.c.d (.1 (.0 (.b (jsonParse a))))) 1)");
    CHECK(condition("filter unmask(a) = 1") == "(= a 1)");
    CHECK(condition("filter (a).b = 1") == "(= (.b a) 1)");
}

TEST_CASE("lists in filter keep case; quoted names stay text")
{
    CHECK(condition("filter a in $Words or a = $Words or a like $Words")
        == "(or (in-list a $Words) (in-list a $Words) (like-list a $Words))");
    CHECK(condition("filter a not in $Words and a != $Office")
        == "(and (outside-list a $Words) (outside-list a $Office))");
    CHECK(condition("filter a not like $Words") == "(and (like a \"\") (not (like-list a $Words)))");
    CHECK(condition("filter a not like $Office") == "(outside-list a $Office)");
    CHECK(condition("filter strlen(a) in list('Ports')") == "(in-list (strlen a) $Ports)");
    CHECK(condition("filter a in ['x', $Words]") == "(or (in-list a $Words) (in a \"x\"))");
    CHECK(condition("filter a = 'Words'") == "(= a \"Words\")");
    CHECK(codes("filter a = 'Words'") == "W113");
    CHECK(marked("filter a = 'InternalIPRange'", "W113") == "'InternalIPRange'");
    const auto parsed = test::parse("filter a in $Words");
    CHECK(parsed.query.commands.at(0).where->match.case_rule == base::CaseRule::sensitive);
}

TEST_CASE("a subquery after in stays with its command")
{
    const auto parsed = test::parse("filter id in (SOURCE 'g' | filter a = 1 | fields id) | fields id");
    REQUIRE(!base::has_error(parsed.diagnostics));
    REQUIRE(parsed.query.commands.size() == 2);
    CHECK(parsed.query.commands.at(0).subquery.size() == 3);
    CHECK(test::shape(*parsed.query.commands.at(0).where) == "(in id (subquery))");
    // A field may be called as a command is.
    CHECK(condition("filter id in (source, fields)") == "(in id source fields)");
}

TEST_CASE("spans lie where the text is")
{
    const std::string text = "filter  ( a = 1 )  or b like 'x'";
    const auto parsed = test::parse(text);
    const auto& either = *parsed.query.commands.at(0).where;
    CHECK(text.substr(either.span.start, either.span.length) == "( a = 1 )  or b like 'x'");
    const auto& first = either.operands.at(0);
    CHECK(text.substr(first.span.start, first.span.length) == "( a = 1 )");
    CHECK(parsed.query.commands.at(0).span == base::Span {0, text.size()});
}

TEST_CASE("no text is too deep or too long to refuse")
{
    const auto repeated = [](std::string_view what, std::size_t count) {
        std::string out;
        for (std::size_t i = 0; i < count; ++i) {
            out += what;
        }
        return out;
    };
    const std::vector<std::string> texts {"filter " + repeated("(", 50000),
        "filter " + repeated("(", 50000) + "a" + repeated(")", 50000),
        "search " + repeated("(", 50000) + "a" + repeated(")", 50000), "filter " + repeated("!", 50000) + "a",
        "search " + repeated("not ", 50000) + "a", "filter " + repeated("-", 50000) + "a",
        "filter " + repeated("a^", 50000) + "a", "filter " + repeated("a+", 50000) + "a",
        "filter abs(a)" + repeated(".b", 50000), "filter " + repeated("abs(", 30000) + "a",
        "filter " + repeated("(", 50) + "a" + repeated(" not like 'x')", 50),
        "filter a in " + repeated("(fields b | filter a in ", 5000), repeated("fields a | ", 2000) + "fields b",
        repeated(" ", 300000)};
    for (const std::string& text : texts) {
        CAPTURE(text.substr(0, 40));
        CHECK(codes(text).find("E1") != std::string::npos);
    }
    CHECK(marked("filter " + repeated("(", 100) + "a", "E109") == "(");
    // Long is not deep.
    CHECK(codes("filter " + repeated("a = 1 or ", 5000) + "a = 2").empty());
    CHECK(codes("filter a in [" + repeated("'x', ", 20000) + "'y']").empty());
    CHECK(codes("search " + repeated("word ", 10000)).empty());
}
