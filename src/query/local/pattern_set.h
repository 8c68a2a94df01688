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

// Several wildcard patterns of which one must match. Whole texts are looked up by hash; texts with a star before or
// behind them are compared or searched without allocating; the rest are globs.
class PatternSet {
public:
    PatternSet(std::span<const std::string> patterns, base::Wildcards wildcards, base::CaseRule case_rule, Place place);

    bool matches(std::string_view text) const;

private:
    void add(const std::string& pattern, base::Wildcards wildcards, Place place);
    bool matches_literal(std::string_view text) const;
    bool contains_needle(std::string_view text) const;

    base::CaseRule case_rule_;
    bool matches_all_ = false;
    LiteralSet literals_;
    // Literals with something before or behind them, folded when case does not count.
    std::vector<std::string> starts_;
    std::vector<std::string> ends_;
    std::vector<std::string> needles_;
    std::vector<base::Glob> globs_;
};

} // namespace trawl::query::local
