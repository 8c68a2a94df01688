#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "event/json.h"
#include "ingest/kinds/derive.h"
#include "ingest/kinds/ec2_metadata/user_data.h"
#include "ingest/kinds/log_kind.h"

// What is collected from EC2 instances: identity documents, role credentials, the metadata tree, user data, and the
// instances and launch templates that the CLI describes.
namespace trawl::ingest::kinds::ec2_metadata {

using event::Type;
using event::Value;

namespace {

constexpr std::string_view identity_page
    = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-identity-documents.html";
constexpr std::string_view credentials_page
    = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html";
constexpr std::string_view data_page = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html";
constexpr std::string_view instance_page = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html";

constexpr FieldDescription fields[] = {
    {"instanceId", "string", "Instance of the identity document", identity_page, ""},
    {"imageId", "string", "Image that the instance was started from", identity_page, ""},
    {"instanceType", "string", "Type of the instance", identity_page, ""},
    {"accountId", "string", "Account of the instance", identity_page, ""},
    {"region", "string", "Region of the instance", identity_page, ""},
    {"availabilityZone", "string", "Availability zone of the instance", identity_page, ""},
    {"privateIp", "address", "Private address of the instance", identity_page, ""},
    {"pendingTime", "time", "When the instance was started", identity_page, ""},
    {"Code", "string", "Success when there are credentials", credentials_page, ""},
    {"LastUpdated", "time", "When the credentials were made", credentials_page, ""},
    {"AccessKeyId", "string", "Access key of the role's credentials", credentials_page, ""},
    {"SecretAccessKey", "string", "Secret key of the role's credentials, masked", credentials_page, ""},
    {"Token", "string", "Session token, masked", credentials_page, ""},
    {"Expiration", "time", "When the credentials end", credentials_page, ""},
    {"InstanceProfileArn", "string", "Instance profile of the instance", credentials_page, ""},
    {"type", "string",
        "Form of the user data: script, cloud-config, cloud-config-archive, include, boothook, part-handler, "
        "upstart-job, multipart, powershell, jinja",
        data_page, ""},
    {"text", "string", "User data, decoded; secrets are masked", data_page, ""},
    {"parts", "array", "Parts of multipart user data: type, text", data_page, ""},
    {"ami-id", "string", "Image in the metadata tree", "", ""},
    {"instance-id", "string", "Instance in the metadata tree", "", ""},
    {"InstanceId", "string", "Instance that the CLI describes", instance_page, ""},
    {"ImageId", "string", "Image of the instance", instance_page, ""},
    {"LaunchTime", "time", "When the instance was launched", instance_page, ""},
    {"MetadataOptions", "object", "HttpTokens, HttpEndpoint, HttpPutResponseHopLimit", instance_page, ""},
    {"State", "object", "State of the instance", instance_page, ""},
    {"UserData", "object", "User data of describe-instance-attribute", instance_page, ""},
    {"billingProducts", "array", "Billing products of the image", "", ""},
    {"devpayProductCodes", "array", "DevPay product codes of the image", "", ""},
    {"marketplaceProductCodes", "array", "Marketplace product codes of the image", "", ""},
    {"kernelId", "string", "Kernel of the instance", "", ""},
    {"ramdiskId", "string", "RAM disk of the instance", identity_page, ""},
};

// A document of user data is one record, whatever its lines.
class Decoder final : public LineDecoder {
public:
    Outcome decode(std::string_view text, LineRow& row) override
    {
        if (row.names.size() != 3 || row.names.front() != "type") {
            row.names = {"type", "text", "parts"};
            ++row.layout;
        }
        data_ = read_user_data(text);
        row.values.assign(3, Value());
        row.values[0] = Value::string(data_.type);
        row.values[1] = Value::string(data_.text);
        if (!data_.parts_json.empty()) {
            row.values[2] = Value::array(data_.parts_json);
        }
        return Outcome::event;
    }
    bool continues(std::string_view, std::string_view) const override { return true; }
    std::string_view reject_code() const override { return "ec2-user-data"; }
    std::string_view reject_reason() const override { return "the user data cannot be read"; }

private:
    UserData data_;
};

Confidence recognise_lines(const LineProbe& probe)
{
    // A message of a log group is no user data, even when it begins like a script.
    if (probe.lines.empty() || !probe.context->log_group.empty()) {
        return Confidence::no;
    }
    if (!user_data_type(probe.lines.front()).empty()) {
        return Confidence::likely;
    }
    const std::string_view first = probe.lines.front();
    const std::string_view last = probe.lines.back();
    const std::string_view start(first.data(), static_cast<std::size_t>(last.data() + last.size() - first.data()));
    return is_carried_user_data(start) ? Confidence::likely : Confidence::no;
}

// The last two inputs of these are identity documents that are carried as text.
constexpr std::size_t documents = 2;

Value derive_time(DeriveInputs& inputs)
{
    derive::MembersOfTexts opened(inputs, documents, {"pendingTime"});
    return derive::time(opened);
}

Value derive_account(DeriveInputs& inputs)
{
    derive::MembersOfTexts opened(inputs, documents, {"accountId"});
    return derive::account_or_arn(opened);
}

Value derive_region(DeriveInputs& inputs)
{
    derive::MembersOfTexts opened(inputs, documents, {"region"});
    return derive::region(opened);
}

Value derive_address(DeriveInputs& inputs)
{
    derive::MembersOfTexts opened(inputs, documents, {"privateIp"});
    return derive::first_present(opened);
}

Value derive_resource(DeriveInputs& inputs)
{
    derive::MembersOfTexts opened(inputs, documents, {"instanceId"});
    return derive::first_present(opened);
}

// The script itself, so that detections need not know how it was carried. Inputs: text, UserData.Value, UserData,
// LaunchTemplateData.UserData, parts
Value derive_user_data(DeriveInputs& inputs)
{
    // The parts of a MIME document are decoded one by one; the document's text is not.
    const Value parts = inputs.input(4);
    if (parts.type() == Type::array) {
        std::string joined;
        event::json::for_each_element(parts.raw(), [&](Value part) {
            joined += joined.empty() ? "" : "\n";
            joined += event::json::member(part.raw(), "text").text(inputs.arena());
            return true;
        });
        return Value::string(inputs.arena().copy(joined));
    }
    const Value text = inputs.input(0);
    if (text.type() == Type::string) {
        return text;
    }
    for (std::size_t i = 1; i < 4; ++i) {
        const Value carried = inputs.input(i);
        if (carried.type() == Type::string && !carried.raw().empty()) {
            return Value::string(inputs.arena().copy(mask_secrets(decode_user_data(carried.text(inputs.arena())))));
        }
    }
    return {};
}

const std::vector<DerivedField>& derived_fields()
{
    static const std::vector<DerivedField> derived {
        {"@timestamp", "time", "pendingTime, LastUpdated or LaunchTime",
            {"pendingTime", "LastUpdated", "LaunchTime", "CreateTime", "instance-identity.document",
                "dynamic.instance-identity.document"},
            derive_time},
        {"@account", "string", "accountId, else OwnerId of a reservation, else of an ARN",
            {"accountId", "OwnerId", "InstanceProfileArn", "CreatedBy", "instance-identity.document",
                "dynamic.instance-identity.document"},
            derive_account},
        {"@region", "string", "region, else of the placement",
            {"region", "placement.region", "instance-identity.document", "dynamic.instance-identity.document"},
            derive_region},
        {"@principal", "string", "Maker of a launch template's version", {"CreatedBy"}, derive::first_present},
        {"@src_ip", "address", "privateIp",
            {"privateIp", "PrivateIpAddress", "local-ipv4", "instance-identity.document",
                "dynamic.instance-identity.document"},
            derive_address},
        {"@resource", "string", "Instance",
            {"instanceId", "InstanceId", "instance-id", "InstanceProfileArn", "interface-id", "LaunchTemplateId",
                "instance-identity.document", "dynamic.instance-identity.document"},
            derive_resource},
        {"@action", "string", "Form of the user data", {"type"}, derive::first_present},
        {"@user_data", "string", "User data, decoded from base64 and gzip; secrets are masked",
            {"text", "UserData.Value", "UserData", "LaunchTemplateData.UserData", "parts"}, derive_user_data},
    };
    return derived;
}

constexpr std::string_view event_sources[] = {"ec2:RunInstances", "ec2:ModifyInstanceAttribute",
    "ec2:ModifyInstanceMetadataOptions", "ec2:DescribeInstanceAttribute", "ec2:GetPasswordData",
    "ec2:CreateLaunchTemplate*", "ec2-instance-connect", "ssm:SendCommand", "ssm:StartSession"};

} // namespace

const LogKind& kind()
{
    static const LogKind ec2_metadata {
        .id = "ec2_metadata",
        .number = 20,
        .title = "EC2 instance metadata and user data",
        .page = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-metadata.html",
        .switch_on = "aws ec2 describe-instance-attribute --attribute userData --instance-id ID and describe-launch-template-versions, kept daily",
        .places = {
            "http://169.254.169.254/latest/dynamic/instance-identity/document, /latest/meta-data/iam/security-credentials/ROLE, /latest/user-data",
            "aws ec2 describe-instances, describe-instance-attribute, describe-launch-template-versions",
        },
        .recognised_by = "JSON objects with the names below. User data by its first line (#!, #cloud-config, #include, #cloud-boothook, MIME-Version, <powershell> …): the whole object is one record.",
        .fields = fields,
        .event_sources = event_sources,
        .derived = derived_fields(),
        .hallmarks = {{"instanceId", "imageId", "pendingTime"}, {"AccessKeyId", "SecretAccessKey", "Expiration"},
            {"Code", "InstanceProfileArn"}, {"ami-id", "instance-id"}, {"interface-id", "mac", "device-number"},
            {"InstanceId", "ImageId", "InstanceType"}, {"InstanceId", "UserData"}, {"LaunchTemplateId", "VersionNumber"},
            {"InstanceId", "ReservationId"}, {"instance-identity"}},
        .recognise_lines = recognise_lines,
        .make_line_decoder = [] { return std::unique_ptr<LineDecoder>(std::make_unique<Decoder>()); },
        .multi_line = true,
        .list_names = {"Reservations", "LaunchTemplateVersions"},
        .split = {.list = "Instances", .beside = "ReservationId", .code = "ec2-instance"},
        .secrets = {"SecretAccessKey", "Token"},
        .texts_with_secrets = {"UserData", "Value", "userData", "user-data"},
        .mask_text = mask_user_data,
    };
    return ec2_metadata;
}

} // namespace trawl::ingest::kinds::ec2_metadata
