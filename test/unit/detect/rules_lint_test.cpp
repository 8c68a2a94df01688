#include <algorithm>

#include <doctest/doctest.h>

#include "rules_fixture.h"

namespace trawl::test {

namespace {

// Codes that lint gives besides those of parts that are missing (W501 to W509).
std::string lint_codes(std::string_view detection, std::string_view more = "")
{
    const ReadResult result = read(rule_of(detection, more), {}, detect::ReadFor::inspection);
    REQUIRE(!base::has_error(result.diagnostics));
    std::string codes;
    for (const base::Diagnostic& diagnostic : detect::lint(result.set)) {
        if (!diagnostic.code.starts_with("W50")) {
            codes += (codes.empty() ? "" : " ") + diagnostic.code;
        }
    }
    return codes;
}

std::string lint_item(std::string_view item)
{
    return lint_codes("  s:\n    eventName: X\n    " + std::string(item) + "\n  condition: s\n");
}

} // namespace

TEST_CASE("lint: what a rule should bring along")
{
    const ReadResult bare = read(
        "title: A\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n  s: {eventName: X}\n  condition: s\n",
        {}, detect::ReadFor::inspection);
    std::vector<std::string> codes;
    for (const base::Diagnostic& diagnostic : detect::lint(bare.set)) {
        CHECK(!diagnostic.help.empty());
        codes.push_back(diagnostic.code);
    }
    for (const char* const code : {"W501", "W502", "W503", "W504", "W505", "W506", "W507", "W508"}) {
        CHECK(std::find(codes.begin(), codes.end(), code) != codes.end());
    }
    const ReadResult whole = read(R"(title: A
id: 0a7c0000-0000-4000-8000-000000000001
level: high
technique: root-activity
tags: [attack.t1537]
falsepositives: [x]
message: x
response: x
logsource: {product: aws, service: cloudtrail}
detection:
  s: {eventSource: ec2.amazonaws.com, eventName: RunInstances}
  condition: s
test_base: {eventVersion: '1.09', userIdentity: {type: Root}, eventSource: ec2.amazonaws.com}
tests:
  - {name: a, event: {eventName: RunInstances}, expect: match}
  - {name: b, event: {eventName: StopInstances}, expect: quiet}
)",
        {}, detect::ReadFor::inspection);
    CHECK(detect::lint(whole.set).empty());
}

TEST_CASE("lint: conditions")
{
    CHECK(lint_codes("  s: {errorCode: null}\n  condition: s\n") == "E554");
    CHECK(lint_codes("  f: {eventName: X}\n  condition: not f\n") == "E554");
    CHECK(lint_codes("  a: {eventName: X}\n  f: {eventName: Y}\n  condition: a or not f\n") == "E554");
    CHECK(lint_codes("  a: {eventName: X}\n  b: {eventName: Y}\n  condition: a and b\n") == "E555");
    CHECK(lint_codes("  a: {eventName: [X, Y]}\n  b: {eventName: y}\n  condition: a and b\n") == "");
    CHECK(lint_codes("  a: {eventName: X}\n  filter_x: {awsRegion: eu-west-1}\n  condition: 1 of them\n") == "W514");
    CHECK(lint_codes("  a: {eventName: X}\n  filter_x: {awsRegion: eu-west-1}\n  condition: a and not 1 of filter_*\n")
        == "");
    CHECK(lint_codes("  a: {eventName: X}\n  b: {eventName: Y}\n  condition: a\n") == "W513");
    CHECK(
        lint_codes("  a: {eventName: X}\n  f: {userAgent|contains: Terraform}\n  condition: a and not f\n") == "W515");
    CHECK(lint_codes(
              "  a: {eventName: X}\n  f: {userIdentity.invokedBy|endswith: amazonaws.com}\n  condition: a and not f\n")
        == "W515");
    CHECK(lint_codes("  a: {eventName: X}\n  f: {readOnly: true}\n  condition: a and not f\n") == "W516");
    CHECK(
        lint_codes("  a: {eventName: X}\n  f: {userIdentity.type: AssumedRole}\n  condition: a and not f\n") == "W516");
}

TEST_CASE("lint: names, sources, values and fields")
{
    CHECK(lint_codes("  s: {eventName: PassRole}\n  condition: s\n") == "E551");
    CHECK(lint_codes("  s: {eventName: [PutBucketLifecycle, PutLifecycleConfiguration]}\n  condition: s\n") == "W528");
    CHECK(lint_item("errorCode: Success") == "E552");
    CHECK(lint_codes(
              "  s: {eventName: X}\n  a: {errorCode: Success}\n  b: {errorCode: null}\n  condition: s and (a or b)\n")
        == "W510");
    CHECK(lint_codes("  s: {eventSource: lambda.amazonaws.com, eventName: UpdateFunctionCode}\n  condition: s\n")
        == "E553");
    CHECK(lint_codes("  s: {eventSource: lambda.amazonaws.com, eventName|api: UpdateFunctionCode}\n  condition: s\n")
        == "");
    CHECK(lint_codes(
              "  s: {eventSource: lambda.amazonaws.com, eventName|startswith: UpdateFunctionCode}\n  condition: s\n")
        == "");
    CHECK(lint_item("useragent: x") == "E556");
    CHECK(lint_item("userIdentity.Type: x") == "E556");
    CHECK(lint_item("status: success") == "W519");
    CHECK(lint_item("requestParameters|contains: x") == "W520");
    CHECK(lint_item("requestParameters.ipPermissions|contains: 0.0.0.0/0") == "W511");
    CHECK(lint_item("requestParameters.ipPermissions.fromPort: 22") == "W512");
    CHECK(lint_item("additionalEventData.MFAUsed: 'false'") == "W517");
    CHECK(lint_item("additionalEventData.MFAUsed: 'NO'") == "");
    CHECK(lint_item("eventSource: ec2") == "E557");
    CHECK(lint_item("eventSource: route53_domains.amazonaws.com") == "E557");
    CHECK(
        lint_codes("  s: {eventSource: route53.amazonaws.com, eventName: DisableDomainTransferLock}\n  condition: s\n")
        == "E558");
    CHECK(lint_codes("  s: {eventSource: iam.amazonaws.com, eventName: [CreateUser, AssumeRole]}\n  condition: s\n")
        == "W525");
    const char* const test = "tests:\n  - {name: a, event: {eventVersion: '1', userIdentity: {}, eventSource: "
                             "ec2.amazonaws.com, eventName: RunInstances}, expect: match}\n";
    CHECK(
        lint_codes("  s: {eventSource: ec2.amazonaws.com, eventName: RunInstnaces}\n  condition: s\n", test) == "W526");
    CHECK(lint_codes(
              "  s: {eventName: X}\n  condition: s\n", "tests:\n  - {name: a, event: {eventName: X}, expect: match}\n")
        == "W527");
}

TEST_CASE("lint: correlations and twins")
{
    const std::string base = "---\ntitle: Base\nname: b\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n  "
                             "s: {eventName: X}\n  condition: s\n";
    const auto codes = [&](std::string_view body) {
        const ReadResult result = read(
            "title: C\nlevel: low\ncorrelation: " + std::string(body) + "\n" + base, {}, detect::ReadFor::inspection);
        REQUIRE(result.codes().empty());
        std::string found;
        for (const base::Diagnostic& diagnostic : detect::lint(result.set)) {
            found += diagnostic.code.starts_with("W50") ? "" : diagnostic.code + " ";
        }
        return found;
    };
    CHECK(codes("{type: event_count, rules: [b], group-by: [sourceIPAddress], timespan: 1h, condition: {gte: 1}}")
        == "W522 ");
    CHECK(codes("{type: event_count, rules: [b], timespan: 1h, condition: {gte: 5}}") == "W521 ");
    CHECK(codes("{type: event_count, rules: [b], group-by: [sourceIpAddress], timespan: 1h, condition: {gte: 5}}")
        == "E556 ");
    CHECK(codes("{type: event_count, rules: [b], group-by: [user], timespan: 1h, condition: {gte: 5}}") == "W519 ");
    CHECK(codes("{type: value_count, rules: [b], group-by: [userAgent], timespan: 1h, condition: {field: userAgent, "
                "gte: 5}}")
        == "W523 ");
    const std::string rule = rule_of("  s: {eventName: X}\n  condition: s\n");
    const ReadResult twins = read("id: a\n" + rule + "---\nid: b\n" + rule, {}, detect::ReadFor::inspection);
    const std::vector<base::Diagnostic> told = detect::lint(twins.set);
    CHECK(std::count_if(told.begin(), told.end(), [](const base::Diagnostic& one) { return one.code == "W509"; }) == 1);
}

} // namespace trawl::test
