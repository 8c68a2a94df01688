#include "app/cli/answer.h"

#include "app/cli/choices.h"

namespace trawl::app::cli {

namespace {

base::Result<deliver::Output> open_output(const std::string& path)
{
    if (path.empty() || path == "-") {
        return deliver::Output::standard_output();
    }
    return deliver::Output::file(path);
}

} // namespace

std::optional<Answer> Answer::open(const Arguments& arguments, Session& session)
{
    const std::string& path = arguments.text("out");
    auto output = open_output(path);
    if (!output) {
        static_cast<void>(output_failed(output.error(), session));
        return {};
    }
    session.interruption.guard(output->temporary());
    const bool on_terminal = session.terminal.output_is_terminal && (path.empty() || path == "-");
    std::string format = arguments.text("format");
    if (format.empty()) {
        format = on_terminal ? "table" : "ndjson";
    }
    deliver::TableStyle style;
    style.width = on_terminal ? session.terminal.width : 0;
    style.colours = path.empty() || path == "-" ? session.terminal.output_colours : deliver::Colours::off;
    style.wide = arguments.has("wide");
    return Answer(std::move(*output), std::move(format), style);
}

base::Result<void> Answer::commit(Session& session)
{
    const std::string temporary = output_.temporary();
    TRY_VOID(output_.commit());
    session.interruption.release(temporary);
    return {};
}

ExitStatus Answer::finish(Session& session)
{
    const auto done = commit(session);
    return done ? ExitStatus::done : output_failed(done.error(), session);
}

ExitStatus output_failed(const base::Error& error, Session& session)
{
    if (error.code == "closed") {
        return ExitStatus::done;
    }
    session.messages.error("O001", "output could not be written: " + error.message, "");
    return ExitStatus::not_written;
}

ExitStatus print(std::string_view text, Session& session)
{
    deliver::Output output = deliver::Output::standard_output();
    auto written = output.write(text);
    if (written) {
        written = output.commit();
    }
    return written ? ExitStatus::done : output_failed(written.error(), session);
}

} // namespace trawl::app::cli
