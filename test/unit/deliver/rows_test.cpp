#include <algorithm>

#include <doctest/doctest.h>

#include "deliver/csv_cell.h"
#include "deliver/row_format.h"

namespace trawl::deliver {

namespace {

using event::Value;

using Rows = std::vector<std::vector<Value>>;

std::string print(
    std::string_view format, const std::vector<std::string>& names, const Rows& rows, deliver::TableStyle style = {})
{
    std::string text;
    deliver::Output output = deliver::Output::into(text);
    const auto& table = deliver::row_format_table();
    const auto found = std::ranges::find(table, format, &deliver::RowFormat::name);
    const auto sink = (*found)->make(output, style);
    REQUIRE(sink->begin(names));
    for (const auto& row : rows) {
        REQUIRE(sink->row(row));
    }
    REQUIRE(sink->finish());
    return text;
}

std::string cell(std::string_view text)
{
    std::string out;
    deliver::append_csv_cell(out, text);
    return out;
}

TEST_CASE("ndjson leaves absent values out and keeps numbers as written")
{
    const Rows rows {
        {Value::string("x"), Value()}, {Value::null(), Value::number_text("12345678901234567890")}, {Value(), Value()}};
    CHECK(print("ndjson", {"a", "b"}, rows) == "{\"a\":\"x\"}\n{\"b\":12345678901234567890}\n{}\n");
}

TEST_CASE("json is one array, also of nothing")
{
    CHECK(print("json", {"a"}, {}) == "[]\n");
    CHECK(print("json", {"a"}, {{Value::integer(1)}, {Value()}}) == "[\n{\"a\":1},\n{}\n]\n");
}

TEST_CASE("names and text are escaped in json")
{
    CHECK(print("ndjson", {"a\"b"}, {{Value::string("\xff\n")}}) == "{\"a\\\"b\":\"\xEF\xBF\xBD\\n\"}\n");
}

TEST_CASE("csv quotes as RFC 4180 says")
{
    CHECK(cell("plain") == "plain");
    CHECK(cell("a,b") == "\"a,b\"");
    CHECK(cell("a\"b") == "\"a\"\"b\"");
    CHECK(cell("a\r\nb") == "\"a\r\nb\"");
    CHECK(cell(" a") == "\" a\"");
    CHECK(cell("\xff") == "\xEF\xBF\xBD");
}

TEST_CASE("csv holds no formula")
{
    CHECK(cell("=1+1") == "'=1+1");
    CHECK(cell("@SUM(A1)") == "'@SUM(A1)");
    CHECK(cell("+cmd|' /C calc'!A0") == "'+cmd|' /C calc'!A0");
    CHECK(cell("-2+3") == "'-2+3");
    CHECK(cell("\t=1") == "'\t=1");
    CHECK(cell("\r=1") == "\"'\r=1\"");
    CHECK(cell("\xEF\xBC\x9D"
               "1")
        == "'\xEF\xBC\x9D"
           "1");
    // Numbers stay numbers.
    CHECK(cell("-5") == "-5");
    CHECK(cell("-1.5e3") == "-1.5e3");
    CHECK(cell("+7") == "+7");
    CHECK(cell("a=b") == "a=b");
}

TEST_CASE("csv has a header and a line for each row, @timestamp keeps its name")
{
    CHECK(print("csv", {"@timestamp", "=x", "n"},
              {{Value::time(0), Value::string("-"), Value::integer(-5)}, {Value(), Value(), Value()}})
        == "@timestamp,'=x,n\n1970-01-01T00:00:00Z,'-,-5\n,,\n");
    // A row of one empty cell is still a row.
    CHECK(print("csv", {"a"}, {{Value()}}) == "a\n\"\"\n");
}

TEST_CASE("a table aligns numbers to the right and text to the left")
{
    const Rows rows {{Value::string("a"), Value::integer(5)}, {Value::string("long name"), Value::integer(1000)}};
    CHECK(
        print("table", {"name", "n"}, rows) == "name          n\n─────────  ────\na             5\nlong name  1000\n");
}

TEST_CASE("a table is cut to the terminal, the widest column first")
{
    const std::string text(200, 'x');
    const Rows rows {{Value::string("short"), Value::string(text)}};
    const std::string printed = print("table", {"a", "b"}, rows, {40, deliver::Colours::off, false});
    CHECK(printed.find("short  " + std::string(32, 'x') + "…\n") != std::string::npos);
    CHECK(print("table", {"a", "b"}, rows, {40, deliver::Colours::off, true}).find(text) != std::string::npos);
}

TEST_CASE("a table obeys no control character and counts wide ones")
{
    const Rows rows {{Value::string("\033[31m\n"), Value::string("x")}, {Value::string("日本"), Value::string("y")}};
    const std::string printed = print("table", {"a", "b"}, rows);
    CHECK(printed.find("\\x1b[31m\\n  x\n") != std::string::npos);
    CHECK(printed.find("日本        y\n") != std::string::npos);
}

TEST_CASE("a table of more rows than are looked at keeps its widths")
{
    Rows rows(600, {Value::string("ab"), Value::string("c")});
    rows.push_back({Value::string("wider than before"), Value::string("d")});
    const std::string printed = print("table", {"a", "b"}, rows);
    CHECK(printed.find("w…  d\n") != std::string::npos);
}

TEST_CASE("a table without rows shows its columns")
{
    CHECK(print("table", {"a", "b"}, {}) == "a  b\n─  ─\n");
}

} // namespace

} // namespace trawl::deliver
