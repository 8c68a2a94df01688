#include "detect/rules/hints.h"

#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "detect/rules/condition_reader.h"

namespace trawl::detect::rules {

namespace {

class HintReader {
public:
    HintReader(const YamlDocument& document, Rule& rule) : root_(document.root), rule_(rule) {}

    void read()
    {
        const YamlNode* const level = root_.find("level");
        if (level == nullptr || level->is_null()) {
            warn("W501", rule_.span, "the rule has no level and counts as informational",
                "Add `level: medium`; `scan` shows findings from low on.");
        }
        if (root_.find("id") == nullptr) {
            warn(
                "W503", rule_.span, "the rule has no id", "Add `id:` with a UUID, so that its findings keep one name.");
        }
        const YamlNode* const detection = root_.find("detection");
        const YamlNode* const condition = detection == nullptr ? nullptr : detection->find("condition");
        if (condition == nullptr) {
            return;
        }
        std::vector<const YamlNode*> conditions;
        if (condition->is_scalar()) {
            conditions.push_back(condition);
        }
        for (const YamlNode& one : condition->items) {
            conditions.push_back(&one);
        }
        read_names(*detection, conditions);
    }

private:
    void warn(const char* code, base::Span span, std::string message, std::string help)
    {
        rule_.hints.push_back({base::Severity::warning, code, std::move(message), std::move(help), span, rule_.file});
    }

    static bool is_filter(std::string_view name)
    {
        const std::string lower = base::to_lower_ascii(name);
        return lower.starts_with("filter") || lower.starts_with("exclu") || lower.starts_with("not_");
    }

    // The words of all conditions, parentheses cut off.
    static std::vector<std::string> words_of(const std::vector<const YamlNode*>& conditions)
    {
        std::vector<std::string> words;
        for (const YamlNode* const condition : conditions) {
            std::string word;
            for (const char c : condition->text + " ") {
                if (c != ' ' && c != '(' && c != ')' && c != '\n' && c != '\t') {
                    word.push_back(c);
                } else if (!word.empty()) {
                    words.push_back(std::exchange(word, {}));
                }
            }
        }
        return words;
    }

    void read_names(const YamlNode& detection, const std::vector<const YamlNode*>& conditions)
    {
        std::vector<std::string> words = words_of(conditions);
        const YamlNode* const levels = root_.find("levels");
        for (std::size_t at = 0; levels != nullptr && at < levels->items.size(); ++at) {
            if (const YamlNode* const when = levels->items[at].find("when")) {
                const std::vector<std::string> more = words_of({when});
                words.insert(words.end(), more.begin(), more.end());
            }
        }
        for (std::size_t at = 0; at < detection.size(); ++at) {
            const YamlNode& name = detection.key(at);
            if (name.text != "condition" && name.text != "timeframe" && !is_mentioned(name.text, words)) {
                warn("W513", name.span, "no condition mentions the selection '" + name.text + "'",
                    "Use it, or take it out.");
            }
        }
        for (std::size_t at = 0; at + 2 < words.size(); ++at) {
            const bool is_any = words[at] == "1" || base::equal_ignoring_case(words[at], "any");
            const bool is_negated = at > 0 && base::equal_ignoring_case(words[at - 1], "not");
            if (is_any && !is_negated && base::equal_ignoring_case(words[at + 1], "of")
                && swallows_filter(detection, words[at + 2])) {
                warn("W514", conditions.front()->span,
                    "`1 of " + words[at + 2] + "` also holds where a filter alone holds",
                    "Name the selections by a pattern: `1 of selection_* and not 1 of filter_*`.");
            }
        }
    }

    static bool is_mentioned(const std::string& name, const std::vector<std::string>& words)
    {
        for (std::size_t at = 0; at < words.size(); ++at) {
            const bool is_pattern = at > 0 && base::equal_ignoring_case(words[at - 1], "of");
            const bool is_them = is_pattern && base::equal_ignoring_case(words[at], "them");
            if (words[at] == name || (is_pattern && is_selected(name, is_them ? "them" : words[at]))) {
                return true;
            }
        }
        return false;
    }

    static bool swallows_filter(const YamlNode& detection, const std::string& pattern)
    {
        const bool is_them = base::equal_ignoring_case(pattern, "them");
        bool has_filter = false;
        bool has_other = false;
        for (std::size_t at = 0; at < detection.size(); ++at) {
            const std::string& name = detection.key(at).text;
            if (name != "condition" && name != "timeframe" && is_selected(name, is_them ? "them" : pattern)) {
                (is_filter(name) ? has_filter : has_other) = true;
            }
        }
        return has_filter && has_other;
    }

    const YamlNode& root_;
    Rule& rule_;
};

} // namespace

void read_hints(const YamlDocument& document, Rule& rule)
{
    HintReader(document, rule).read();
}

} // namespace trawl::detect::rules
