#include "detect/rules/sigma_text.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace trawl::detect::rules {

namespace {

constexpr std::array<std::string_view, 5> dashes = {"-", "/", "\u2013", "\u2014", "\u2015"};
// Options beyond these are written with the same dash, so that variants do not multiply without end.
constexpr std::size_t max_varied_dashes = 3;

bool is_escaped_pair(std::string_view text, std::size_t at)
{
    return text[at] == '\\' && at + 1 < text.size()
        && (text[at + 1] == '*' || text[at + 1] == '?' || text[at + 1] == '\\');
}

bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
        || static_cast<unsigned char>(c) >= 0x80;
}

bool is_name_character(char c)
{
    return (is_word(c) && static_cast<unsigned char>(c) < 0x80) || c == '.' || c == '-';
}

// Code units of UTF-16; a byte that is no UTF-8 becomes U+FFFD.
std::vector<std::uint16_t> to_utf16(std::string_view text)
{
    std::vector<std::uint16_t> units;
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at]);
        const std::size_t size = lead < 0x80 ? 1
            : (lead >> 5U) == 6              ? 2
            : (lead >> 4U) == 14             ? 3
            : (lead >> 3U) == 30             ? 4
                                             : 0;
        std::uint32_t code = 0xFFFD;
        std::size_t step = 1;
        if (size == 1) {
            code = lead;
        } else if (size > 1 && at + size <= text.size()) {
            code = lead & (0xFFU >> (size + 1));
            bool is_valid = true;
            for (std::size_t next = 1; next < size; ++next) {
                const auto byte = static_cast<unsigned char>(text[at + next]);
                is_valid = is_valid && (byte & 0xC0U) == 0x80U;
                code = (code << 6U) | (byte & 0x3FU);
            }
            step = is_valid ? size : 1;
            code = is_valid ? code : 0xFFFD;
        }
        at += step;
        if (code >= 0x10000) {
            units.push_back(static_cast<std::uint16_t>(0xD800U + ((code - 0x10000) >> 10U)));
            units.push_back(static_cast<std::uint16_t>(0xDC00U + ((code - 0x10000) & 0x3FFU)));
        } else {
            units.push_back(static_cast<std::uint16_t>(code));
        }
    }
    return units;
}

} // namespace

bool has_wildcards(std::string_view text)
{
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (is_escaped_pair(text, at)) {
            ++at;
        } else if (text[at] == '*' || text[at] == '?') {
            return true;
        }
    }
    return false;
}

std::string plain_text(std::string_view text)
{
    std::string plain;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (is_escaped_pair(text, at)) {
            ++at;
        }
        plain.push_back(text[at]);
    }
    return plain;
}

std::string escape_text(std::string_view plain)
{
    std::string text;
    for (const char c : plain) {
        if (c == '*' || c == '?' || c == '\\') {
            text.push_back('\\');
        }
        text.push_back(c);
    }
    return text;
}

std::vector<Placeholder> find_placeholders(std::string_view text)
{
    std::vector<Placeholder> found;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\\' && at + 1 < text.size()) {
            ++at;
            continue;
        }
        if (text[at] != '%') {
            continue;
        }
        std::size_t end = at + 1;
        while (end < text.size() && is_name_character(text[end])) {
            ++end;
        }
        if (end > at + 1 && end < text.size() && text[end] == '%') {
            found.push_back({std::string(text.substr(at + 1, end - at - 1)), at, end + 1 - at});
            at = end;
        }
    }
    return found;
}

std::string without_escaped_percents(std::string_view text)
{
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\\' && at + 1 < text.size() && text[at + 1] == '%') {
            continue;
        }
        out.push_back(text[at]);
        if (text[at] == '\\' && at + 1 < text.size()) {
            out.push_back(text[++at]);
        }
    }
    return out;
}

std::string base64(std::string_view plain)
{
    static constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t at = 0; at < plain.size(); at += 3) {
        const std::size_t count = std::min<std::size_t>(3, plain.size() - at);
        std::uint32_t bits = 0;
        for (std::size_t next = 0; next < 3; ++next) {
            bits = (bits << 8U) | (next < count ? static_cast<unsigned char>(plain[at + next]) : 0U);
        }
        for (std::size_t digit = 0; digit < 4; ++digit) {
            out.push_back(digit <= count ? digits[(bits >> (18 - 6 * digit)) & 63U] : '=');
        }
    }
    return out;
}

std::vector<std::string> base64_offsets(std::string_view plain)
{
    // Digits at the ends that also depend on what stands before or behind are cut off.
    static constexpr std::array<std::size_t, 3> cut_before = {0, 2, 3};
    static constexpr std::array<std::size_t, 3> cut_behind = {0, 3, 2};
    std::vector<std::string> variants;
    for (std::size_t shift = 0; shift < 3; ++shift) {
        std::string encoded = base64(std::string(shift, ' ').append(plain));
        const std::size_t behind = cut_behind[(plain.size() + shift) % 3];
        encoded.resize(encoded.size() - std::min(behind, encoded.size()));
        encoded.erase(0, cut_before[shift]);
        variants.push_back(std::move(encoded));
    }
    return variants;
}

std::string utf16_little(std::string_view plain)
{
    std::string out;
    for (const std::uint16_t unit : to_utf16(plain)) {
        out.push_back(static_cast<char>(unit & 0xFFU));
        out.push_back(static_cast<char>(unit >> 8U));
    }
    return out;
}

std::string utf16_big(std::string_view plain)
{
    std::string out;
    for (const std::uint16_t unit : to_utf16(plain)) {
        out.push_back(static_cast<char>(unit >> 8U));
        out.push_back(static_cast<char>(unit & 0xFFU));
    }
    return out;
}

std::string utf16_marked(std::string_view plain)
{
    return "\xFF\xFE" + utf16_little(plain);
}

std::vector<std::string> dash_variants(std::string_view text)
{
    std::vector<std::string> variants = {""};
    std::size_t varied = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool begins_option = (text[at] == '-' || text[at] == '/') && (at == 0 || !is_word(text[at - 1]))
            && at + 1 < text.size() && is_word(text[at + 1]);
        if (!begins_option || varied == max_varied_dashes) {
            for (std::string& variant : variants) {
                variant.push_back(text[at]);
            }
            continue;
        }
        ++varied;
        std::vector<std::string> more;
        for (const std::string& variant : variants) {
            for (const std::string_view dash : dashes) {
                more.push_back(variant + std::string(dash));
            }
        }
        variants = std::move(more);
    }
    return variants;
}

} // namespace trawl::detect::rules
