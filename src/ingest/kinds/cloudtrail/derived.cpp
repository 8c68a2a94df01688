#include "ingest/kinds/cloudtrail/derived.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "base/time.h"
#include "event/json.h"

namespace trawl::ingest::kinds::cloudtrail {

using event::json::member;
using event::Type;
using event::Value;

namespace {

bool has_text(const Value& value)
{
    return value.type() == Type::string && !value.raw().empty();
}

bool equals(const Value& value, std::string_view text)
{
    return value.type() == Type::string && base::equal_ignoring_case(value.raw(), text);
}

// `part` begins with a character that has no case.
bool contains_ignoring_case(std::string_view text, std::string_view part)
{
    for (std::size_t at = text.find(part.front()); at != std::string_view::npos; at = text.find(part.front(), at + 1)) {
        if (base::equal_ignoring_case(text.substr(at, part.size()), part)) {
            return true;
        }
    }
    return false;
}

bool is_true(const Value& value)
{
    return (value.type() == Type::boolean && value.as_boolean()) || equals(value, "true");
}

Value truth(bool value)
{
    return Value::boolean(value);
}

// Inputs: eventTime
Value derive_timestamp(DeriveInputs& inputs)
{
    const Value time = inputs.input(0);
    if (time.type() != Type::string) {
        return {};
    }
    const auto parsed = base::parse_time(time.raw());
    return parsed ? Value::time(*parsed) : Value();
}

// Inputs: recipientAccountId, userIdentity.accountId
Value derive_account(DeriveInputs& inputs)
{
    const Value recipient = inputs.input(0);
    if (has_text(recipient)) {
        return recipient;
    }
    const Value caller = inputs.input(1);
    if (has_text(caller)) {
        return caller;
    }
    return inputs.context().account.empty() ? Value() : Value::string(inputs.context().account);
}

// Inputs: awsRegion
Value derive_region(DeriveInputs& inputs)
{
    const Value region = inputs.input(0);
    if (has_text(region)) {
        return region;
    }
    return inputs.context().region.empty() ? Value() : Value::string(inputs.context().region);
}

// The key by which events of one caller belong together (DETECTIONS 2.6): the issuer of a role session, so that its
// sessions are one; the user's or root's ARN; the service; else the best name there is.
// Inputs: userIdentity.sessionContext.sessionIssuer.arn, userIdentity.arn, .invokedBy, .principalId, .userName, .accountId, .type
Value derive_principal(DeriveInputs& inputs)
{
    for (std::size_t i = 0; i < inputs.count(); ++i) {
        const Value value = inputs.input(i);
        if (has_text(value)) {
            return value;
        }
    }
    return {};
}

// Inputs: sourceIPAddress
Value derive_first(DeriveInputs& inputs)
{
    const Value value = inputs.input(0);
    return has_text(value) ? value : Value();
}

// Inputs: eventSource, eventName
Value derive_action(DeriveInputs& inputs)
{
    const Value source = inputs.input(0);
    const Value name = inputs.input(1);
    if (!has_text(source) || !has_text(name)) {
        return name;
    }
    const std::string_view service = source.text(inputs.arena());
    const std::string_view call = name.text(inputs.arena());
    const std::size_t size = service.size() + 1 + call.size();
    auto* const action = static_cast<char*>(inputs.arena().allocate(size));
    std::copy(call.begin(), call.end(), std::copy(service.begin(), service.end(), action) + 1);
    action[service.size()] = ':';
    return Value::string({action, size});
}

bool has_members(const Value& value)
{
    bool found = false;
    if (value.type() == Type::object) {
        event::json::for_each_member(value.raw(), [&found](Value, Value) {
            found = true;
            return false;
        });
    } else if (value.type() == Type::array) {
        found = event::json::element(value.raw(), 0).type() != Type::missing;
    }
    return found;
}

// Whether a response tells of a failure: a sign-in's, or that of items of a batch call that succeeded as a whole.
// `unsuccessful: ""` and `[]` are successes.
bool tells_of_failure(const Value& response)
{
    if (response.type() != Type::object) {
        return false;
    }
    event::json::MemberCursor members(response.raw());
    Value key;
    Value value;
    while (members.next(key, value)) {
        const std::string_view name = key.raw();
        if (value.type() == Type::object) {
            if (value.raw().find("\"unsuccessful\"") != std::string_view::npos
                && has_members(member(value.raw(), "unsuccessful"))) {
                return true;
            }
        } else if (name == "ConsoleLogin") {
            if (equals(value, "Failure")) {
                return true;
            }
        } else if (value.type() == Type::array
            && (name == "failedEntries" || name == "errors" || name == "unsuccessful")) {
            if (has_members(value)) {
                return true;
            }
        }
    }
    return false;
}

bool succeeded(const Value& error_code, const Value& response, const Value& details, const Value& event_name)
{
    if (has_text(error_code)) {
        return false;
    }
    if (details.type() == Type::object && has_text(event_name)
        && equals(member(details.raw(), event_name.raw()), "Failure")) {
        return false;
    }
    return !tells_of_failure(response);
}

// The shared predicate `ok`. Inputs: errorCode, responseElements, serviceEventDetails, eventName
Value derive_ok(DeriveInputs& inputs)
{
    return truth(succeeded(inputs.input(0), inputs.input(1), inputs.input(2), inputs.input(3)));
}

Value derive_outcome(DeriveInputs& inputs)
{
    return Value::string(
        succeeded(inputs.input(0), inputs.input(1), inputs.input(2), inputs.input(3)) ? "success" : "failure");
}

// The shared predicate `den`: the call was refused for lack of permission. Inputs: errorCode
Value derive_denied(DeriveInputs& inputs)
{
    const Value code = inputs.input(0);
    if (!has_text(code)) {
        return truth(false);
    }
    constexpr std::array<std::string_view, 8> endings {"accessdenied", "accessdeniedexception", "unauthorizedoperation",
        "unauthorizedaccess", "notauthorized", "authorizationerror", "forbidden", "notauthorizedexception"};
    const std::string lower = base::to_lower_ascii(code.raw());
    return truth(std::any_of(
        endings.begin(), endings.end(), [&lower](std::string_view ending) { return lower.ends_with(ending); }));
}

// The shared predicate `aws_self`: AWS acts for itself. invokedBy alone says nothing: a person acting through
// CloudFormation has it too. Inputs: eventType, userIdentity.type, userIdentity.sessionContext.sessionIssuer.arn,
// userIdentity.arn, .userName, .principalId
Value derive_aws_self(DeriveInputs& inputs)
{
    const Value type = inputs.input(1);
    if (equals(type, "AWSService")) {
        return truth(true);
    }
    const Value issuer = inputs.input(2);
    if (has_text(issuer) && contains_ignoring_case(issuer.raw(), ":role/aws-service-role/")) {
        return truth(true);
    }
    if (!equals(inputs.input(0), "AwsServiceEvent")) {
        return truth(false);
    }
    const bool person = has_text(inputs.input(3)) || has_text(inputs.input(4)) || has_text(inputs.input(5))
        || equals(type, "Unknown") || equals(type, "IdentityCenterUser");
    return truth(!person);
}

// The shared predicate `sso`: signed in at an identity provider, where MFA happens.
// Inputs: userIdentity.type, eventName, additionalEventData, userIdentity.sessionContext.sessionIssuer.arn
Value derive_sso(DeriveInputs& inputs)
{
    const Value type = inputs.input(0);
    const Value issuer = inputs.input(3);
    if (has_text(issuer) && contains_ignoring_case(issuer.raw(), "/aws-reserved/sso.amazonaws.com/")) {
        return truth(true);
    }
    const Value extra = inputs.input(2);
    if (extra.type() == Type::object && !member(extra.raw(), "SamlProviderArn").is_absent()) {
        return truth(true);
    }
    return truth(equals(inputs.input(1), "ConsoleLogin")
        && (equals(type, "AssumedRole") || equals(type, "SAMLUser") || equals(type, "FederatedUser")));
}

// The shared predicate `read`. Inputs: readOnly, eventName
Value derive_read(DeriveInputs& inputs)
{
    const Value read_only = inputs.input(0);
    if (!read_only.is_absent()) {
        return truth(is_true(read_only));
    }
    constexpr std::array<std::string_view, 10> starts {
        "Get", "List", "Describe", "Head", "Lookup", "Search", "BatchGet", "Query", "Scan", "Select"};
    const Value name = inputs.input(1);
    return truth(name.type() == Type::string
        && std::any_of(
            starts.begin(), starts.end(), [&name](std::string_view start) { return name.raw().starts_with(start); }));
}

// What the call acted on: the first of resources[].ARN, else the usual names of requestParameters.
// Inputs: resources, requestParameters
Value derive_resource(DeriveInputs& inputs)
{
    const Value resources = inputs.input(0);
    if (resources.type() == Type::array) {
        const Value first = event::json::element(resources.raw(), 0);
        for (const std::string_view name : {"ARN", "arn"}) {
            const Value arn = member(first.raw(), name);
            if (has_text(arn)) {
                return arn;
            }
        }
    }
    const Value parameters = inputs.input(1);
    if (parameters.type() != Type::object) {
        return {};
    }
    Value best;
    int best_rank = 4;
    event::json::MemberCursor members(parameters.raw());
    Value key;
    Value value;
    while (best_rank > 1 && members.next(key, value)) {
        if (!has_text(value)) {
            continue;
        }
        const std::string_view name = key.raw();
        const int rank = name.ends_with("Arn") || name.ends_with("ARN") ? 1
            : name.ends_with("Name") || name == "name"                  ? 2
            : name.ends_with("Id") || name == "id"                      ? 3
                                                                        : 4;
        if (rank < best_rank) {
            best = value;
            best_rank = rank;
        }
    }
    return best;
}

} // namespace

std::optional<base::Time> usual_time(const Value& time)
{
    return time.type() == Type::string ? base::parse_time(time.raw()) : std::nullopt;
}

bool is_usual_time(const Value& time, const Value& /*second*/)
{
    return time.type() == Type::string && base::is_common_time(time.raw());
}

std::span<const DerivedField> derived_fields()
{
    static const std::vector<DerivedField> fields {
        {"@timestamp", "time", "eventTime", {"eventTime"}, derive_timestamp},
        {"@account", "string", "recipientAccountId, else userIdentity.accountId, else the account of the object's key",
            {"recipientAccountId", "userIdentity.accountId"}, derive_account},
        {"@region", "string", "awsRegion", {"awsRegion"}, derive_region},
        {"@principal", "string", "The caller: issuer of a role session, ARN of a user or of root, service name",
            {"userIdentity.sessionContext.sessionIssuer.arn", "userIdentity.arn", "userIdentity.invokedBy",
                "userIdentity.principalId", "userIdentity.userName", "userIdentity.accountId", "userIdentity.type"},
            derive_principal},
        {"@src_ip", "string", "sourceIPAddress", {"sourceIPAddress"}, derive_first},
        {"@action", "string", "eventSource:eventName", {"eventSource", "eventName"}, derive_action},
        {"@resource", "string", "resources[0].ARN, else the usual Arn, Name or Id of requestParameters",
            {"resources", "requestParameters"}, derive_resource},
        {"@outcome", "string", "success or failure, sign-ins and batch calls included",
            {"errorCode", "responseElements", "serviceEventDetails", "eventName"}, derive_outcome},
        {"@user_agent", "string", "userAgent", {"userAgent"}, derive_first},
        {"@ok", "boolean", "Whether the call succeeded",
            {"errorCode", "responseElements", "serviceEventDetails", "eventName"}, derive_ok},
        {"@denied", "boolean", "Whether the call was refused for lack of permission", {"errorCode"}, derive_denied},
        {"@aws_self", "boolean", "Whether AWS acted for itself: a service, or a service-linked role",
            {"eventType", "userIdentity.type", "userIdentity.sessionContext.sessionIssuer.arn", "userIdentity.arn",
                "userIdentity.userName", "userIdentity.principalId"},
            derive_aws_self},
        {"@sso", "boolean", "Whether the caller signed in at an identity provider",
            {"userIdentity.type", "eventName", "additionalEventData", "userIdentity.sessionContext.sessionIssuer.arn"},
            derive_sso},
        {"@read", "boolean", "Whether the call only reads", {"readOnly", "eventName"}, derive_read},
        {"@rules", "array", "Network permissions of the call, one for each range and port range",
            {"eventSource", "eventName", "requestParameters", "responseElements"}, derive_network_rules},
        {"@statements", "array", "Policy statements of the call, from every place where a policy may stand",
            {"requestParameters", "recipientAccountId"}, derive_policy_statements},
    };
    return fields;
}

} // namespace trawl::ingest::kinds::cloudtrail
