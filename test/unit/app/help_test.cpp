#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>
#include <unistd.h>

#include "app/cli/completion.h"
#include "app/cli/help.h"
#include "base/file.h"
#include "base/text.h"

namespace trawl::app::cli {

namespace {

TEST_CASE("docs/CLI.md is what the program says of itself")
{
    const auto written = base::read_file("docs/CLI.md");
    REQUIRE(written);
    // `trawl help --markdown > docs/CLI.md` brings it up to date.
    CHECK(*written == markdown());
}

TEST_CASE("help fits a page and names every option")
{
    for (const Command& command : command_table()) {
        CAPTURE(command.name);
        const std::string text = help_of(command);
        CHECK(text.find("Usage: trawl " + std::string(command.name)) != std::string::npos);
        CHECK(text.find("Examples:") != std::string::npos);
        const std::string options = text.substr(0, text.find("Examples:"));
        for (const std::string_view line : base::split(options, '\n')) {
            CHECK_MESSAGE(line.size() <= 130, line);
        }
        for (const OptionGroup& group : command.groups) {
            for (const Option& option : group.options) {
                CHECK((text.find(spelled(option)) != std::string::npos) == !group.title.empty());
            }
        }
    }
    CHECK(overview().find("scan") != std::string::npos);
    CHECK(help_of(*find_command("rules")).find("rules lint") != std::string::npos);
}

// Runs a script in a shell when there is one.
bool shell_accepts(const std::string& shell, const std::string& check, const std::string& script)
{
    if (std::system(("command -v " + shell + " > /dev/null 2>&1").c_str()) != 0) {
        MESSAGE(shell << " is not installed: its completion is not tried");
        return true;
    }
    const std::string path
        = std::filesystem::temp_directory_path() / ("trawl-completion-" + std::to_string(::getpid()));
    std::ofstream(path) << script;
    const bool accepted = std::system((shell + " " + check + " " + path).c_str()) == 0;
    std::filesystem::remove(path);
    return accepted;
}

TEST_CASE("shells take their completions")
{
    CHECK(shell_accepts("bash", "-n", bash_completion()));
    CHECK(shell_accepts("zsh", "-n", zsh_completion()));
    CHECK(shell_accepts("fish", "--no-execute", fish_completion()));
}

// Completes the last word as bash would and gives the answers, sorted.
std::string completed(const std::string& words, std::size_t position)
{
    return bash_completion() + "COMP_WORDS=(" + words + "); COMP_CWORD=" + std::to_string(position)
        + "; _trawl; printf '%s ' \"${COMPREPLY[@]}\"";
}

std::string output_of(const std::string& script)
{
    const std::string path = std::filesystem::temp_directory_path() / ("trawl-complete-" + std::to_string(::getpid()));
    std::ofstream(path) << script;
    std::string out;
    std::FILE* const pipe = ::popen(("bash " + path).c_str(), "r");
    REQUIRE(pipe != nullptr);
    char buffer[512];
    while (std::fgets(buffer, sizeof buffer, pipe) != nullptr) {
        out += buffer;
    }
    CHECK(::pclose(pipe) == 0);
    std::filesystem::remove(path);
    return out;
}

TEST_CASE("bash completes commands, options and their values")
{
    CHECK(output_of(completed("trawl sc", 1)) == "scan ");
    CHECK(output_of(completed("trawl rules li", 2)) == "list lint ");
    CHECK(output_of(completed("trawl scan --format s", 3)) == "sarif ");
    CHECK(output_of(completed("trawl scan --format = js", 4)) == "json ");
    CHECK(output_of(completed("trawl scan --format =", 3)).find("html") != std::string::npos);
    CHECK(output_of(completed("trawl query --kind vpc", 3)) == "vpc_flow ");
    CHECK(output_of(completed("trawl scan --no-b", 2)) == "--no-builtin ");
    CHECK(output_of(completed("trawl completion f", 2)) == "fish ");
    CHECK(output_of(completed("trawl kinds route", 2)) == "route53 ");
    // Files are left to the shell.
    CHECK(output_of(completed("trawl scan --rules r", 3)) == " ");
    CHECK(output_of(completed("trawl scan lo", 2)) == " ");
}

} // namespace

} // namespace trawl::app::cli
