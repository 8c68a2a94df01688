#include <iterator>
#include <map>
#include <string>
#include <vector>

#include <unistd.h>

#include "app/cli/reading.h"
#include "app/cli/row_printer.h"
#include "app/commands/commands.h"
#include "base/file.h"
#include "base/text.h"
#include "deliver/finding_text.h"
#include "ingest/kinds/log_kind.h"
#include "query/language/parse.h"
#include "query/local/execution.h"

namespace trawl::app::commands {

using cli::ExitStatus;

namespace {

// Counts the rows on their way to the sink.
class CountedRows final : public event::RowSink {
public:
    explicit CountedRows(event::RowSink& sink) : sink_(sink) {}

    base::Result<void> begin(std::span<const std::string> names) override { return sink_.begin(names); }
    base::Result<void> row(std::span<const event::Value> values) override
    {
        ++count_;
        return sink_.row(values);
    }
    base::Result<void> finish() override { return sink_.finish(); }
    std::uint64_t count() const { return count_; }

private:
    event::RowSink& sink_; // Outlives this one.
    std::uint64_t count_ = 0;
};

struct Request {
    std::string query;
    std::vector<std::string> paths;
    query::Lists lists;
    std::map<std::string, std::string> tables;
};

bool read_query(const cli::Arguments& arguments, cli::Session& session, Request& request)
{
    request.paths = arguments.positionals();
    if (const std::string& file = arguments.text("file"); !file.empty()) {
        auto text = base::read_file(file == "-" ? "/dev/stdin" : file);
        if (!text) {
            session.messages.error("C006", "the query cannot be read: " + text.error().message);
            return false;
        }
        request.query = std::move(*text);
    } else if (!request.paths.empty()) {
        request.query = std::move(request.paths.front());
        request.paths.erase(request.paths.begin());
    }
    if (base::trim(request.query).empty()) {
        session.messages.error(
            "C005", "there is no query", "trawl query 'fields @timestamp, eventName | limit 20' PATH, or -f FILE PATH");
        return false;
    }
    if (request.paths.empty() && !arguments.has("fix")) {
        // A path alone was likely meant as one.
        const bool is_path = !arguments.has("file") && ::access(request.query.c_str(), F_OK) == 0;
        session.messages.error("C005",
            is_path ? "trawl query needs a query before " + request.query
                    : std::string("trawl query needs a PATH behind the query"),
            "- reads from standard input; -f FILE reads the query from a file");
        return false;
    }
    return true;
}

bool read_tables(const cli::Arguments& arguments, cli::Session& session, Request& request)
{
    for (const std::string& table : arguments.all("table")) {
        const std::size_t equals = table.find('=');
        if (equals == std::string::npos || equals == 0 || equals + 1 == table.size()) {
            session.messages.error("C004", "--table is NAME=FILE, not: " + table);
            return false;
        }
        const std::string file = table.substr(equals + 1);
        if (::access(file.c_str(), R_OK) != 0) {
            session.messages.error("C006", "the table cannot be read: " + file);
            return false;
        }
        request.tables[table.substr(0, equals)] = file;
    }
    return true;
}

bool read_named_lists(const cli::Arguments& arguments, cli::Session& session, Request& request)
{
    const std::string& file = arguments.text("lists");
    if (file.empty()) {
        return true;
    }
    std::vector<base::Diagnostic> diagnostics;
    request.lists = query::read_lists(file, diagnostics);
    session.messages.diagnostics(diagnostics);
    return !base::has_error(diagnostics);
}

// Names of the fields that the kinds to be read have.
std::vector<std::string> known_fields(const std::string& selected)
{
    std::vector<std::string> fields;
    const auto add_words = [&fields](std::string_view words) {
        for (const std::string_view word : base::split(words, ' ')) {
            if (!word.empty()) {
                fields.emplace_back(word);
            }
        }
    };
    for (const ingest::LogKind* kind : ingest::kind_table()) {
        // A kind selects CloudTrail events, too.
        if (!selected.empty() && kind->id != selected && kind->id != "cloudtrail") {
            continue;
        }
        for (const ingest::FieldDescription& field : kind->fields) {
            fields.emplace_back(field.name);
            add_words(field.also);
        }
        for (const ingest::DerivedField& field : kind->derived) {
            fields.emplace_back(field.name);
        }
    }
    return fields;
}

ExitStatus execute(const cli::Arguments& arguments, cli::Session& session, const Request& request,
    const query::language::Parsed& parsed)
{
    ExitStatus failure = ExitStatus::wrong;
    const auto reading = cli::Reading::create(arguments, request.paths, session, failure);
    if (!reading) {
        return failure;
    }
    query::local::Options options;
    options.temp_folder = reading->temp_folder();
    options.tables = request.tables;
    options.now = reading->now();
    options.start = reading->options().from.value_or(0);
    options.end = reading->options().to.value_or(0);
    auto execution = query::local::Execution::create(parsed.query, parsed.lists, options);
    if (!execution) {
        session.messages.error(execution.error());
        return ExitStatus::wrong;
    }
    auto answer = cli::Answer::open(arguments, session);
    if (!answer) {
        return ExitStatus::not_written;
    }
    reading->options().log_groups = (*execution)->log_groups();
    const auto sink = cli::make_row_sink(*answer);
    CountedRows rows(*sink);
    const auto collector = (*execution)->make_collector(rows);
    const auto ended
        = reading->run((*execution)->projection(), [&] { return (*execution)->make_consumer(); }, *collector);
    if (ended) {
        return *ended;
    }
    cli::Reading::Closing closing;
    closing.found.push_back(deliver::with_commas(rows.count()) + (rows.count() == 1 ? " row" : " rows"));
    if (rows.count() == 0 && reading->report().events > 0) {
        closing.next.push_back(
            "trawl query 'stats count(*) as n by @kind, @action | sort n desc | limit 20' " + reading->quoted_paths());
    }
    return reading->conclude(*answer, ExitStatus::done, closing);
}

} // namespace

ExitStatus query(const cli::Arguments& arguments, cli::Session& session)
{
    Request request;
    if (!read_query(arguments, session, request) || !read_named_lists(arguments, session, request)
        || !read_tables(arguments, session, request)) {
        return ExitStatus::wrong;
    }
    query::language::Parsed parsed = query::language::parse(request.query, request.lists);
    if (!base::has_error(parsed.diagnostics)) {
        auto doubtful = query::language::check_fields(parsed.query, known_fields(arguments.text("kind")));
        parsed.diagnostics.insert(parsed.diagnostics.end(), std::make_move_iterator(doubtful.begin()),
            std::make_move_iterator(doubtful.end()));
    }
    session.messages.diagnostics(parsed.diagnostics, request.query);
    if (arguments.has("fix")) {
        std::string fixed = query::language::fix(request.query, request.lists);
        if (!fixed.ends_with('\n')) {
            fixed += '\n';
        }
        // What remains wrong cannot be mended without knowing what was meant.
        const auto again = query::language::parse(fixed, request.lists);
        if (base::has_error(again.diagnostics)) {
            return ExitStatus::wrong;
        }
        return cli::print(fixed, session);
    }
    if (base::has_error(parsed.diagnostics)) {
        return ExitStatus::wrong;
    }
    return execute(arguments, session, request, parsed);
}

} // namespace trawl::app::commands
