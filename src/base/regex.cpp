#include "base/regex.h"

#include <algorithm>
#include <array>

#include <re2/re2.h>

namespace trawl::base {

namespace {

// Finds the end of the class that begins at `start`, behind its bracket: "[]a]", "[^]a]", "[[:alpha:]]", "[\\]]".
std::size_t class_end(std::string_view pattern, std::size_t start)
{
    std::size_t at = start + 1;
    at += pattern.substr(at).starts_with('^') ? 1U : 0U;
    at += pattern.substr(at).starts_with(']') ? 1U : 0U;
    while (at < pattern.size() && pattern[at] != ']') {
        if (pattern.substr(at).starts_with("[:")) {
            const std::size_t end = pattern.find(":]", at + 2);
            at = end == std::string_view::npos ? at + 1 : end + 2;
        } else {
            at += pattern[at] == '\\' ? 2U : 1U;
        }
    }
    return std::min(at + 1, pattern.size());
}

// Finds the end of what begins at `start` and holds no group of its own: an escape, a quotation \Q…\E, a class, or a
// character.
std::size_t token_end(std::string_view pattern, std::size_t start)
{
    const std::string_view rest = pattern.substr(start);
    if (rest.starts_with("\\Q")) {
        const std::size_t end = rest.find("\\E", 2);
        return end == std::string_view::npos ? pattern.size() : start + end + 2;
    }
    if (rest.starts_with('\\')) {
        return std::min(start + 2, pattern.size());
    }
    return rest.starts_with('[') ? class_end(pattern, start) : start + 1;
}

// RE2 of Debian 12 knows `(?P<name>…)` alone. Look-behind `(?<=` and `(?<!` stays as it is and is refused by RE2.
std::string with_named_groups(std::string_view pattern)
{
    std::string out;
    for (std::size_t at = 0; at < pattern.size();) {
        const std::string_view rest = pattern.substr(at);
        if (rest.starts_with("(?<") && !rest.starts_with("(?<=") && !rest.starts_with("(?<!")) {
            out += "(?P<";
            at += 3;
            continue;
        }
        const std::size_t end = token_end(pattern, at);
        out += pattern.substr(at, end - at);
        at = end;
    }
    return out;
}

// Whether RE2's complaint is about "\1" or "\k<name>".
bool is_back_reference(const RE2& program)
{
    const std::string& culprit = program.error_arg();
    return program.error_code() == RE2::ErrorBadEscape && culprit.size() >= 2
        && ((culprit[1] >= '1' && culprit[1] <= '9') || culprit[1] == 'k');
}

constexpr std::size_t few_groups = 8; // Found without allocating.

RE2::Options options()
{
    RE2::Options made;
    made.set_log_errors(false);
    made.set_max_mem(8 << 20);
    return made;
}

re2::StringPiece piece(std::string_view text)
{
    return {text.data(), text.size()};
}

} // namespace

struct Regex::Compiled {
    Compiled(std::string_view written, const std::string& rewritten) : pattern(written), program(rewritten, options())
    {
    }
    std::string pattern;
    RE2 program;
    std::vector<std::string> names;
};

Result<Regex> Regex::create(std::string_view pattern)
{
    auto compiled = std::make_shared<Compiled>(pattern, with_named_groups(pattern));
    if (!compiled->program.ok()) {
        std::string reason = compiled->program.error();
        if (compiled->program.error_code() == RE2::ErrorBadPerlOp || is_back_reference(compiled->program)) {
            reason += " (look-around and back references are not supported)";
        }
        return fail("regex", "the regular expression cannot be used: " + reason);
    }
    compiled->names.resize(static_cast<std::size_t>(compiled->program.NumberOfCapturingGroups()));
    for (const auto& [position, name] : compiled->program.CapturingGroupNames()) {
        if (std::find(compiled->names.begin(), compiled->names.end(), name) != compiled->names.end()) {
            return fail("regex", "the regular expression cannot be used: two groups are named " + name);
        }
        compiled->names[static_cast<std::size_t>(position - 1)] = name;
    }
    Regex regex;
    regex.compiled_ = std::move(compiled);
    return regex;
}

bool Regex::search(std::string_view text) const
{
    return RE2::PartialMatch(piece(text), compiled_->program);
}

bool Regex::find(std::string_view text, std::size_t start, std::vector<std::string_view>& groups) const
{
    const auto count = static_cast<std::size_t>(compiled_->program.NumberOfCapturingGroups()) + 1;
    std::array<re2::StringPiece, few_groups> few;
    std::vector<re2::StringPiece> many(count > few.size() ? count : 0);
    re2::StringPiece* const found = many.empty() ? few.data() : many.data();
    if (start > text.size()
        || !compiled_->program.Match(
            piece(text), start, text.size(), RE2::UNANCHORED, found, static_cast<int>(count))) {
        return false;
    }
    groups.clear();
    for (std::size_t i = 0; i < count; ++i) {
        const re2::StringPiece& group = found[i];
        groups.push_back(group.data() == nullptr ? std::string_view() : std::string_view(group.data(), group.size()));
    }
    return true;
}

const std::vector<std::string>& Regex::group_names() const
{
    return compiled_->names;
}

std::string Regex::replace_all(std::string_view text, std::string_view replacement) const
{
    std::string out(text);
    RE2::GlobalReplace(&out, compiled_->program, piece(replacement));
    return out;
}

const std::string& Regex::pattern() const
{
    return compiled_->pattern;
}

} // namespace trawl::base
