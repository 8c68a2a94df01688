// Normalises what a call opens or closes in the network to one list, so that rules need not know the shapes in which
// EC2, RDS, Redshift and ElastiCache write it: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html,
// API_SecurityGroupRuleRequest.html, API_CreateNetworkAclEntry.html. Range and ports of one permission stay together.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/text.h"
#include "ingest/kinds/cloudtrail/derived.h"
#include "ingest/kinds/cloudtrail/json_members.h"

namespace trawl::ingest::kinds::cloudtrail {

using event::Type;
using event::Value;

namespace {

constexpr std::int64_t last_port = 65535;
constexpr int max_nesting = 8;

struct NetworkRule {
    bool egress = false;
    bool deny = false;
    std::string protocol;
    bool has_ports = true;
    bool port_known = true;
    std::int64_t from = 0;
    std::int64_t to = last_port;
    std::string source;
    std::string_view source_type;
    bool joined = false;

    bool same_traffic(const NetworkRule& other) const
    {
        return egress == other.egress && deny == other.deny && protocol == other.protocol && from == other.from
            && to == other.to && has_ports == other.has_ports;
    }
};

std::string text_of(const Value& value)
{
    std::string out;
    if (value.type() == Type::string) {
        event::json::append_unescaped(out, value.raw());
    } else if (value.type() == Type::number) {
        out = std::string(value.raw());
    }
    return out;
}

std::optional<std::int64_t> integer_of(const Value& value)
{
    double number = 0;
    if (!value.to_number(number)) {
        return std::nullopt;
    }
    return static_cast<std::int64_t>(number);
}

bool truth_of(const Value& value)
{
    return (value.type() == Type::boolean && value.as_boolean())
        || (value.type() == Type::string && base::equal_ignoring_case(value.raw(), "true"));
}

std::string protocol_name(const Value& value)
{
    const std::string text = base::to_lower_ascii(text_of(value));
    if (text.empty() || text == "-1" || text == "all") {
        return "all";
    }
    if (text == "6") {
        return "tcp";
    }
    if (text == "17") {
        return "udp";
    }
    if (text == "1") {
        return "icmp";
    }
    return text == "58" ? "icmpv6" : text;
}

// Gathers the rules of one call.
class Gatherer {
public:
    explicit Gatherer(bool egress) : egress_(egress) {}

    void gather(const Value& value, int nesting)
    {
        if (nesting > max_nesting) {
            return;
        }
        if (value.type() == Type::array) {
            event::json::for_each_element(value.raw(), [&](Value element) {
                gather(element, nesting + 1);
                return true;
            });
            return;
        }
        if (value.type() != Type::object) {
            return;
        }
        if (!member_ignoring_case(value, "ruleAction").is_absent()
            || !member_ignoring_case(value, "aclProtocol").is_absent()) {
            add_acl_entry(value);
            return;
        }
        if (is_permission(value)) {
            add_permission(value);
            return;
        }
        event::json::for_each_member(value.raw(), [&](Value, Value inner) {
            if (inner.is_container()) {
                gather(inner, nesting + 1);
            }
            return true;
        });
    }

    // Adds a rule for the world where the IPv4 ranges for the same traffic cover at least half of it together.
    void join_worlds()
    {
        const std::size_t count = rules_.size();
        for (std::size_t i = 0; i < count; ++i) {
            const bool first = std::none_of(rules_.begin(), rules_.begin() + static_cast<std::ptrdiff_t>(i),
                [&](const NetworkRule& before) { return before.same_traffic(rules_[i]); });
            if (first && covers_half(rules_[i])) {
                NetworkRule world = rules_[i];
                world.source = "0.0.0.0/0";
                world.source_type = "cidr4";
                world.joined = true;
                rules_.push_back(std::move(world));
            }
        }
    }

    std::string json() const
    {
        std::string out = "[";
        for (const NetworkRule& rule : rules_) {
            out += out.size() > 1 ? ",{" : "{";
            out += rule.egress ? "\"direction\":\"egress\"" : "\"direction\":\"ingress\"";
            out += rule.deny ? ",\"action\":\"deny\"" : ",\"action\":\"allow\"";
            out += ",\"protocol\":";
            base::append_json_string(out, rule.protocol);
            if (rule.has_ports) {
                const std::string from = std::to_string(rule.from);
                const std::string to = std::to_string(rule.to);
                out += ",\"from\":" + from + ",\"to\":" + to + ",\"ports\":[" + from + "," + to + "]";
            }
            out += ",\"source\":";
            base::append_json_string(out, rule.source);
            out += ",\"source_type\":\"";
            out += rule.source_type;
            out += "\",\"port_known\":";
            out += rule.port_known ? "true" : "false";
            out += rule.joined ? ",\"joined\":true}" : "}";
        }
        out += ']';
        return out;
    }

    bool empty() const { return rules_.empty(); }

private:
    static bool is_permission(const Value& value)
    {
        for (const std::string_view name : {"ipProtocol", "cidrIp", "cidrIpv4", "cidrIpv6"}) {
            const Value member = member_ignoring_case(value, name);
            if (member.type() == Type::string || member.type() == Type::number) {
                return true;
            }
        }
        return false;
    }

    void add_permission(const Value& permission)
    {
        NetworkRule rule;
        const Value is_egress = member_ignoring_case(permission, "isEgress");
        rule.egress = is_egress.is_absent() ? egress_ : truth_of(is_egress);
        const Value protocol = member_ignoring_case(permission, "ipProtocol");
        rule.protocol = protocol_name(protocol);
        set_ports(rule, member_ignoring_case(permission, "fromPort"), member_ignoring_case(permission, "toPort"));
        if (protocol.is_absent() && !rule.port_known) {
            // ModifySecurityGroupRules leaves out what does not change: any port may be meant.
            rule.has_ports = true;
        }
        const std::size_t before = rules_.size();
        struct Place {
            std::string_view list;
            std::string_view name;
            std::string_view type;
        };
        constexpr Place lists[] = {{"ipRanges", "cidrIp", "cidr4"}, {"ipv6Ranges", "cidrIpv6", "cidr6"},
            {"prefixListIds", "prefixListId", "prefix_list"}, {"groups", "groupId", "group"},
            {"userIdGroupPairs", "groupId", "group"}};
        for (const Place& place : lists) {
            for_one_or_many(member_ignoring_case(permission, place.list), [&](const Value& item) {
                const Value source = item.type() == Type::object ? member_ignoring_case(item, place.name) : item;
                add_source(rule, source, place.type);
            });
        }
        constexpr Place direct[] = {{"", "cidrIp", "cidr4"}, {"", "cidrIpv4", "cidr4"}, {"", "cidrIpv6", "cidr6"},
            {"", "prefixListId", "prefix_list"}, {"", "referencedGroupId", "group"}};
        for (const Place& place : direct) {
            add_source(rule, member_ignoring_case(permission, place.name), place.type);
        }
        if (rules_.size() == before) {
            rule.source_type = "unknown";
            rules_.push_back(std::move(rule));
        }
    }

    void add_acl_entry(const Value& entry)
    {
        NetworkRule rule;
        rule.egress = truth_of(member_ignoring_case(entry, "egress"));
        rule.deny = base::equal_ignoring_case(member_ignoring_case(entry, "ruleAction").raw(), "deny");
        Value protocol = member_ignoring_case(entry, "aclProtocol");
        if (protocol.is_absent()) {
            protocol = member_ignoring_case(entry, "protocol");
        }
        rule.protocol = protocol_name(protocol);
        const Value range = member_ignoring_case(entry, "portRange");
        set_ports(rule, member_ignoring_case(range, "from"), member_ignoring_case(range, "to"));
        const std::size_t before = rules_.size();
        add_source(rule, member_ignoring_case(entry, "cidrBlock"), "cidr4");
        add_source(rule, member_ignoring_case(entry, "ipv6CidrBlock"), "cidr6");
        if (rules_.size() == before) {
            rule.source_type = "unknown";
            rules_.push_back(std::move(rule));
        }
    }

    static void set_ports(NetworkRule& rule, const Value& from, const Value& to)
    {
        const auto first = integer_of(from);
        const auto last = integer_of(to);
        if (rule.protocol.starts_with("icmp")) {
            rule.has_ports = false;
            return;
        }
        if (rule.protocol == "all") {
            // "all" has no ports, but a permission without protocol may still name some.
            rule.port_known = first.has_value() && *first >= 0;
        } else {
            rule.port_known = first.has_value();
        }
        if (first && *first >= 0) {
            rule.from = *first;
            rule.to = last && *last >= *first ? *last : *first;
        }
        if (rule.protocol == "all" && (!first || *first < 0)) {
            rule.port_known = true;
        }
    }

    void add_source(const NetworkRule& rule, const Value& source, std::string_view type)
    {
        const std::string text = text_of(source);
        if (text.empty()) {
            return;
        }
        NetworkRule made = rule;
        made.source = text;
        made.source_type = type;
        rules_.push_back(std::move(made));
    }

    bool covers_half(const NetworkRule& traffic) const
    {
        std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
        for (const NetworkRule& rule : rules_) {
            const auto cidr = rule.same_traffic(traffic) && rule.source_type == "cidr4" ? base::parse_cidr(rule.source)
                                                                                        : std::nullopt;
            if (!cidr || !cidr->network.is_v4() || cidr->prefix < 96) {
                continue;
            }
            if (cidr->is_world()) {
                return false; // It stands there already.
            }
            const unsigned host_bits = 128 - cidr->prefix;
            std::uint64_t first = 0;
            for (std::size_t i = 12; i < 16; ++i) {
                first = first << 8 | cidr->network.bytes[i];
            }
            first = first >> host_bits << host_bits;
            ranges.emplace_back(first, first + (std::uint64_t {1} << host_bits));
        }
        std::sort(ranges.begin(), ranges.end());
        std::uint64_t covered = 0;
        std::uint64_t reached = 0;
        for (const auto& [first, end] : ranges) {
            const std::uint64_t start = std::max(first, reached);
            if (end > start) {
                covered += end - start;
                reached = end;
            }
        }
        return covered >= std::uint64_t {1} << 31;
    }

    bool egress_;
    std::vector<NetworkRule> rules_;
};

// RDS, Redshift and ElastiCache name a range alone; it opens the database's port, whichever that is.
void add_database_range(const Value& parameters, std::string& out)
{
    const Value range = member_ignoring_case(parameters, "cIDRIP");
    if (range.type() != Type::string || range.raw().empty()) {
        return;
    }
    out = "[{\"direction\":\"ingress\",\"action\":\"allow\",\"protocol\":\"tcp\",\"from\":0,\"to\":65535,"
          "\"ports\":[0,65535],\"source\":";
    base::append_json_string(out, text_of(range));
    out += ",\"source_type\":\"cidr4\",\"port_known\":false}]";
}

} // namespace

// Inputs: eventSource, eventName, requestParameters, responseElements
Value derive_network_rules(DeriveInputs& inputs)
{
    const Value source = inputs.input(0);
    const Value parameters = inputs.input(2);
    if (source.type() == Type::string && !source.raw().starts_with("ec2.")) {
        std::string out;
        if (parameters.type() == Type::object) {
            add_database_range(parameters, out);
        }
        return out.empty() ? Value() : Value::array(inputs.arena().copy(out));
    }
    const Value name = inputs.input(1);
    Gatherer gatherer(name.type() == Type::string && name.raw().find("Egress") != std::string_view::npos);
    gatherer.gather(parameters, 0);
    if (gatherer.empty()) {
        // The response repeats the rules; it counts only where the request does not say them.
        gatherer.gather(inputs.input(3), 0);
    }
    if (gatherer.empty()) {
        return {};
    }
    gatherer.join_worlds();
    return Value::array(inputs.arena().copy(gatherer.json()));
}

} // namespace trawl::ingest::kinds::cloudtrail
