#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/answer.h"
#include "app/cli/arguments.h"
#include "app/cli/problem_log.h"
#include "app/cli/run_folder.h"
#include "app/cli/session.h"
#include "app/pipeline.h"
#include "deliver/run_report.h"

namespace trawl::app::cli {

// What scan, query and decode share: the options of the input, the run through the pipeline, and what is told at its end.
class Reading {
public:
    // Nothing when an option or a path is wrong; that was told. `failure` says how the program ends then.
    static std::unique_ptr<Reading> create(
        const Arguments& arguments, std::vector<std::string> paths, Session& session, ExitStatus& failure);

    PipelineOptions& options() { return options_; }
    // A warning beside those of the reading; printed before the closing summary.
    void warn(std::string warning) { warnings_.push_back(std::move(warning)); }
    const std::string& temp_folder() const { return folder_.path(); }
    base::Time now() const { return now_; }

    // Runs everything through the pipeline. Nothing when it went well; else how the program ends, which was told.
    std::optional<ExitStatus> run(const event::Projection& projection,
        const std::function<std::unique_ptr<event::Consumer>()>& make_consumer, event::Collector& collector);

    // What was read; after run().
    deliver::RunReport report() const;

    // A line of the closing summary: what the command found, and what to try next.
    struct Closing {
        std::vector<std::string> found; // Lines, the first labelled "Found".
        std::vector<std::string> next; // Commands.
    };
    // Ends the answer, writes --summary and --rejects, prints the closing summary. Gives the exit status; `status` is
    // the command's own verdict.
    ExitStatus conclude(Answer& answer, ExitStatus status, const Closing& closing);

    // The paths as a shell takes them, for the commands that are suggested.
    std::string quoted_paths() const;

private:
    Reading(const Arguments& arguments, Session& session, RunFolder folder)
        : arguments_(arguments), session_(session), folder_(std::move(folder)), problems_(session.messages)
    {
    }

    std::optional<ExitStatus> read_options(std::vector<std::string> paths);
    bool read_times();
    bool read_columns();
    bool check_paths() const;
    ExitStatus failed(const base::Error& error);
    void print_summary(const Closing& closing) const;
    ExitStatus write_files();

    const Arguments& arguments_; // Both belong to main().
    Session& session_;
    RunFolder folder_;
    PipelineOptions options_;
    base::Time now_ = 0;
    ProblemLog problems_;
    std::vector<std::string> warnings_;
    Summary summary_;
    double seconds_ = 0;
};

// A word as a POSIX shell takes it.
std::string shell_word(std::string_view word);

} // namespace trawl::app::cli
