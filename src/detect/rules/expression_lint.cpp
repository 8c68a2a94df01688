#include "detect/rules/expression_lint.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "detect/rules/sigma_text.h"

namespace trawl::detect::rules {

using query::plan::Expression;
using query::plan::ExpressionKind;
using query::plan::Test;

namespace {

// Whether the condition holds for a record without any field.
bool holds_for_nothing(const Expression& expression)
{
    switch (expression.kind) {
    case ExpressionKind::constant: return expression.literal.boolean;
    case ExpressionKind::negation: return !holds_for_nothing(expression.operands.front());
    case ExpressionKind::conjunction:
        return std::all_of(expression.operands.begin(), expression.operands.end(), holds_for_nothing);
    case ExpressionKind::disjunction:
        return std::any_of(expression.operands.begin(), expression.operands.end(), holds_for_nothing);
    case ExpressionKind::match: return expression.match.test == Test::absent || expression.match.test == Test::empty;
    default: return false;
    }
}

bool is_exact(const Expression& leaf)
{
    return leaf.kind == ExpressionKind::match && leaf.match.test == Test::text
        && std::none_of(leaf.match.patterns.begin(), leaf.match.patterns.end(), has_wildcards);
}

std::set<std::string> lower_values(const Expression& leaf)
{
    std::set<std::string> values;
    for (const std::string& pattern : leaf.match.patterns) {
        values.insert(base::to_lower_ascii(plain_text(pattern)));
    }
    return values;
}

// The parts of nested conjunctions.
void flatten(const Expression& expression, std::vector<const Expression*>& parts)
{
    if (expression.kind != ExpressionKind::conjunction) {
        parts.push_back(&expression);
        return;
    }
    for (const Expression& operand : expression.operands) {
        flatten(operand, parts);
    }
}

class ConditionLint {
public:
    ConditionLint(const Rule& rule, const EventCatalogue& catalogue, std::vector<base::Diagnostic>& diagnostics)
        : rule_(rule), catalogue_(catalogue), diagnostics_(diagnostics), is_cloudtrail_(rule.kind == "cloudtrail")
    {
    }

    void run()
    {
        if (holds_for_nothing(*rule_.condition)) {
            tell(base::Severity::error, "E554", rule_.span,
                "the condition also holds for records that have none of its fields",
                "Add a selection that says what the record is: an `eventName`, for instance.");
        }
        visit(*rule_.condition, /*is_negated=*/false, /*is_alternative=*/false);
        lint_conjunction(*rule_.condition);
    }

private:
    void tell(base::Severity severity, const char* code, base::Span span, std::string message, std::string help)
    {
        diagnostics_.push_back({severity, code, std::move(message), std::move(help), span, rule_.file});
    }
    void error(const char* code, const Expression& leaf, std::string message, std::string help)
    {
        tell(base::Severity::error, code, leaf.span, std::move(message), std::move(help));
    }
    void warn(const char* code, const Expression& leaf, std::string message, std::string help)
    {
        tell(base::Severity::warning, code, leaf.span, std::move(message), std::move(help));
    }

    // `is_alternative`: the expression stands in a disjunction.
    void visit(const Expression& expression, bool is_negated, bool is_alternative)
    {
        switch (expression.kind) {
        case ExpressionKind::negation:
            lint_exclusion(expression.operands.front());
            visit(expression.operands.front(), !is_negated, is_alternative);
            return;
        case ExpressionKind::conjunction:
        case ExpressionKind::disjunction:
            for (const Expression& operand : expression.operands) {
                visit(operand, is_negated, expression.kind == ExpressionKind::disjunction);
            }
            return;
        case ExpressionKind::match: lint_leaf(expression, is_alternative); return;
        case ExpressionKind::element: lint_field(expression); return;
        default: return;
        }
    }

    void lint_leaf(const Expression& leaf, bool is_alternative)
    {
        lint_field(leaf);
        lint_networks(leaf);
        if (!is_cloudtrail_) {
            return;
        }
        const std::string& field = leaf.path.text;
        if (field == "eventName") {
            lint_names(leaf);
        } else if (field == "eventSource") {
            lint_sources(leaf);
        } else if (field == "errorCode" && is_exact(leaf) && lower_values(leaf).count("success") > 0) {
            const bool is_alone = !is_alternative && leaf.match.patterns.size() == 1;
            tell(is_alone ? base::Severity::error : base::Severity::warning, is_alone ? "E552" : "W510", leaf.span,
                "CloudTrail writes no errorCode on success", "Write `errorCode: null`, or `'@ok': true`.");
        } else {
            lint_values(leaf);
        }
    }

    void lint_field(const Expression& leaf)
    {
        const std::string& field = leaf.path.text;
        if (!is_cloudtrail_ || field.empty() || field.starts_with('@')) {
            return;
        }
        const std::string other = other_case_of_field(field);
        if (!other.empty()) {
            error("E556", leaf, "names of fields are case-sensitive, and no record has '" + field + "'",
                "Write `" + other + "`.");
            return;
        }
        const std::string top = field.substr(0, field.find('.'));
        if (!is_known_top_field(top)) {
            const std::string near = nearest_top_field(top);
            warn("W519", leaf, "records of CloudTrail have no field '" + top + "'",
                near.empty() ? "`trawl kinds cloudtrail` lists the fields." : "Did you mean `" + near + "`?");
        }
        const bool is_whole = field == "requestParameters" || field == "responseElements";
        if (is_whole && (leaf.match.test == Test::contains || leaf.match.test == Test::regex)) {
            warn("W520", leaf, "this looks into the text of the whole of " + field + ", names of fields included",
                "Name the field that holds the value.");
        }
    }

    void lint_networks(const Expression& leaf)
    {
        const auto is_world = [](const std::string& text) {
            return text.find("0.0.0.0/0") != std::string::npos || text.find("::/0") != std::string::npos;
        };
        const bool is_text = leaf.match.test == Test::text || leaf.match.test == Test::contains;
        if (is_text && std::any_of(leaf.match.patterns.begin(), leaf.match.patterns.end(), is_world)) {
            warn("W511", leaf,
                "a range of addresses is compared as text: other spellings, IPv6 and the ports beside it are missed",
                "Write `'@rules|any': {direction: ingress, source|world: true, ports|overlaps: [22]}`.");
        }
        const std::string& field = leaf.path.text;
        if (leaf.match.test == Test::text && (field.ends_with(".fromPort") || field.ends_with(".toPort"))) {
            warn("W512", leaf, "an end of a range of ports is compared with a port: wider ranges are missed",
                "Write `'@rules|any': {ports|overlaps: [22]}`.");
        }
    }

    // A dead name beside living ones does no harm but mislead.
    void lint_names(const Expression& leaf)
    {
        if (leaf.match.test != Test::text) {
            return;
        }
        const bool are_all_dead = std::all_of(leaf.match.patterns.begin(), leaf.match.patterns.end(),
            [](const std::string& name) { return find_confused_name(name) != nullptr; });
        for (const std::string& name : leaf.match.patterns) {
            if (const ConfusedName* const confused = find_confused_name(name)) {
                tell(are_all_dead ? base::Severity::error : base::Severity::warning, are_all_dead ? "E551" : "W528",
                    leaf.span, "no event is called " + name, std::string(confused->advice));
            }
        }
    }

    void lint_sources(const Expression& leaf)
    {
        if (!is_exact(leaf)) {
            return;
        }
        for (const std::string& source : leaf.match.patterns) {
            if (!source.ends_with(".amazonaws.com") || source.find('_') != std::string::npos) {
                error(
                    "E557", leaf, "no event comes from the source " + source, "Sources look like `ec2.amazonaws.com`.");
            }
        }
    }

    // Values that AWS never writes.
    void lint_values(const Expression& leaf)
    {
        struct Values {
            std::string_view field;
            std::array<std::string_view, 2> known;
        };
        static constexpr std::array<Values, 3> all = {
            {{"additionalEventData.MFAUsed", {"yes", "no"}}, {"responseElements.ConsoleLogin", {"success", "failure"}},
                {"additionalEventData.MobileVersion", {"yes", "no"}}}};
        const auto* const values
            = std::find_if(all.begin(), all.end(), [&](const Values& one) { return one.field == leaf.path.text; });
        if (values == all.end() || !is_exact(leaf)) {
            return;
        }
        for (const std::string& value : lower_values(leaf)) {
            if (std::find(values->known.begin(), values->known.end(), value) == values->known.end()) {
                warn("W517", leaf, leaf.path.text + " is never '" + value + "'",
                    "It is " + std::string(values->known[0]) + " or " + std::string(values->known[1])
                        + ", in any case.");
            }
        }
    }

    // What `not` takes away by itself.
    void lint_exclusion(const Expression& excluded)
    {
        if (!is_cloudtrail_ || excluded.kind != ExpressionKind::match || excluded.match.test == Test::absent) {
            return;
        }
        const std::string& field = excluded.path.text;
        if (field == "userAgent" || field == "@user_agent") {
            warn("W515", excluded, "the user agent alone decides to be quiet, and whoever calls can choose it",
                "Let the principal be of a list too.");
        } else if (field == "userIdentity.invokedBy") {
            warn("W515", excluded, "invokedBy alone decides to be quiet; people act through services too",
                "Write `'@aws_self': true` in the filter.");
        } else if (field == "readOnly" || field == "@read") {
            warn("W516", excluded, "calls like AssumeRole and GetSecretValue are read-only and are lost",
                "Name the calls instead.");
        } else if (field == "userIdentity.type" && is_exact(excluded)
            && lower_values(excluded).count("assumedrole") > 0) {
            warn("W516", excluded, "all roles, SSO users among them, are lost", "Exclude the principals of a list.");
        }
    }

    // Which names meet which sources in one conjunction.
    void lint_conjunction(const Expression& expression)
    {
        if (expression.kind == ExpressionKind::disjunction) {
            for (const Expression& operand : expression.operands) {
                lint_conjunction(operand);
            }
            return;
        }
        std::vector<const Expression*> parts;
        flatten(expression, parts);
        std::vector<const Expression*> names;
        std::vector<const Expression*> sources;
        for (const Expression* const part : parts) {
            if (part->kind == ExpressionKind::disjunction) {
                lint_conjunction(*part);
            }
            if (part->kind != ExpressionKind::match || part->match.test != Test::text) {
                continue;
            }
            if (part->path.text == "eventName") {
                names.push_back(part);
            } else if (part->path.text == "eventSource") {
                sources.push_back(part);
            }
        }
        if (!is_cloudtrail_) {
            return;
        }
        lint_contradiction(names);
        lint_contradiction(sources);
        if (sources.size() == 1 && is_exact(*sources.front())) {
            for (const Expression* const name : names) {
                lint_pair(*name, lower_values(*sources.front()));
            }
        }
    }

    void lint_contradiction(const std::vector<const Expression*>& leaves)
    {
        for (std::size_t at = 1; at < leaves.size(); ++at) {
            const Expression& first = *leaves.front();
            const Expression& other = *leaves[at];
            if (!is_exact(first) || !is_exact(other) || first.match.cut_api_version || other.match.cut_api_version) {
                continue;
            }
            const std::set<std::string> values = lower_values(first);
            const std::set<std::string> others = lower_values(other);
            if (std::none_of(
                    values.begin(), values.end(), [&](const std::string& value) { return others.count(value) > 0; })) {
                error("E555", other, "two selections ask for different values of " + other.path.text + " at once",
                    "Join them by `or`, or put the values into one list.");
            }
        }
    }

    void lint_pair(const Expression& leaf, const std::set<std::string>& sources)
    {
        // Services whose events carry the date of their API in the name.
        static constexpr std::array<std::string_view, 2> dated = {"lambda.amazonaws.com", "cloudfront.amazonaws.com"};
        const bool is_dated = std::any_of(dated.begin(), dated.end(),
            [&](std::string_view source) { return sources.count(std::string(source)) > 0; });
        if (is_dated && !leaf.match.cut_api_version && is_exact(leaf)) {
            error("E553", leaf, "event names of this source may end in a date, as UpdateFunctionCode20150331v2",
                "Write `eventName|api`.");
        }
        std::vector<std::pair<std::string, std::string_view>> strangers;
        for (const std::string& pattern : leaf.match.patterns) {
            if (has_wildcards(pattern)) {
                continue;
            }
            const std::string name = plain_event_name(pattern);
            const std::string_view home = only_source(name);
            if (!home.empty() && sources.count(std::string(home)) == 0) {
                strangers.emplace_back(pattern, home);
            }
            for (const std::string& source : sources) {
                const std::string near = catalogue_.nearest(name, source);
                if (!near.empty()) {
                    warn("W526", leaf, fmt::format("no known event of {} is called {}", source, pattern),
                        fmt::format("Did you mean {}?", near));
                }
            }
        }
        const bool are_all_strangers = strangers.size() == leaf.match.patterns.size();
        for (const auto& [name, home] : strangers) {
            tell(are_all_strangers ? base::Severity::error : base::Severity::warning,
                are_all_strangers ? "E558" : "W525", leaf.span,
                name + " is an event of " + std::string(home) + " alone", "Check eventSource.");
        }
    }

    const Rule& rule_;
    const EventCatalogue& catalogue_;
    std::vector<base::Diagnostic>& diagnostics_;
    bool is_cloudtrail_;
};

void append_key(std::string& key, std::string_view text)
{
    key += std::to_string(text.size()) + ':';
    key += text;
}

} // namespace

void lint_condition(const Rule& rule, const EventCatalogue& catalogue, std::vector<base::Diagnostic>& diagnostics)
{
    ConditionLint(rule, catalogue, diagnostics).run();
}

std::string condition_key(const Expression& expression)
{
    std::string key = std::to_string(static_cast<int>(expression.kind)) + "/"
        + std::to_string(static_cast<int>(expression.match.test)) + (expression.match.cut_api_version ? "a" : "")
        + (expression.match.case_rule == base::CaseRule::sensitive ? "c" : "")
        + (expression.literal.boolean ? "t" : "");
    for (const std::string* const text :
        {&expression.path.text, &expression.match.list, &expression.match.other.text, &expression.match.part}) {
        append_key(key, *text);
    }
    std::vector<std::string> parts = expression.match.patterns;
    for (const double number : expression.match.numbers) {
        base::append_number(parts.emplace_back(), number);
    }
    for (const Expression& operand : expression.operands) {
        parts.push_back(condition_key(operand));
    }
    std::sort(parts.begin(), parts.end());
    key += "[";
    for (const std::string& part : parts) {
        append_key(key, part);
    }
    return key + "]";
}

} // namespace trawl::detect::rules
