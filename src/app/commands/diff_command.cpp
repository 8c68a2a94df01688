#include <memory>

#include "app/cli/reading.h"
#include "app/cli/row_printer.h"
#include "app/commands/commands.h"
#include "app/diff/snapshot.h"

namespace trawl::app::commands {

using cli::ExitStatus;
using event::Value;

namespace {

// Reads one snapshot. Nothing when it went well; else how the program ends.
std::optional<ExitStatus> read_snapshot(const cli::Arguments& arguments, const std::string& path, cli::Session& session,
    Snapshot& snapshot, std::unique_ptr<cli::Reading>& reading)
{
    ExitStatus failure = ExitStatus::wrong;
    reading = cli::Reading::create(arguments, {path}, session, failure);
    if (!reading) {
        return failure;
    }
    reading->options().keep_duplicates = true;
    const SnapshotReader reader(path);
    const auto collector = reader.make_collector(snapshot);
    return reading->run(reader.projection(), [&reader] { return reader.make_consumer(); }, *collector);
}

} // namespace

ExitStatus diff(const cli::Arguments& arguments, cli::Session& session)
{
    if (arguments.positionals().size() != 2 || arguments.text("kind").empty()) {
        session.messages.error(
            "C001", "two snapshots and --kind are needed", "trawl diff --kind config before/ after/");
        return ExitStatus::wrong;
    }
    auto answer = cli::Answer::open(arguments, session);
    if (!answer) {
        return ExitStatus::not_written;
    }
    Snapshot before;
    Snapshot after;
    std::unique_ptr<cli::Reading> first;
    std::unique_ptr<cli::Reading> second;
    if (const auto ended = read_snapshot(arguments, arguments.positionals()[0], session, before, first)) {
        return *ended;
    }
    if (const auto ended = read_snapshot(arguments, arguments.positionals()[1], session, after, second)) {
        return *ended;
    }
    cli::RowPrinter printer(*answer);
    base::Result<void> written = printer.begin({"change", "resource", "field", "before", "after"});
    const auto value = [](const std::string& text) { return text.empty() ? Value() : Value::string(text); };
    for (const Change& change : compare(before, after)) {
        if (!written) {
            break;
        }
        written = printer.row({Value::string(change_name(change.type)), value(change.resource), value(change.field),
            value(change.before), value(change.after)});
    }
    if (written) {
        written = printer.finish();
    }
    if (!written) {
        return cli::output_failed(written.error(), session);
    }
    return second->conclude(*answer, ExitStatus::done, {});
}

} // namespace trawl::app::commands
