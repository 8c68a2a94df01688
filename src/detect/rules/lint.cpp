#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "base/text.h"
#include "detect/rules/event_catalogue.h"
#include "detect/rules/expression_lint.h"
#include "detect/rules/rule.h"
#include "event/json.h"

namespace trawl::detect {

namespace {

bool is_uuid(std::string_view id)
{
    constexpr std::size_t size = 36;
    if (id.size() != size) {
        return false;
    }
    for (std::size_t at = 0; at < size; ++at) {
        const bool is_dash = at == 8 || at == 13 || at == 18 || at == 23;
        const char c = base::lower_ascii(id[at]);
        if (is_dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            return false;
        }
    }
    return true;
}

class RuleLint {
public:
    RuleLint(const RuleSet& rules, std::vector<base::Diagnostic>& diagnostics)
        : rules_(rules), diagnostics_(diagnostics), catalogue_(rules)
    {
    }

    void run()
    {
        for (const Rule& rule : rules_.rules) {
            if (rule.is_inner) {
                continue;
            }
            for (const base::Diagnostic& hint : rule.hints) {
                // No finding tells the level and id of a base.
                if (!rule.is_base || (hint.code != "W501" && hint.code != "W503")) {
                    diagnostics_.push_back(hint);
                }
            }
            lint_parts(rule);
            if (rule.condition) {
                rules::lint_condition(rule, catalogue_, diagnostics_);
            }
            if (rule.correlation) {
                lint_correlation(rule);
            }
        }
        find_twins();
    }

private:
    void warn(const char* code, const Rule& rule, std::string message, std::string help)
    {
        diagnostics_.push_back(
            {base::Severity::warning, code, std::move(message), std::move(help), rule.span, rule.file});
    }

    // What a rule should bring along. Bases of correlations make no findings, so that they need little.
    void lint_parts(const Rule& rule)
    {
        if (!is_uuid(rule.id)) {
            warn("W503", rule, "the rule's id is no UUID: " + rule.id,
                "Write one of your own, as `uuidgen` makes them.");
        }
        if (rule.is_base) {
            return;
        }
        if (rule.message.empty()) {
            warn("W504", rule, "the rule has no message", "Add `message: \"{who} did … to {resource}\"`.");
        }
        if (rule.falsepositives.empty()) {
            warn("W505", rule, "the rule names no false positives",
                "Add `falsepositives`: who may do this, and which list leaves them out.");
        }
        if (rule.techniques.empty()) {
            warn("W506", rule, "the rule has no technique", "Add `technique:` with one of the 15 of docs/RULES.md.");
        }
        if (rule.mitre.empty()) {
            warn("W507", rule, "no tag names a technique of ATT&CK", "Add a tag such as `attack.t1562.008`.");
        }
        if (rule.response.empty()) {
            warn("W508", rule, "the rule has no response", "Add `response:` what a person should check first.");
        }
        lint_tests(rule);
    }

    static bool expects_findings(const RuleTest& test)
    {
        return test.match.value_or(false) || test.findings.value_or(0) > 0
            || (!test.match && !test.findings && test.count.value_or(0) > 0);
    }

    void lint_tests(const Rule& rule)
    {
        const auto hits = std::count_if(rule.tests.begin(), rule.tests.end(), expects_findings);
        if (hits == 0) {
            warn("W502", rule, "no test expects the rule to match",
                "Add a test with a complete record and `expect: match`.");
        }
        if (hits == static_cast<std::ptrdiff_t>(rule.tests.size())) {
            warn("W502", rule, "no test expects the rule to be quiet",
                "Add a test with a record that almost matches and `expect: quiet`.");
        }
        if (rule.kind != "cloudtrail") {
            return;
        }
        for (const RuleTest& test : rule.tests) {
            for (const std::string& record : test.events) {
                const bool is_stub = record.starts_with('{')
                    && (event::json::member(record, "eventVersion").type() == event::Type::missing
                        || event::json::member(record, "userIdentity").type() == event::Type::missing);
                if (is_stub) {
                    warn("W527", rule, "the test '" + test.name + "' has no complete record",
                        "Use a record as CloudTrail writes it.");
                    break;
                }
            }
        }
    }

    void lint_correlation(const Rule& rule)
    {
        using query::plan::Comparison;
        const Correlation& correlation = *rule.correlation;
        const bool counts
            = correlation.type == CorrelationType::event_count || correlation.type == CorrelationType::value_count;
        for (const CorrelationBound& bound : correlation.bounds) {
            const bool is_always = (bound.comparison == Comparison::greater_equal && bound.number <= 1)
                || (bound.comparison == Comparison::greater && bound.number < 1);
            if (counts && is_always) {
                warn("W522", rule, "one event meets the threshold", "A rule without correlation says the same.");
            }
        }
        if (correlation.group_by.empty()) {
            warn("W521", rule, "the correlation has no group-by: all accounts and principals are counted together",
                "Add `group-by: ['@principal']`.");
        }
        std::vector<std::string> fields = correlation.group_by;
        fields.insert(fields.end(), correlation.value_fields.begin(), correlation.value_fields.end());
        for (const std::string& field : fields) {
            lint_field(rule, field);
        }
        for (const std::string& field : correlation.value_fields) {
            if (std::find(correlation.group_by.begin(), correlation.group_by.end(), field)
                != correlation.group_by.end()) {
                warn("W523", rule, "values of " + field + " are counted in groups of one value of it",
                    "Count another field.");
            }
        }
    }

    void lint_field(const Rule& rule, const std::string& field)
    {
        const bool is_cloudtrail
            = std::all_of(rule.correlation->rule_indexes.begin(), rule.correlation->rule_indexes.end(),
                [&](std::size_t base) { return rules_.rules[base].kind == "cloudtrail"; });
        if (!is_cloudtrail || rule.correlation->aliases.count(field) > 0) {
            return;
        }
        const std::string other = rules::other_case_of_field(field);
        const std::string top = field.substr(0, field.find('.'));
        if (!other.empty()) {
            diagnostics_.push_back(
                {base::Severity::error, "E556", "names of fields are case-sensitive, and no record has '" + field + "'",
                    "Write `" + other + "`.", rule.span, rule.file});
        } else if (!rules::is_known_top_field(top)) {
            warn("W519", rule, "records of CloudTrail have no field '" + top + "': no event falls into a group",
                "`trawl kinds cloudtrail` lists the fields.");
        }
    }

    void find_twins()
    {
        std::map<std::string, const Rule*> seen;
        for (const Rule& rule : rules_.rules) {
            if (!rule.condition || rule.is_base) {
                continue;
            }
            const std::string key = rule.kind + "/" + std::to_string(static_cast<int>(rule.level)) + "/"
                + rules::condition_key(*rule.condition);
            const auto [entry, is_new] = seen.try_emplace(key, &rule);
            if (!is_new) {
                warn("W509", rule, "this rule matches what '" + entry->second->title + "' matches, at the same level",
                    "Keep one of them.");
            }
        }
    }

    const RuleSet& rules_;
    std::vector<base::Diagnostic>& diagnostics_;
    rules::EventCatalogue catalogue_;
};

} // namespace

std::vector<base::Diagnostic> lint(const RuleSet& rules)
{
    std::vector<base::Diagnostic> diagnostics;
    RuleLint(rules, diagnostics).run();
    // A selection may stand in a condition twice.
    std::vector<base::Diagnostic> once;
    std::set<std::string> told;
    for (base::Diagnostic& diagnostic : diagnostics) {
        if (told.insert(diagnostic.code + '\n' + diagnostic.file + '\n' + std::to_string(diagnostic.span.start) + '\n'
                    + diagnostic.message)
                .second) {
            once.push_back(std::move(diagnostic));
        }
    }
    return once;
}

} // namespace trawl::detect
