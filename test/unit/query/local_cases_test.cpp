#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "memory_events.h"
#include "query/language/parse.h"
#include "query/local/execution.h"

// The catalogue of documented statements, read where it lies. Values compare as the language says: absent is null, 1
// and 0 are true and false, times are instants, numbers are their value.
namespace {

using namespace trawl;
using nlohmann::json;

const std::string catalogue = "../shared/check/cases.jsonl";

bool is_same(const json& wanted, const json& got)
{
    if (wanted.is_string() && got.is_string()) {
        const auto a = base::parse_time(wanted.get<std::string>());
        const auto b = base::parse_time(got.get<std::string>());
        return wanted == got || (a && a == b);
    }
    const auto number = [](const json& value, double& read) {
        if (value.is_boolean()) {
            read = value.get<bool>() ? 1 : 0;
            return true;
        }
        if (value.is_string()) {
            return base::parse_number(value.get<std::string>(), read);
        }
        read = value.is_number() ? value.get<double>() : 0;
        return value.is_number();
    };
    double a = 0;
    double b = 0;
    return number(wanted, a) && number(got, b) ? a == b : wanted == got;
}

bool has_all(const json& wanted, const json& row)
{
    for (const auto& [key, value] : wanted.items()) {
        if (!is_same(value, row.contains(key) ? row[key] : json())) {
            return false;
        }
    }
    return true;
}

query::Lists lists_of(const json& test)
{
    std::string yaml = "lists:\n";
    if (!test.contains("lists")) {
        return {};
    }
    for (const auto& [name, list] : test["lists"].items()) {
        yaml += "  " + name + ": " + list.dump() + "\n";
    }
    std::vector<base::Diagnostic> diagnostics;
    return query::parse_lists(yaml, "lists.yaml", ".", diagnostics);
}

std::string run(const json& test, std::vector<json>& rows)
{
    query::local::Options options;
    options.temp_folder = std::filesystem::temp_directory_path() / "trawl-cases-test";
    if (test.contains("tables")) {
        std::filesystem::create_directories(options.temp_folder);
        for (const auto& [name, csv] : test["tables"].items()) {
            options.tables[name] = options.temp_folder + "/" + name + ".csv";
            std::ofstream(options.tables[name]) << csv.get<std::string>();
        }
    }
    const auto parsed = query::language::parse(test["query"].get<std::string>(), lists_of(test));
    for (const auto& diagnostic : parsed.diagnostics) {
        if (diagnostic.severity == base::Severity::error) {
            return diagnostic.code + " " + diagnostic.message;
        }
    }
    auto execution = query::local::Execution::create(parsed.query, parsed.lists, options);
    if (!execution) {
        return execution.error().message;
    }
    query::test::MemorySink sink;
    auto collector = (*execution)->make_collector(sink);
    auto consumer = (*execution)->make_consumer();
    std::uint32_t index = 0;
    for (const json& given : test["events"]) {
        query::test::MemoryRecord record;
        const json& message = given["@message"];
        record.message = message.is_string() ? message.get<std::string>() : message.dump();
        record.timestamp = base::parse_time(given["@timestamp"].get<std::string>());
        for (const auto& [key, value] : given.items()) {
            if (key != "@message" && key != "@timestamp") {
                record.system[key] = value.get<std::string>();
            }
        }
        query::test::MemoryEvent event((*execution)->projection(), record);
        consumer->consume(event, index++);
    }
    if (auto absorbed = collector->absorb(consumer->take(), query::test::Copies()); !absorbed) {
        return absorbed.error().message;
    }
    if (auto finished = collector->finish(); !finished) {
        return finished.error().message;
    }
    for (const std::string& row : sink.rows) {
        rows.push_back(json::parse(row));
    }
    return "";
}

} // namespace

TEST_CASE("the catalogue of documented statements")
{
    std::ifstream file(catalogue);
    if (!file) {
        MESSAGE("skipped: ", catalogue, " is not here");
        return;
    }
    // Joins come later; @log and the decoders are not part of this test.
    const std::set<std::string> not_here {"LI-064"};
    std::string line;
    while (std::getline(file, line)) {
        const json test = json::parse(line);
        if (test["lang"] == "sigma" || not_here.contains(test["id"])) {
            continue;
        }
        CAPTURE(test["id"].get<std::string>());
        CAPTURE(test["statement"].get<std::string>());
        std::vector<json> rows;
        const std::string error = run(test, rows);
        if (test["expect"].contains("error")) {
            CHECK_FALSE(error.empty());
            continue;
        }
        CHECK(error == "");
        CAPTURE(json(rows).dump());
        const json& wanted = test["expect"]["rows"];
        CHECK(wanted.size() == rows.size());
        for (const json& want : wanted) {
            const bool in_order = test["expect"]["order"] == "exact";
            const auto end = in_order && !rows.empty() ? rows.begin() + 1 : rows.end();
            const auto found = std::find_if(rows.begin(), end, [&](const json& row) { return has_all(want, row); });
            CAPTURE(want.dump());
            CHECK(found != end);
            if (found != end) {
                rows.erase(found);
            }
        }
    }
}
