#include <doctest/doctest.h>

#include "base/regex.h"

using trawl::base::Regex;

namespace {

Regex compile(std::string_view pattern)
{
    auto regex = Regex::create(pattern);
    REQUIRE_MESSAGE(regex.has_value(), std::string(pattern));
    return *regex;
}

std::string refusal(std::string_view pattern)
{
    const auto regex = Regex::create(pattern);
    REQUIRE_MESSAGE(!regex.has_value(), std::string(pattern));
    CHECK(regex.error().code == "regex");
    return regex.error().message;
}

} // namespace

TEST_CASE("search is unanchored and case-sensitive")
{
    CHECK(compile("Denied").search("AccessDenied!"));
    CHECK_FALSE(compile("denied").search("AccessDenied!"));
    CHECK(compile("(?i)denied").search("AccessDenied!"));
    CHECK_FALSE(compile("^Denied").search("AccessDenied!"));
    CHECK(compile("").search(""));
    CHECK_FALSE(compile("a.b").search("a\nb"));
    CHECK(compile("(?s)a.b").search("a\nb"));
    CHECK(compile("^.$").search("ß"));
}

TEST_CASE("Groups have the names of either spelling")
{
    const Regex regex = compile(R"((?<user>\w+)@(?P<host>[\w.]+)(:(\d+))?)");
    CHECK(regex.group_names() == std::vector<std::string> {"user", "host", "", ""});
    CHECK(regex.pattern() == R"((?<user>\w+)@(?P<host>[\w.]+)(:(\d+))?)");
    std::vector<std::string_view> groups;
    REQUIRE(regex.find("to alice@example.com", 0, groups));
    REQUIRE(groups.size() == 5);
    CHECK(groups[0] == "alice@example.com");
    CHECK(groups[1] == "alice");
    CHECK(groups[2] == "example.com");
    CHECK(groups[3].data() == nullptr);
    CHECK(groups[4].data() == nullptr);
}

TEST_CASE("A group that matched nothing differs from one that took no part")
{
    std::vector<std::string_view> groups;
    REQUIRE(compile("a(b*)(c)?").find("a", 0, groups));
    CHECK(groups[1].data() != nullptr);
    CHECK(groups[1].empty());
    CHECK(groups[2].data() == nullptr);
}

TEST_CASE("find goes on from a place")
{
    const Regex regex = compile(R"(\d+)");
    const std::string_view text = "12 and 345";
    std::vector<std::string_view> groups;
    REQUIRE(regex.find(text, 0, groups));
    CHECK(groups[0] == "12");
    REQUIRE(regex.find(text, 2, groups));
    CHECK(groups[0] == "345");
    CHECK(groups[0].data() == text.data() + 7);
    CHECK_FALSE(regex.find(text, text.size(), groups));
    CHECK_FALSE(regex.find(text, text.size() + 5, groups));
    CHECK_FALSE(compile("^a").find("aa", 1, groups));
}

TEST_CASE("Many groups are found too")
{
    const Regex regex = compile("(1)(2)(3)(4)(5)(6)(7)(8)(9)(a)(b)(c)");
    std::vector<std::string_view> groups;
    REQUIRE(regex.find("x123456789abcx", 0, groups));
    REQUIRE(groups.size() == 13);
    CHECK(groups[12] == "c");
    CHECK(regex.group_names().size() == 12);
}

TEST_CASE("What only looks like a named group stays as it is")
{
    CHECK(compile(R"(\(?<a>)").search("<a>"));
    CHECK(compile(R"([(?<]a>)").search("<a>"));
    CHECK(compile(R"([](?<a]+)").search("]"));
    CHECK(compile(R"([^](?<]x)").search("ax"));
    CHECK_FALSE(compile(R"([^](?<]x)").search("?x"));
    CHECK(compile(R"([[:alpha:](?<n>]+$)").search("?n>"));
    CHECK(compile(R"([\](?<n>]+$)").search("?]"));
    CHECK(compile(R"(\Q(?<n>\E(?<m>x))").search("(?<n>x"));
    CHECK(compile(R"(\\(?<n>x))").group_names() == std::vector<std::string> {"n"});
    CHECK(compile(R"(\[(?<n>x)])").group_names() == std::vector<std::string> {"n"});
}

TEST_CASE("What RE2 cannot do is refused with a reason")
{
    for (const char* pattern : {"(?<=a)b", "(?<!a)b", "(?=a)", "(?!a)", R"((a)\1)", R"((?<n>a)\k<n>)"}) {
        CHECK_MESSAGE(
            refusal(pattern).find("look-around and back references") != std::string::npos, std::string(pattern));
    }
    for (const char* pattern : {"(", ")", "[", "[a", "a**", "*", "a{2,1}", "a{5000}", "(?<>a)", "(?<n>a)(?<n>b)", "\\",
             "[z-a]", "\xFF", "(?P<n", "(?<n", "(?<", "\\Q(?<n"}) {
        if (std::string_view(pattern) != "\\Q(?<n") {
            CHECK_MESSAGE(!refusal(pattern).empty(), std::string(pattern));
        }
    }
    CHECK(compile("\\Q(?<n").search("x(?<n"));
}

TEST_CASE("Subjects that are no UTF-8 or hold NUL do no harm")
{
    CHECK(compile("ab").search("\xFF\xFE"
                               "ab\x80"));
    CHECK(compile(R"(b$)").search(std::string_view("a\0b", 3)));
    CHECK(compile(R"(\x00)").search(std::string_view("a\0b", 3)));
}

TEST_CASE("replace_all replaces every match and knows groups")
{
    CHECK(compile(R"(\d)").replace_all("a1b22", "#") == "a#b##");
    CHECK(compile(R"((\w+)@(\w+))").replace_all("a@b c@d", R"(\2 at \1)") == "b at a d at c");
    CHECK(compile("x").replace_all("abc", "y") == "abc");
    CHECK(compile("x*").replace_all("ab", "-") == "-a-b-");
}

TEST_CASE("Copies share what was compiled")
{
    const Regex first = compile("(?<n>a+)");
    const Regex second = first; // NOLINT(performance-unnecessary-copy-initialization): the copy is what is tested.
    CHECK(second.search("caat"));
    CHECK(&second.pattern() == &first.pattern());
}
