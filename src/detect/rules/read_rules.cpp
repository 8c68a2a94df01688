#include <algorithm>
#include <map>
#include <utility>

#include "base/hash.h"
#include "detect/rules/draft.h"
#include "detect/rules/expressions.h"
#include "detect/rules/references.h"
#include "detect/rules/yaml_compact.h"
#include "detect/rules/yaml_parser.h"

namespace trawl::detect {

namespace {

std::vector<rules::YamlDocument> parse_file(
    const RuleFile& file, ReadFor purpose, std::vector<base::Diagnostic>& diagnostics)
{
    if (!file.compact.empty()) {
        return rules::read_compact(file.compact,
            purpose == ReadFor::scanning ? std::vector<std::string_view> {"tests", "test_base"}
                                         : std::vector<std::string_view> {});
    }
    const std::size_t before = diagnostics.size();
    std::vector<rules::YamlDocument> documents = rules::parse_yaml(file.text, diagnostics);
    for (std::size_t at = before; at < diagnostics.size(); ++at) {
        diagnostics[at].file = file.path;
    }
    return documents;
}

} // namespace

RuleSet read_rules(
    const std::vector<RuleFile>& files, const query::Lists& lists, std::vector<base::Diagnostic>& diagnostics)
{
    return read_rules(files, lists, ReadFor::scanning, diagnostics);
}

RuleSet read_rules(const std::vector<RuleFile>& files, const query::Lists& lists, ReadFor purpose,
    std::vector<base::Diagnostic>& diagnostics)
{
    rules::Drafts drafts;
    for (const RuleFile& file : files) {
        rules::Problems problems(file.path, diagnostics);
        const rules::RuleOrigin origin = file.is_builtin ? rules::RuleOrigin::builtin : rules::RuleOrigin::user;
        const rules::Surroundings surroundings {lists, purpose, origin, file.text, problems};
        for (const rules::YamlDocument& document : parse_file(file, purpose, diagnostics)) {
            rules::read_document(document, surroundings, drafts);
        }
    }
    return rules::resolve(std::move(drafts), diagnostics);
}

} // namespace trawl::detect

namespace trawl::detect::rules {

void read_document(const YamlDocument& document, const Surroundings& surroundings, Drafts& drafts)
{
    const YamlNode& root = document.root;
    Problems& problems = surroundings.problems;
    if (!root.is_map()) {
        problems.error("E504", root.span, "a rule is a map with title, logsource and detection");
        return;
    }
    if (const YamlNode* const action = root.find("action")) {
        problems.error("E529", action->span, "rules that share parts by `action` are not supported",
            "Write each rule whole, or use YAML anchors.");
        return;
    }
    if (root.find("correlation") != nullptr) {
        read_correlation(document, surroundings, drafts);
    } else if (root.find("filter") != nullptr) {
        read_filter(document, surroundings, drafts);
    } else if (root.find("detection") != nullptr) {
        read_event_rule(document, surroundings, drafts);
    } else {
        problems.error("E504", root.span, "this document is no rule: it has no detection, correlation or filter");
    }
}

} // namespace trawl::detect::rules
