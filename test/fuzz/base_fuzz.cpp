// Small readers of text: what they accept reads back the same, and patterns agree with the plain definition.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/check.h"
#include "base/glob.h"
#include "base/regex.h"
#include "base/text.h"
#include "base/time.h"
#include "event/field_path.h"
#include "ingest/source/object_key.h"

namespace {

namespace base = trawl::base;

void check_times(std::string_view text)
{
    const auto time = base::parse_time(text);
    // Years of five digits and negative ones cannot be written in RFC 3339.
    constexpr base::Time year_10000 = 253'402'300'800 * base::microseconds_per_second;
    constexpr base::Time year_0 = -62'167'219'200 * base::microseconds_per_second;
    if (time && *time >= year_0 && *time < year_10000) {
        TRAWL_CHECK(base::parse_time(base::format_time(*time)) == time, "a time reads back the same");
    }
    base::parse_time_argument(text, 0);
    base::parse_fixed_duration(text);
}

void check_addresses(std::string_view text)
{
    if (const auto address = base::parse_address(text)) {
        TRAWL_CHECK(base::parse_address(base::format_address(*address)) == address, "an address reads back the same");
        base::AddressSet set;
        set.add({*address, 128});
        set.finish();
        TRAWL_CHECK(set.contains(*address), "a set contains what was added");
    }
    if (const auto range = base::parse_cidr(text)) {
        TRAWL_CHECK(range->contains(range->network), "a range contains its first address");
    }
}

void check_text(std::string_view text)
{
    const std::string clean = base::sanitize_utf8(text);
    TRAWL_CHECK(base::is_utf8(clean), "sanitized text is UTF-8");
    TRAWL_CHECK(!base::is_utf8(text) || clean == text, "valid text stays as it is");
    const std::string folded = base::fold_case(text);
    TRAWL_CHECK(base::fold_case(folded) == folded, "folding twice is folding once");
    double number = 0;
    if (base::parse_number(text, number) && std::isfinite(number)) {
        std::string written;
        base::append_number(written, number);
        double again = 0;
        TRAWL_CHECK(base::parse_number(written, again) && again == number, "a number reads back the same");
    }
    base::split(text, ',');
    base::trim(text);
}

// The first line is a pattern, the rest a subject.
void check_patterns(std::string_view text)
{
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) {
        return;
    }
    // Patterns come from queries and rules, which are UTF-8 before they get here.
    const std::string pattern = base::sanitize_utf8(text.substr(0, end));
    const std::string_view subject = text.substr(end + 1);
    for (const auto case_rule : {base::CaseRule::sensitive, base::CaseRule::insensitive}) {
        const base::Glob glob(pattern, base::Wildcards::glob, case_rule);
        if (glob.matches(subject)) {
            TRAWL_CHECK(glob.found_in(subject), "what matches as a whole is found");
        }
        const base::Glob anywhere("*" + pattern + "*", base::Wildcards::glob, case_rule);
        // A backslash at the end of the pattern would escape the star.
        if (!pattern.ends_with('\\')) {
            TRAWL_CHECK(anywhere.matches(subject) == glob.found_in(subject), "found means matched with stars around");
        }
        const base::Glob plain(pattern, base::Wildcards::plain, base::CaseRule::sensitive);
        TRAWL_CHECK(plain.matches(pattern), "a plain text matches itself");
    }
    if (const auto expression = base::Regex::create(pattern)) {
        std::vector<std::string_view> groups;
        if (expression->find(subject, 0, groups)) {
            TRAWL_CHECK(expression->search(subject), "what is found is there");
        }
        expression->replace_all(subject, "x");
    }
    base::edit_distance(pattern, subject.substr(0, 64), 3);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_times(text);
    check_addresses(text);
    check_text(text);
    check_patterns(text);
    trawl::event::FieldPath::parse(text);
    trawl::ingest::parse_object_key(text);
    return 0;
}
