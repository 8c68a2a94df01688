// The query parser takes any text: it gives a plan or diagnostics that point into the text, and so does --fix.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "query/language/parse.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    trawl::query::Lists lists;
    lists["InternalIPRange"]
        = {"InternalIPRange", trawl::query::ListType::cidr, {"10.0.0.0/8"}, trawl::query::NonAddress::ignore, false};

    const trawl::query::language::Parsed parsed = trawl::query::language::parse(text, lists);
    for (const trawl::base::Diagnostic& diagnostic : parsed.diagnostics) {
        // The caret may stand one behind the end, where something is missing.
        TRAWL_CHECK(diagnostic.span.start <= size && diagnostic.span.length <= size - diagnostic.span.start + 1,
            "a span lies in the text");
        TRAWL_CHECK(!diagnostic.code.empty() && !diagnostic.message.empty(), "a diagnostic says what is wrong");
        render(diagnostic, text, trawl::base::DiagnosticFormat::text, trawl::base::Colour::off);
        render(diagnostic, text, trawl::base::DiagnosticFormat::json, trawl::base::Colour::off);
    }
    if (!has_error(parsed.diagnostics)) {
        // What parses is put right without breaking it.
        const std::string mended = trawl::query::language::fix(text, lists);
        TRAWL_CHECK(!has_error(trawl::query::language::parse(mended, lists).diagnostics), "a corrected query parses");
    }
    return 0;
}
