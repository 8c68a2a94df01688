#include "app/cli/reading.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include <fmt/format.h>
#include <unistd.h>

#include "app/cli/progress_bar.h"
#include "base/text.h"
#include "deliver/finding_text.h"
#include "deliver/printable.h"
#include "deliver/style.h"
#include "ingest/kinds/log_kind.h"

namespace trawl::app::cli {

namespace {

constexpr std::string_view label_indent = "          ";

base::Time time_now()
{
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

// "3 objects"; the noun gets an s.
std::string counted(std::uint64_t count, std::string_view noun)
{
    return deliver::with_commas(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

} // namespace

std::string shell_word(std::string_view word)
{
    const bool is_plain = !word.empty() && std::ranges::all_of(word, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || std::string_view("_-./:=@%+,").find(c) != std::string_view::npos;
    });
    if (is_plain) {
        return std::string(word);
    }
    std::string out = "'";
    for (const char c : word) {
        out += c == '\'' ? "'\\''" : std::string(1, c);
    }
    return out + "'";
}

std::unique_ptr<Reading> Reading::create(
    const Arguments& arguments, std::vector<std::string> paths, Session& session, ExitStatus& failure)
{
    failure = ExitStatus::wrong;
    auto folder = RunFolder::create(arguments, session);
    if (!folder) {
        return nullptr;
    }
    std::unique_ptr<Reading> reading(new Reading(arguments, session, std::move(*folder)));
    if (const auto wrong = reading->read_options(std::move(paths))) {
        failure = *wrong;
        return nullptr;
    }
    return reading;
}

std::optional<ExitStatus> Reading::read_options(std::vector<std::string> paths)
{
    now_ = time_now();
    options_.paths = std::move(paths);
    options_.kind = arguments_.text("kind");
    options_.keep_duplicates = arguments_.has("keep-duplicates");
    std::int64_t threads = 0;
    if (arguments_.has("threads") && base::parse_integer(arguments_.text("threads"), threads)) {
        options_.threads = static_cast<unsigned>(threads);
    }
    if (!read_times() || !read_columns() || !check_paths()) {
        return ExitStatus::wrong;
    }
    if (const std::string& path = arguments_.text("rejects"); !path.empty()) {
        auto output = deliver::Output::file(path);
        if (!output) {
            return output_failed(output.error(), session_);
        }
        session_.interruption.guard(output->temporary());
        problems_.write_records_to(std::move(*output));
    }
    return {};
}

bool Reading::read_times()
{
    const auto read = [this](std::string_view option, std::optional<base::Time>& time) {
        if (!arguments_.has(option)) {
            return true;
        }
        time = base::parse_time_argument(arguments_.text(option), now_);
        if (!time) {
            session_.messages.error("C004", "--" + std::string(option) + " is no time: " + arguments_.text(option),
                "2026-01-02, 2026-01-02T03:04:05Z or now-7d (units s m h d w)");
        }
        return time.has_value();
    };
    if (!read("from", options_.from) || !read("to", options_.to)) {
        return false;
    }
    if (options_.from && options_.to && *options_.to <= *options_.from) {
        session_.messages.error("C007", "--to does not come after --from: " + arguments_.text("to"));
        return false;
    }
    return true;
}

bool Reading::read_columns()
{
    for (const char c : arguments_.text("columns")) {
        options_.columns += c == ',' ? ' ' : c;
    }
    if (!arguments_.has("columns")) {
        return true;
    }
    std::string able;
    bool is_able = false;
    for (const ingest::LogKind* const kind : ingest::kind_table()) {
        is_able = is_able || (kind->takes_columns && kind->id == options_.kind);
        able
            += kind->takes_columns ? (able.empty() ? "--kind " : " or --kind ") + std::string(kind->id) : std::string();
    }
    if (!is_able || base::trim(options_.columns).empty()) {
        session_.messages.error("C007", "--columns names the columns of lines of a kind that may have any",
            able + " --columns 'NAME NAME …'");
        return false;
    }
    return true;
}

bool Reading::check_paths() const
{
    bool good = true;
    for (const std::string& path : options_.paths) {
        if (path.starts_with("s3://")) {
            session_.messages.error("C008", "buckets are not read by this version: " + path,
                "copy what is asked about first: aws s3 sync " + shell_word(path) + " logs/");
            good = false;
        } else if (path != "-" && ::access(path.c_str(), R_OK) != 0) {
            session_.messages.error("C006", "a path cannot be read: " + path + ": " + std::strerror(errno));
            good = false;
        }
    }
    if (std::ranges::count(options_.paths, std::string("-")) > 1) {
        session_.messages.error("C007", "standard input can be read only once: -");
        good = false;
    }
    return good;
}

std::optional<ExitStatus> Reading::run(const event::Projection& projection,
    const std::function<std::unique_ptr<event::Consumer>()>& make_consumer, event::Collector& collector)
{
    const auto start = std::chrono::steady_clock::now();
    const bool watched
        = session_.terminal.error_is_terminal && !session_.messages.quiet() && !arguments_.has("no-progress");
    std::unique_ptr<ProgressBar> bar;
    PipelineHooks hooks;
    if (watched) {
        bar = std::make_unique<ProgressBar>(options_.paths, session_.terminal.width);
        hooks.on_progress = [&bar](const Progress& progress) { bar->show(progress); };
    }
    hooks.on_reject = [this](const Reject& reject) { problems_.add(reject); };
    hooks.on_warning = [this](const std::string& warning) { warnings_.push_back(warning); };
    hooks.stop = &session_.interruption.flag();
    auto summary = run_pipeline(options_, projection, make_consumer, collector, hooks);
    bar.reset();
    seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (session_.interruption.happened()) {
        return ExitStatus::interrupted;
    }
    if (!summary) {
        return failed(summary.error());
    }
    summary_ = std::move(*summary);
    return {};
}

ExitStatus Reading::failed(const base::Error& error)
{
    if (error.code == "closed" || error.code == "io") {
        return output_failed(error, session_);
    }
    if (error.code == "interrupted") {
        return ExitStatus::interrupted;
    }
    if (error.code == "path") {
        session_.messages.error("C006", "a path cannot be read: " + error.message);
        return ExitStatus::wrong;
    }
    if (error.code == "memory") {
        session_.messages.error("O002", error.message, "--temp names a folder with room; fewer groups need less");
        return ExitStatus::not_written;
    }
    session_.messages.error(error);
    return ExitStatus::wrong;
}

deliver::RunReport Reading::report() const
{
    deliver::RunReport report;
    report.paths = options_.paths;
    report.objects = summary_.objects;
    report.unreadable_objects = summary_.unreadable_objects;
    report.skipped_objects = summary_.skipped_objects;
    report.records = summary_.records;
    report.events = summary_.events;
    report.duplicates = summary_.duplicates;
    report.filtered = summary_.filtered;
    report.rejected = summary_.rejected;
    report.bytes = summary_.bytes;
    for (const auto& [kind, counts] : summary_.by_kind) {
        report.kinds.push_back({kind, counts.records, counts.events, counts.rejected, counts.hours});
    }
    report.problems = problems_.first();
    return report;
}

ExitStatus Reading::conclude(Answer& answer, ExitStatus status, const Closing& closing)
{
    const bool incomplete = summary_.unreadable_objects > 0 || summary_.rejected > 0;
    if (status == ExitStatus::done && incomplete) {
        status = ExitStatus::incomplete;
    }
    if (const auto done = answer.commit(session_); !done) {
        return output_failed(done.error(), session_);
    }
    if (const ExitStatus written = write_files(); written != ExitStatus::done) {
        return written;
    }
    for (const std::string& warning : warnings_) {
        session_.messages.warning("R001", warning);
    }
    print_summary(closing);
    return status;
}

ExitStatus Reading::write_files()
{
    if (const auto done = problems_.finish(); !done) {
        return output_failed(done.error(), session_);
    }
    const std::string& path = arguments_.text("summary");
    if (path.empty()) {
        return ExitStatus::done;
    }
    auto output = deliver::Output::file(path);
    if (!output) {
        return output_failed(output.error(), session_);
    }
    auto written = output->write(summary_json(summary_) + "\n");
    if (written) {
        written = output->commit();
    }
    return written ? ExitStatus::done : output_failed(written.error(), session_);
}

std::string Reading::quoted_paths() const
{
    std::string out;
    for (const std::string& path : options_.paths) {
        out += out.empty() ? "" : " ";
        out += shell_word(path);
    }
    return out;
}

void Reading::print_summary(const Closing& closing) const
{
    const Messages& messages = session_.messages;
    const auto colours = session_.terminal.error_colours;
    const auto label = [&](std::string_view name) {
        std::string text(deliver::bold(colours));
        text += name;
        text += deliver::plain(colours);
        return text + std::string(label_indent.size() - name.size(), ' ');
    };
    const double seconds = std::max(seconds_, 1e-6);
    std::string text = "\n" + label("Read") + counted(summary_.objects, "object") + ", "
        + counted(summary_.records, "record") + ", " + deliver::bytes_for_people(summary_.bytes) + " in "
        + fmt::format("{:.1f} s: ", seconds)
        + deliver::with_commas(static_cast<std::uint64_t>(static_cast<double>(summary_.events) / seconds))
        + " events/s, " + fmt::format("{:.1f} MB/s\n", static_cast<double>(summary_.bytes) / 1e6 / seconds);
    text += label("Events") + deliver::with_commas(summary_.events);
    const auto part = [&text](std::uint64_t count, std::string_view what) {
        if (count > 0) {
            text += ", " + deliver::with_commas(count) + " " + std::string(what);
        }
    };
    part(summary_.duplicates, "copies left out");
    part(summary_.filtered, "filtered");
    part(summary_.rejected, "rejected");
    part(summary_.skipped_objects, "objects outside the time skipped");
    text += "\n";
    for (std::size_t i = 0; i < closing.found.size(); ++i) {
        text += (i == 0 ? label("Found") : std::string(label_indent)) + closing.found[i] + "\n";
    }
    messages.text(text);

    // What is missing from the answer is told even when everything else is not.
    const std::vector<deliver::Problem> problems = problems_.first();
    if (!problems.empty() && messages.format() == base::DiagnosticFormat::text) {
        std::string missing = label("Not read");
        missing += summary_.unreadable_objects > 0 ? counted(summary_.unreadable_objects, "object") : "";
        missing += summary_.unreadable_objects > 0 && summary_.rejected > 0 ? " and " : "";
        missing += summary_.rejected > 0 ? counted(summary_.rejected, "record") : "";
        missing += "\n";
        for (const deliver::Problem& problem : problems) {
            missing += std::string(label_indent) + deliver::printable(problem.source);
            missing += problem.record > 0 ? " record " + std::to_string(problem.record) : "";
            missing += ": " + deliver::printable(problem.reason) + std::string(deliver::dim(colours)) + " ["
                + problem.code + "]" + std::string(deliver::plain(colours)) + "\n";
        }
        if (problems_.others() > 0) {
            missing += std::string(label_indent) + "… and " + deliver::with_commas(problems_.others()) + " more";
            missing += arguments_.has("rejects")
                ? "\n"
                : "; --rejects FILE keeps every record, --diagnostics json names every object\n";
        }
        messages.always(missing);
    }
    for (std::size_t i = 0; i < closing.next.size(); ++i) {
        messages.text(
            (i == 0 ? label("Next") : std::string(label_indent)) + deliver::printable(closing.next[i]) + "\n");
    }
}

} // namespace trawl::app::cli
