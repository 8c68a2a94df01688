#include "deliver/finding_text.h"

#include <array>

#include <fmt/format.h>

#include "base/text.h"

namespace trawl::deliver {

std::string short_principal(std::string_view principal, std::string_view account)
{
    // arn:partition:service:region:account:resource
    std::array<std::string_view, 6> parts;
    std::string_view rest = principal;
    for (std::size_t i = 0; i < 5; ++i) {
        const std::size_t colon = rest.find(':');
        if (colon == std::string_view::npos) {
            return std::string(principal);
        }
        parts[i] = rest.substr(0, colon);
        rest.remove_prefix(colon + 1);
    }
    parts[5] = rest;
    if (parts[0] != "arn" || (parts[2] != "iam" && parts[2] != "sts") || parts[5].empty()) {
        return std::string(principal);
    }
    if (parts[4].empty() || parts[4] == account) {
        return std::string(parts[5]);
    }
    return std::string(parts[4]) + ":" + std::string(parts[5]);
}

std::string message_for_people(const event::Finding& finding)
{
    std::string out = finding.message;
    const std::string name = short_principal(finding.principal, finding.account);
    if (finding.principal.empty() || name == finding.principal) {
        return out;
    }
    for (std::size_t at = out.find(finding.principal); at != std::string::npos;
        at = out.find(finding.principal, at + name.size())) {
        // The beginning of a longer name is another name.
        const std::size_t end = at + finding.principal.size();
        const bool goes_on
            = end < out.size() && std::string_view(" ,;:.)'\"\n").find(out[end]) == std::string_view::npos;
        if (!goes_on) {
            out.replace(at, finding.principal.size(), name);
        }
    }
    return out;
}

std::string time_for_people(base::Time time, bool has_time)
{
    if (!has_time) {
        return {};
    }
    std::string text = base::format_time(time);
    const std::size_t separator = text.find('T');
    if (separator != std::string::npos) {
        text[separator] = ' ';
    }
    const std::size_t end = text.find_first_of(".Z");
    return text.substr(0, end);
}

std::string joined(const std::vector<std::string>& texts, std::string_view separator)
{
    std::string out;
    for (const std::string& text : texts) {
        out += out.empty() ? "" : separator;
        out += text;
    }
    return out;
}

std::string shortened(std::string_view text, std::size_t bytes)
{
    constexpr std::string_view mark = "…";
    if (text.size() <= bytes) {
        return std::string(text);
    }
    std::size_t end = bytes > mark.size() ? bytes - mark.size() : 0;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    return std::string(text.substr(0, end)) + std::string(mark);
}

std::string with_commas(std::uint64_t number)
{
    std::string digits = std::to_string(number);
    for (std::size_t at = digits.size(); at > 3;) {
        at -= 3;
        digits.insert(at, ",");
    }
    return digits;
}

std::string bytes_for_people(std::uint64_t bytes)
{
    constexpr std::array<std::string_view, 5> units {"bytes", "kB", "MB", "GB", "TB"};
    auto amount = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (amount >= 1000 && unit + 1 < units.size()) {
        amount /= 1000;
        ++unit;
    }
    return unit == 0 ? fmt::format("{} {}", bytes, units[0]) : fmt::format("{:.1f} {}", amount, units[unit]);
}

} // namespace trawl::deliver
