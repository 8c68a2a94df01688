#include <algorithm>

#include "detect/engine/emission.h"

namespace trawl::detect::engine {

namespace {

event::Level highest_level(const Rule& rule)
{
    event::Level level = rule.level;
    if (rule.level_if_denied) {
        level = std::max(level, *rule.level_if_denied);
    }
    for (const LevelCase& level_case : rule.level_cases) {
        level = std::max(level, level_case.level);
    }
    return level;
}

bool is_called(const Rule& rule, const std::string& name)
{
    return rule.id == name || rule.name == name || rule.title == name;
}

// The front end resolves names to indexes; rules made otherwise are resolved here.
base::Result<std::vector<std::size_t>> find_bases(const RuleSet& rules, const Rule& rule)
{
    const Correlation& correlation = *rule.correlation;
    if (correlation.rule_indexes.size() >= correlation.rules.size()) {
        for (const std::size_t index : correlation.rule_indexes) {
            if (index >= rules.rules.size()) {
                return base::fail("rule", "the correlation stands on a rule that was not read: " + rule.title);
            }
        }
        return correlation.rule_indexes;
    }
    std::vector<std::size_t> found;
    for (const std::string& name : correlation.rules) {
        const auto base = std::find_if(
            rules.rules.begin(), rules.rules.end(), [&](const Rule& candidate) { return is_called(candidate, name); });
        if (base == rules.rules.end()) {
            return base::fail("rule", "the correlation '" + rule.title + "' names a rule that is not there: " + name);
        }
        found.push_back(static_cast<std::size_t>(base - rules.rules.begin()));
    }
    return found;
}

enum Mark : std::uint8_t { unseen, open, done };

} // namespace

base::Result<RuleGraph> RuleGraph::create(const RuleSet& rules, event::Level level, bool only_matches)
{
    const std::size_t count = rules.rules.size();
    RuleGraph graph;
    graph.bases_.resize(count);
    graph.outers_.resize(count);
    graph.depths_.resize(count);
    graph.needed_.resize(count);
    graph.makes_findings_.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        const Rule& rule = rules.rules[i];
        if (!rule.correlation && !rule.condition) {
            return base::fail("rule", "the rule has neither a condition nor a correlation: " + rule.title);
        }
        if (!rule.correlation) {
            continue;
        }
        TRY(graph.bases_[i], find_bases(rules, rule));
        if (graph.bases_[i].empty()) {
            return base::fail("rule", "the correlation names no rule: " + rule.title);
        }
        for (const std::size_t base : graph.bases_[i]) {
            std::vector<std::size_t>& outers = graph.outers_[base];
            if (outers.empty() || outers.back() != i) {
                outers.push_back(i);
            }
        }
    }
    std::vector<std::uint8_t> marks(count, unseen);
    for (std::size_t i = 0; i < count; ++i) {
        TRY_VOID(graph.find_depth(rules, i, marks));
    }
    // From the outermost correlations inwards, so that a needed one makes its bases needed.
    std::vector<std::size_t> inwards(count);
    for (std::size_t i = 0; i < count; ++i) {
        inwards[i] = i;
    }
    std::stable_sort(inwards.begin(), inwards.end(), [&](std::size_t a, std::size_t b) {
        const bool a_first = rules.rules[a].correlation.has_value();
        const bool b_first = rules.rules[b].correlation.has_value();
        return a_first != b_first ? a_first : graph.depths_[a] > graph.depths_[b];
    });
    for (const std::size_t i : inwards) {
        const Rule& rule = rules.rules[i];
        const bool is_level_enough = highest_level(rule) >= level;
        if (only_matches) {
            // What an old-style rule counts is part of a correlation.
            graph.needed_[i] = !rule.correlation && !rule.is_inner && is_level_enough;
            continue;
        }
        graph.makes_findings_[i] = is_level_enough && !rule.is_base;
        graph.needed_[i] = graph.makes_findings_[i]
            || std::any_of(graph.outers_[i].begin(), graph.outers_[i].end(),
                [&](std::size_t outer) { return graph.needed_[outer]; });
    }
    return graph;
}

base::Result<void> RuleGraph::find_depth(const RuleSet& rules, std::size_t rule, std::vector<std::uint8_t>& marks)
{
    if (marks[rule] == done) {
        return {};
    }
    if (marks[rule] == open) {
        return base::fail("rule", "the correlation stands on itself: " + rules.rules[rule].title);
    }
    marks[rule] = open;
    std::size_t depth = 0;
    for (const std::size_t base : bases_[rule]) {
        TRY_VOID(find_depth(rules, base, marks));
        if (rules.rules[base].correlation) {
            depth = std::max(depth, depths_[base] + 1);
        }
    }
    depths_[rule] = depth;
    marks[rule] = done;
    return {};
}

} // namespace trawl::detect::engine
