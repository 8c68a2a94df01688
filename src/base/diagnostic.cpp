#include "base/diagnostic.h"

#include <algorithm>

#include "base/text.h"

namespace trawl::base {

namespace {

std::string_view severity_name(Severity severity)
{
    switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::note: return "note";
    }
    return "error";
}

struct Place {
    std::size_t line = 1;         // From 1.
    std::size_t column = 1;       // From 1, in bytes.
    std::string_view line_text;
};

Place place_of(std::size_t start, std::string_view text)
{
    Place place;
    start = std::min(start, text.size());
    std::size_t line_start = 0;
    for (std::size_t i = 0; i < start; ++i) {
        if (text[i] == '\n') {
            ++place.line;
            line_start = i + 1;
        }
    }
    place.column = start - line_start + 1;
    const std::size_t end = text.find('\n', line_start);
    place.line_text = text.substr(line_start, end == std::string_view::npos ? end : end - line_start);
    if (!place.line_text.empty() && place.line_text.back() == '\r') {
        place.line_text.remove_suffix(1);
    }
    return place;
}

std::string as_json(const Diagnostic& diagnostic, const Place& place)
{
    std::string out = "{\"severity\":\"";
    out += severity_name(diagnostic.severity);
    out += "\",\"code\":";
    append_json_string(out, diagnostic.code);
    out += ",\"message\":";
    append_json_string(out, diagnostic.message);
    out += ",\"help\":";
    append_json_string(out, diagnostic.help);
    out += ",\"line\":" + std::to_string(place.line) + ",\"column\":" + std::to_string(place.column)
        + ",\"length\":" + std::to_string(diagnostic.span.length);
    if (!diagnostic.file.empty()) {
        out += ",\"file\":";
        append_json_string(out, diagnostic.file);
    }
    return out + "}\n";
}

// Makes text safe to print on one line of a terminal: tabs become blanks, so that the caret's line needs none, and other
// control characters and bytes that are no UTF-8 become U+FFFD.
std::string printable(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (c == '\t') {
            out += "    ";
        } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
            append_utf8(out, 0xFFFD);
        } else {
            out.push_back(c);
        }
    }
    return sanitize_utf8(out);
}

// Counts code points: the caret stands under what a person sees.
std::size_t width(std::string_view text)
{
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

} // namespace

bool has_error(const std::vector<Diagnostic>& diagnostics)
{
    return std::any_of(diagnostics.begin(), diagnostics.end(),
        [](const Diagnostic& diagnostic) { return diagnostic.severity == Severity::error; });
}

std::string render(const Diagnostic& diagnostic, std::string_view text, DiagnosticFormat format, Colour colour)
{
    const Place place = place_of(diagnostic.span.start, text);
    if (format == DiagnosticFormat::json) {
        return as_json(diagnostic, place);
    }
    const bool coloured = colour == Colour::on;
    const std::string_view bold = coloured ? "\033[1m" : "";
    const std::string_view reset = coloured ? "\033[0m" : "";
    const std::string_view hue = !coloured         ? ""
        : diagnostic.severity == Severity::error   ? "\033[1;31m"
        : diagnostic.severity == Severity::warning ? "\033[1;33m"
                                                   : "\033[1;36m";
    std::string out;
    out += hue;
    out += severity_name(diagnostic.severity);
    if (!diagnostic.code.empty()) {
        out += "[" + diagnostic.code + "]";
    }
    out += reset;
    out += bold;
    out += ": " + sanitize_utf8(diagnostic.message);
    out += reset;
    out += '\n';
    if (!text.empty() || !diagnostic.file.empty()) {
        out += "  --> " + (diagnostic.file.empty() ? std::string("query") : diagnostic.file) + ":"
            + std::to_string(place.line) + ":" + std::to_string(place.column) + "\n";
    }
    if (!text.empty()) {
        const std::string number = std::to_string(place.line);
        const std::string margin(number.size(), ' ');
        const std::string_view before = place.line_text.substr(0, std::min(place.column - 1, place.line_text.size()));
        const std::string_view marked = place.line_text.substr(before.size()).substr(0, diagnostic.span.length);
        out += " " + number + " | " + printable(place.line_text) + "\n ";
        out += margin + " | " + std::string(width(printable(before)), ' ');
        out += hue;
        out += std::string(std::max<std::size_t>(1, width(printable(marked))), '^');
        out += reset;
        out += '\n';
    }
    if (!diagnostic.help.empty()) {
        out += coloured ? "  \033[1;32mhelp\033[0m: " : "  help: ";
        out += sanitize_utf8(diagnostic.help) + "\n";
    }
    return out;
}

} // namespace trawl::base
