#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace trawl::base {

// A piece of the user's text, in bytes from its beginning.
struct Span {
    std::size_t start = 0;
    std::size_t length = 0;
    auto operator<=>(const Span&) const = default;
};

enum class Severity { error, warning, note };

// What is wrong with the user's query, rule, list or command line. Codes ("E201", "W101") are stable and never reused;
// docs/diagnostics.md lists them.
struct Diagnostic {
    Severity severity = Severity::error;
    std::string code;
    std::string message;
    std::string help;     // What to do about it; may be empty.
    Span span;            // Within the text that the Diagnostic is about.
    std::string file;     // Empty for a query of the command line.
};

bool has_error(const std::vector<Diagnostic>& diagnostics);

enum class DiagnosticFormat { text, json };
enum class Colour { off, on };

// Renders "error[E201]: text", the source line with a caret, and "help: …"; or one JSON object a line with
// severity, code, message, help, line, column, length (and file where there is one).
std::string render(const Diagnostic& diagnostic, std::string_view text, DiagnosticFormat format, Colour colour);

} // namespace trawl::base
