#include "detect/engine/scan.h"

#include "detect/engine/merger.h"
#include "detect/engine/worker.h"

namespace trawl::detect {

namespace {

event::ColumnId add_column(std::string_view name, event::Projection& projection)
{
    return projection.add(event::FieldPath::parse(name), event::Reach::any_element);
}

engine::EventColumns add_event_columns(event::Projection& projection, bool only_matches)
{
    engine::EventColumns columns;
    columns.event_id = add_column("eventID", projection);
    columns.common_event_id = add_column("@event_id", projection);
    if (only_matches) {
        return columns;
    }
    columns.account = add_column("@account", projection);
    columns.region = add_column("@region", projection);
    columns.principal = add_column("@principal", projection);
    columns.source_ip = add_column("@src_ip", projection);
    columns.resource = add_column("@resource", projection);
    columns.action = add_column("@action", projection);
    columns.outcome = add_column("@outcome", projection);
    columns.error = add_column("errorCode", projection);
    return columns;
}

class CompiledScan : public Scan {
public:
    explicit CompiledScan(engine::Compiled compiled) : compiled_(std::move(compiled)) {}

    const event::Projection& projection() const override { return compiled_.projection; }
    std::unique_ptr<event::Consumer> make_consumer() const override { return engine::make_worker(compiled_); }
    std::unique_ptr<event::Collector> make_collector(FindingSink& sink) override
    {
        return engine::make_merger(compiled_, sink);
    }

private:
    engine::Compiled compiled_;
};

base::Result<void> compile_rule(std::size_t index, const query::Lists& lists, engine::Compiled& compiled)
{
    const Rule& rule = compiled.rules.rules[index];
    engine::RulePlan& plan = compiled.plans[index];
    if (!compiled.graph.is_needed(index)) {
        return {};
    }
    if (rule.level_if_denied) {
        compiled.columns.denied = add_column("@denied", compiled.projection);
    }
    if (rule.correlation) {
        return {};
    }
    engine::JudgedRule judged;
    judged.rule = static_cast<std::uint32_t>(index);
    judged.kind = rule.kind;
    if (const auto view = compiled.options.views.find(rule.kind); view != compiled.options.views.end()) {
        judged.view = rule.kind;
        judged.kind = view->second;
    }
    engine::CompiledRules& shared = compiled.judged;
    TRY(judged.condition, shared.leaves.compile(*rule.condition, lists, compiled.projection, shared.forest));
    for (const LevelCase& level_case : rule.level_cases) {
        TRY(const engine::TreeId when,
            shared.leaves.compile(level_case.when, lists, compiled.projection, shared.forest));
        plan.level_cases.emplace_back(when, level_case.level);
    }
    shared.rules.push_back(std::move(judged));
    if (!compiled.options.matches) {
        plan.emissions
            = engine::plan_emissions(compiled.rules, compiled.graph, index, compiled.plans, compiled.projection);
    }
    return {};
}

} // namespace

base::Result<std::unique_ptr<Scan>> Scan::create(RuleSet rules, const query::Lists& lists, ScanOptions options)
{
    engine::Compiled compiled;
    compiled.rules = std::move(rules);
    compiled.options = std::move(options);
    TRY(compiled.graph, engine::RuleGraph::create(compiled.rules, compiled.options.level, compiled.options.matches));
    compiled.columns = add_event_columns(compiled.projection, compiled.options.matches);
    if (compiled.options.recall) {
        compiled.recall_columns = add_event_columns(compiled.recall_projection, /*only_matches=*/false);
    }
    compiled.plans.resize(compiled.rules.rules.size());
    for (std::size_t index = 0; index < compiled.rules.rules.size(); ++index) {
        const Rule& rule = compiled.rules.rules[index];
        engine::RulePlan& plan = compiled.plans[index];
        plan.level = rule.level;
        plan.level_if_denied = rule.level_if_denied;
        if (compiled.graph.makes_findings(index)) {
            plan.message = engine::plan_message(rule, compiled.projection);
        }
    }
    for (std::size_t index = 0; index < compiled.rules.rules.size(); ++index) {
        auto outcome = compile_rule(index, lists, compiled);
        if (!outcome) {
            const Rule& rule = compiled.rules.rules[index];
            return base::fail("rule", rule.file + ": " + rule.title + ": " + outcome.error().message);
        }
    }
    compiled.judged.leaves.finish(compiled.projection);
    return std::unique_ptr<Scan>(std::make_unique<CompiledScan>(std::move(compiled)));
}

} // namespace trawl::detect
