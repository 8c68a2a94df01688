#include <algorithm>
#include <utility>

#include "base/text.h"
#include "detect/rules/condition_reader.h"
#include "detect/rules/draft.h"
#include "detect/rules/expressions.h"
#include "detect/rules/hints.h"
#include "detect/rules/log_source.h"

namespace trawl::detect::rules {

using query::plan::Expression;
using query::plan::ExpressionKind;

namespace {

bool is_selection_name(std::string_view name)
{
    return name != "condition" && name != "timeframe";
}

Selections compile_selections(const YamlNode& detection, DetectionCompiler& compiler, Problems& problems)
{
    Selections selections;
    for (std::size_t at = 0; at < detection.size(); ++at) {
        const YamlNode& name = detection.key(at);
        if (!name.is_scalar()) {
            problems.error("E508", name.span, "the name of a selection is a text");
        } else if (is_selection_name(name.text)) {
            selections.emplace_back(name.text, compiler.compile_selection(detection.value(at)));
        }
    }
    return selections;
}

// Several conditions are alternatives.
bool read_conditions(const YamlNode& node, const Selections& selections, Condition& condition, Problems& problems)
{
    if (!node.is_sequence()) {
        return read_condition(node, selections, condition, problems);
    }
    if (node.items.empty()) {
        problems.error("E509", node.span, "the list of conditions is empty");
        return false;
    }
    std::vector<Expression> any;
    for (const YamlNode& item : node.items) {
        Condition one;
        if (!read_condition(item, selections, one, problems)) {
            return false;
        }
        if (one.aggregation) {
            problems.error("E518", item.span, "an aggregation stands in a condition of its own");
            return false;
        }
        condition.has_not = condition.has_not || one.has_not;
        any.push_back(std::move(one.expression));
    }
    condition.expression = disjunction(std::move(any));
    return true;
}

// levels: [{when: selection, level: high}]
void read_levels(const YamlNode& root, const Selections& selections, Rule& rule, Problems& problems)
{
    const YamlNode* const node = root.find("levels");
    if (node == nullptr || node->is_null()) {
        return;
    }
    if (!node->is_sequence()) {
        problems.error("E527", node->span, "`levels` is a list of maps with `when` and `level`");
        return;
    }
    for (const YamlNode& item : node->items) {
        const YamlNode* const when = item.find("when");
        const YamlNode* const level = item.find("level");
        LevelCase level_case;
        if (when == nullptr || level == nullptr || !level->is_scalar()
            || !event::parse_level(base::to_lower_ascii(level->text), level_case.level)) {
            problems.error("E527", item.span, "an entry of `levels` has `when: a selection` and `level: a level`");
            continue;
        }
        Condition condition;
        if (!read_condition(*when, selections, condition, problems)) {
            continue;
        }
        if (condition.aggregation) {
            problems.error("E527", when->span, "`when` takes no aggregation");
            continue;
        }
        level_case.when = std::move(condition.expression);
        rule.level_cases.push_back(std::move(level_case));
    }
}

// Makes the correlation of an old-style rule `selection | count() by a > 5`; the rule itself becomes its base.
bool split_aggregation(
    const YamlNode& detection, const Aggregation& aggregation, Rule& inner, Draft& outer, Problems& problems)
{
    const YamlNode* const timeframe = detection.find("timeframe");
    Correlation correlation;
    if (timeframe == nullptr) {
        problems.error("E519", detection.find("condition")->span, "a condition that counts needs a timeframe",
            "Add `timeframe: 10m` to the detection, or write a correlation.");
        return false;
    }
    if (!timeframe->is_scalar() || !read_timespan(timeframe->text, correlation.timespan)) {
        problems.error(
            "E519", timeframe->span, "this is no timeframe: " + timeframe->text, "Write it as 30s, 10m, 1h or 7d.");
        return false;
    }
    correlation.type = aggregation.field.empty() ? CorrelationType::event_count : CorrelationType::value_count;
    if (!aggregation.field.empty()) {
        correlation.value_fields.push_back(aggregation.field);
    }
    correlation.group_by = aggregation.group_by;
    correlation.bounds.push_back({aggregation.comparison, aggregation.number});
    outer.rule = inner;
    outer.rule.condition.reset();
    outer.rule.level_cases.clear();
    outer.rule.kind.clear();
    outer.rule.correlation = std::move(correlation);
    inner.is_inner = true;
    inner.is_base = true;
    inner.tests.clear();
    inner.hints.clear();
    return true;
}

// lists: [names], or {name: allow} for lists whose absence from them is what the rule looks for.
void check_lists(const YamlNode& root, Problems& problems)
{
    const YamlNode* const lists = root.find("lists");
    std::vector<std::string> names;
    if (lists == nullptr || lists->is_null() || read_texts(*lists, names)) {
        return;
    }
    bool is_good = lists->is_map();
    for (std::size_t at = 0; is_good && at < lists->size(); ++at) {
        const YamlNode& role = lists->value(at);
        is_good = role.is_null()
            || (role.is_scalar() && (role.text == "allow" || role.text == "exclude" || role.text == "select"));
    }
    if (!is_good) {
        problems.error("E527", lists->span, "`lists` is a list of names, or maps names to select, exclude or allow");
    }
}

void add_to(std::vector<std::string>& names, const std::set<std::string>& more)
{
    for (const std::string& name : more) {
        if (std::find(names.begin(), names.end(), name) == names.end()) {
            names.push_back(name);
        }
    }
}

// The lists of what is approved, and those whose absence from them is what a rule looks for.
bool is_allow_list(std::string_view name, const std::set<std::string>& named)
{
    return name.starts_with("Approved") || name == "TrailBuckets" || name == "WorkHours"
        || named.count(std::string(name)) > 0;
}

void settle(Expression& expression, bool is_negated, const query::Lists& lists, const std::set<std::string>& named)
{
    const bool is_turned = is_negated != (expression.kind == ExpressionKind::negation);
    for (Expression& operand : expression.operands) {
        settle(operand, is_turned, lists, named);
    }
    const std::string& name = expression.match.list;
    if (name.empty() || !is_allow_list(name, named)) {
        return;
    }
    const auto list = lists.find(name);
    if (list != lists.end() && list->second.values.empty()) {
        expression = constant(is_negated);
    }
}

} // namespace

void settle_empty_lists(Expression& expression, const query::Lists& lists, const YamlNode& root)
{
    std::set<std::string> named;
    const YamlNode* const roles = root.find("lists");
    for (std::size_t at = 0; roles != nullptr && roles->is_map() && at < roles->size(); ++at) {
        if (roles->value(at).is_scalar() && roles->value(at).text == "allow") {
            named.insert(roles->key(at).text);
        }
    }
    settle(expression, /*is_negated=*/false, lists, named);
}

void read_event_rule(const YamlDocument& document, const Surroundings& surroundings, Drafts& drafts)
{
    Problems& problems = surroundings.problems;
    const YamlNode& root = document.root;
    const std::size_t errors = surroundings.errors();
    Draft draft;
    Rule& rule = draft.rule;
    read_header(document, surroundings, rule);
    LogSource source;
    if (!read_log_source(root.find("logsource"), rule.span, source, problems)) {
        return;
    }
    if (source.is_foreign) {
        problems.warning("W404", root.find("logsource")->span,
            "the rule is for logs that are none of AWS's and is left out: " + rule.title);
        drafts.foreign.insert({rule.id, rule.name, rule.title});
        return;
    }
    rule.kind = source.kind;
    const YamlNode* const detection = root.find("detection");
    if (!detection->is_map()) {
        problems.error("E508", detection->span, "the detection is a map of selections and a condition");
        return;
    }
    const YamlNode* const condition_node = detection->find("condition");
    if (condition_node == nullptr) {
        problems.error("E509", detection->span, "the detection has no condition");
        return;
    }
    DetectionCompiler compiler(surroundings.lists, surroundings.origin, problems);
    const Selections selections = compile_selections(*detection, compiler, problems);
    if (selections.empty()) {
        problems.error("E508", detection->span, "the detection has no selections");
        return;
    }
    Condition condition;
    if (!read_conditions(*condition_node, selections, condition, problems)) {
        return;
    }
    read_levels(root, selections, rule, problems);
    check_lists(root, problems);
    add_to(rule.lists, compiler.used_lists());
    for (LevelCase& level_case : rule.level_cases) {
        settle_empty_lists(level_case.when, surroundings.lists, root);
    }
    settle_empty_lists(condition.expression, surroundings.lists, root);
    if (source.condition) {
        std::vector<Expression> both;
        both.push_back(std::move(*source.condition));
        both.push_back(std::move(condition.expression));
        condition.expression = conjunction(std::move(both));
    }
    rule.condition = std::move(condition.expression);
    if (surroundings.purpose == ReadFor::inspection) {
        read_tests(root, surroundings, rule);
        read_hints(document, rule);
    }
    Draft outer;
    const bool counts = condition.aggregation.has_value();
    if (counts && !split_aggregation(*detection, *condition.aggregation, rule, outer, problems)) {
        return;
    }
    if (surroundings.errors() != errors) {
        return;
    }
    drafts.rules.push_back(std::move(draft));
    if (counts) {
        // Right behind its base.
        outer.rule.correlation->rule_indexes.push_back(drafts.rules.size() - 1);
        drafts.rules.push_back(std::move(outer));
    }
}

} // namespace trawl::detect::rules
