#include <doctest/doctest.h>

#include "app/cli/arguments.h"
#include "app/cli/choices.h"
#include "app/cli/suggestion.h"

namespace trawl::app::cli {

namespace {

Arguments read(std::string_view command, const std::vector<std::string>& words)
{
    auto result = read_arguments(*find_command(command), words);
    const auto* refusal = std::get_if<base::Diagnostic>(&result);
    REQUIRE_MESSAGE(refusal == nullptr, (refusal == nullptr ? "" : refusal->message));
    return std::get<Arguments>(std::move(result));
}

base::Diagnostic refused(std::string_view command, const std::vector<std::string>& words)
{
    auto result = read_arguments(*find_command(command), words);
    REQUIRE(std::holds_alternative<base::Diagnostic>(result));
    return std::get<base::Diagnostic>(std::move(result));
}

TEST_CASE("options are taken in every spelling, among paths")
{
    const Arguments arguments
        = read("scan", {"a", "--format=json", "-j4", "b", "--rules", "x", "-r", "y", "--matches", "--", "-odd"});
    CHECK(arguments.text("format") == "json");
    CHECK(arguments.text("threads") == "4");
    CHECK(arguments.all("rules") == std::vector<std::string> {"x", "y"});
    CHECK(arguments.has("matches"));
    CHECK_FALSE(arguments.has("no-builtin"));
    CHECK(arguments.positionals() == std::vector<std::string> {"a", "b", "-odd"});
}

TEST_CASE("standard input is a path, and a folder may be called as a command is")
{
    CHECK(read("decode", {"-"}).positionals() == std::vector<std::string> {"-"});
    CHECK(read("decode", {"scan", "query"}).positionals() == std::vector<std::string> {"scan", "query"});
    CHECK(read("decode", {"--out", "-", "x"}).text("out") == "-");
}

TEST_CASE("the value given last counts")
{
    CHECK(read("scan", {"--level", "low", "--level", "high", "x"}).text("level") == "high");
}

TEST_CASE("what does not fit is refused with a code and a hint")
{
    CHECK(refused("scan", {"--formt", "json", "x"}).code == "C002");
    CHECK(refused("scan", {"--formt", "json", "x"}).help == "did you mean --format?");
    CHECK(refused("scan", {"--no-such-option", "x"}).message.find("--no-such-option") != std::string::npos);
    CHECK(refused("scan", {"x", "--format"}).code == "C003");
    CHECK(refused("scan", {"--format", "", "x"}).code == "C004");
    CHECK(refused("scan", {"--out", "", "x"}).code == "C003");
    CHECK(refused("scan", {"--format", "xml", "x"}).code == "C004");
    CHECK(refused("scan", {"--level", "hihg", "x"}).help == "did you mean high?");
    CHECK(refused("decode", {"--kind", "vpcflow", "x"}).help == "did you mean vpc_flow?");
    CHECK(refused("scan", {"-j", "many", "x"}).code == "C004");
    CHECK(refused("scan", {"-j", "-1", "x"}).code != "");
    CHECK(refused("scan", {"-j", "5000", "x"}).code == "C004");
    CHECK(refused("scan", {}).code == "C005");
    CHECK(refused("version", {"x"}).code == "C005");
    CHECK(refused("kinds", {"vpc_flow", "rds"}).code == "C005");
    CHECK(refused("completion", {"tcsh"}).code == "C004");
    CHECK(refused("decode", {"--format", "sarif", "x"}).code == "C004");
}

TEST_CASE("slips of typing find what was meant")
{
    CHECK(did_you_mean("scna", command_names()) == "did you mean scan?");
    CHECK(did_you_mean("Querry", command_names()) == "did you mean query?");
    CHECK(did_you_mean("comp", command_names()) == "did you mean completion?");
    CHECK(did_you_mean("logs/", command_names()).empty());
    CHECK(did_you_mean("", command_names()).empty());
    CHECK(did_you_mean(std::string(100'000, 'x'), command_names()).empty());
}

TEST_CASE("--help needs nothing else")
{
    CHECK(read("scan", {"--help"}).has("help"));
    CHECK(read("scan", {"-h", "--format", "nonsense"}).has("help"));
}

TEST_CASE("every command has a summary and examples that name it, options have help")
{
    for (const Command& command : command_table()) {
        CAPTURE(command.name);
        CHECK_FALSE(command.summary.empty());
        CHECK_FALSE(command.examples.empty());
        for (const Example& example : command.examples) {
            CHECK(example.command.find("trawl " + std::string(command.name)) != std::string::npos);
        }
        for (const OptionGroup& group : command.groups) {
            for (const Option& option : group.options) {
                CAPTURE(option.name);
                CHECK_FALSE(option.help.empty());
                CHECK((option.shape == Shape::flag) == option.value.empty());
                CHECK((option.shape == Shape::choice) == (option.choices != nullptr));
            }
        }
    }
}

TEST_CASE("every format of the tables is a choice")
{
    CHECK(row_formats() == Choices {"table", "ndjson", "json", "csv"});
    CHECK(finding_formats() == Choices {"table", "ndjson", "json", "csv", "asff", "html", "ocsf", "sarif"});
    CHECK(level_names() == Choices {"informational", "low", "medium", "high", "critical"});
    CHECK(kind_names().size() == 24); // Of the 25 kinds, two are one.
}

} // namespace

} // namespace trawl::app::cli
