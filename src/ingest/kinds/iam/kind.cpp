#include <deque>

#include "base/text.h"
#include "ingest/kinds/column_layout.h"
#include "ingest/kinds/derive.h"
#include "ingest/kinds/log_kind.h"

// IAM: rows of the credential report (CSV), IAM Access Analyzer findings (EventBridge, CLI, Security Hub), and the
// users, groups, roles and policies that get-account-authorization-details lists.
namespace trawl::ingest::kinds::iam {

using event::Value;

namespace {

constexpr std::string_view analyzer_page
    = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-eventbridge.html";
constexpr std::string_view details_page
    = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html";

constexpr FieldDescription fields[] = {
    {"user", "string", "User, <root_account> for root", "", ""},
    {"arn", "string", "ARN of the user", "", "Arn"},
    {"user_creation_time", "string", "When the user was made", "", ""},
    {"password_enabled", "string", "true, false, not_supported", "", ""},
    {"password_last_used", "string", "When the password was used last, no_information, N/A", "", ""},
    {"password_last_changed", "string", "When the password was changed last", "", ""},
    {"password_next_rotation", "string", "When the password must be changed", "", ""},
    {"mfa_active", "string", "Whether an MFA device is enabled", "", ""},
    {"access_key_1_active", "string", "Whether the first key is active", "", ""},
    {"access_key_1_last_rotated", "string", "When the first key was made or changed", "", ""},
    {"access_key_1_last_used_date", "string", "When the first key was used last", "", ""},
    {"access_key_1_last_used_region", "string", "Where the first key was used last", "", ""},
    {"access_key_1_last_used_service", "string", "For which service the first key was used last", "", ""},
    {"access_key_2_active", "string", "Whether the second key is active", "", ""},
    {"access_key_2_last_rotated", "string", "When the second key was made or changed", "", ""},
    {"access_key_2_last_used_date", "string", "When the second key was used last", "", ""},
    {"access_key_2_last_used_region", "string", "Where the second key was used last", "", ""},
    {"access_key_2_last_used_service", "string", "For which service the second key was used last", "", ""},
    {"cert_1_active", "string", "Whether the first signing certificate is active", "", ""},
    {"cert_1_last_rotated", "string", "When the first certificate was made or changed", "", ""},
    {"cert_2_active", "string", "Whether the second signing certificate is active", "", ""},
    {"cert_2_last_rotated", "string", "When the second certificate was made or changed", "", ""},
    {"detail-type", "string", "Access Analyzer Finding, Unused Access Finding, Access Preview Finding …", analyzer_page,
        ""},
    {"detail.status", "string", "ACTIVE, ARCHIVED, RESOLVED", analyzer_page, "status"},
    {"detail.resource", "string", "Resource that can be reached", analyzer_page, "resource"},
    {"detail.resourceType", "string", "Type of the resource", analyzer_page, "resourceType"},
    {"detail.principal", "object", "Who can reach it", analyzer_page, "principal"},
    {"detail.action", "array", "What they may do", analyzer_page, ""},
    {"detail.isPublic", "boolean", "Whether everybody can reach it", analyzer_page, "isPublic"},
    {"UserName", "string", "User of the account's details", details_page, ""},
    {"RoleName", "string", "Role of the account's details", details_page, ""},
    {"GroupName", "string", "Group of the account's details", details_page, ""},
    {"AttachedManagedPolicies", "array", "Policies that are attached", details_page, ""},
    {"AssumeRolePolicyDocument", "object", "Trust policy of the role", details_page, ""},
    {"detail.createdAt", "time", "When the finding was made", analyzer_page, ""},
    {"detail.analyzedAt", "time", "When the resource was analyzed", analyzer_page, ""},
    {"detail.updatedAt", "time", "When the finding was changed", analyzer_page, ""},
    {"detail.accountId", "string", "Account of the resource", analyzer_page, ""},
    {"detail.isDeleted", "boolean", "Whether the resource is deleted", analyzer_page, ""},
    {"detail.findingType", "string", "ExternalAccess, InternalAccess, UnusedIAMRole, UnusedPermission …", analyzer_page,
        ""},
    {"ProductArn", "string", "Product of an imported finding (Security Hub)",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html", ""},
    {"SchemaVersion", "string", "Version of an imported finding (Security Hub)",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html", ""},
};

// Rows of CSV by a header; no value of the report holds a comma or a quote.
class Decoder final : public LineDecoder {
public:
    Outcome decode(std::string_view line, LineRow& row) override
    {
        if (line.starts_with("user,arn,")) {
            header_ = std::string(line);
            std::vector<std::string_view> names;
            cut_separated_columns(header_, ',', names);
            const std::size_t required = names.size();
            layout_ = ColumnLayout(std::move(names), {}, required);
            return Outcome::skipped;
        }
        cut_separated_columns(line, ',', columns_);
        if (header_.empty() || !layout_.fill_checked(columns_, row, code_, reason_)) {
            code_ = "iam-report-columns";
            return Outcome::rejected;
        }
        return Outcome::event;
    }
    std::string_view reject_code() const override { return code_; }
    std::string_view reject_reason() const override { return reason_; }

private:
    std::string header_; // The layout's names are views of it.
    ColumnLayout layout_;
    std::vector<std::string_view> columns_;
    std::string code_;
    std::string reason_ = "the row stands before the report's header";
};

Confidence recognise_lines(const LineProbe& probe)
{
    for (const std::string_view line : probe.lines) {
        if (line.starts_with("user,arn,user_creation_time")) {
            return Confidence::certain;
        }
    }
    return Confidence::no;
}

const std::vector<DerivedField>& derived_fields()
{
    static const std::vector<DerivedField> derived {
        {"@timestamp", "time", "Time of the finding; a row of the report has none",
            {"detail.updatedAt", "updatedAt", "UpdatedAt", "time"}, derive::time},
        {"@account", "string", "Account of the ARN, else of the event",
            {"arn", "Arn", "detail.accountId", "AwsAccountId", "account", "resourceOwnerAccount"},
            derive::account_or_arn},
        {"@region", "string", "region", {"detail.region", "region", "Region"}, derive::region},
        {"@principal", "string", "ARN of the user, else the finding's principal",
            {"arn", "Arn", "detail.principal.AWS", "principal.AWS"}, derive::first_present},
        {"@action", "string", "Actions of the finding, else detail-type",
            {"detail.action.0", "action.0", "detail-type"}, derive::first_present},
        {"@resource", "string", "Resource of the finding, else the user's ARN",
            {"detail.resource", "resource", "Resources.0.Id", "arn", "Arn"}, derive::first_present},
        {"@outcome", "string", "status", {"detail.status", "status", "RecordState"}, derive::first_present},
    };
    return derived;
}

constexpr std::string_view event_sources[] = {"iam", "sts", "signin", "sso", "sso-directory", "identitystore",
    "access-analyzer", "rolesanywhere", "organizations", "account"};

bool is_iam(std::size_t set, std::span<const Value> values)
{
    if (set == 0) {
        return values[1].raw() == "aws.access-analyzer";
    }
    return set != 1 || values[1].raw().find("access-analyzer") != std::string_view::npos;
}

} // namespace

const LogKind& kind()
{
    static const LogKind iam {
        .id = "iam",
        .number = 6,
        .title = "IAM credential report and Access Analyzer findings",
        .page = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html",
        .switch_on = "aws iam generate-credential-report, then get-credential-report; aws accessanalyzer create-analyzer --analyzer-name NAME --type ACCOUNT",
        .places = {
            "aws iam get-credential-report (CSV, or base64 of it in JSON)",
            "EventBridge (source aws.access-analyzer), aws accessanalyzer list-findings",
            "aws iam get-account-authorization-details",
            "Security Hub imports of Access Analyzer",
        },
        .recognised_by = "The header of a credential report (user,arn,user_creation_time…), or JSON objects with the names below. EventBridge events must be of source aws.access-analyzer, findings of Security Hub of the product access-analyzer.",
        .fields = fields,
        .event_sources = event_sources,
        .derived = derived_fields(),
        .hallmarks = {{"detail-type", "source", "detail"}, {"SchemaVersion", "ProductArn", "AwsAccountId"},
            {"id", "resourceType", "status", "analyzedAt"}, {"UserName", "UserId", "Arn"}, {"RoleName", "RoleId", "Arn"},
            {"GroupName", "GroupId", "Arn"}, {"PolicyName", "PolicyId", "Arn"}},
        .confirm = is_iam,
        .recognise_lines = recognise_lines,
        .make_line_decoder = [] { return std::unique_ptr<LineDecoder>(std::make_unique<Decoder>()); },
        .list_names = {"findings", "UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"},
    };
    return iam;
}

} // namespace trawl::ingest::kinds::iam
