#include "ingest/kinds/derive.h"
#include "ingest/kinds/log_kind.h"

// AWS Certificate Manager: EventBridge events, and the certificates that the CLI describes.
namespace trawl::ingest::kinds::acm {

using event::Value;

namespace {

constexpr std::string_view object_page
    = "https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateDetail.html";

constexpr FieldDescription fields[] = {
    {"detail-type", "string", "ACM Certificate Approaching Expiration, Expired, Available, Renewal Action Required", "",
        ""},
    {"source", "string", "Source of the event: aws.acm", "", ""},
    {"account", "string", "Account of the event", "", ""},
    {"time", "time", "Time of the event", "", ""},
    {"region", "string", "Region of the event", "", ""},
    {"resources", "array", "ARN of the certificate", "", ""},
    {"detail.DaysToExpiry", "number", "Days until the certificate expires", "", ""},
    {"detail.CommonName", "string", "Common name of the certificate", "", ""},
    {"detail.Action", "string", "What happened to the certificate", "", ""},
    {"detail.InUse", "boolean", "Whether a resource uses the certificate", "", ""},
    {"CertificateArn", "string", "ARN of the certificate", object_page, ""},
    {"DomainName", "string", "Domain name that the certificate is for", object_page, ""},
    {"SubjectAlternativeNames", "array", "Further names that the certificate is for", object_page, ""},
    {"Status", "string", "PENDING_VALIDATION, ISSUED, INACTIVE, EXPIRED, REVOKED, FAILED", object_page, ""},
    {"Type", "string", "IMPORTED, AMAZON_ISSUED, PRIVATE", object_page, ""},
    {"NotBefore", "time", "Begin of validity", object_page, ""},
    {"NotAfter", "time", "End of validity", object_page, ""},
    {"InUseBy", "array", "Resources that use the certificate", object_page, ""},
    {"detail.CertificateType", "string", "How the certificate came to be: AMAZON_ISSUED, IMPORTED, PRIVATE", "", ""},
    {"detail.DomainValidationMethod", "string", "How the domain is validated: DNS, EMAIL, HTTP", "", ""},
    {"detail.CertificateCreatedDate", "time", "When the certificate was made", "", ""},
    {"detail.CertificateExpirationDate", "time", "When the certificate expires", "", ""},
    {"detail.Exported", "boolean", "Whether the certificate was exported", "", ""},
    {"Serial", "string", "Serial number", object_page, ""},
    {"Subject", "string", "Distinguished name of the subject", object_page, ""},
    {"Issuer", "string", "Authority that issued the certificate", object_page, ""},
    {"CreatedAt", "time", "When the certificate was requested", object_page, ""},
    {"IssuedAt", "time", "When the certificate was issued", object_page, ""},
    {"ImportedAt", "time", "When the certificate was imported", object_page, ""},
    {"KeyAlgorithm", "string", "Algorithm and size of the key", object_page, ""},
    {"SignatureAlgorithm", "string", "Algorithm of the signature", object_page, ""},
    {"RenewalEligibility", "string", "ELIGIBLE or INELIGIBLE for managed renewal", object_page, ""},
    {"RenewalSummary", "object", "State of managed renewal", object_page, ""},
    {"KeyUsages", "array", "What the key may be used for", object_page, ""},
    {"Options", "object", "CertificateTransparencyLoggingPreference, Export", object_page, ""},
};

const std::vector<DerivedField>& derived_fields()
{
    static const std::vector<DerivedField> derived {
        {"@timestamp", "time", "time", {"time"}, derive::time},
        {"@account", "string", "account, else of CertificateArn", {"account", "CertificateArn"},
            derive::account_or_arn},
        {"@region", "string", "region, else of CertificateArn", {"region", "CertificateArn"}, derive::region_or_arn},
        {"@action", "string", "detail-type", {"detail-type"}, derive::first_present},
        {"@resource", "string", "ARN of the certificate", {"resources.0", "CertificateArn"}, derive::first_present},
        {"@outcome", "string", "Status", {"Status", "detail.Action"}, derive::first_present},
    };
    return derived;
}

constexpr std::string_view event_sources[] = {"acm", "acm-pca"};

bool is_acm(std::size_t set, std::span<const Value> values)
{
    return set != 0 || values[1].raw() == "aws.acm";
}

} // namespace

const LogKind& kind()
{
    static const LogKind acm {
        .id = "acm",
        .number = 16,
        .title = "Certificate Manager events",
        .page = "https://docs.aws.amazon.com/acm/latest/userguide/supported-events.html",
        .switch_on = "An EventBridge rule for source aws.acm",
        .places = {
            "EventBridge (source aws.acm)",
            "aws acm describe-certificate, list-certificates",
        },
        .recognised_by = "EventBridge events of source aws.acm, and JSON objects with the names below.",
        .fields = fields,
        .event_sources = event_sources,
        .derived = derived_fields(),
        .hallmarks = {{"detail-type", "source", "detail"}, {"CertificateArn", "DomainName"}},
        .confirm = is_acm,
        .list_names = {"Certificate", "CertificateSummaryList"},
    };
    return acm;
}

} // namespace trawl::ingest::kinds::acm
