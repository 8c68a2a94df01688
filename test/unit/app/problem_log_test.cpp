#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "app/cli/problem_log.h"
#include "base/text.h"

namespace trawl::app::cli {

namespace {

Reject reject_of(const std::string& source, std::uint64_t record)
{
    Reject reject;
    reject.source = source;
    reject.record = record;
    reject.offset = 10 * record;
    reject.kind = "cloudtrail";
    reject.code = "json-broken";
    reject.reason = "a brace is missing";
    reject.raw = "{\"a\xff";
    return reject;
}

Reject unreadable(const std::string& source)
{
    Reject reject;
    reject.source = source;
    reject.code = "gzip-cut";
    reject.reason = "the end is missing";
    reject.is_object = true;
    return reject;
}

TEST_CASE("a few problems are named, few of one object, objects first, the others counted")
{
    Messages messages(base::DiagnosticFormat::text, base::Colour::off, Quiet::yes);
    ProblemLog log(messages);
    for (std::uint64_t record = 1; record <= 50; ++record) {
        log.add(reject_of("a", record));
    }
    log.add(unreadable("b"));
    log.add(reject_of("c", 1));
    const auto first = log.first();
    REQUIRE(first.size() == 5);
    CHECK(first[0].source == "b");
    CHECK(first[0].record == 0);
    CHECK(first[1].record == 1);
    CHECK(first[3].record == 3);
    CHECK(first[4].source == "c");
    CHECK(log.count() == 52);
    CHECK(log.others() == 47);
}

TEST_CASE("many objects are counted beyond the first ten")
{
    Messages messages(base::DiagnosticFormat::text, base::Colour::off, Quiet::yes);
    ProblemLog log(messages);
    for (int i = 0; i < 25; ++i) {
        log.add(unreadable("o" + std::to_string(i)));
    }
    CHECK(log.first().size() == 10);
    CHECK(log.others() == 15);
}

TEST_CASE("--rejects holds every record, with its place and reason")
{
    Messages messages(base::DiagnosticFormat::text, base::Colour::off, Quiet::yes);
    ProblemLog log(messages);
    std::string text;
    log.write_records_to(deliver::Output::into(text));
    for (std::uint64_t record = 1; record <= 20; ++record) {
        log.add(reject_of("a", record));
    }
    log.add(unreadable("b"));
    REQUIRE(log.finish());
    const auto lines = base::split(base::trim(text), '\n');
    REQUIRE(lines.size() == 20);
    const auto one = nlohmann::json::parse(lines[1]);
    CHECK(one
        == nlohmann::json({{"source", "a"}, {"record", 2}, {"offset", 20}, {"kind", "cloudtrail"},
            {"code", "json-broken"}, {"reason", "a brace is missing"}, {"raw", "{\"a\xEF\xBF\xBD"}}));
}

} // namespace

} // namespace trawl::app::cli
