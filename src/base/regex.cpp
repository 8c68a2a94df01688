#include "base/regex.h"

#include <re2/re2.h>

namespace trawl::base {

namespace {

// RE2 of Debian 12 knows `(?P<name>…)` alone. Look-behind `(?<=` and `(?<!` stays as it is and is refused by RE2.
std::string with_named_groups(std::string_view pattern)
{
    std::string out;
    bool in_class = false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char c = pattern[i];
        if (c == '\\' && i + 1 < pattern.size()) {
            out += pattern.substr(i, 2);
            ++i;
            continue;
        }
        if (c == '[') {
            in_class = true;
        } else if (c == ']') {
            in_class = false;
        }
        if (!in_class && pattern.substr(i).starts_with("(?<") && i + 3 < pattern.size() && pattern[i + 3] != '='
            && pattern[i + 3] != '!') {
            out += "(?P<";
            i += 2;
            continue;
        }
        out.push_back(c);
    }
    return out;
}

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
    Compiled(std::string_view written, const std::string& rewritten) : pattern(written), program(rewritten, options()) {}
    std::string pattern;
    RE2 program;
    std::vector<std::string> names;
};

Result<Regex> Regex::create(std::string_view pattern)
{
    auto compiled = std::make_shared<Compiled>(pattern, with_named_groups(pattern));
    if (!compiled->program.ok()) {
        std::string reason = compiled->program.error();
        if (compiled->program.error_code() == RE2::ErrorBadPerlOp) {
            reason += " (look-around and back references are not supported)";
        }
        return fail("regex", "the regular expression cannot be used: " + reason);
    }
    compiled->names.resize(static_cast<std::size_t>(compiled->program.NumberOfCapturingGroups()));
    for (const auto& [position, name] : compiled->program.CapturingGroupNames()) {
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
    std::vector<re2::StringPiece> found(count);
    if (start > text.size()
        || !compiled_->program.Match(piece(text), start, text.size(), RE2::UNANCHORED, found.data(), static_cast<int>(count))) {
        return false;
    }
    groups.clear();
    for (const re2::StringPiece& group : found) {
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
