#include <doctest/doctest.h>

#include "language_fixture.h"

namespace base = trawl::base;
namespace event = trawl::event;
namespace test = trawl::test;
using test::codes;
using test::condition;
using test::marked;

// Line by line the table of docs/LANGUAGE.md.
TEST_CASE("comparisons of search")
{
    CHECK(condition(R"(search f="v")") == "(is f 'v')");
    CHECK(condition(R"(search f!="v")") == "(and (has-value f) (not (is f 'v')))");
    CHECK(condition(R"(search NOT f="v")") == "(not (is f 'v'))");
    CHECK(condition(R"(search f="*")") == "(has-value f)");
    CHECK(condition(R"(search f!="*")") == "false");
    CHECK(condition(R"(search f="")") == "(empty f)");
    CHECK(condition(R"(search f!="")") == "(and (has-value f) (not (empty-text f)))");
    CHECK(condition(R"(search f="Get*")") == "(is f 'Get*')");
    CHECK(condition(R"(search f=Get*)") == "(is f 'Get*')");
    CHECK(condition(R"(search f<5 f>=5)") == "(and (< f 5) (>= f 5))");
    CHECK(condition(R"(search f<"b" f>="7")") == "(and (text< f 'b') (text>= f '7' 7))");
    CHECK(condition(R"(search f in (a, "b*"))") == "(is f 'a' 'b*')");
    CHECK(condition(R"(search f in [a, 5, ""])") == "(or (empty f) (is f 'a') (number f 5))");
    CHECK(condition(R"(search f not in (a, b))") == "(and (has-value f) (not (is f 'a' 'b')))");
    CHECK(condition(R"(search f like "x")") == "(contains f 'x')");
    CHECK(condition(R"(search f not like "x")") == "(and (has-value f) (not (contains f 'x')))");
    CHECK(condition(R"(search f like /x y/ f =~ /z/)") == "(and (regex f 'x y') (regex f 'z'))");
    CHECK(condition(R"(search word)") == "(word 'word')");
    CHECK(condition(R"(search "a phrase")") == "(word 'a phrase')");
}

TEST_CASE("lists in search")
{
    CHECK(condition(R"(search f=$Words f="Words" f in $Words)")
        == "(and (in-list f $Words) (in-list f $Words) (in-list f $Words))");
    CHECK(condition(R"(search f like $Words f like "Words")") == "(and (like-list f $Words) (like-list f $Words))");
    CHECK(condition(R"(search f!="Office" f not in $Office f not like $Office)")
        == "(and (outside-list f $Office) (outside-list f $Office) (outside-list f $Office))");
    CHECK(condition(R"(search f!=$Words)") == "(outside-list f $Words)");
    CHECK(condition(R"(search f not like $Words)") == "(and (has-value f) (not (like-list f $Words)))");
    CHECK(condition(R"(search f in (x, $Words))") == "(or (in-list f $Words) (is f 'x'))");
    CHECK(condition(R"(search f=literal("Words"))") == "(is-plainly f 'Words')");
    CHECK(condition(R"(search f=literal("a*") f like literal("b*"))")
        == "(and (is-plainly f 'a*') (contains-plainly f 'b*'))");
    // Exactly the name, with its case, and quoted.
    CHECK(condition(R"(search f="words" f=Words f="Words ")") == "(and (is f 'words') (is f 'Words') (is f 'Words '))");
    CHECK(condition(R"(search $Words)") == "(word 'alpha' 'beta')");
    CHECK(codes(R"(search $Office)") == "E203");
    CHECK(codes(R"(search f < $Words)") == "E203");
}

TEST_CASE("reserved names never compare as text")
{
    for (const std::string text : {R"(search f="InternalIPRange")", R"(search f=InternalIPRange)",
             R"(search f like "SuspiciousIP")", R"(search "ElasticIP")", R"(search f in ("x", "AWSResourceTag"))",
             R"(search f=$Nowhere)", R"(filter f in $InternalIPRange)", R"(search f != list("SensitiveResource"))"}) {
        CAPTURE(text);
        CHECK(codes(text) == "E201");
    }
    // A list that only the built-in pack binds is unbound here.
    CHECK(codes("filter a in $Builtin") == "E201");
    CHECK(condition("search a=\"Builtin\"") == "(is a 'Builtin')");
    CHECK(codes(R"(search f=literal("InternalIPRange"))").empty());
    CHECK(marked(R"(search a=1 f="InternalIPRange")", "E201") == "\"InternalIPRange\"");
    CHECK(marked("filter f in $Nowhere", "E201") == "$Nowhere");
    // Once for each name.
    CHECK(codes(R"(search a="ElasticIP" b="ElasticIP" c="SuspiciousIP")") == "E201 E201");
    const std::string help = test::help_of(R"(search f="InternalIPRange")", "E201");
    CHECK(help.find("trawl query --lists FILE") != std::string::npos);
    CHECK(help.find("InternalIPRange: {type: cidr, values: [10.0.0.0/8") != std::string::npos);
}

TEST_CASE("AND need not be written and binds more than OR; NOT most")
{
    CHECK(condition("search a b OR c") == "(or (and (word 'a') (word 'b')) (word 'c'))");
    CHECK(condition("search a and (b or c) not d") == "(and (word 'a') (or (word 'b') (word 'c')) (not (word 'd')))");
    CHECK(codes("search a and b or c") == "W110");
    CHECK(codes("search (a and b) or c").empty());
    CHECK(codes("search a or b or not c").empty());
    const std::string help = test::help_of("search a=1 AND b=2 OR c=3", "W110");
    CHECK(help.find("(a=1 AND b=2) OR c=3") != std::string::npos);
    CHECK(help.find("Splunk would read a=1 AND (b=2 OR c=3)") != std::string::npos);
}

TEST_CASE("what is a field and what is a word")
{
    CHECK(condition("search error user.name=x 203.0.113.7 arn:aws:s3:::b -x /var/log #no\n *end")
        == "(and (word 'error') (is user.name 'x') (word '203.0.113.7') (word 'arn:aws:s3:::b') (word '-x') (word "
           "'/var/log') (word '*end'))");
    CHECK(condition("search user.name = x | limit 1") == "(is user.name 'x')");
    CHECK(condition("search `detail-type`=x @message like y") == "(and (is detail-type 'x') (contains @message 'y'))");
    CHECK(condition("search orange android notes inner")
        == "(and (word 'orange') (word 'android') (word 'notes') (word 'inner'))");
    CHECK(condition("search a not b") == "(and (word 'a') (not (word 'b')))");
    CHECK(condition("search f=or-else") == "(is f 'or-else')");
    CHECK(condition("search \"or\"") == "(word 'or')");
    CHECK(condition("search x;") == "(word 'x')");
    CHECK(codes("search a or") == "E101");
    CHECK(codes("search or a") == "E101");
    CHECK(codes("search detail-type=x") == "E101");
    CHECK(marked("search detail-type=x", "E101") == "detail-type");
}

TEST_CASE("numbers without quotes compare as numbers, identifiers as text")
{
    CHECK(condition("search f=200 g=-1.5") == "(and (number f 200) (number g -1.5))");
    CHECK(condition("search f=\"200\"") == "(is f '200')");
    CHECK(condition("search f=012345678901 g=12345678901234567890 h=1e3")
        == "(and (is f '012345678901') (is g '12345678901234567890') (is h '1e3'))");
}

TEST_CASE("wildcards keep their escapes; quotes do not")
{
    CHECK(condition(R"(search f="a\*b\\c\"d")") == R"((is f 'a\*b\\c"d'))");
    CHECK(condition(R"(search f="C:\\*")") == R"((is f 'C:\\*'))");
    CHECK(condition(R"(search f<"a\\b")") == "(text< f 'a\\b')");
}

TEST_CASE("fields of search enter lists, patterns ignore case")
{
    const auto parsed = test::parse("search resources.ARN=\"x*\"");
    const auto& leaf = *parsed.query.commands.at(0).where;
    CHECK(leaf.reach == event::Reach::any_element);
    CHECK(leaf.match.case_rule == base::CaseRule::insensitive);
    CHECK(leaf.match.wildcards == base::Wildcards::glob);
    CHECK(test::parse("filter resources.ARN = 'x'").query.commands.at(0).where->operands.at(0).reach
        == event::Reach::exact);
}

TEST_CASE("warnings of search point at the comparison")
{
    CHECK(codes("search eventName=\"\"") == "W101");
    CHECK(marked("search a=1 eventName = \"\" b", "W101") == "eventName = \"\"");
    CHECK(test::help_of("search eventName=\"\"", "W101").find("asterisk") != std::string::npos);
    CHECK(codes("search errorMessage=\"\"") == "W101");
    CHECK(marked("search f in (x, \"\")", "W101") == "\"\"");
    CHECK(codes("search eventName=\"*\" a or eventName=*") == "W102 W110");
    CHECK(codes("search f=\"*\"").empty());
    CHECK(marked("search a or f != \"*\"", "W112") == "f != \"*\"");
    CHECK(codes("search sourceIPAddress=\"10.0.0.0/8\"") == "W122");
    CHECK(codes("search ipRanges.cidrIp=\"0.0.0.0/0\"").empty());
}

TEST_CASE("names of services in sourceIPAddress")
{
    CHECK(codes("search sourceIPAddress != $Office") == "W121");
    CHECK(test::parse("search sourceIPAddress != $Office").diagnostics.at(0).severity == base::Severity::note);
    CHECK(test::parse("search sourceIPAddress != $Outside").diagnostics.at(0).severity == base::Severity::warning);
    CHECK(codes("search sourceIPAddress = $Office").empty());
    CHECK(codes("search srcAddr != $Office").empty());
    CHECK(codes("filter sourceIPAddress not in $Outside") == "W121");
    CHECK(codes("filter isValidIp(sourceIPAddress) | search sourceIPAddress != $Outside").empty());
}
