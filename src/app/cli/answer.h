#pragma once

#include <optional>
#include <string>

#include "app/cli/arguments.h"
#include "app/cli/session.h"
#include "deliver/output.h"
#include "deliver/style.h"

namespace trawl::app::cli {

// Where the answer of a command goes (--out, else standard output), and in which form (--format, else a table on a
// terminal and NDJSON elsewhere).
class Answer {
public:
    // Nothing when the output cannot be opened; that was told, the exit status is not_written.
    static std::optional<Answer> open(const Arguments& arguments, Session& session);

    deliver::Output& output() { return output_; }
    const std::string& format() const { return format_; }
    const deliver::TableStyle& style() const { return style_; }

    // Ends the output: a file gets its name.
    base::Result<void> commit(Session& session);
    // The same for commands that have nothing else to do: how the program ends.
    ExitStatus finish(Session& session);

private:
    Answer(deliver::Output output, std::string format, const deliver::TableStyle& style)
        : output_(std::move(output)), format_(std::move(format)), style_(style)
    {
    }

    deliver::Output output_;
    std::string format_;
    deliver::TableStyle style_;
};

// Tells why output could not be written, unless its reader just went away, which is no failure.
ExitStatus output_failed(const base::Error& error, Session& session);

// Writes a text to standard output: help, completions, a version.
ExitStatus print(std::string_view text, Session& session);

} // namespace trawl::app::cli
