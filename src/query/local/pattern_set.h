#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/glob.h"
#include "query/local/literal_set.h"

namespace trawl::query::local {

// Where in a text a pattern must be found.
enum class Place : std::uint8_t { whole, anywhere, start, end };

// Several wildcard patterns of which one must match. Plain texts are looked up by hash (whole) or compared without
// allocating (start, end); the rest are globs.
class PatternSet {
public:
    PatternSet(std::span<const std::string> patterns, base::Wildcards wildcards, base::CaseRule case_rule, Place place);

    bool matches(std::string_view text) const;

private:
    bool matches_literal_edge(std::string_view text) const;

    base::CaseRule case_rule_;
    Place place_;
    bool matches_all_ = false;
    LiteralSet literals_;
    std::vector<std::string> edges_;  // Literals of Place::start and Place::end, folded when case does not count.
    std::vector<base::Glob> globs_;
};

} // namespace trawl::query::local
