#include "app/cli/messages.h"

#include <cerrno>

#include <unistd.h>

#include "app/builtin_rules.h"
#include "base/file.h"
#include "deliver/printable.h"

namespace trawl::app::cli {

namespace {

// Keeps the line breaks of help texts; everything else that a terminal would obey is shown.
std::string printable_lines(std::string_view text)
{
    std::string out;
    while (true) {
        const std::size_t end = text.find('\n');
        deliver::append_printable(out, text.substr(0, end));
        if (end == std::string_view::npos) {
            return out;
        }
        out += '\n';
        text.remove_prefix(end + 1);
    }
}

} // namespace

void Messages::diagnostic(const base::Diagnostic& diagnostic, std::string_view text)
{
    if (quiet() && diagnostic.severity != base::Severity::error) {
        return;
    }
    const std::string_view about = diagnostic.file.empty() ? text : text_of_file(diagnostic.file);
    if (format_ == base::DiagnosticFormat::json) {
        always(base::render(diagnostic, about, format_, colour_));
        return;
    }
    base::Diagnostic shown = diagnostic;
    shown.message = deliver::printable(diagnostic.message);
    shown.help = printable_lines(diagnostic.help);
    shown.file = deliver::printable(diagnostic.file);
    always(base::render(shown, about, format_, colour_));
}

void Messages::diagnostics(const std::vector<base::Diagnostic>& diagnostics, std::string_view text)
{
    for (const base::Diagnostic& one : diagnostics) {
        diagnostic(one, text);
    }
}

void Messages::error(std::string code, std::string message, std::string help)
{
    diagnostic({base::Severity::error, std::move(code), std::move(message), std::move(help), {}, {}});
}

void Messages::warning(std::string code, std::string message, std::string help)
{
    diagnostic({base::Severity::warning, std::move(code), std::move(message), std::move(help), {}, {}});
}

void Messages::text(std::string_view text) const
{
    if (!quiet()) {
        always(text);
    }
}

void Messages::always(std::string_view text) const
{
    while (!text.empty()) {
        const ssize_t count = ::write(STDERR_FILENO, text.data(), text.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return; // Nobody is left to be told.
        }
        text.remove_prefix(static_cast<std::size_t>(count));
    }
}

std::string_view Messages::text_of_file(const std::string& path)
{
    const auto [entry, added] = files_.try_emplace(path);
    if (added) {
        entry->second = base::read_file(path).value_or(std::string());
        for (const detect::RuleFile& file : builtin_rules()) {
            if (file.path == path) {
                entry->second = file.text;
            }
        }
    }
    return entry->second;
}

} // namespace trawl::app::cli
