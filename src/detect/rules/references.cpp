#include "detect/rules/references.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "detect/rules/expressions.h"

namespace trawl::detect::rules {

using query::plan::Expression;

namespace {

constexpr std::size_t none = ~std::size_t {0};

class Resolver {
public:
    Resolver(Drafts drafts, std::vector<base::Diagnostic>& diagnostics)
        : rules_(std::move(drafts.rules)),
          filters_(std::move(drafts.filters)),
          foreign_(std::move(drafts.foreign)),
          diagnostics_(diagnostics)
    {
    }

    RuleSet resolve()
    {
        settle_ids();
        for (std::size_t at = 0; at < rules_.size(); ++at) {
            index(at);
        }
        for (Draft& draft : rules_) {
            find_bases(draft);
        }
        std::vector<Mark> marks(rules_.size(), Mark::unseen);
        for (std::size_t at = 0; at < rules_.size(); ++at) {
            find_cycle(at, marks);
        }
        leave_out_orphans();
        mark_bases();
        for (const FilterDraft& filter : filters_) {
            apply(filter);
        }
        return gather();
    }

private:
    enum class Mark : std::uint8_t { unseen, open, done };
    using Names = std::map<std::string, std::vector<std::size_t>, std::less<>>;

    void tell(base::Severity severity, const char* code, const Rule& rule, base::Span span, std::string message,
        std::string help = {})
    {
        diagnostics_.push_back({severity, code, std::move(message), std::move(help), span, rule.file});
    }

    // A user's rule with the id of a built-in one stands in for it; of two others the later gets an id of its own.
    void settle_ids()
    {
        std::map<std::string, std::size_t> seen;
        stand_in_.assign(rules_.size(), none);
        for (std::size_t at = 0; at < rules_.size(); ++at) {
            Rule& rule = rules_[at].rule;
            if (rule.is_inner) {
                continue;
            }
            const auto [entry, is_new] = seen.try_emplace(rule.id, at);
            if (is_new) {
                continue;
            }
            Draft& earlier = rules_[entry->second];
            if (earlier.rule.is_builtin != rule.is_builtin) {
                const std::size_t user = rule.is_builtin ? entry->second : at;
                const std::size_t builtin = rule.is_builtin ? at : entry->second;
                leave_out(builtin);
                stand_in_[builtin] = user;
                entry->second = user;
                tell(base::Severity::note, "N401", rules_[user].rule, rules_[user].rule.span,
                    "this rule stands in for the built-in rule of the same id: " + rules_[builtin].rule.title);
            } else if (earlier.rule.text == rule.text) {
                leave_out(at);
                stand_in_[at] = entry->second;
                tell(base::Severity::warning, "W405", rule, rule.span,
                    "this rule is read twice, also from " + earlier.rule.file);
            } else {
                rename(at);
                tell(base::Severity::warning, "W405", rule, rule.span,
                    "this rule has the id of '" + earlier.rule.title + "' (" + earlier.rule.file + ")",
                    "Give each rule an id of its own. Its findings have the id " + rule.id + ".");
            }
        }
    }

    // Marks a rule and the inner rule before it.
    void leave_out(std::size_t at)
    {
        rules_[at].is_bad = true;
        if (at > 0 && rules_[at - 1].rule.is_inner && is_inner_of(at - 1, at)) {
            rules_[at - 1].is_bad = true;
        }
    }

    bool is_inner_of(std::size_t inner, std::size_t outer) const
    {
        const auto& correlation = rules_[outer].rule.correlation;
        return correlation && correlation->rule_indexes.size() == 1 && correlation->rule_indexes.front() == inner;
    }

    void rename(std::size_t at)
    {
        Rule& rule = rules_[at].rule;
        rule.id = uuid_of(rule.id + '\n' + rule.file + '\n' + rule.text);
        if (at > 0 && is_inner_of(at - 1, at)) {
            rules_[at - 1].rule.id = rule.id;
        }
    }

    void index(std::size_t at)
    {
        const Rule& rule = rules_[at].rule;
        const bool is_left_out = rules_[at].is_bad && stand_in_[at] == none;
        if (rule.is_inner || is_left_out) {
            return;
        }
        const std::size_t target = stand_in_[at] == none ? at : stand_in_[at];
        by_id_[rule.id].push_back(target);
        if (!rule.name.empty()) {
            by_name_[rule.name].push_back(target);
        }
        by_title_[rule.title].push_back(target);
    }

    // Of several rules of that name: one of the same file, else the only one of the same origin, else the only one.
    // `none` when there is none, or no single one (`is_ambiguous`).
    std::size_t choose(const Names& names, const std::string& name, const Rule& from, bool& is_ambiguous) const
    {
        const auto found = names.find(name);
        if (found == names.end()) {
            return none;
        }
        std::vector<std::size_t> candidates = found->second;
        std::sort(candidates.begin(), candidates.end());
        candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
        const auto keep = [&](auto&& is_better) {
            std::vector<std::size_t> better;
            std::copy_if(candidates.begin(), candidates.end(), std::back_inserter(better), is_better);
            if (!better.empty()) {
                candidates = std::move(better);
            }
        };
        keep([&](std::size_t at) { return rules_[at].rule.is_builtin == from.is_builtin; });
        keep([&](std::size_t at) { return rules_[at].rule.file == from.file; });
        is_ambiguous = candidates.size() > 1;
        return is_ambiguous ? none : candidates.front();
    }

    void find_bases(Draft& draft)
    {
        if (!draft.rule.correlation || !draft.rule.correlation->rule_indexes.empty() || draft.is_bad) {
            return;
        }
        Correlation& correlation = *draft.rule.correlation;
        for (std::size_t at = 0; at < correlation.rules.size(); ++at) {
            const std::size_t base = find_base(draft, correlation.rules[at], draft.reference_spans[at]);
            if (base == none) {
                draft.is_bad = true;
                return;
            }
            correlation.rule_indexes.push_back(base);
        }
        check_aliases(draft);
    }

    void check_aliases(const Draft& draft)
    {
        const Correlation& correlation = *draft.rule.correlation;
        for (const auto& [alias, fields] : correlation.aliases) {
            for (const auto& [name, field] : fields) {
                const bool is_known = std::any_of(correlation.rule_indexes.begin(), correlation.rule_indexes.end(),
                    [&](std::size_t base) { return is_any_of({name}, rules_[base].rule); });
                if (!is_known) {
                    tell(base::Severity::warning, "W408", draft.rule, draft.rule.span,
                        fmt::format(
                            "the alias '{}' names a rule that the correlation does not stand on: {}", alias, name));
                }
            }
        }
    }

    std::size_t find_base(const Draft& draft, const std::string& name, base::Span span)
    {
        bool is_ambiguous = false;
        std::size_t base = choose(by_id_, name, draft.rule, is_ambiguous);
        if (base == none && !is_ambiguous) {
            base = choose(by_name_, name, draft.rule, is_ambiguous);
        }
        if (base == none && !is_ambiguous) {
            base = choose(by_title_, name, draft.rule, is_ambiguous);
            if (base != none) {
                tell(base::Severity::warning, "W403", draft.rule, span, "this names a rule by its title: " + name,
                    "Sigma refers to rules by `id` or `name`; titles change.");
            }
        }
        if (is_ambiguous) {
            tell(base::Severity::error, "E523", draft.rule, span, "several rules are called '" + name + "'",
                "Refer to it by its id.");
        } else if (base == none && foreign_.count(name) > 0) {
            tell(base::Severity::warning, "W404", draft.rule, span,
                "the correlation stands on a rule for other logs and is left out: " + draft.rule.title);
        } else if (base == none) {
            tell(base::Severity::error, "E521", draft.rule, span, "no rule has this id or name: " + name,
                "A correlation stands on rules of the files that are read with it.");
        }
        return base;
    }

    void find_cycle(std::size_t at, std::vector<Mark>& marks)
    {
        if (marks[at] == Mark::done || !rules_[at].rule.correlation) {
            return;
        }
        if (marks[at] == Mark::open) {
            if (!rules_[at].is_bad) {
                tell(base::Severity::error, "E522", rules_[at].rule, rules_[at].rule.span,
                    "the correlation stands on itself");
            }
            rules_[at].is_bad = true;
            return;
        }
        marks[at] = Mark::open;
        if (++depth_ > max_depth) {
            tell(base::Severity::error, "E522", rules_[at].rule, rules_[at].rule.span,
                "correlations stand on correlations too deeply");
            rules_[at].is_bad = true;
        } else {
            for (const std::size_t base : rules_[at].rule.correlation->rule_indexes) {
                find_cycle(base, marks);
            }
        }
        --depth_;
        marks[at] = Mark::done;
    }

    void leave_out_orphans()
    {
        for (bool is_changed = true; is_changed;) {
            is_changed = false;
            for (Draft& draft : rules_) {
                if (draft.is_bad || !draft.rule.correlation) {
                    continue;
                }
                const std::vector<std::size_t>& bases = draft.rule.correlation->rule_indexes;
                if (std::any_of(bases.begin(), bases.end(), [&](std::size_t base) { return rules_[base].is_bad; })) {
                    draft.is_bad = true;
                    is_changed = true;
                    tell(base::Severity::warning, "W409", draft.rule, draft.rule.span,
                        "the correlation is left out, because a rule it stands on is left out: " + draft.rule.title);
                }
            }
        }
    }

    // A user's correlation does not silence a built-in rule that it stands on.
    void mark_bases()
    {
        std::vector<bool> is_generated(rules_.size());
        for (const Draft& draft : rules_) {
            if (draft.is_bad || !draft.rule.correlation) {
                continue;
            }
            for (const std::size_t base : draft.rule.correlation->rule_indexes) {
                Rule& rule = rules_[base].rule;
                is_generated[base] = is_generated[base] || draft.rule.correlation->generate;
                rule.is_base = rule.is_base || rule.is_builtin == draft.rule.is_builtin;
            }
        }
        for (std::size_t at = 0; at < rules_.size(); ++at) {
            Rule& rule = rules_[at].rule;
            rule.is_base = rule.is_inner || (rule.is_base && !is_generated[at]);
        }
    }

    void apply(const FilterDraft& filter)
    {
        std::set<std::string> unmet(filter.rules.begin(), filter.rules.end());
        if (filter.is_for_all) {
            unmet.clear();
        }
        for (Draft& draft : rules_) {
            Rule& rule = draft.rule;
            const bool is_named = filter.is_for_all || is_any_of(filter.rules, rule);
            if (draft.is_bad || !is_named) {
                continue;
            }
            for (const std::string* const name : {&rule.id, &rule.name, &rule.title}) {
                unmet.erase(*name);
            }
            if (rule.condition && (filter.kind.empty() || filter.kind == rule.kind)) {
                std::vector<Expression> both;
                both.push_back(std::move(*rule.condition));
                both.push_back(filter.condition);
                rule.condition = conjunction(std::move(both));
            }
        }
        for (std::size_t at = 0; at < filter.rules.size(); ++at) {
            if (unmet.count(filter.rules[at]) > 0) {
                diagnostics_.push_back(
                    {base::Severity::warning, "W406", "the filter names a rule that is not there: " + filter.rules[at],
                        "", filter.reference_spans[at], filter.file});
            }
        }
    }

    static bool is_any_of(const std::vector<std::string>& names, const Rule& rule)
    {
        return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
            return name == rule.id || name == rule.title || (!rule.name.empty() && name == rule.name);
        });
    }

    RuleSet gather()
    {
        std::vector<std::size_t> places(rules_.size(), none);
        RuleSet set;
        for (std::size_t at = 0; at < rules_.size(); ++at) {
            if (!rules_[at].is_bad) {
                places[at] = set.rules.size();
                set.rules.push_back(std::move(rules_[at].rule));
            }
        }
        for (Rule& rule : set.rules) {
            if (rule.correlation) {
                for (std::size_t& base : rule.correlation->rule_indexes) {
                    base = places[base];
                }
            }
        }
        return set;
    }

    static constexpr int max_depth = 20;

    std::vector<Draft> rules_;
    std::vector<FilterDraft> filters_;
    std::set<std::string, std::less<>> foreign_;
    std::vector<base::Diagnostic>& diagnostics_;
    std::vector<std::size_t> stand_in_; // For a rule that is left out: the one that stands in for it.
    Names by_id_;
    Names by_name_;
    Names by_title_;
    int depth_ = 0;
};

} // namespace

RuleSet resolve(Drafts drafts, std::vector<base::Diagnostic>& diagnostics)
{
    return Resolver(std::move(drafts), diagnostics).resolve();
}

} // namespace trawl::detect::rules
