#include "base/text.h"
#include "event/json.h"
#include "ingest/kinds/derive.h"
#include "ingest/kinds/log_kind.h"

// AWS WAF and WAF Classic web ACL traffic logs: one JSON object a request.
namespace trawl::ingest::kinds::waf {

using event::Value;

namespace {

constexpr FieldDescription fields[] = {
    {"timestamp", "number", "Time of the request, milliseconds since 1970", "", ""},
    {"formatVersion", "number", "Version of the log format", "", ""},
    {"webaclId", "string", "ARN of the web ACL; a bare id for WAF Classic", "", ""},
    {"terminatingRuleId", "string", "Rule that decided, Default_Action when none did", "", ""},
    {"terminatingRuleType", "string", "REGULAR, RATE_BASED, GROUP, MANAGED_RULE_GROUP", "", ""},
    {"action", "string", "ALLOW, BLOCK, CAPTCHA, CHALLENGE", "", ""},
    {"terminatingRuleMatchDetails", "array", "What matched: conditionType, location, matchedData", "", ""},
    {"httpSourceName", "string", "CF, ALB, APIGW, APPSYNC, COGNITO, APPRUNNER, VERIFIED_ACCESS", "", ""},
    {"httpSourceId", "string", "Id of the resource", "", ""},
    {"ruleGroupList", "array", "Rule groups that acted on the request", "", ""},
    {"rateBasedRuleList", "array", "Rate-based rules that acted on the request", "", ""},
    {"nonTerminatingMatchingRules", "array", "Rules that matched without deciding", "", ""},
    {"requestHeadersInserted", "array", "Headers that WAF inserted", "", ""},
    {"responseCodeSent", "number", "Status of a custom response", "", ""},
    {"httpRequest", "object", "clientIp, country, headers, uri, args, httpVersion, httpMethod, requestId", "", ""},
    {"httpRequest.clientIp", "address", "Address of the client", "", ""},
    {"httpRequest.country", "string", "Country of the client", "", ""},
    {"httpRequest.uri", "string", "Path of the request", "", ""},
    {"httpRequest.args", "string", "Query string of the request", "", ""},
    {"httpRequest.httpMethod", "string", "Method of the request", "", ""},
    {"labels", "array", "Labels put on the request", "", ""},
    {"captchaResponse", "object", "Outcome of a CAPTCHA", "", ""},
    {"challengeResponse", "object", "Outcome of a challenge", "", ""},
    {"ja3Fingerprint", "string", "JA3 fingerprint of the TLS handshake", "", ""},
    {"ja4Fingerprint", "string", "JA4 fingerprint of the TLS handshake", "", ""},
    {"clientAsn", "number", "Autonomous system of the client", "", ""},
    {"forwardedAsn", "number", "Autonomous system of the forwarded address", "", ""},
    {"oversizeFields", "array", "Parts of the request that were larger than WAF inspects", "", ""},
    {"requestBodySize", "number", "Bytes of the request's body", "", ""},
    {"requestBodySizeInspectedByWAF", "number", "Bytes of the body that WAF inspected", "", ""},
};

// Inputs: httpRequest.headers
Value derive_user_agent(DeriveInputs& inputs)
{
    Value agent;
    event::json::for_each_element(inputs.input(0).raw(), [&agent](Value header) {
        if (base::equal_ignoring_case(event::json::member(header.raw(), "name").raw(), "user-agent")) {
            agent = event::json::member(header.raw(), "value");
            return false;
        }
        return true;
    });
    return agent;
}

// A web ACL of CloudFront is global; it lives in us-east-1. Inputs: webaclId
Value derive_region(DeriveInputs& inputs)
{
    const std::string_view arn = inputs.input(0).text(inputs.arena());
    const std::string_view region = derive::arn_part(arn, 3);
    if (region.empty()) {
        return derive::region_of_arn(inputs);
    }
    return Value::string(region == "global" ? std::string_view("us-east-1") : region);
}

const std::vector<DerivedField>& derived_fields()
{
    static const std::vector<DerivedField> derived {
        {"@timestamp", "time", "timestamp", {"timestamp"}, derive::time},
        {"@account", "string", "Account of webaclId, else of the object's key", {"webaclId"}, derive::account_of_arn},
        {"@region", "string", "Region of webaclId, us-east-1 for global ones", {"webaclId"}, derive_region},
        {"@src_ip", "address", "httpRequest.clientIp", {"httpRequest.clientIp"}, derive::first_present},
        {"@action", "string", "httpRequest.httpMethod", {"httpRequest.httpMethod"}, derive::first_present},
        {"@resource", "string", "httpRequest.uri, else webaclId", {"httpRequest.uri", "webaclId"},
            derive::first_present},
        {"@outcome", "string", "action", {"action"}, derive::first_present},
        {"@user_agent", "string", "Value of the User-Agent header", {"httpRequest.headers"}, derive_user_agent},
    };
    return derived;
}

constexpr std::string_view event_sources[] = {"wafv2", "waf", "waf-regional", "shield", "fms"};

} // namespace

const LogKind& kind()
{
    static const LogKind waf {
        .id = "waf",
        .number = 11,
        .title = "WAF web ACL logs",
        .page = "https://docs.aws.amazon.com/waf/latest/developerguide/logging-fields.html",
        .switch_on = "aws wafv2 put-logging-configuration --logging-configuration ResourceArn=WEB_ACL_ARN,LogDestinationConfigs=arn:aws:s3:::aws-waf-logs-NAME",
        .places = {
            "S3 AWSLogs/ACCOUNT/WAFLogs/REGION/WEB_ACL/YYYY/MM/DD/HH/mm/ACCOUNT_waflogs_REGION_WEB_ACL_TIME_HASH.log.gz",
            "CloudWatch Logs, group aws-waf-logs-NAME",
            "Firehose stream aws-waf-logs-NAME",
        },
        .recognised_by = "JSON objects with the names below.",
        .fields = fields,
        .event_sources = event_sources,
        .derived = derived_fields(),
        .hallmarks = {{"webaclId", "httpRequest", "terminatingRuleId"}},
        .unmistakable = true,
    };
    return waf;
}

} // namespace trawl::ingest::kinds::waf
