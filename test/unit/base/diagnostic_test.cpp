#include <doctest/doctest.h>

#include "base/diagnostic.h"

using trawl::base::Colour;
using trawl::base::Diagnostic;
using trawl::base::DiagnosticFormat;
using trawl::base::Severity;

namespace {

Diagnostic about(std::size_t start, std::size_t length)
{
    Diagnostic diagnostic;
    diagnostic.code = "E201";
    diagnostic.message = "no such command: whre";
    diagnostic.help = "did you mean `where`?";
    diagnostic.span = {start, length};
    return diagnostic;
}

std::string text_of(const Diagnostic& diagnostic, std::string_view text)
{
    return render(diagnostic, text, DiagnosticFormat::text, Colour::off);
}

std::string json_of(const Diagnostic& diagnostic, std::string_view text)
{
    return render(diagnostic, text, DiagnosticFormat::json, Colour::off);
}

} // namespace

TEST_CASE("A diagnostic shows its line with a caret")
{
    CHECK(text_of(about(8, 4), "fields a\n| whre b")
        == "error[E201]: no such command: whre\n"
           "  --> query:1:9\n"
           " 1 | fields a\n"
           "   |         ^\n"
           "  help: did you mean `where`?\n");
    CHECK(text_of(about(11, 4), "fields a\n| whre b")
        == "error[E201]: no such command: whre\n"
           "  --> query:2:3\n"
           " 2 | | whre b\n"
           "   |   ^^^^\n"
           "  help: did you mean `where`?\n");
}

TEST_CASE("The caret stands under what a person sees")
{
    Diagnostic diagnostic = about(0, 1);
    diagnostic.help.clear();
    diagnostic.message = "m";
    const auto lines = [&](std::size_t start, std::size_t length, std::string_view text) {
        diagnostic.span = {start, length};
        const std::string out = text_of(diagnostic, text);
        return out.substr(out.find(" |") + 2);
    };
    CHECK(lines(3, 1, "ß x") == " ß x\n   |   ^\n");
    CHECK(lines(1, 1, "\tx") == "     x\n   |     ^\n");
    CHECK(lines(0, 2, "\tx") == "     x\n   | ^^^^^\n");
    // Spans that go on in the next line, or beyond the text, end with the line.
    CHECK(lines(2, 100, "a bc\ndef") == " a bc\n   |   ^^\n");
    CHECK(lines(4, 3, "a bc\r\ndef") == " a bc\n   |     ^\n");
    CHECK(lines(50, 3, "abc") == " abc\n   |    ^\n");
    CHECK(lines(3, 0, "abc") == " abc\n   |    ^\n");
    CHECK(lines(4, 0, "abc\n") == " \n   | ^\n");
}

TEST_CASE("Nothing of the text reaches the terminal as a control character")
{
    Diagnostic diagnostic = about(6, 1);
    const std::string out = text_of(diagnostic, "a\x1B[31\xFFmb\x07");
    CHECK(out.find('\x1B') == std::string::npos);
    CHECK(out.find('\x07') == std::string::npos);
    CHECK(out.find(" a\uFFFD[31\uFFFDmb\uFFFD\n") != std::string::npos);
    CHECK(out.find("   |       ^\n") != std::string::npos);
}

TEST_CASE("A diagnostic without text has no source line")
{
    Diagnostic diagnostic = about(0, 0);
    CHECK(text_of(diagnostic, "") == "error[E201]: no such command: whre\n  help: did you mean `where`?\n");
    diagnostic.file = "rules/a.yml";
    diagnostic.severity = Severity::warning;
    CHECK(text_of(diagnostic, "")
        == "warning[E201]: no such command: whre\n"
           "  --> rules/a.yml:1:1\n"
           "  help: did you mean `where`?\n");
    diagnostic.code.clear();
    diagnostic.severity = Severity::note;
    CHECK(text_of(diagnostic, "").starts_with("note: "));
}

TEST_CASE("Line numbers of several digits keep the margin")
{
    std::string text;
    for (int i = 0; i < 11; ++i) {
        text += "x\n";
    }
    const std::string out = text_of(about(22, 1), text + "yz");
    CHECK(out.find(" 12 | yz\n    | ^\n") != std::string::npos);
}

TEST_CASE("JSON tells line and column from 1")
{
    Diagnostic diagnostic = about(11, 4);
    CHECK(json_of(diagnostic, "fields a\n| whre b")
        == "{\"severity\":\"error\",\"code\":\"E201\",\"message\":\"no such command: whre\","
           "\"help\":\"did you mean `where`?\",\"line\":2,\"column\":3,\"length\":4}\n");
    diagnostic.file = "a\"b";
    diagnostic.message = "line\nbreak \xFF";
    diagnostic.help.clear();
    CHECK(json_of(diagnostic, "")
        == "{\"severity\":\"error\",\"code\":\"E201\",\"message\":\"line\\nbreak \uFFFD\",\"help\":\"\","
           "\"line\":1,\"column\":1,\"length\":4,\"file\":\"a\\\"b\"}\n");
}

TEST_CASE("Colour is used when asked for alone")
{
    CHECK(text_of(about(0, 1), "a").find('\033') == std::string::npos);
    const std::string coloured = render(about(0, 1), "a", DiagnosticFormat::text, Colour::on);
    CHECK(coloured.starts_with("\033[1;31merror[E201]\033[0m"));
    CHECK(render(about(0, 1), "a", DiagnosticFormat::json, Colour::on).find('\033') == std::string::npos);
}

TEST_CASE("has_error looks for errors alone")
{
    Diagnostic diagnostic;
    diagnostic.severity = Severity::warning;
    CHECK_FALSE(trawl::base::has_error({}));
    CHECK_FALSE(trawl::base::has_error({diagnostic}));
    diagnostic.severity = Severity::error;
    CHECK(trawl::base::has_error({Diagnostic {Severity::note, "", "", "", {}, ""}, diagnostic}));
}
