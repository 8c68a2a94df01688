#include <array>
#include <optional>

#include "base/address.h"
#include "query/functions/function_table.h"
#include "query/functions/number.h"

// Functions over addresses. What is no address gives 0; IPv4-mapped IPv6 is IPv4.
// As SQL: never a plain cast, which fails on `AWS Internal`: a guard (isIPv4String / TRY_CAST … AS ipaddress / a regular
// expression) and then isIPAddressInRange, contains(cidr, ip), or a comparison of integer ranges in DuckDB.
namespace trawl::query::functions {

using event::Value;

namespace {

std::optional<base::Address> address_of(const Value& value, base::Arena& arena)
{
    std::string_view text;
    return read_text(value, arena, text) ? base::parse_address(text) : std::nullopt;
}

// A range written down once, so that it is not read again for each row.
class Subnet final : public Bound {
public:
    enum class Family : std::uint8_t { any, v4, v6 };

    Subnet(std::optional<base::Cidr> range, Family family) : range_(range), family_(family) {}

    Value call(const Call& call) const override
    {
        const auto address = range_ ? address_of(call.at(0), call.arena) : std::nullopt;
        return truth(address && is_family(*address) && range_->contains(*address));
    }

private:
    bool is_family(const base::Address& address) const
    {
        return family_ == Family::any || address.is_v4() == (family_ == Family::v4);
    }

    std::optional<base::Cidr> range_;
    Family family_;
};

template <Subnet::Family family> Value in_subnet(const Call& call)
{
    std::string_view range;
    if (!read_text(call.at(1), call.arena, range)) {
        return truth(false);
    }
    return Subnet(base::parse_cidr(range), family).call(call);
}

template <Subnet::Family family>
base::Result<std::unique_ptr<Bound>> bind_subnet(std::span<const std::optional<std::string>> constants)
{
    if (constants.size() < 2 || !constants[1]) {
        return std::unique_ptr<Bound>();
    }
    const auto range = base::parse_cidr(*constants[1]);
    if (!range) {
        return base::fail("query", "no range of addresses: " + *constants[1]);
    }
    return std::unique_ptr<Bound>(std::make_unique<Subnet>(range, family));
}

constexpr std::array<std::string_view, 3> private_ranges {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"};

// The special-purpose registries of IANA (RFC 6890 and its successors), without the private ranges of RFC 1918.
constexpr std::array<std::string_view, 22> reserved_ranges {"0.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8",
    "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24",
    "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "::/128", "::1/128", "64:ff9b:1::/48", "100::/64", "2001::/23",
    "2001:db8::/32", "fc00::/7", "fe80::/10", "ff00::/8", "3fff::/20"};

base::AddressSet set_of(std::span<const std::string_view> ranges)
{
    base::AddressSet set;
    for (const std::string_view range : ranges) {
        set.add(base::parse_cidr(range).value_or(base::Cidr()));
    }
    set.finish();
    return set;
}

bool is_in_private_range(const base::Address& address)
{
    static const base::AddressSet set = set_of(private_ranges);
    return set.contains(address);
}

bool is_in_reserved_range(const base::Address& address)
{
    static const base::AddressSet set = set_of(reserved_ranges);
    return set.contains(address);
}

Value is_valid(const Call& call)
{
    return truth(address_of(call.at(0), call.arena).has_value());
}

bool is_written_as_v6(const Call& call)
{
    std::string_view text;
    return read_text(call.at(0), call.arena, text) && text.find(':') != std::string_view::npos;
}

Value is_valid_v4(const Call& call)
{
    return truth(address_of(call.at(0), call.arena).has_value() && !is_written_as_v6(call));
}

Value is_valid_v6(const Call& call)
{
    return truth(address_of(call.at(0), call.arena).has_value() && is_written_as_v6(call));
}

Value v4_to_number(const Call& call)
{
    const auto address = address_of(call.at(0), call.arena);
    if (!address || !address->is_v4()) {
        return {};
    }
    std::int64_t number = 0;
    for (std::size_t i = 12; i < 16; ++i) {
        number = number * 256 + address->bytes[i];
    }
    return Value::integer(number);
}

Value is_private(const Call& call)
{
    const auto address = address_of(call.at(0), call.arena);
    return truth(address && is_in_private_range(*address));
}

Value is_reserved(const Call& call)
{
    const auto address = address_of(call.at(0), call.arena);
    return truth(address && is_in_reserved_range(*address));
}

Value is_public(const Call& call)
{
    const auto address = address_of(call.at(0), call.arena);
    return truth(address && !is_in_private_range(*address) && !is_in_reserved_range(*address));
}

constexpr std::array<Function, 10> table {{
    {"isValidIp", "1 for an IPv4 or IPv6 address, else 0.", 1, 1, "[\"AWS Internal\"]", "0", is_valid},
    {"isValidIpV4", "1 for an IPv4 address, else 0.", 1, 1, "[\"203.0.113.9\"]", "1", is_valid_v4},
    {"isValidIpV6", "1 for an IPv6 address, else 0.", 1, 1, "[\"2001:db8::1\"]", "1", is_valid_v6},
    {"isIpInSubnet", "1 when the address lies in the range, else 0.", 2, 2, "[\"203.0.113.9\",\"203.0.113.0/24\"]", "1",
        in_subnet<Subnet::Family::any>, bind_subnet<Subnet::Family::any>},
    {"isIpv4InSubnet", "1 when the IPv4 address lies in the range, else 0.", 2, 2,
        "[\"::ffff:10.1.2.3\",\"10.0.0.0/8\"]", "1", in_subnet<Subnet::Family::v4>, bind_subnet<Subnet::Family::v4>},
    {"isIpv6InSubnet", "1 when the IPv6 address lies in the range, else 0.", 2, 2, "[\"10.1.2.3\",\"::/0\"]", "0",
        in_subnet<Subnet::Family::v6>, bind_subnet<Subnet::Family::v6>},
    {"ipv4ToNumber", "An IPv4 address as a number.", 1, 1, "[\"192.0.2.1\"]", "3221225985", v4_to_number},
    {"isPrivateIP", "1 for an address of RFC 1918 (10/8, 172.16/12, 192.168/16), else 0.", 1, 1, "[\"172.31.0.1\"]",
        "1", is_private},
    {"isPublicIP", "1 for an address that is neither private nor reserved, else 0.", 1, 1, "[\"8.8.8.8\"]", "1",
        is_public},
    {"isReservedIP", "1 for an address with a special purpose (loopback, link-local, documentation …), else 0.", 1, 1,
        "[\"127.0.0.1\"]", "1", is_reserved},
}};

} // namespace

std::span<const Function> ip_functions()
{
    return table;
}

} // namespace trawl::query::functions
