#include "detect/rules/event_catalogue.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/arena.h"
#include "base/text.h"
#include "event/json.h"

namespace trawl::detect::rules {

namespace {

// IAM's names of permissions, and names of API operations, where the event is called otherwise.
constexpr std::array<ConfusedName, 16> confused_names = {{
    {"PassRole", "PassRole is a permission, never an event: watch the calls that take a role (RunInstances, CreateFunction …)."},
    {"ListBucket", "The permission s3:ListBucket is logged as ListObjects and ListObjectsV2."},
    {"ListAllMyBuckets", "The permission s3:ListAllMyBuckets is logged as ListBuckets."},
    {"PutPublicAccessBlock", "The operation is logged as PutBucketPublicAccessBlock, for an account as PutAccountPublicAccessBlock."},
    {"GetPublicAccessBlock", "The operation is logged as GetBucketPublicAccessBlock."},
    {"DeletePublicAccessBlock", "The operation is logged as DeleteBucketPublicAccessBlock."},
    {"PutLifecycleConfiguration", "The permission is logged as PutBucketLifecycle."},
    {"PutBucketLifecycleConfiguration", "The operation is logged as PutBucketLifecycle."},
    {"DeleteLifecycleConfiguration", "It is logged as DeleteBucketLifecycle."},
    {"PutEncryptionConfiguration", "The permission is logged as PutBucketEncryption and DeleteBucketEncryption."},
    {"PutReplicationConfiguration", "The permission is logged as PutBucketReplication."},
    {"PutBucketNotificationConfiguration", "The operation is logged as PutBucketNotification."},
    {"PutBucketCORS", "The permission is logged as PutBucketCors."},
    {"ReplicateObject", "ReplicateObject is a permission, never an event."},
    {"ReplicateDelete", "ReplicateDelete is a permission, never an event."},
    {"InvokeFunction", "The permission lambda:InvokeFunction is logged as Invoke (a data event)."},
}};

// Members of a CloudTrail record, and of its userIdentity.
constexpr std::array<std::string_view, 32> top_fields = {"eventVersion", "userIdentity", "eventTime", "eventSource", "eventName",
    "awsRegion", "sourceIPAddress", "userAgent", "errorCode", "errorMessage", "requestParameters", "responseElements",
    "additionalEventData", "requestID", "eventID", "readOnly", "resources", "eventType", "apiVersion", "managementEvent",
    "recipientAccountId", "sharedEventID", "vpcEndpointId", "vpcEndpointAccountId", "eventCategory", "serviceEventDetails",
    "addendum", "sessionCredentialFromConsole", "edgeDeviceDetails", "tlsDetails", "insightDetails", "eventContext"};
constexpr std::array<std::string_view, 22> deep_fields = {"userIdentity.type", "userIdentity.principalId", "userIdentity.arn",
    "userIdentity.accountId", "userIdentity.accessKeyId", "userIdentity.userName", "userIdentity.invokedBy",
    "userIdentity.identityProvider", "userIdentity.credentialId", "userIdentity.onBehalfOf", "userIdentity.inScopeOf",
    "userIdentity.sessionContext", "userIdentity.sessionContext.sessionIssuer", "userIdentity.sessionContext.sessionIssuer.arn",
    "userIdentity.sessionContext.sessionIssuer.userName", "userIdentity.sessionContext.attributes.mfaAuthenticated",
    "userIdentity.sessionContext.attributes.creationDate", "userIdentity.sessionContext.ec2RoleDelivery",
    "userIdentity.sessionContext.webIdFederationData", "additionalEventData.MFAUsed", "additionalEventData.LoginTo",
    "responseElements.ConsoleLogin"};

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

std::string text_of(std::string_view record, std::string_view member, base::Arena& arena)
{
    const event::Value value = event::json::member(record, member);
    return value.type() == event::Type::string ? std::string(value.text(arena)) : std::string();
}

} // namespace

EventCatalogue::EventCatalogue(const RuleSet& rules)
{
    base::Arena arena;
    for (const Rule& rule : rules.rules) {
        for (const RuleTest& test : rule.tests) {
            for (const std::string& record : test.events) {
                if (!record.starts_with('{')) {
                    continue;
                }
                const std::string name = text_of(record, "eventName", arena);
                const std::string source = text_of(record, "eventSource", arena);
                if (!name.empty() && !source.empty()) {
                    const std::string plain = plain_event_name(name);
                    sources_[plain].insert(source);
                    spellings_.emplace(plain, name);
                }
                arena.reset();
            }
        }
    }
}

const std::set<std::string>* EventCatalogue::sources(const std::string& name) const
{
    const auto found = sources_.find(name);
    return found == sources_.end() ? nullptr : &found->second;
}

std::string EventCatalogue::nearest(const std::string& name, const std::string& source) const
{
    // Verbs and one-letter plurals are near to each other without being slips.
    constexpr std::size_t shortest = 8;
    if (name.size() < shortest) {
        return {};
    }
    for (const auto& [known, sources] : sources_) {
        const bool is_plural = known + "s" == name || name + "s" == known;
        if (sources.count(source) > 0 && !is_plural && known.substr(0, 3) == name.substr(0, 3)
            && base::edit_distance(known, name, 2) <= 2) {
            return spellings_.at(known);
        }
    }
    return {};
}

std::string plain_event_name(std::string_view name)
{
    std::size_t end = name.size();
    while (end > 0 && is_digit(name[end - 1])) {
        --end;
    }
    if (end < name.size() && end > 0 && (name[end - 1] == 'v' || name[end - 1] == 'V')) {
        --end;
    } else {
        end = name.size();
    }
    // 20150331, 2020_05_31
    std::string_view date = name.substr(0, end);
    std::size_t digits = 0;
    while (!date.empty() && digits < 8 && (is_digit(date.back()) || date.back() == '_')) {
        if (is_digit(date.back())) {
            ++digits;
        }
        date.remove_suffix(1);
    }
    const bool is_date = digits == 8 && name.substr(date.size(), 2) == "20";
    return base::to_lower_ascii(is_date ? date : name);
}

const ConfusedName* find_confused_name(std::string_view name)
{
    const auto* const found = std::find_if(confused_names.begin(), confused_names.end(),
        [&](const ConfusedName& confused) { return base::equal_ignoring_case(confused.name, name); });
    return found == confused_names.end() ? nullptr : found;
}

std::string other_case_of_field(std::string_view path)
{
    for (const auto& fields : {std::span<const std::string_view>(top_fields), std::span<const std::string_view>(deep_fields)}) {
        for (const std::string_view field : fields) {
            // The field itself, or a path below it.
            const bool is_prefix = path.size() >= field.size() && (path.size() == field.size() || path[field.size()] == '.');
            const std::string_view start = path.substr(0, field.size());
            if (is_prefix && start != field && base::equal_ignoring_case(start, field)) {
                return std::string(field) + std::string(path.substr(field.size()));
            }
        }
    }
    return {};
}

bool is_known_top_field(std::string_view name)
{
    return name.starts_with('@') || std::find(top_fields.begin(), top_fields.end(), name) != top_fields.end();
}

std::string nearest_top_field(std::string_view name)
{
    std::string found;
    std::size_t best = 4;
    for (const std::string_view field : top_fields) {
        const std::size_t distance = base::edit_distance(name, field, best);
        if (distance < best) {
            best = distance;
            found = field;
        }
    }
    return found;
}

} // namespace trawl::detect::rules
