// The reader of rules takes any text: it gives rules, or diagnostics that point into the text, and linting what was
// read never fails.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/check.h"
#include "detect/rules/rule.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text(reinterpret_cast<const char*>(data), size);
    std::vector<trawl::base::Diagnostic> diagnostics;
    const trawl::detect::RuleSet rules = trawl::detect::read_rules({{"rule.yml", text, false}}, {}, diagnostics);
    for (const trawl::base::Diagnostic& diagnostic : diagnostics) {
        // The caret may stand one behind the end, where something is missing.
        TRAWL_CHECK(diagnostic.span.start <= size && diagnostic.span.length <= size - diagnostic.span.start + 1,
            "a span lies in the text");
        render(diagnostic, text, trawl::base::DiagnosticFormat::text, trawl::base::Colour::off);
    }
    for (const trawl::detect::Rule& rule : rules.rules) {
        TRAWL_CHECK(rule.condition.has_value() || rule.correlation.has_value(), "a rule that was read can be judged");
    }
    trawl::detect::lint(rules);
    return 0;
}
