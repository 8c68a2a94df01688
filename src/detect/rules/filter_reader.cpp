#include <utility>

#include "detect/rules/condition_reader.h"
#include "detect/rules/draft.h"
#include "detect/rules/log_source.h"

namespace trawl::detect::rules {

namespace {

bool read_targets(const YamlNode& filter, FilterDraft& draft, Problems& problems)
{
    const YamlNode* const rules = filter.find("rules");
    if (rules == nullptr || rules->is_null() || !read_texts(*rules, draft.rules) || draft.rules.empty()) {
        problems.error("E524", rules == nullptr ? filter.span : rules->span, "the filter names no rules",
            "Write `rules: [name or id of a rule]`, or `rules: any`.");
        return false;
    }
    draft.is_for_all = rules->is_scalar() && rules->text == "any";
    if (rules->is_scalar()) {
        draft.reference_spans.push_back(rules->span);
    }
    for (const YamlNode& item : rules->items) {
        draft.reference_spans.push_back(item.span);
    }
    return true;
}

} // namespace

void read_filter(const YamlDocument& document, const Surroundings& surroundings, Drafts& drafts)
{
    Problems& problems = surroundings.problems;
    const std::size_t errors = problems.errors();
    const YamlNode& node = *document.root.find("filter");
    Rule header;
    read_header(document, surroundings, header);
    LogSource source;
    if (!read_log_source(document.root.find("logsource"), header.span, source, problems)) {
        return;
    }
    if (source.is_foreign) {
        problems.warning("W404", document.root.find("logsource")->span,
            "the filter is for logs that are none of AWS's and is left out: " + header.title);
        return;
    }
    FilterDraft filter;
    filter.title = header.title;
    filter.file = header.file;
    filter.kind = source.kind;
    if (!node.is_map() || !read_targets(node, filter, problems)) {
        if (!node.is_map()) {
            problems.error("E524", node.span, "a filter is a map with rules, selections and a condition");
        }
        return;
    }
    const YamlNode* const condition_node = node.find("condition");
    if (condition_node == nullptr) {
        problems.error("E524", node.span, "the filter has no condition");
        return;
    }
    DetectionCompiler compiler(surroundings.lists, surroundings.origin, problems);
    Selections selections;
    for (std::size_t at = 0; at < node.size(); ++at) {
        const std::string& name = node.key(at).text;
        if (name != "rules" && name != "condition") {
            selections.emplace_back(name, compiler.compile_selection(node.value(at)));
        }
    }
    Condition condition;
    if (!read_condition(*condition_node, selections, condition, problems)) {
        return;
    }
    if (condition.aggregation) {
        problems.error("E524", condition_node->span, "a filter takes no aggregation");
    }
    if (!condition.has_not) {
        problems.warning("W401", condition_node->span, "this filter keeps only what its selection finds",
            "To leave those events out write `condition: not selection`; the filter's condition is joined to the "
            "rule's by `and`.");
    }
    settle_empty_lists(condition.expression, surroundings.lists, document.root);
    filter.condition = std::move(condition.expression);
    if (problems.errors() == errors) {
        drafts.filters.push_back(std::move(filter));
    }
}

} // namespace trawl::detect::rules
