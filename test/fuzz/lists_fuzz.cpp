// The reader of lists takes any text.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "query/lists.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    std::vector<trawl::base::Diagnostic> diagnostics;
    // `file:` entries must find nothing on the machine that fuzzes.
    const trawl::query::Lists lists = trawl::query::parse_lists(text, "lists.yaml", "/nonexistent", diagnostics);
    for (const auto& [name, list] : lists) {
        TRAWL_CHECK(name == list.name, "a list is found under its name");
    }
    for (const trawl::base::Diagnostic& diagnostic : diagnostics) {
        render(diagnostic, text, trawl::base::DiagnosticFormat::text, trawl::base::Colour::off);
    }
    return 0;
}
