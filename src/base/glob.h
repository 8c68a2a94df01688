#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trawl::base {

enum class CaseRule : std::uint8_t { sensitive, insensitive };

// How a pattern text is read: as plain text, or with `*` (any run), `?` (one character) and the escapes \* \? \\ .
// A backslash before anything else is itself (Sigma 2.1, and `search`, LANGUAGE 2.2).
enum class Wildcards : std::uint8_t { plain, glob };

// A compiled wildcard pattern over UTF-8 text. Without wildcards it is one comparison. Case folding is Unicode simple
// folding; ASCII subjects never allocate.
class Glob {
public:
    Glob(std::string_view pattern, Wildcards wildcards, CaseRule case_rule);

    // Whether the whole subject matches.
    bool matches(std::string_view subject) const;
    // Whether the pattern is found anywhere in the subject.
    bool found_in(std::string_view subject) const;

    // The text (folded when insensitive) that the pattern equals, when it has no wildcards.
    bool is_literal() const { return pieces_.size() == 1 && !open_start_ && !open_end_ && !has_single_; }
    const std::string& literal() const { return pieces_.front(); }
    // Whether the pattern is "*" alone (or only stars).
    bool is_any() const;
    // The (folded) text that every match starts with.
    std::string_view literal_prefix() const;
    CaseRule case_rule() const { return case_rule_; }

private:
    bool matches_folded(std::string_view subject, bool open_start, bool open_end) const;

    // Runs between stars, folded; the byte 0xFF stands for `?` (it occurs in no UTF-8 text).
    std::vector<std::string> pieces_;
    bool open_start_ = false;
    bool open_end_ = false;
    bool has_single_ = false;
    bool is_ascii_ = false;
    CaseRule case_rule_;
};

} // namespace trawl::base
