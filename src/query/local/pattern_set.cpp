#include "query/local/pattern_set.h"

#include <algorithm>

#include "base/text.h"
#include "query/local/ascii_fold.h"

namespace trawl::query::local {

namespace {

// Writes a plain text so that a glob reads it as plain text.
std::string escape_wildcards(std::string_view text)
{
    std::string escaped;
    for (const char c : text) {
        if (c == '*' || c == '?' || c == '\\') {
            escaped.push_back('\\');
        }
        escaped.push_back(c);
    }
    return escaped;
}

// Appends a star that the backslashes at the pattern's end do not escape.
std::string followed_by_star(std::string pattern)
{
    std::size_t backslashes = 0;
    while (backslashes < pattern.size() && pattern[pattern.size() - 1 - backslashes] == '\\') {
        ++backslashes;
    }
    if (backslashes % 2 == 1) {
        pattern.push_back('\\');
    }
    pattern.push_back('*');
    return pattern;
}

} // namespace

PatternSet::PatternSet(
    std::span<const std::string> patterns, base::Wildcards wildcards, base::CaseRule case_rule, Place place)
    : case_rule_(case_rule), place_(place), literals_(case_rule)
{
    for (const std::string& pattern : patterns) {
        const base::Glob plain(pattern, wildcards, case_rule);
        if (pattern.empty()) {
            // Every text contains, starts and ends with nothing; only the empty one is it.
            literals_.add("");
            matches_all_ = matches_all_ || place != Place::whole;
            continue;
        }
        if (plain.is_any()) {
            matches_all_ = true;
            continue;
        }
        if (place == Place::whole && plain.is_literal()) {
            literals_.add(plain.literal());
            continue;
        }
        if ((place == Place::start || place == Place::end) && plain.is_literal()) {
            edges_.push_back(plain.literal());
            continue;
        }
        if (place == Place::start || place == Place::end) {
            const std::string text = wildcards == base::Wildcards::glob ? pattern : escape_wildcards(pattern);
            globs_.emplace_back(
                place == Place::start ? followed_by_star(text) : "*" + text, base::Wildcards::glob, case_rule);
            continue;
        }
        globs_.push_back(plain);
    }
}

bool PatternSet::matches_literal_edge(std::string_view text) const
{
    const bool folding = case_rule_ == base::CaseRule::insensitive;
    for (const std::string& edge : edges_) {
        if (edge.size() > text.size()) {
            continue;
        }
        const std::string_view part = place_ == Place::start ? text.substr(0, edge.size())
                                                             : text.substr(text.size() - edge.size());
        if (folding ? equals_folded(part, edge) : part == edge) {
            return true;
        }
    }
    if (!folding || edges_.empty() || has_only_ascii(text)) {
        return false;
    }
    const std::string folded = base::fold_case(text);
    return std::ranges::any_of(edges_, [&](const std::string& edge) {
        return place_ == Place::start ? folded.starts_with(edge) : folded.ends_with(edge);
    });
}

bool PatternSet::matches(std::string_view text) const
{
    if (matches_all_) {
        return true;
    }
    if (place_ == Place::whole) {
        if (literals_.contains(text)) {
            return true;
        }
        return std::ranges::any_of(globs_, [&](const base::Glob& glob) { return glob.matches(text); });
    }
    if (place_ == Place::anywhere) {
        return std::ranges::any_of(globs_, [&](const base::Glob& glob) { return glob.found_in(text); });
    }
    return matches_literal_edge(text)
        || std::ranges::any_of(globs_, [&](const base::Glob& glob) { return glob.matches(text); });
}

} // namespace trawl::query::local
