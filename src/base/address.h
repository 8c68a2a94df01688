#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trawl::base {

// An IPv4 or IPv6 address, both as 16 bytes; IPv4 is kept as IPv4-mapped IPv6 (RFC 4291), so that the two compare equal.
struct Address {
    std::array<std::uint8_t, 16> bytes {};
    bool is_v4() const;
    auto operator<=>(const Address&) const = default;
};

// Reads dotted IPv4 (leading zeros are decimal) or IPv6 in any RFC 4291 spelling; no port, no zone, no brackets.
std::optional<Address> parse_address(std::string_view text);
std::string format_address(const Address& address);

// A range of addresses. `prefix` counts from the 128 bits (IPv4: 96 + n). Host bits may be set and are ignored.
struct Cidr {
    Address network;
    unsigned prefix = 128;
    bool contains(const Address& address) const;
    // Whether it holds the whole IPv4 or IPv6 internet ("0.0.0.0/0", "208.1.2.3/0", "::/0", "::ffff:0:0/96").
    bool is_world() const;
};

// Reads "10.0.0.0/8", "fd00::/8" or a lone address.
std::optional<Cidr> parse_cidr(std::string_view text);

// A set of ranges with a look-up that does not grow with the number of ranges beyond a binary search.
class AddressSet {
public:
    void add(const Cidr& range);
    // Sorts and merges; to be called once after the last add().
    void finish();
    bool contains(const Address& address) const;
    bool empty() const { return ranges_.empty(); }

private:
    struct Range {
        Address first;
        Address last;
    };
    std::vector<Range> ranges_;
};

} // namespace trawl::base
