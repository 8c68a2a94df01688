#include "query/local/pattern_set.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "query/local/ascii_fold.h"
#include "query/local/find_folded.h"

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

std::size_t backslashes_before(std::string_view pattern, std::size_t end)
{
    std::size_t count = 0;
    while (count < end && pattern[end - 1 - count] == '\\') {
        ++count;
    }
    return count;
}

// Appends a star that the backslashes at the pattern's end do not escape.
std::string followed_by_star(std::string pattern)
{
    if (backslashes_before(pattern, pattern.size()) % 2 == 1) {
        pattern.push_back('\\');
    }
    pattern.push_back('*');
    return pattern;
}

// Cuts the stars from a pattern's ends; tells where there were any.
std::string_view without_outer_stars(std::string_view pattern, bool& open_start, bool& open_end)
{
    while (!pattern.empty() && pattern.front() == '*') {
        open_start = true;
        pattern.remove_prefix(1);
    }
    while (!pattern.empty() && pattern.back() == '*' && backslashes_before(pattern, pattern.size() - 1) % 2 == 0) {
        open_end = true;
        pattern.remove_suffix(1);
    }
    return pattern;
}

} // namespace

PatternSet::PatternSet(
    std::span<const std::string> patterns, base::Wildcards wildcards, base::CaseRule case_rule, Place place)
    : case_rule_(case_rule), literals_(case_rule)
{
    for (const std::string& pattern : patterns) {
        add(pattern, wildcards, place);
    }
}

void PatternSet::add(const std::string& pattern, base::Wildcards wildcards, Place place)
{
    bool open_start = place == Place::anywhere || place == Place::end;
    bool open_end = place == Place::anywhere || place == Place::start;
    const std::string_view inner
        = wildcards == base::Wildcards::glob ? without_outer_stars(pattern, open_start, open_end) : pattern;
    if (inner.empty()) {
        matches_all_ = matches_all_ || open_start || open_end;
        literals_.add("");
        return;
    }
    const base::Glob glob(inner, wildcards, case_rule_);
    if (!glob.is_literal()) {
        std::string whole(wildcards == base::Wildcards::glob ? std::string(inner) : escape_wildcards(inner));
        whole = open_end ? followed_by_star(std::move(whole)) : whole;
        globs_.emplace_back(open_start ? "*" + whole : whole, base::Wildcards::glob, case_rule_);
    } else if (open_start && open_end) {
        needles_.push_back(glob.literal());
    } else if (open_end) {
        starts_.push_back(glob.literal());
    } else if (open_start) {
        ends_.push_back(glob.literal());
    } else {
        literals_.add(glob.literal());
    }
}

// The comparisons that need no folding of the text beforehand; exact for ASCII.
bool PatternSet::matches_literal(std::string_view text) const
{
    const auto is_same = [folding = case_rule_ == base::CaseRule::insensitive](
                             std::string_view a, std::string_view b) { return folding ? equals_folded(a, b) : a == b; };
    for (const std::string& start : starts_) {
        if (start.size() <= text.size() && is_same(text.substr(0, start.size()), start)) {
            return true;
        }
    }
    for (const std::string& end : ends_) {
        if (end.size() <= text.size() && is_same(text.substr(text.size() - end.size()), end)) {
            return true;
        }
    }
    return false;
}

bool PatternSet::contains_needle(std::string_view text) const
{
    if (case_rule_ == base::CaseRule::sensitive) {
        return std::ranges::any_of(needles_, [text](const std::string& needle) {
            return memmem(text.data(), text.size(), needle.data(), needle.size()) != nullptr;
        });
    }
    return std::ranges::any_of(needles_, [text](const std::string& needle) { return find_folded(text, needle); });
}

bool PatternSet::matches(std::string_view text) const
{
    if (matches_all_ || literals_.contains(text) || matches_literal(text) || contains_needle(text)) {
        return true;
    }
    if (std::ranges::any_of(globs_, [text](const base::Glob& glob) { return glob.matches(text); })) {
        return true;
    }
    // Folding what is no ASCII is left to the last.
    const bool has_parts = !starts_.empty() || !ends_.empty() || !needles_.empty();
    if (!has_parts || case_rule_ == base::CaseRule::sensitive || has_only_ascii(text)) {
        return false;
    }
    const std::string folded = base::fold_case(text);
    const std::string_view view = folded;
    return std::ranges::any_of(starts_, [view](const std::string& start) { return view.starts_with(start); })
        || std::ranges::any_of(ends_, [view](const std::string& end) { return view.ends_with(end); })
        || std::ranges::any_of(
            needles_, [view](const std::string& needle) { return view.find(needle) != std::string_view::npos; });
}

} // namespace trawl::query::local
