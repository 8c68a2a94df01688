#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"

namespace trawl::app::cli {

enum class Quiet { no, yes };

// Everything that goes to standard error, made harmless for a terminal.
class Messages {
public:
    Messages(base::DiagnosticFormat format, base::Colour colour, Quiet quiet)
        : format_(format), colour_(colour), quiet_(quiet)
    {
    }

    // `text` is what a diagnostic without a file is about (a query); files are read to show their lines.
    void diagnostic(const base::Diagnostic& diagnostic, std::string_view text = {});
    void diagnostics(const std::vector<base::Diagnostic>& diagnostics, std::string_view text = {});
    void error(std::string code, std::string message, std::string help = {});
    void warning(std::string code, std::string message, std::string help = {});
    void error(const base::Error& error) { this->error(error.code, error.message); }

    // Text for people as it stands; nothing when quiet.
    void text(std::string_view text) const;
    // The same, also when quiet.
    void always(std::string_view text) const;

    base::DiagnosticFormat format() const { return format_; }
    base::Colour colour() const { return colour_; }
    bool quiet() const { return quiet_ == Quiet::yes; }

private:
    std::string_view text_of_file(const std::string& path);

    base::DiagnosticFormat format_;
    base::Colour colour_;
    Quiet quiet_;
    std::map<std::string, std::string> files_; // Read for their lines.
};

} // namespace trawl::app::cli
