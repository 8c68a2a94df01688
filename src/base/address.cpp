#include "base/address.h"

#include <algorithm>

#include "base/text.h"

namespace trawl::base {

namespace {

constexpr std::array<std::uint8_t, 12> mapped_prefix {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr unsigned mapped_bits = 96;
constexpr std::size_t no_gap = 9; // Not 8: "::" may stand behind eight groups, which is wrong.

// Reads four decimal parts of at most three digits; leading zeros are decimal, not octal.
bool parse_v4(std::string_view text, std::uint8_t* bytes)
{
    std::size_t at = 0;
    for (int part = 0; part < 4; ++part) {
        unsigned value = 0;
        std::size_t digits = 0;
        while (at < text.size() && text[at] >= '0' && text[at] <= '9' && digits < 4) {
            value = value * 10 + static_cast<unsigned>(text[at] - '0');
            ++at;
            ++digits;
        }
        if (digits == 0 || digits > 3 || value > 255) {
            return false;
        }
        bytes[part] = static_cast<std::uint8_t>(value);
        if (part < 3) {
            if (at >= text.size() || text[at] != '.') {
                return false;
            }
            ++at;
        }
    }
    return at == text.size();
}

int hex_digit(char c)
{
    const char lower = lower_ascii(c);
    if (lower >= '0' && lower <= '9') {
        return lower - '0';
    }
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool parse_v6(std::string_view text, std::array<std::uint8_t, 16>& bytes)
{
    std::array<std::uint16_t, 8> groups {};
    std::size_t count = 0;
    std::size_t gap = no_gap;
    std::size_t at = 0;
    if (text.starts_with("::")) {
        gap = 0;
        at = 2;
    } else if (text.starts_with(':')) {
        return false;
    }
    while (at < text.size()) {
        if (count == 8) {
            return false;
        }
        const std::size_t end = std::min(text.find(':', at), text.size());
        const std::string_view group = text.substr(at, end - at);
        if (end == text.size() && group.find('.') != std::string_view::npos) {
            std::uint8_t v4[4];
            if (count > 6 || !parse_v4(group, v4)) {
                return false;
            }
            groups[count++] = static_cast<std::uint16_t>(v4[0] << 8 | v4[1]);
            groups[count++] = static_cast<std::uint16_t>(v4[2] << 8 | v4[3]);
            at = end;
            break;
        }
        if (group.empty() || group.size() > 4) {
            return false;
        }
        unsigned value = 0;
        for (const char c : group) {
            const int digit = hex_digit(c);
            if (digit < 0) {
                return false;
            }
            value = value * 16 + static_cast<unsigned>(digit);
        }
        groups[count++] = static_cast<std::uint16_t>(value);
        at = end;
        if (at == text.size()) {
            break;
        }
        ++at;
        if (at < text.size() && text[at] == ':') {
            if (gap != no_gap) {
                return false;
            }
            gap = count;
            ++at;
        } else if (at == text.size()) {
            return false;
        }
    }
    if (gap == no_gap ? count != 8 : count > 7) {
        return false;
    }
    const std::size_t missing = 8 - count;
    for (std::size_t i = 0; i < 8; ++i) {
        const std::size_t from = gap == no_gap || i < gap ? i : i - missing;
        const std::uint16_t value = gap != no_gap && i >= gap && i < gap + missing ? std::uint16_t {0} : groups[from];
        bytes[i * 2] = static_cast<std::uint8_t>(value >> 8);
        bytes[i * 2 + 1] = static_cast<std::uint8_t>(value & 0xFF);
    }
    return true;
}

Address masked(const Address& address, unsigned prefix, std::uint8_t fill)
{
    Address out = address;
    for (unsigned i = 0; i < 16; ++i) {
        const unsigned bit = i * 8;
        if (bit >= prefix) {
            out.bytes[i] = fill;
        } else if (bit + 8 > prefix) {
            const auto host = static_cast<std::uint8_t>(0xFF >> (prefix - bit));
            out.bytes[i] = static_cast<std::uint8_t>((out.bytes[i] & ~host) | (fill & host));
        }
    }
    return out;
}

} // namespace

bool Address::is_v4() const
{
    return std::equal(mapped_prefix.begin(), mapped_prefix.end(), bytes.begin());
}

std::optional<Address> parse_address(std::string_view text)
{
    Address address;
    if (text.find(':') == std::string_view::npos) {
        std::copy(mapped_prefix.begin(), mapped_prefix.end(), address.bytes.begin());
        if (!parse_v4(text, address.bytes.data() + mapped_prefix.size())) {
            return std::nullopt;
        }
        return address;
    }
    if (!parse_v6(text, address.bytes)) {
        return std::nullopt;
    }
    return address;
}

std::string format_address(const Address& address)
{
    std::string out;
    if (address.is_v4()) {
        for (std::size_t i = 12; i < 16; ++i) {
            out += i > 12 ? "." : "";
            out += std::to_string(address.bytes[i]);
        }
        return out;
    }
    // RFC 5952: the longest run of two or more zero groups becomes "::".
    std::array<unsigned, 8> groups {};
    for (std::size_t i = 0; i < 8; ++i) {
        groups[i] = static_cast<unsigned>(address.bytes[i * 2] << 8 | address.bytes[i * 2 + 1]);
    }
    std::size_t best = 8;
    std::size_t best_length = 1;
    for (std::size_t i = 0; i < 8; ++i) {
        std::size_t length = 0;
        while (i + length < 8 && groups[i + length] == 0) {
            ++length;
        }
        if (length > best_length) {
            best = i;
            best_length = length;
        }
    }
    static constexpr char hex[] = "0123456789abcdef";
    for (std::size_t i = 0; i < 8; ++i) {
        if (i == best) {
            out += "::";
            i += best_length - 1;
            continue;
        }
        if (!out.empty() && out.back() != ':') {
            out += ':';
        }
        bool started = false;
        for (int shift = 12; shift >= 0; shift -= 4) {
            const unsigned digit = groups[i] >> shift & 15;
            if (digit != 0 || started || shift == 0) {
                out.push_back(hex[digit]);
                started = true;
            }
        }
    }
    return out;
}

bool Cidr::contains(const Address& address) const
{
    return masked(address, prefix, 0) == masked(network, prefix, 0);
}

bool Cidr::is_world() const
{
    return prefix == 0 || (prefix == mapped_bits && network.is_v4());
}

std::optional<Cidr> parse_cidr(std::string_view text)
{
    const std::size_t slash = text.find('/');
    const auto address = parse_address(text.substr(0, slash));
    if (!address) {
        return std::nullopt;
    }
    if (slash == std::string_view::npos) {
        return Cidr {*address, 128};
    }
    std::int64_t length = 0;
    const bool dotted = text.substr(0, slash).find(':') == std::string_view::npos;
    if (!parse_integer(text.substr(slash + 1), length) || length < 0 || length > (dotted ? 32 : 128)
        || text.substr(slash + 1).size() > 3) {
        return std::nullopt;
    }
    return Cidr {*address, static_cast<unsigned>(length) + (dotted ? mapped_bits : 0)};
}

void AddressSet::add(const Cidr& range)
{
    ranges_.push_back({masked(range.network, range.prefix, 0), masked(range.network, range.prefix, 0xFF)});
}

void AddressSet::finish()
{
    std::sort(ranges_.begin(), ranges_.end(), [](const Range& a, const Range& b) { return a.first < b.first; });
    std::vector<Range> merged;
    for (const Range& range : ranges_) {
        if (!merged.empty() && range.first <= merged.back().last) {
            merged.back().last = std::max(merged.back().last, range.last);
        } else {
            merged.push_back(range);
        }
    }
    ranges_ = std::move(merged);
}

bool AddressSet::contains(const Address& address) const
{
    const auto behind = std::upper_bound(ranges_.begin(), ranges_.end(), address,
        [](const Address& wanted, const Range& range) { return wanted < range.first; });
    return behind != ranges_.begin() && address <= std::prev(behind)->last;
}

} // namespace trawl::base
