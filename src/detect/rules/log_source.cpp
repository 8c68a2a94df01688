#include "detect/rules/log_source.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "event/field_path.h"

namespace trawl::detect::rules {

namespace {

// The kinds by their ids, and other names under which rules call them.
constexpr std::array<std::string_view, 24> kinds = {"cloudtrail", "vpc_flow", "cloudwatch_logs", "s3_access", "config",
    "iam", "cloudfront", "elb", "cloudformation", "cloudfront_origin", "waf", "guardduty", "ebs_snapshot", "route53",
    "acm", "elasticsearch", "rds", "direct_connect", "ec2_metadata", "elastic_beanstalk", "cloudformation_stack",
    "elasticsearch_domain", "iot", "glue"};
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> other_names = {{{"vpcflow", "vpc_flow"},
    {"vpc_flow_logs", "vpc_flow"}, {"vpcflowlogs", "vpc_flow"}, {"s3access", "s3_access"}, {"alb", "elb"},
    {"route53_resolver", "route53"}, {"opensearch", "elasticsearch"}, {"cloudwatch", "cloudwatch_logs"}}};

std::string normalise(std::string_view service)
{
    std::string name = base::to_lower_ascii(base::trim(service));
    std::replace(name.begin(), name.end(), '-', '_');
    const auto* const other
        = std::find_if(other_names.begin(), other_names.end(), [&](const auto& names) { return names.first == name; });
    return other == other_names.end() ? name : std::string(other->second);
}

std::string nearest_kind(std::string_view name)
{
    std::string found;
    std::size_t best = 4;
    for (const std::string_view kind : kinds) {
        const std::size_t distance = base::edit_distance(name, kind, best);
        if (distance < best) {
            best = distance;
            found = kind;
        }
    }
    return found;
}

std::string_view text_of(const YamlNode* node)
{
    return node != nullptr && node->is_scalar() ? std::string_view(node->text) : std::string_view();
}

// Audit logs of EKS arrive as messages of CloudWatch Logs.
query::plan::Expression is_kubernetes_audit()
{
    query::plan::Expression test;
    test.kind = query::plan::ExpressionKind::match;
    test.path = event::FieldPath::parse("apiVersion");
    test.reach = event::Reach::any_element;
    test.match.test = query::plan::Test::starts_with;
    test.match.patterns.emplace_back("audit.k8s.io/");
    return test;
}

} // namespace

bool read_log_source(const YamlNode* node, base::Span rule, LogSource& source, Problems& problems)
{
    if (node == nullptr || !node->is_map()) {
        problems.error("E507", node == nullptr ? rule : node->span, "the rule needs a log source",
            "Write `logsource: {product: aws, service: cloudtrail}`.");
        return false;
    }
    for (const std::string_view name : {"product", "service", "category"}) {
        const YamlNode* const part = node->find(name);
        if (part != nullptr && !part->is_scalar() && !part->is_null()) {
            problems.error("E507", part->span, "the " + std::string(name) + " of a log source is a text");
            return false;
        }
    }
    const std::string product = base::to_lower_ascii(text_of(node->find("product")));
    const std::string service = normalise(text_of(node->find("service")));
    if (product == "kubernetes" && service == "audit") {
        source.kind = "cloudwatch_logs";
        source.condition = is_kubernetes_audit();
        return true;
    }
    if (product != "aws" || (service.empty() && node->find("category") != nullptr)) {
        source.is_foreign = true;
        return true;
    }
    if (!service.empty() && std::find(kinds.begin(), kinds.end(), service) == kinds.end()) {
        const std::string near = nearest_kind(service);
        problems.error("E507", node->find("service")->span, "there is no kind of AWS log '" + service + "'",
            near.empty() ? "`trawl kinds` lists them." : "Did you mean '" + near + "'?");
        return false;
    }
    source.kind = service;
    return true;
}

} // namespace trawl::detect::rules
