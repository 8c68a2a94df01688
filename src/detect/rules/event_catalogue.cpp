#include "detect/rules/event_catalogue.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "base/arena.h"
#include "base/text.h"
#include "event/json.h"

namespace trawl::detect::rules {

namespace {

// IAM's names of permissions, and names of API operations, where the event is called otherwise.
constexpr std::array<ConfusedName, 16> confused_names = {{
    {"PassRole",
        "PassRole is a permission, never an event: watch the calls that take a role (RunInstances, CreateFunction …)."},
    {"ListBucket", "The permission s3:ListBucket is logged as ListObjects and ListObjectsV2."},
    {"ListAllMyBuckets", "The permission s3:ListAllMyBuckets is logged as ListBuckets."},
    {"PutPublicAccessBlock",
        "The operation is logged as PutBucketPublicAccessBlock, for an account as PutAccountPublicAccessBlock."},
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

// Events of one service alone that rules are written about. Sorted.
constexpr std::array<std::pair<std::string_view, std::string_view>, 91> homes = {{
    {"addroletoinstanceprofile", "iam.amazonaws.com"},
    {"addusertogroup", "iam.amazonaws.com"},
    {"allocateaddress", "ec2.amazonaws.com"},
    {"associateaddress", "ec2.amazonaws.com"},
    {"assumerole", "sts.amazonaws.com"},
    {"assumerolewithsaml", "sts.amazonaws.com"},
    {"assumerolewithwebidentity", "sts.amazonaws.com"},
    {"assumeroot", "sts.amazonaws.com"},
    {"attachgrouppolicy", "iam.amazonaws.com"},
    {"attachrolepolicy", "iam.amazonaws.com"},
    {"attachuserpolicy", "iam.amazonaws.com"},
    {"authorizesecuritygroupegress", "ec2.amazonaws.com"},
    {"authorizesecuritygroupingress", "ec2.amazonaws.com"},
    {"batchgetsecretvalue", "secretsmanager.amazonaws.com"},
    {"changeresourcerecordsets", "route53.amazonaws.com"},
    {"checkmfa", "signin.amazonaws.com"},
    {"consolelogin", "signin.amazonaws.com"},
    {"createaccesskey", "iam.amazonaws.com"},
    {"createchangeset", "cloudformation.amazonaws.com"},
    {"createloginprofile", "iam.amazonaws.com"},
    {"createnetworkaclentry", "ec2.amazonaws.com"},
    {"createopenidconnectprovider", "iam.amazonaws.com"},
    {"createpolicyversion", "iam.amazonaws.com"},
    {"createsamlprovider", "iam.amazonaws.com"},
    {"createstackset", "cloudformation.amazonaws.com"},
    {"createtrail", "cloudtrail.amazonaws.com"},
    {"deactivatemfadevice", "iam.amazonaws.com"},
    {"decodeauthorizationmessage", "sts.amazonaws.com"},
    {"deletebucketpolicy", "s3.amazonaws.com"},
    {"deleteconfigurationrecorder", "config.amazonaws.com"},
    {"deletedeliverychannel", "config.amazonaws.com"},
    {"deletedetector", "guardduty.amazonaws.com"},
    {"deleteflowlogs", "ec2.amazonaws.com"},
    {"deletehostedzone", "route53.amazonaws.com"},
    {"deleteloginprofile", "iam.amazonaws.com"},
    {"deletesamlprovider", "iam.amazonaws.com"},
    {"deletetrail", "cloudtrail.amazonaws.com"},
    {"disabledomaintransferlock", "route53domains.amazonaws.com"},
    {"disablekey", "kms.amazonaws.com"},
    {"disablesecurityhub", "securityhub.amazonaws.com"},
    {"enableserialconsoleaccess", "ec2.amazonaws.com"},
    {"executechangeset", "cloudformation.amazonaws.com"},
    {"getcalleridentity", "sts.amazonaws.com"},
    {"getfederationtoken", "sts.amazonaws.com"},
    {"getparameters", "ssm.amazonaws.com"},
    {"getparametersbypath", "ssm.amazonaws.com"},
    {"getpassworddata", "ec2.amazonaws.com"},
    {"getsecretvalue", "secretsmanager.amazonaws.com"},
    {"getsessiontoken", "sts.amazonaws.com"},
    {"getsignintoken", "signin.amazonaws.com"},
    {"importkeymaterial", "kms.amazonaws.com"},
    {"importkeypair", "ec2.amazonaws.com"},
    {"leaveorganization", "organizations.amazonaws.com"},
    {"listobjects", "s3.amazonaws.com"},
    {"modifyimageattribute", "ec2.amazonaws.com"},
    {"modifysecuritygrouprules", "ec2.amazonaws.com"},
    {"modifysnapshotattribute", "ec2.amazonaws.com"},
    {"passwordrecoverycompleted", "signin.amazonaws.com"},
    {"passwordrecoveryrequested", "signin.amazonaws.com"},
    {"putbucketacl", "s3.amazonaws.com"},
    {"putbucketlogging", "s3.amazonaws.com"},
    {"putbucketpolicy", "s3.amazonaws.com"},
    {"putbucketpublicaccessblock", "s3.amazonaws.com"},
    {"putbucketversioning", "s3.amazonaws.com"},
    {"puteventselectors", "cloudtrail.amazonaws.com"},
    {"putinsightselectors", "cloudtrail.amazonaws.com"},
    {"putrolepolicy", "iam.amazonaws.com"},
    {"putuserpolicy", "iam.amazonaws.com"},
    {"releaseaddress", "ec2.amazonaws.com"},
    {"removeaccountfromorganization", "organizations.amazonaws.com"},
    {"replacenetworkaclentry", "ec2.amazonaws.com"},
    {"revokesecuritygroupingress", "ec2.amazonaws.com"},
    {"runinstances", "ec2.amazonaws.com"},
    {"schedulekeydeletion", "kms.amazonaws.com"},
    {"sendcommand", "ssm.amazonaws.com"},
    {"sendserialconsolesshpublickey", "ec2-instance-connect.amazonaws.com"},
    {"sendsshpublickey", "ec2-instance-connect.amazonaws.com"},
    {"setdefaultpolicyversion", "iam.amazonaws.com"},
    {"startlogging", "cloudtrail.amazonaws.com"},
    {"stopconfigurationrecorder", "config.amazonaws.com"},
    {"stoplogging", "cloudtrail.amazonaws.com"},
    {"terminateinstances", "ec2.amazonaws.com"},
    {"transferdomaintoanotherawsaccount", "route53domains.amazonaws.com"},
    {"updateaccesskey", "iam.amazonaws.com"},
    {"updateaccountpasswordpolicy", "iam.amazonaws.com"},
    {"updateassumerolepolicy", "iam.amazonaws.com"},
    {"updatedetector", "guardduty.amazonaws.com"},
    {"updatedomainnameservers", "route53domains.amazonaws.com"},
    {"updateloginprofile", "iam.amazonaws.com"},
    {"updatesamlprovider", "iam.amazonaws.com"},
    {"updatetrail", "cloudtrail.amazonaws.com"},
}};

// Members of a CloudTrail record, and of its userIdentity.
constexpr std::array<std::string_view, 32> top_fields = {"eventVersion", "userIdentity", "eventTime", "eventSource",
    "eventName", "awsRegion", "sourceIPAddress", "userAgent", "errorCode", "errorMessage", "requestParameters",
    "responseElements", "additionalEventData", "requestID", "eventID", "readOnly", "resources", "eventType",
    "apiVersion", "managementEvent", "recipientAccountId", "sharedEventID", "vpcEndpointId", "vpcEndpointAccountId",
    "eventCategory", "serviceEventDetails", "addendum", "sessionCredentialFromConsole", "edgeDeviceDetails",
    "tlsDetails", "insightDetails", "eventContext"};
constexpr std::array<std::string_view, 22> deep_fields = {"userIdentity.type", "userIdentity.principalId",
    "userIdentity.arn", "userIdentity.accountId", "userIdentity.accessKeyId", "userIdentity.userName",
    "userIdentity.invokedBy", "userIdentity.identityProvider", "userIdentity.credentialId", "userIdentity.onBehalfOf",
    "userIdentity.inScopeOf", "userIdentity.sessionContext", "userIdentity.sessionContext.sessionIssuer",
    "userIdentity.sessionContext.sessionIssuer.arn", "userIdentity.sessionContext.sessionIssuer.userName",
    "userIdentity.sessionContext.attributes.mfaAuthenticated", "userIdentity.sessionContext.attributes.creationDate",
    "userIdentity.sessionContext.ec2RoleDelivery", "userIdentity.sessionContext.webIdFederationData",
    "additionalEventData.MFAUsed", "additionalEventData.LoginTo", "responseElements.ConsoleLogin"};

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// One letter more, less or other, or letters in another order; a plural is none.
bool is_slip(std::string a, std::string b)
{
    const std::size_t distance = base::edit_distance(a, b, 2);
    if (distance > 2 || a + "s" == b || b + "s" == a) {
        return false;
    }
    if (distance < 2) {
        return true;
    }
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    return a == b;
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

std::string EventCatalogue::nearest(const std::string& name, const std::string& source) const
{
    constexpr std::size_t shortest = 8;
    if (name.size() < shortest || sources_.count(name) > 0) {
        return {};
    }
    for (const auto& [known, sources] : sources_) {
        if (sources.count(source) > 0 && is_slip(known, name)) {
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

std::string_view only_source(std::string_view name)
{
    const auto* const found = std::lower_bound(homes.begin(), homes.end(), name,
        [](const auto& home, std::string_view wanted) { return home.first < wanted; });
    return found != homes.end() && found->first == name ? found->second : std::string_view();
}

const ConfusedName* find_confused_name(std::string_view name)
{
    const auto* const found = std::find_if(confused_names.begin(), confused_names.end(),
        [&](const ConfusedName& confused) { return base::equal_ignoring_case(confused.name, name); });
    return found == confused_names.end() ? nullptr : found;
}

std::string other_case_of_field(std::string_view path)
{
    for (const auto& fields :
        {std::span<const std::string_view>(top_fields), std::span<const std::string_view>(deep_fields)}) {
        for (const std::string_view field : fields) {
            // The field itself, or a path below it.
            const bool is_prefix
                = path.size() >= field.size() && (path.size() == field.size() || path[field.size()] == '.');
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
