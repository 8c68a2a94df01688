#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostic.h"
#include "detect/rules/yaml_node.h"

namespace trawl::detect::rules {

// Collects what is wrong with the rules of one file.
class Problems {
public:
    // Both outlive it.
    Problems(const std::string& file, std::vector<base::Diagnostic>& diagnostics)
        : file_(file), diagnostics_(diagnostics)
    {
    }

    void error(const char* code, base::Span span, std::string message, std::string help = {})
    {
        ++errors_;
        if (std::string_view(code) == "E201") {
            ++unbound_;
        }
        add(base::Severity::error, code, span, std::move(message), std::move(help));
    }
    void warning(const char* code, base::Span span, std::string message, std::string help = {})
    {
        add(base::Severity::warning, code, span, std::move(message), std::move(help));
    }
    // Grows with each error: a caller compares to see whether a part of its own was wrong.
    std::size_t errors() const { return errors_; }
    // Errors beside lists that are not bound, which a rule's tests may bind.
    std::size_t errors_of_text() const { return errors_ - unbound_; }
    const std::string& file() const { return file_; }

private:
    void add(base::Severity severity, const char* code, base::Span span, std::string message, std::string help)
    {
        diagnostics_.push_back({severity, code, std::move(message), std::move(help), span, file_});
    }

    const std::string& file_;
    std::vector<base::Diagnostic>& diagnostics_;
    std::size_t errors_ = 0;
    std::size_t unbound_ = 0;
};

} // namespace trawl::detect::rules
