#include "ingest/kinds/derive.h"
#include "ingest/kinds/log_kind.h"

// EBS snapshots and volumes: EventBridge notifications, and what the CLI describes.
namespace trawl::ingest::kinds::ebs_snapshot {

using event::Value;

namespace {

constexpr std::string_view object_page = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Snapshot.html";

constexpr FieldDescription fields[] = {
    {"detail-type", "string",
        "EBS Snapshot Notification, EBS Volume Notification, EBS Multi-Volume Snapshots Completion Status …", "", ""},
    {"source", "string", "aws.ec2, aws.dlm or aws.rbin", "", ""},
    {"account", "string", "Account of the event", "", ""},
    {"time", "time", "Time of the event", "", ""},
    {"region", "string", "Region of the event", "", ""},
    {"resources", "array", "ARNs of snapshot and volume", "", ""},
    {"detail", "object", "event, result, cause, snapshot_id, source, startTime, endTime", "", ""},
    {"detail.event", "string", "createSnapshot, copySnapshot, shareSnapshot, deleteVolume …", "", ""},
    {"detail.result", "string", "succeeded, failed, available, deleted", "", ""},
    {"detail.cause", "string", "Why it failed", "", ""},
    {"detail.snapshot_id", "string", "ARN of the snapshot", "", ""},
    {"detail.source", "string", "ARN of the volume or of the snapshot it was copied or shared from", "", ""},
    {"SnapshotId", "string", "Id of the snapshot", object_page, ""},
    {"VolumeId", "string", "Volume of the snapshot", object_page, ""},
    {"State", "string", "State of the snapshot", object_page, ""},
    {"StartTime", "time", "When the snapshot began", object_page, ""},
    {"OwnerId", "string", "Account that owns the snapshot", object_page, ""},
    {"Encrypted", "boolean", "Whether the snapshot is encrypted", object_page, ""},
    {"KmsKeyId", "string", "Key of the encryption", object_page, ""},
    {"Description", "string", "Description that the maker gave the snapshot", object_page, ""},
    {"VolumeSize", "number", "Size of the volume, GiB", object_page, ""},
    {"StorageTier", "string", "standard or archive", object_page, ""},
    {"detail.transferType", "string", "standard or time-based copy", "", ""},
    {"detail.recycleBinExitTime", "time", "When the snapshot leaves the recycle bin", "", ""},
    {"StateMessage", "string", "Why the copy of a snapshot failed", object_page, ""},
    {"CompletionTime", "time", "When the snapshot was complete", object_page, ""},
    {"OwnerAlias", "string", "Alias of the owner: amazon, self", object_page, ""},
    {"DataEncryptionKeyId", "string", "Id of the data key", object_page, ""},
    {"OutpostArn", "string", "Outpost that the snapshot lies on", object_page, ""},
    {"RestoreExpiryTime", "time", "When a temporarily restored snapshot is archived again", object_page, ""},
    {"SseType", "string", "Server-side encryption: sse-ebs, sse-kms, none", object_page, ""},
    {"AvailabilityZone", "string", "Availability zone of a local snapshot, of a fast restore or of the volume",
        object_page, ""},
    {"TransferType", "string", "standard or time-based copy", object_page, ""},
    {"FullSnapshotSizeInBytes", "number", "Size of all blocks of the snapshot", object_page, ""},
};

const std::vector<DerivedField>& derived_fields()
{
    static const std::vector<DerivedField> derived {
        {"@timestamp", "time", "detail.endTime, else time",
            {"detail.endTime", "time", "StartTime", "CreateTime", "EnabledTime", "OptimizingTime", "EnablingTime",
                "DisabledTime", "DisablingTime"},
            derive::time},
        {"@account", "string", "account", {"account", "OwnerId"}, derive::account},
        {"@region", "string", "region", {"region"}, derive::region},
        {"@action", "string", "detail.event, else detail-type", {"detail.event", "detail-type"}, derive::first_present},
        {"@resource", "string", "detail.snapshot_id, else the first of resources",
            {"detail.snapshot_id", "detail.snapshot-id", "detail.snapshots.0.snapshot_id", "detail.policy_id",
                "resources.0", "SnapshotId", "VolumeId"},
            derive::first_present},
        {"@outcome", "string", "detail.result", {"detail.result", "detail.state", "State"}, derive::first_present},
    };
    return derived;
}

constexpr std::string_view event_sources[]
    = {"ec2:*Snapshot*", "ec2:*EbsEncryption*", "ec2:CreateVolume", "ebs", "dlm", "rbin"};

// EventBridge has one source for all of EC2: only what concerns volumes and snapshots is ours.
bool is_ebs(std::size_t set, std::span<const Value> values)
{
    if (set != 0) {
        return true;
    }
    const std::string_view type = values[0].raw();
    return values[1].raw() == "aws.dlm" || values[1].raw() == "aws.rbin"
        || (values[1].raw() == "aws.ec2" && (type.starts_with("EBS ") || type.starts_with("Recycle Bin")));
}

} // namespace

const LogKind& kind()
{
    static const LogKind ebs_snapshot {
        .id = "ebs_snapshot",
        .number = 14,
        .title = "EBS snapshot and volume events",
        .page = "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-cloud-watch-events.html",
        .switch_on = "An EventBridge rule for source aws.ec2 and the detail-types EBS Snapshot Notification and EBS Volume Notification",
        .places = {
            "EventBridge (source aws.ec2; aws.dlm; aws.rbin)",
            "aws ec2 describe-snapshots, describe-volumes",
        },
        .recognised_by = "EventBridge events of source aws.ec2 whose detail-type begins with EBS or Recycle Bin, those of aws.dlm and aws.rbin, and JSON objects with the names below.",
        .fields = fields,
        .event_sources = event_sources,
        .derived = derived_fields(),
        .hallmarks = {{"detail-type", "source", "detail"}, {"SnapshotId", "VolumeId"}, {"SnapshotId", "State", "AvailabilityZone"},
            {"VolumeId", "VolumeType", "State"}},
        .confirm = is_ebs,
        .list_names = {"Snapshots", "FastSnapshotRestores", "Volumes"},
    };
    return ebs_snapshot;
}

} // namespace trawl::ingest::kinds::ebs_snapshot
