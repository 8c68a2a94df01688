#include <algorithm>
#include <filesystem>

#include <doctest/doctest.h>

#include "base/file.h"
#include "query/language/parse.h"

namespace base = trawl::base;
namespace query = trawl::query;

namespace {

query::Lists example_lists()
{
    std::vector<base::Diagnostic> diagnostics;
    query::Lists lists = query::read_lists("queries/lists.example.yaml", diagnostics);
    CHECK(diagnostics.empty());
    return lists;
}

std::string read(const std::string& path)
{
    return base::read_file(path).value_or("");
}

std::size_t count(const query::language::Parsed& parsed, std::string_view code)
{
    return static_cast<std::size_t>(std::ranges::count(parsed.diagnostics, code, &base::Diagnostic::code));
}

} // namespace

TEST_CASE("the article's queries parse as they stand, with their lists bound")
{
    const query::Lists lists = example_lists();
    CHECK(lists.size() == 7);
    for (const auto& [name, list] : lists) {
        CHECK(query::is_reserved_list_name(name));
    }
    const auto one = query::language::parse(read("queries/article-1.insights"), lists);
    CHECK_FALSE(base::has_error(one.diagnostics));
    CHECK(one.query.commands.size() == 4);
    CHECK(count(one, "W120") == 1);
    const auto two = query::language::parse(read("queries/article-2.insights"), lists);
    CHECK_FALSE(base::has_error(two.diagnostics));
    CHECK(count(two, "W120") == 1);
    CHECK(count(two, "W101") == 4);
    // Literal: the plan keeps the order that is written.
    CHECK(two.query.commands.at(2).kind == query::plan::CommandKind::limit);
    CHECK(two.query.commands.at(3).where->operands.size() == 15);
}

TEST_CASE("unbound, each of the article's names is an error")
{
    CHECK(count(query::language::parse(read("queries/article-1.insights"), {}), "E201") == 1);
    CHECK(count(query::language::parse(read("queries/article-2.insights"), {}), "E201") == 7);
}

TEST_CASE("the corrected queries have nothing left to correct, and neither have ours")
{
    const query::Lists lists = example_lists();
    std::size_t queries = 0;
    for (const auto& entry : std::filesystem::directory_iterator("queries")) {
        const std::string name = entry.path().filename().string();
        if (entry.path().extension() != ".insights" || name == "article-1.insights" || name == "article-2.insights") {
            continue;
        }
        ++queries;
        CAPTURE(name);
        const std::string text = read(entry.path().string());
        CHECK(text.starts_with("# "));
        for (const base::Diagnostic& diagnostic : query::language::parse(text, lists).diagnostics) {
            CAPTURE(diagnostic.code);
            CHECK(diagnostic.severity == base::Severity::note);
        }
        CHECK(query::language::fix(text, lists) == text);
    }
    CHECK(queries >= 12);
}
