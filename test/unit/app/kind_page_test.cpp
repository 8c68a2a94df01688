#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "app/commands/kind_page.h"
#include "base/text.h"
#include "event/json.h"

namespace trawl::app::commands {

namespace {

const ingest::LogKind& kind_of(std::string_view id)
{
    const auto kinds = kinds_by_number();
    return **std::ranges::find(kinds, id, &ingest::LogKind::id);
}

TEST_CASE("a kind tells everything as one line of valid JSON")
{
    for (const ingest::LogKind* const kind : kinds_by_number()) {
        CAPTURE(kind->id);
        const std::string json = kind_json(*kind);
        std::size_t at = 0;
        CHECK(event::json::validate(json, at) == nullptr);
        CHECK(json.find('\n') == json.size() - 1);
        for (const ingest::FieldDescription& field : kind->fields) {
            std::string name;
            base::append_json_string(name, field.name);
            CHECK(json.find("{\"name\":" + name) != std::string::npos);
        }
    }
}

TEST_CASE("a page has a row for each field, and nothing ends a cell early")
{
    for (const ingest::LogKind* const kind : kinds_by_number()) {
        CAPTURE(kind->id);
        const std::string page = kind_markdown(*kind);
        std::size_t rows = 0;
        std::size_t cells = 0;
        for (const std::string_view line : base::split(page, '\n')) {
            if (!line.starts_with("| ")) {
                continue;
            }
            std::size_t bars = 0;
            for (std::size_t i = 0; i < line.size(); ++i) {
                bars += line[i] == '|' && (i == 0 || line[i - 1] != '\\') ? 1U : 0U;
            }
            if (line.starts_with("| name |")) {
                cells = bars;
            } else if (!line.starts_with("| --- |")) {
                ++rows;
            }
            CHECK_MESSAGE(bars == cells, line);
        }
        CHECK(rows == kind->fields.size() + kind->derived.size());
    }
}

TEST_CASE("views and the kinds that they select from name each other")
{
    CHECK(kind_markdown(kind_of("cloudfront"))
              .find("[cloudfront_origin](cloudfront_origin.md) selects records of this kind: ")
        != std::string::npos);
    CHECK(kind_markdown(kind_of("cloudfront_origin")).find("also selects records of [cloudfront](cloudfront.md)")
        != std::string::npos);
    CHECK(kind_json(kind_of("cloudformation")).find(R"("views":[{"kind":"cloudformation_stack","selects":"rows )")
        != std::string::npos);
    CHECK(kind_text(kind_of("acm"), /*colours=*/false, 0).find('\033') == std::string::npos);
    CHECK(kind_text(kind_of("ebs_snapshot"), /*colours=*/true, 0).find("ec2.amazonaws.com: *Snapshot*\n")
        != std::string::npos);
}

TEST_CASE("lines fit the terminal, but words stay whole")
{
    for (const ingest::LogKind* const kind : kinds_by_number()) {
        CAPTURE(kind->id);
        const std::string text = kind_text(*kind, /*colours=*/false, 100);
        for (const std::string_view line : base::split(text, '\n')) {
            const bool is_word
                = line.substr(std::min(line.size(), line.find_first_not_of(' '))).find(' ') == std::string_view::npos;
            CHECK_MESSAGE((line.size() <= 106 || is_word || line.find("://") != std::string_view::npos), line);
        }
    }
}

} // namespace

} // namespace trawl::app::commands
