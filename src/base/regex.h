#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace trawl::base {

// An RE2 expression. `(?<name>…)` is rewritten to `(?P<name>…)`; look-around and back references are refused with a
// message, code "regex". Copies share the compiled program (immutable, so that threads may).
class Regex {
public:
    static Result<Regex> create(std::string_view pattern);

    bool search(std::string_view text) const;
    // Finds the next match at or after `start`; groups[0] is the whole match; an unmatched group has data() == nullptr.
    bool find(std::string_view text, std::size_t start, std::vector<std::string_view>& groups) const;
    // Names of the groups 1..n; unnamed ones are empty.
    const std::vector<std::string>& group_names() const;
    std::string replace_all(std::string_view text, std::string_view replacement) const;
    const std::string& pattern() const;

private:
    struct Compiled;
    // Shared: a plan and its copies in several workers use one immutable program.
    std::shared_ptr<const Compiled> compiled_;
};

} // namespace trawl::base
