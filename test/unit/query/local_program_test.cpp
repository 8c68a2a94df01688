#include <doctest/doctest.h>

#include "json_row.h"
#include "query/local/predicate.h"

using namespace trawl;
using event::FieldPath;
using query::local::Program;
using query::plan::Arithmetic;
using query::plan::Comparison;
using query::plan::Expression;
using query::plan::ExpressionKind;
using query::plan::Literal;

namespace {

Expression field(std::string_view name)
{
    Expression made;
    made.kind = ExpressionKind::field;
    made.path = FieldPath::parse(name);
    return made;
}

Expression number(double value)
{
    Expression made;
    made.kind = ExpressionKind::literal;
    made.literal = {Literal::Type::number, false, value, std::to_string(value)};
    return made;
}

Expression text(std::string value)
{
    Expression made;
    made.kind = ExpressionKind::literal;
    made.literal = {Literal::Type::string, false, 0, std::move(value)};
    return made;
}

Expression truth(bool value)
{
    Expression made;
    made.kind = ExpressionKind::literal;
    made.literal = {Literal::Type::boolean, value, 0, value ? "true" : "false"};
    return made;
}

Expression with(ExpressionKind kind, std::vector<Expression> operands, std::string name = {})
{
    Expression made;
    made.kind = kind;
    made.operands = std::move(operands);
    made.text = std::move(name);
    return made;
}

Expression compare(Expression left, Comparison comparison, Expression right)
{
    Expression made = with(ExpressionKind::comparison, {std::move(left), std::move(right)});
    made.comparison = comparison;
    return made;
}

Expression calculate(Expression left, Arithmetic arithmetic, Expression right)
{
    Expression made = with(ExpressionKind::arithmetic, {std::move(left), std::move(right)});
    made.arithmetic = arithmetic;
    return made;
}

std::string evaluate(const Expression& expression, std::string json)
{
    event::Projection projection;
    auto program = Program::create(expression, query::Lists(), projection);
    REQUIRE(program);
    query::test::JsonRow row(projection, std::move(json), base::parse_time("2026-01-02T03:04:05Z"));
    std::string result;
    program->evaluate(row).append_json(result);
    return result;
}

bool test(const Expression& expression, std::string json)
{
    event::Projection projection;
    auto program = Program::create(expression, query::Lists(), projection);
    REQUIRE(program);
    query::test::JsonRow row(projection, std::move(json), base::parse_time("2026-01-02T03:04:05Z"));
    return program->test(row);
}

} // namespace

TEST_CASE("a number literal compares numerically")
{
    const Expression equal = compare(field("f"), Comparison::equal, number(22));
    CHECK(test(equal, R"({"f":22})"));
    CHECK(test(equal, R"({"f":"22.0"})"));
    CHECK_FALSE(test(equal, R"({"f":"x"})"));
    CHECK_FALSE(test(equal, R"({"f":null})"));
    CHECK_FALSE(test(equal, R"({})"));
    CHECK_FALSE(test(equal, R"({"f":[22]})"));
    CHECK(test(compare(number(5), Comparison::less, field("f")), R"({"f":"10"})"));
    CHECK(test(compare(field("@timestamp"), Comparison::greater, number(1767323045000.0 - 1)), "{}"));
    CHECK(test(compare(field("f"), Comparison::equal, number(1)), R"({"f":true})"));
}

TEST_CASE("a text literal compares as text, but numerically with a JSON number")
{
    const Expression equal = compare(field("f"), Comparison::equal, text("012"));
    CHECK(test(equal, R"({"f":"012"})"));
    CHECK_FALSE(test(equal, R"({"f":"12"})"));
    CHECK(test(equal, R"({"f":12})"));
    CHECK_FALSE(test(compare(field("f"), Comparison::equal, text("A")), R"({"f":"a"})"));
    CHECK(test(compare(field("f"), Comparison::equal, text("A")), R"({"f":"\u0041"})"));
    CHECK(test(compare(field("f"), Comparison::equal, text("true")), R"({"f":true})"));
    CHECK(test(compare(field("@timestamp"), Comparison::less, text("2026-01-02T03:04:05.1Z")), "{}"));
    CHECK(test(compare(field("@timestamp"), Comparison::equal, text("2026-01-02T03:04:05.000Z")), "{}"));
}

TEST_CASE("!= and objects, arrays, missing values")
{
    const Expression differs = compare(field("f"), Comparison::not_equal, text("x"));
    CHECK(test(differs, R"({"f":"y"})"));
    CHECK(test(differs, R"({"f":5})"));
    CHECK(test(differs, R"({"f":""})"));
    CHECK_FALSE(test(differs, R"({"f":"x"})"));
    CHECK_FALSE(test(differs, R"({})"));
    CHECK_FALSE(test(differs, R"({"f":null})"));
    CHECK_FALSE(test(differs, R"({"f":{"a":1}})"));
    CHECK_FALSE(test(differs, R"({"f":[1]})"));
    CHECK(test(with(ExpressionKind::negation, {compare(field("f"), Comparison::equal, text("x"))}), "{}"));
}

TEST_CASE("booleans")
{
    CHECK(test(compare(field("f"), Comparison::equal, truth(true)), R"({"f":true})"));
    CHECK(test(compare(field("f"), Comparison::equal, truth(true)), R"({"f":"TRUE"})"));
    CHECK(test(compare(field("f"), Comparison::equal, truth(false)), R"({"f":0})"));
    CHECK_FALSE(test(compare(field("f"), Comparison::equal, truth(false)), R"({"f":"no"})"));
    CHECK(test(field("f"), R"({"f":true})"));
    CHECK(test(field("f"), R"({"f":"true"})"));
    CHECK(test(field("f"), R"({"f":2})"));
    CHECK_FALSE(test(field("f"), R"({"f":"yes"})"));
    CHECK_FALSE(test(field("f"), "{}"));
    CHECK(evaluate(compare(field("f"), Comparison::equal, text("x")), R"({"f":"x"})") == "1");
    CHECK(evaluate(compare(field("f"), Comparison::equal, text("x")), "{}") == "0");
}

TEST_CASE("fields with each other")
{
    CHECK(test(compare(field("a"), Comparison::equal, field("b")), R"({"a":5,"b":"5.0"})"));
    CHECK_FALSE(test(compare(field("a"), Comparison::equal, field("b")), R"({"a":"5","b":"5.0"})"));
    CHECK(test(compare(field("a"), Comparison::greater, field("b")), R"({"a":"10","b":"9"})"));
    CHECK(test(compare(field("a"), Comparison::greater, field("b")), R"({"a":"y","b":"x"})"));
    CHECK_FALSE(test(compare(field("a"), Comparison::not_equal, field("b")), R"({"a":"y"})"));
}

TEST_CASE("in")
{
    const Expression in = with(ExpressionKind::in_list, {field("f"), text("foo"), text("bar"), number(1), text("300")});
    CHECK(test(in, R"({"f":"foo"})"));
    CHECK(test(in, R"({"f":1})"));
    CHECK(test(in, R"({"f":"1"})"));
    CHECK(test(in, R"({"f":300})"));
    CHECK(test(in, R"({"f":"300"})"));
    CHECK_FALSE(test(in, R"({"f":"300.0"})"));
    CHECK_FALSE(test(in, R"({"f":"Foo"})"));
    CHECK_FALSE(test(in, R"({"f":["foo"]})"));
    CHECK_FALSE(test(in, "{}"));
    CHECK(test(with(ExpressionKind::in_list, {field("f"), field("g")}), R"({"f":"x","g":"x"})"));
}

TEST_CASE("like and =~")
{
    CHECK(test(with(ExpressionKind::like, {field("f"), text("b.c")}), R"({"f":"ab.cd"})"));
    CHECK_FALSE(test(with(ExpressionKind::like, {field("f"), text("b.c")}), R"({"f":"abxcd"})"));
    CHECK_FALSE(test(with(ExpressionKind::like, {field("f"), text("B")}), R"({"f":"abc"})"));
    CHECK(test(with(ExpressionKind::like, {field("f"), text("23")}), R"({"f":1234})"));
    CHECK_FALSE(test(with(ExpressionKind::like, {field("f"), text("a")}), R"({"f":{"a":1}})"));
    CHECK(test(with(ExpressionKind::like, {field("@message"), text("\"a\":1")}), R"({"f":{"a":1}})"));
    CHECK(test(with(ExpressionKind::regex, {field("f")}, "^1\\d+4$"), R"({"f":1234})"));
    CHECK_FALSE(test(with(ExpressionKind::regex, {field("f")}, "ABC"), R"({"f":"abc"})"));
    CHECK(test(with(ExpressionKind::regex, {field("f")}, "(?i)ABC"), R"({"f":"abc"})"));
}

TEST_CASE("arithmetic")
{
    CHECK(evaluate(calculate(field("a"), Arithmetic::subtract, field("b")), R"({"a":5,"b":"3"})") == "2");
    CHECK(evaluate(calculate(number(10), Arithmetic::divide, number(4)), "{}") == "2.5");
    CHECK(evaluate(calculate(number(10), Arithmetic::divide, number(5)), "{}") == "2");
    CHECK(evaluate(calculate(number(10), Arithmetic::divide, number(0)), "{}") == "null");
    CHECK(evaluate(calculate(number(7), Arithmetic::remainder, number(4)), "{}") == "3");
    CHECK(evaluate(calculate(number(7.5), Arithmetic::remainder, number(0)), "{}") == "null");
    CHECK(evaluate(calculate(number(2), Arithmetic::power, number(10)), "{}") == "1024");
    CHECK(
        evaluate(calculate(field("a"), Arithmetic::add, number(1)), R"({"a":9007199254740993})") == "9007199254740994");
    CHECK(evaluate(calculate(field("a"), Arithmetic::add, number(1)), R"({"a":"x"})") == "null");
    CHECK(evaluate(calculate(field("a"), Arithmetic::add, number(1)), R"({"a":true})") == "null");
    CHECK(evaluate(with(ExpressionKind::minus, {field("a")}), R"({"a":"4"})") == "-4");
}

TEST_CASE("calls and postfix access")
{
    CHECK(evaluate(with(ExpressionKind::call, {field("a"), text("x")}, "coalesce"), "{}") == "\"x\"");
    Expression parsed
        = with(ExpressionKind::member, {with(ExpressionKind::call, {field("a")}, "jsonParse")}, "user.id");
    CHECK(evaluate(parsed, R"({"a":"{\"user.id\":7}"})") == "7");
    Expression element = with(ExpressionKind::member, {field("a")});
    element.position = 1;
    CHECK(evaluate(element, R"({"a":["x","y"]})") == "\"y\"");
    CHECK(evaluate(element, R"({"a":"text"})") == "null");
    Expression duration = text("5m");
    duration.literal.type = Literal::Type::duration;
    CHECK(evaluate(with(ExpressionKind::call, {duration}, "bin"), "{}") == "\"2026-01-02T03:00:00Z\"");
    CHECK(evaluate(with(ExpressionKind::call, {}, "messageSize"), R"({"a":1})") == "7");

    event::Projection projection;
    const auto fails
        = [&](const Expression& expression) { return !Program::create(expression, query::Lists(), projection); };
    CHECK(fails(with(ExpressionKind::call, {}, "nothing")));
    CHECK(fails(with(ExpressionKind::call, {field("a")}, "sum")));
    CHECK(fails(with(ExpressionKind::call, {}, "abs")));
    CHECK(fails(with(ExpressionKind::call, {text("5 bananas")}, "bin")));
    CHECK(fails(with(ExpressionKind::call, {field("a"), text("10.0.0.0/99")}, "isIpInSubnet")));
    CHECK(fails(with(ExpressionKind::regex, {field("a")}, "(")));
}

TEST_CASE("keywords look in the compact record")
{
    Expression keyword;
    keyword.kind = ExpressionKind::keyword;
    keyword.match.patterns = {"user not found", "\"k\":\"*v\""};
    CHECK(test(keyword, R"({"m":"The User Not Found here"})"));
    CHECK_FALSE(test(keyword, R"({"m":"User was Not ever Found"})"));
    CHECK(test(keyword, R"({ "k" : "some \u0056" })"));
    CHECK(test(keyword, "plain text: USER NOT FOUND"));
    CHECK(test(keyword, "{not json, user not found"));
    // Words and runs of them, with white space and escapes that the compact form lacks.
    keyword.match.patterns = {"access denied", "x*z", "a/b"};
    CHECK(test(keyword, R"({"m" : "Access Denied", "n":"\"q\""})"));
    CHECK(test(keyword, R"({"m":"\u0041ccess Denied"})"));
    CHECK(test(keyword, R"({"m": "xy", "n": "yz"})"));
    CHECK(test(keyword, R"({"m":"a\/b"})"));
    CHECK_FALSE(test(keyword, R"({"m":"access", "n":"denied"})"));
    keyword.match.patterns = {"0041"};
    CHECK_FALSE(test(keyword, R"({"m":"\u0041ccess"})"));
}

TEST_CASE("one element of an array meets the whole condition")
{
    const auto leaf = [](std::string_view name, std::string pattern) {
        Expression made;
        made.kind = ExpressionKind::match;
        made.path = FieldPath::parse(name);
        made.reach = event::Reach::any_element;
        made.match.patterns = {std::move(pattern)};
        return made;
    };
    Expression element = with(ExpressionKind::element,
        {with(ExpressionKind::conjunction, {leaf("cidr", "0.0.0.0/0"), leaf("port.from", "22")})});
    element.path = FieldPath::parse("rules");
    element.reach = event::Reach::any_element;
    CHECK(test(
        element, R"({"rules":[{"cidr":"10.0.0.0/8","port":{"from":1}},{"cidr":"0.0.0.0/0","port":{"from":22}}]})"));
    CHECK_FALSE(test(
        element, R"({"rules":[{"cidr":"10.0.0.0/8","port":{"from":22}},{"cidr":"0.0.0.0/0","port":{"from":1}}]})"));
    CHECK(test(element, R"({"rules":{"cidr":"0.0.0.0/0","port":{"from":22}}})"));
    CHECK_FALSE(test(element, R"({"rules":null})"));
    CHECK_FALSE(test(element, "{}"));
}
