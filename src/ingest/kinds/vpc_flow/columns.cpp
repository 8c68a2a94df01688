#include "ingest/kinds/vpc_flow/columns.h"

#include <string>

#include "base/text.h"

namespace trawl::ingest::kinds::vpc_flow {

namespace {

constexpr std::string_view gateway_page = "https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html";

constexpr FieldDescription table[] = {
    {"version", "number", "Highest version of the fields in the record", "", ""},
    {"accountId", "string", "Account of the network interface's owner", "", "account-id account_id accountid"},
    {"interfaceId", "string", "Network interface that the traffic was recorded at", "",
        "interface-id interface_id interfaceid"},
    {"srcAddr", "address", "Source address of incoming, own address of outgoing traffic", "", "srcaddr src_addr"},
    {"dstAddr", "address", "Destination address; the private address of the interface for incoming traffic", "",
        "dstaddr dst_addr"},
    {"srcPort", "number", "Source port; 0 where the protocol has none", "", "srcport src_port"},
    {"dstPort", "number", "Destination port; 0 where the protocol has none", "", "dstport dst_port"},
    {"protocol", "number", "IANA protocol number", "", ""},
    {"packets", "number", "Packets in the interval", "", ""},
    {"bytes", "number", "Bytes in the interval", "", ""},
    {"startTime", "number", "First packet of the interval, seconds since 1970", "", "start start_time starttime"},
    {"endTime", "number", "Last packet of the interval, seconds since 1970", "", "end end_time endtime"},
    {"action", "string", "ACCEPT or REJECT", "", ""},
    {"logStatus", "string", "OK, NODATA or SKIPDATA", "", "log-status log_status logstatus"},
    {"vpcId", "string", "VPC of the interface", "", "vpc-id vpc_id"},
    {"subnetId", "string", "Subnet of the interface", "", "subnet-id subnet_id"},
    {"instanceId", "string", "Instance of the interface", "", "instance-id instance_id"},
    {"tcpFlags", "number", "TCP flags of the interval, or-ed: 1 FIN, 2 SYN, 4 RST, 8 PSH, 16 ACK, 32 URG", "",
        "tcp-flags tcp_flags"},
    {"type", "string", "IPv4, IPv6 or EFA", "", ""},
    {"pktSrcAddr", "address", "Source address of the packet itself", "",
        "pkt-srcaddr pkt_srcaddr pkt-src-addr pkt_src_addr"},
    {"pktDstAddr", "address", "Destination address of the packet itself", "",
        "pkt-dstaddr pkt_dstaddr pkt-dst-addr pkt_dst_addr"},
    {"region", "string", "Region of the interface", "", ""},
    {"azId", "string", "Availability zone of the interface", "", "az-id az_id"},
    {"sublocationType", "string", "wavelength, outpost or localzone", "", "sublocation-type sublocation_type"},
    {"sublocationId", "string", "Id of the sublocation", "", "sublocation-id sublocation_id"},
    {"pktSrcAwsService", "string", "Service whose address range the source is in", "",
        "pkt-src-aws-service pkt_src_aws_service"},
    {"pktDstAwsService", "string", "Service whose address range the destination is in", "",
        "pkt-dst-aws-service pkt_dst_aws_service"},
    {"flowDirection", "string", "ingress or egress", "", "flow-direction flow_direction"},
    {"trafficPath", "number",
        "Path that outgoing traffic takes: 1 same VPC, 2 internet or gateway endpoint, 3 virtual private gateway, 4 "
        "and 5 peering, 6 local gateway, 7 gateway endpoint, 8 internet gateway",
        "", "traffic-path traffic_path"},
    {"ecsClusterArn", "string", "ECS cluster", "", "ecs-cluster-arn ecs_cluster_arn"},
    {"ecsClusterName", "string", "Name of the ECS cluster", "", "ecs-cluster-name ecs_cluster_name"},
    {"ecsContainerInstanceArn", "string", "ECS container instance", "",
        "ecs-container-instance-arn ecs_container_instance_arn"},
    {"ecsContainerInstanceId", "string", "Id of the ECS container instance", "",
        "ecs-container-instance-id ecs_container_instance_id"},
    {"ecsContainerId", "string", "Docker runtime id of the first container", "", "ecs-container-id ecs_container_id"},
    {"ecsSecondContainerId", "string", "Docker runtime id of the second container", "",
        "ecs-second-container-id ecs_second_container_id"},
    {"ecsServiceName", "string", "ECS service", "", "ecs-service-name ecs_service_name"},
    {"ecsTaskDefinitionArn", "string", "ECS task definition", "", "ecs-task-definition-arn ecs_task_definition_arn"},
    {"ecsTaskArn", "string", "ECS task", "", "ecs-task-arn ecs_task_arn"},
    {"ecsTaskId", "string", "Id of the ECS task", "", "ecs-task-id ecs_task_id"},
    {"rejectReason", "string", "Why traffic was rejected: BPA or EC", "", "reject-reason reject_reason"},
    {"resourceId", "string", "Resource of the flow log", "", "resource-id resource_id"},
    {"encryptionStatus", "number", "Whether the traffic was encrypted", "", "encryption-status encryption_status"},
    {"resourceType", "string", "Kind of resource that the transit gateway record is about", gateway_page,
        "resource-type resource_type"},
    {"tgwId", "string", "Transit gateway that the flow crossed", gateway_page, "tgw-id tgw_id"},
    {"tgwAttachmentId", "string", "Attachment of the transit gateway", gateway_page,
        "tgw-attachment-id tgw_attachment_id"},
    {"tgwSrcVpcAccountId", "string", "Account of the source VPC", gateway_page,
        "tgw-src-vpc-account-id tgw_src_vpc_account_id"},
    {"tgwDstVpcAccountId", "string", "Account of the destination VPC", gateway_page,
        "tgw-dst-vpc-account-id tgw_dst_vpc_account_id"},
    {"tgwSrcVpcId", "string", "VPC that the flow came from", gateway_page, "tgw-src-vpc-id tgw_src_vpc_id"},
    {"tgwDstVpcId", "string", "VPC that the flow went to", gateway_page, "tgw-dst-vpc-id tgw_dst_vpc_id"},
    {"tgwSrcSubnetId", "string", "Subnet that the flow came from", gateway_page, "tgw-src-subnet-id tgw_src_subnet_id"},
    {"tgwDstSubnetId", "string", "Subnet that the flow went to", gateway_page, "tgw-dst-subnet-id tgw_dst_subnet_id"},
    {"tgwSrcEni", "string", "Source network interface", gateway_page, "tgw-src-eni tgw_src_eni"},
    {"tgwDstEni", "string", "Destination network interface", gateway_page, "tgw-dst-eni tgw_dst_eni"},
    {"tgwSrcAzId", "string", "Source availability zone", gateway_page, "tgw-src-az-id tgw_src_az_id"},
    {"tgwDstAzId", "string", "Destination availability zone", gateway_page, "tgw-dst-az-id tgw_dst_az_id"},
    {"tgwPairAttachmentId", "string", "Attachment at the other end", gateway_page,
        "tgw-pair-attachment-id tgw_pair_attachment_id"},
    {"packetsLostNoRoute", "number", "Packets lost for lack of a route", gateway_page,
        "packets-lost-no-route packets_lost_no_route"},
    {"packetsLostBlackhole", "number", "Packets lost in a black hole", gateway_page,
        "packets-lost-blackhole packets_lost_blackhole"},
    {"packetsLostMtuExceeded", "number", "Packets lost for their size", gateway_page,
        "packets-lost-mtu-exceeded packets_lost_mtu_exceeded"},
    {"packetsLostTtlExpired", "number", "Packets lost for their time to live", gateway_page,
        "packets-lost-ttl-expired packets_lost_ttl_expired"},
};

constexpr std::string_view version_2[] = {"version", "accountId", "interfaceId", "srcAddr", "dstAddr", "srcPort",
    "dstPort", "protocol", "packets", "bytes", "startTime", "endTime", "action", "logStatus"};

constexpr std::string_view version_6[] = {"version", "resourceType", "accountId", "tgwId", "tgwAttachmentId",
    "tgwSrcVpcAccountId", "tgwDstVpcAccountId", "tgwSrcVpcId", "tgwDstVpcId", "tgwSrcSubnetId", "tgwDstSubnetId",
    "tgwSrcEni", "tgwDstEni", "tgwSrcAzId", "tgwDstAzId", "tgwPairAttachmentId", "srcAddr", "dstAddr", "srcPort",
    "dstPort", "protocol", "packets", "bytes", "startTime", "endTime", "logStatus", "type", "packetsLostNoRoute",
    "packetsLostBlackhole", "packetsLostMtuExceeded", "packetsLostTtlExpired", "tcpFlags", "region", "flowDirection",
    "pktSrcAwsService", "pktDstAwsService"};

} // namespace

std::span<const FieldDescription> fields()
{
    return table;
}

std::span<const std::string_view> default_columns()
{
    return version_2;
}

std::span<const std::string_view> transit_gateway_columns()
{
    return version_6;
}

std::string_view column_name(std::string_view header_word)
{
    const std::string word = base::to_lower_ascii(header_word);
    for (const FieldDescription& field : table) {
        if (word == base::to_lower_ascii(field.name)) {
            return field.name;
        }
        for (const std::string_view other : base::split(field.also, ' ')) {
            if (other == word) {
                return field.name;
            }
        }
    }
    return {};
}

bool is_number_column(std::string_view name)
{
    for (const FieldDescription& field : table) {
        if (field.name == name) {
            return field.type == "number";
        }
    }
    return false;
}

} // namespace trawl::ingest::kinds::vpc_flow
