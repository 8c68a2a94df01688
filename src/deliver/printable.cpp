#include "deliver/printable.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/text.h"

namespace trawl::deliver {

namespace {

struct Range {
    std::uint32_t first;
    std::uint32_t last;
};

// East Asian Wide and Fullwidth, and pictographs (Unicode 15, EastAsianWidth.txt), in coarse blocks.
constexpr std::array<Range, 14> wide {{{0x1100, 0x115F}, {0x231A, 0x231B}, {0x2E80, 0x303E}, {0x3041, 0x33FF},
    {0x3400, 0x4DBF}, {0x4E00, 0x9FFF}, {0xA000, 0xA4CF}, {0xAC00, 0xD7A3}, {0xF900, 0xFAFF}, {0xFE30, 0xFE6F},
    {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6}, {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD}}};

// Marks that stand on the character before, and characters without a shape.
constexpr std::array<Range, 11> narrow {
    {{0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x064B, 0x065F}, {0x0900, 0x0902}, {0x0E31, 0x0E31},
        {0x0E34, 0x0E3A}, {0x1AB0, 0x1AFF}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}}};

template <std::size_t count> bool within(const std::array<Range, count>& ranges, std::uint32_t code_point)
{
    return std::ranges::any_of(
        ranges, [code_point](const Range& range) { return code_point >= range.first && code_point <= range.last; });
}

// The code point that begins at `at` of valid UTF-8; moves `at` behind it.
std::uint32_t next_code_point(std::string_view text, std::size_t& at)
{
    const auto byte = [&](std::size_t offset) {
        return at + offset < text.size() ? static_cast<std::uint32_t>(static_cast<unsigned char>(text[at + offset]))
                                         : 0;
    };
    const std::uint32_t lead = byte(0);
    std::size_t length = 1;
    std::uint32_t code_point = lead;
    if (lead >= 0xF0) {
        length = 4;
        code_point = (lead & 0x07U) << 18U | (byte(1) & 0x3FU) << 12U | (byte(2) & 0x3FU) << 6U | (byte(3) & 0x3FU);
    } else if (lead >= 0xE0) {
        length = 3;
        code_point = (lead & 0x0FU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU);
    } else if (lead >= 0xC0) {
        length = 2;
        code_point = (lead & 0x1FU) << 6U | (byte(1) & 0x3FU);
    }
    at = std::min(at + length, text.size());
    return code_point;
}

std::size_t width_of(std::uint32_t code_point)
{
    if (code_point < 0x300) {
        return 1;
    }
    return within(narrow, code_point) ? 0 : within(wide, code_point) ? 2 : 1;
}

// C1 controls, and marks that turn or hide text (Trojan Source).
bool is_deceptive(std::uint32_t code_point)
{
    return (code_point >= 0x80 && code_point < 0xA0) || (code_point >= 0x200B && code_point <= 0x200F)
        || (code_point >= 0x2028 && code_point <= 0x202E) || (code_point >= 0x2060 && code_point <= 0x2069)
        || code_point == 0xFEFF || (code_point >= 0xE0000 && code_point <= 0xE007F);
}

void append_hex(std::string& out, std::uint32_t number, int digits)
{
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
        out += "0123456789abcdef"[(number >> static_cast<unsigned>(shift)) & 0xFU];
    }
}

void append_control(std::string& out, std::uint32_t code_point)
{
    switch (code_point) {
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
    }
    out += code_point < 0x80 ? "\\x" : code_point < 0x10000 ? "\\u" : "\\U";
    append_hex(out, code_point, code_point < 0x80 ? 2 : code_point < 0x10000 ? 4 : 8);
}

bool is_plain(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7F; });
}

} // namespace

void append_printable(std::string& out, std::string_view text)
{
    if (is_plain(text)) {
        out += text;
        return;
    }
    const std::string valid = base::sanitize_utf8(text);
    for (std::size_t at = 0; at < valid.size();) {
        const std::size_t start = at;
        const std::uint32_t code_point = next_code_point(valid, at);
        if (code_point < 0x20 || code_point == 0x7F || is_deceptive(code_point)) {
            append_control(out, code_point);
        } else {
            out.append(valid, start, at - start);
        }
    }
}

std::string printable(std::string_view text)
{
    std::string out;
    append_printable(out, text);
    return out;
}

std::size_t display_width(std::string_view text)
{
    std::size_t width = 0;
    for (std::size_t at = 0; at < text.size();) {
        width += width_of(next_code_point(text, at));
    }
    return width;
}

void append_cut(std::string& out, std::string_view text, std::size_t width, Pad pad)
{
    std::size_t used = 0;
    std::size_t fits = 0;       // Bytes that leave room for "…".
    std::size_t fits_width = 0;
    std::size_t at = 0;
    while (at < text.size()) {
        std::size_t next = at;
        const std::size_t own = width_of(next_code_point(text, next));
        if (used + own > width) {
            break;
        }
        at = next;
        used += own;
        if (used < width) {
            fits = at;
            fits_width = used;
        }
    }
    const bool cut = at < text.size();
    const std::size_t shown = cut ? fits_width + (width > 0 ? 1 : 0) : used;
    const std::string blanks(width > shown ? width - shown : 0, ' ');
    if (pad == Pad::left) {
        out += blanks;
    }
    out += text.substr(0, cut ? fits : at);
    if (cut && width > 0) {
        out += "…";
    }
    if (pad == Pad::right) {
        out += blanks;
    }
}

std::string wrapped(std::string_view text, std::size_t width, std::string_view indent)
{
    std::string out;
    while (!text.empty()) {
        std::size_t used = 0;
        std::size_t at = 0;
        std::size_t blank = 0;
        while (at < text.size()) {
            std::size_t next = at;
            const std::uint32_t code_point = next_code_point(text, next);
            if (used + width_of(code_point) > width && at > 0) {
                break;
            }
            used += width_of(code_point);
            if (code_point == ' ') {
                blank = at;
            }
            at = next;
        }
        const bool in_word = at < text.size() && text[at] != ' ';
        const std::size_t end = in_word && blank > 0 ? blank : at;
        out += indent;
        out += base::trim_end(text.substr(0, end));
        out += '\n';
        text.remove_prefix(end);
        while (!text.empty() && text.front() == ' ') {
            text.remove_prefix(1);
        }
    }
    return out;
}

} // namespace trawl::deliver
