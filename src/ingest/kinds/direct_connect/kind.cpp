#include "ingest/kinds/derive.h"
#include "ingest/kinds/log_kind.h"

// AWS Direct Connect has no traffic log: connections, virtual interfaces and gateway associations as the CLI prints
// them, and EventBridge events. BGP keys are secrets.
namespace trawl::ingest::kinds::direct_connect {

using event::Value;

namespace {

constexpr std::string_view interface_page
    = "https://docs.aws.amazon.com/directconnect/latest/APIReference/API_VirtualInterface.html";
constexpr std::string_view proposal_page
    = "https://docs.aws.amazon.com/directconnect/latest/APIReference/API_DirectConnectGatewayAssociationProposal.html";

constexpr FieldDescription fields[] = {
    {"ownerAccount", "string", "Account that owns the connection or interface", "", ""},
    {"connectionId", "string", "Id of the connection", "", ""},
    {"connectionName", "string", "Name of the connection", "", ""},
    {"connectionState", "string", "ordering, requested, pending, available, down, deleting, deleted, rejected, unknown",
        "", ""},
    {"region", "string", "Region of the connection", "", ""},
    {"location", "string", "Location of the connection", "", ""},
    {"bandwidth", "string", "Bandwidth of the connection", "", ""},
    {"vlan", "number", "VLAN id of the virtual interface", "", ""},
    {"partnerName", "string", "Direct Connect partner", "", ""},
    {"lagId", "string", "Link aggregation group", "", ""},
    {"macSecCapable", "boolean", "Whether the connection can do MACsec", "", ""},
    {"encryptionMode", "string", "no_encrypt, should_encrypt, must_encrypt", "", ""},
    {"virtualInterfaceId", "string", "Id of the virtual interface", interface_page, ""},
    {"virtualInterfaceType", "string", "private, public, transit", interface_page, ""},
    {"virtualInterfaceName", "string", "Name of the virtual interface", interface_page, ""},
    {"virtualInterfaceState", "string", "State of the virtual interface", interface_page, ""},
    {"asn", "number", "BGP autonomous system of the customer", interface_page, ""},
    {"amazonSideAsn", "number", "BGP autonomous system of AWS", interface_page, ""},
    {"authKey", "string", "BGP key, masked", interface_page, ""},
    {"amazonAddress", "string", "Address of AWS's side", interface_page, ""},
    {"customerAddress", "string", "Address of the customer's side", interface_page, ""},
    {"routeFilterPrefixes", "array", "Prefixes that are advertised", interface_page, ""},
    {"bgpPeers", "array", "BGP peers of the virtual interface", interface_page, ""},
    {"directConnectGatewayId", "string", "Direct Connect gateway", proposal_page, ""},
    {"directConnectGatewayOwnerAccount", "string", "Account that owns the gateway", proposal_page, ""},
    {"proposalId", "string", "Id of the proposal to associate a gateway", proposal_page, ""},
    {"proposalState", "string", "requested, accepted, deleted", proposal_page, ""},
    {"associationState", "string", "State of an association", proposal_page, ""},
    {"associatedGateway", "object", "Gateway at the other end", proposal_page, ""},
    {"loaIssueTime", "time", "When the letter of authorization was issued", "", ""},
    {"awsDevice", "string", "Device of AWS at the location (older name)", "", ""},
    {"awsDeviceV2", "string", "Device of AWS at the location", "", ""},
    {"jumboFrameCapable", "boolean", "Whether jumbo frames are possible", "", ""},
    {"hasLogicalRedundancy", "string", "Whether a second BGP peer in the same family is possible", "", ""},
    {"portEncryptionStatus", "string", "MACsec state of the port: Encryption Up, Encryption Down", "", ""},
    {"macSecKeys", "array", "MACsec keys: names and states", "", ""},
    {"providerName", "string", "Provider of the connection", "", ""},
    {"addressFamily", "string", "ipv4 or ipv6", interface_page, ""},
    {"customerRouterConfig", "string", "Router configuration with the BGP key, masked", interface_page, ""},
    {"virtualGatewayId", "string", "Virtual private gateway of the interface", interface_page, ""},
    {"requestedAllowedPrefixesToDirectConnectGateway", "array", "Prefixes that the association asks for", "", ""},
};

const std::vector<DerivedField>& derived_fields()
{
    static const std::vector<DerivedField> derived {
        {"@timestamp", "time", "time of an EventBridge event", {"time"}, derive::time},
        {"@account", "string", "ownerAccount", {"ownerAccount", "directConnectGatewayOwnerAccount", "account"},
            derive::account},
        {"@region", "string", "region", {"region"}, derive::region},
        {"@action", "string", "detail-type", {"detail-type"}, derive::first_present},
        {"@resource", "string", "virtualInterfaceId, connectionId, gateway",
            {"virtualInterfaceId", "connectionId", "proposalId", "directConnectGatewayId", "virtualGatewayId", "lagId",
                "locationCode"},
            derive::first_present},
        {"@outcome", "string", "State",
            {"virtualInterfaceState", "connectionState", "proposalState", "associationState",
                "directConnectGatewayState", "virtualGatewayState", "lagState"},
            derive::first_present},
    };
    return derived;
}

constexpr std::string_view event_sources[] = {"directconnect"};

bool is_direct_connect(std::size_t set, std::span<const Value> values)
{
    return set != 0 || values[1].raw() == "aws.directconnect";
}

} // namespace

const LogKind& kind()
{
    static const LogKind direct_connect {
        .id = "direct_connect",
        .number = 19,
        .title = "Direct Connect resources and events",
        .page = "https://docs.aws.amazon.com/directconnect/latest/APIReference/API_Connection.html",
        .switch_on = "aws directconnect describe-connections and describe-virtual-interfaces, kept daily; CloudTrail has the changes",
        .places = {
            "aws directconnect describe-connections, describe-virtual-interfaces, describe-direct-connect-gateways and the like",
            "EventBridge (source aws.directconnect)",
        },
        .recognised_by = "JSON objects with the names below; EventBridge events must be of source aws.directconnect.",
        .fields = fields,
        .event_sources = event_sources,
        .derived = derived_fields(),
        .hallmarks = {{"detail-type", "source", "detail"}, {"connectionId", "connectionState"},
            {"virtualInterfaceId", "connectionId"}, {"virtualInterfaceId", "virtualInterfaceState"},
            {"virtualInterfaceState", "asn", "vlan"}, {"directConnectGatewayId", "associatedGateway"},
            {"directConnectGatewayId", "directConnectGatewayOwnerAccount"}, {"directConnectGatewayId", "directConnectGatewayState"},
            {"directConnectGatewayId", "proposalId"}, {"directConnectGatewayId", "associationState"},
            {"lagId", "lagState"}, {"locationName", "locationCode"}, {"virtualGatewayId", "virtualGatewayState"}, {"VpnGatewayId", "State", "Type"}},
        .confirm = is_direct_connect,
        .list_names = {"connections", "virtualInterfaces", "directConnectGateways", "directConnectGatewayAssociations",
            "directConnectGatewayAssociationProposals", "directConnectGatewayAssociation",
            "directConnectGatewayAssociationProposal", "directConnectGateway", "virtualInterface", "locations",
            "virtualGateways", "lags", "VpnGateways"},
        .secrets = {"authKey", "customerRouterConfig"},
    };
    return direct_connect;
}

} // namespace trawl::ingest::kinds::direct_connect
