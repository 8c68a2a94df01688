#include "detect/rules/condition_reader.h"

#include <algorithm>
#include <cctype>

#include "base/glob.h"
#include "base/text.h"
#include "detect/rules/expressions.h"

namespace trawl::detect::rules {

using query::plan::Comparison;
using query::plan::Expression;

namespace {

constexpr int max_depth = 100;
constexpr std::size_t max_size = 500'000;

struct Token {
    std::string_view text;
    std::size_t start = 0;
};

bool is_separator(char c)
{
    return c == '(' || c == ')' || c == '|' || c == ',' || c == '>' || c == '<' || c == '=';
}

std::vector<Token> cut(std::string_view text)
{
    std::vector<Token> tokens;
    for (std::size_t at = 0; at < text.size();) {
        if (std::isspace(static_cast<unsigned char>(text[at])) != 0) {
            ++at;
            continue;
        }
        std::size_t end = at + 1;
        if (!is_separator(text[at])) {
            while (end < text.size() && std::isspace(static_cast<unsigned char>(text[end])) == 0
                && !is_separator(text[end])) {
                ++end;
            }
        } else if ((text[at] == '>' || text[at] == '<' || text[at] == '=') && end < text.size() && text[end] == '=') {
            ++end;
        }
        tokens.push_back({text.substr(at, end - at), at});
        at = end;
    }
    return tokens;
}

class Reader {
public:
    Reader(const YamlNode& node, const Selections& selections, Condition& condition, Problems& problems)
        : node_(node), selections_(selections), condition_(condition), problems_(problems), tokens_(cut(node.text))
    {
    }

    bool read()
    {
        if (tokens_.empty()) {
            return refuse("E510", "the condition is empty");
        }
        if (!read_or(condition_.expression, 0)) {
            return false;
        }
        if (is_next("|") && !read_aggregation()) {
            return false;
        }
        if (at_ < tokens_.size()) {
            return refuse("E510", "the condition goes on where it should end: " + std::string(tokens_[at_].text),
                "Selections are joined by `and` and `or`.");
        }
        return true;
    }

private:
    base::Span span_here() const
    {
        // Where the text of the file is the text of the value, the token; else the whole value.
        const bool is_verbatim = node_.span.length == node_.text.size();
        const bool is_plainly_quoted = node_.is_quoted && node_.span.length == node_.text.size() + 2;
        if ((!is_verbatim && !is_plainly_quoted) || at_ >= tokens_.size()) {
            return node_.span;
        }
        return {node_.span.start + tokens_[at_].start + (is_plainly_quoted ? 1 : 0), tokens_[at_].text.size()};
    }

    bool refuse(const char* code, std::string message, std::string help = {})
    {
        problems_.error(code, span_here(), std::move(message), std::move(help));
        return false;
    }

    bool is_next(std::string_view text) const { return at_ < tokens_.size() && tokens_[at_].text == text; }
    // A selection may have the name of a word of the language.
    bool is_word(std::size_t at, std::string_view word) const
    {
        return at < tokens_.size() && base::equal_ignoring_case(tokens_[at].text, word)
            && find(tokens_[at].text) == nullptr;
    }

    const Expression* find(std::string_view name) const
    {
        for (const auto& [known, expression] : selections_) {
            if (known == name) {
                return &expression;
            }
        }
        return nullptr;
    }

    bool read_or(Expression& made, int depth)
    {
        std::vector<Expression> operands(1);
        if (!read_and(operands.front(), depth)) {
            return false;
        }
        while (is_word(at_, "or")) {
            ++at_;
            if (!read_and(operands.emplace_back(), depth)) {
                return false;
            }
        }
        made = disjunction(std::move(operands));
        return true;
    }

    bool read_and(Expression& made, int depth)
    {
        std::vector<Expression> operands(1);
        if (!read_not(operands.front(), depth)) {
            return false;
        }
        while (is_word(at_, "and")) {
            ++at_;
            if (!read_not(operands.emplace_back(), depth)) {
                return false;
            }
        }
        made = conjunction(std::move(operands));
        return true;
    }

    bool read_not(Expression& made, int depth)
    {
        bool is_negated = false;
        while (is_word(at_, "not")) {
            ++at_;
            is_negated = !is_negated;
            condition_.has_not = true;
        }
        if (!read_operand(made, depth)) {
            return false;
        }
        if (is_negated) {
            made = negation(std::move(made));
        }
        return true;
    }

    bool read_operand(Expression& made, int depth)
    {
        if (at_ >= tokens_.size()) {
            return refuse("E510", "the condition ends where a selection should stand");
        }
        if (depth > max_depth) {
            return refuse("E503", "the condition is nested too deeply");
        }
        if (is_next("(")) {
            ++at_;
            if (!read_or(made, depth + 1)) {
                return false;
            }
            if (!is_next(")")) {
                return refuse("E510", "a parenthesis is not closed");
            }
            ++at_;
            return true;
        }
        if (is_word(at_ + 1, "of") && find(tokens_[at_].text) == nullptr) {
            return read_quantifier(made);
        }
        const std::string name(tokens_[at_].text);
        const Expression* const selection = find(name);
        if (selection == nullptr) {
            return refuse_name(name);
        }
        ++at_;
        return take(*selection, made);
    }

    bool take(const Expression& selection, Expression& made)
    {
        size_ += size_of(selection);
        if (size_ > max_size) {
            return refuse("E528", "the condition becomes too large");
        }
        made = selection;
        return true;
    }

    bool refuse_name(const std::string& name)
    {
        if (is_separator(name.front())) {
            return refuse("E510", "a selection should stand here, not '" + name + "'");
        }
        if (name.find('*') != std::string::npos) {
            return refuse("E510", "a pattern of names needs `1 of` or `all of` before it: " + name);
        }
        if (base::equal_ignoring_case(name, "and") || base::equal_ignoring_case(name, "or")) {
            return refuse("E510", "a selection should stand here, not '" + name + "'");
        }
        std::string near;
        std::size_t best = 3;
        for (const auto& selection : selections_) {
            const std::size_t distance = base::edit_distance(name, selection.first, best);
            if (distance < best) {
                best = distance;
                near = selection.first;
            }
        }
        return refuse("E511", "the detection has no selection '" + name + "'",
            near.empty() ? "" : "Did you mean '" + near + "'?");
    }

    bool read_quantifier(Expression& made)
    {
        const std::string_view quantity = tokens_[at_].text;
        const bool is_all = base::equal_ignoring_case(quantity, "all");
        if (!is_all && quantity != "1" && !base::equal_ignoring_case(quantity, "any")) {
            return refuse("E510", "Sigma knows `1 of`, `any of` and `all of`, not '" + std::string(quantity) + " of'");
        }
        at_ += 2;
        if (at_ >= tokens_.size() || is_separator(tokens_[at_].text.front())) {
            return refuse("E510", "`of` needs `them` or a pattern of names after it");
        }
        std::string_view pattern = tokens_[at_].text;
        if (base::equal_ignoring_case(pattern, "them")) {
            pattern = "them";
        }
        std::vector<Expression> operands;
        for (const auto& [name, expression] : selections_) {
            if (is_selected(name, pattern) && !take(expression, operands.emplace_back())) {
                return false;
            }
        }
        if (operands.empty()) {
            return refuse("E511", "no selection has such a name: " + std::string(pattern));
        }
        ++at_;
        made = is_all ? conjunction(std::move(operands)) : disjunction(std::move(operands));
        return true;
    }

    // | count(field) by a, b > 5
    bool read_aggregation()
    {
        ++at_;
        if (is_word(at_, "near")) {
            return refuse("E518", "`near` is not supported", "Write a correlation of type temporal over two rules.");
        }
        if (!is_word(at_, "count")) {
            return refuse("E518", "of Sigma's old aggregations only count() is supported",
                "Write a correlation: event_count, value_count, temporal or temporal_ordered.");
        }
        ++at_;
        Aggregation aggregation;
        if (!is_next("(")) {
            return refuse("E510", "count needs parentheses: count() or count(field)");
        }
        ++at_;
        if (at_ < tokens_.size() && !is_next(")")) {
            aggregation.field = std::string(tokens_[at_++].text);
        }
        if (!is_next(")")) {
            return refuse("E510", "a parenthesis is not closed");
        }
        ++at_;
        if (is_word(at_, "by") && !read_groups(aggregation)) {
            return false;
        }
        if (!read_limit(aggregation)) {
            return false;
        }
        condition_.aggregation = std::move(aggregation);
        return true;
    }

    bool read_groups(Aggregation& aggregation)
    {
        do {
            ++at_;
            if (at_ >= tokens_.size() || is_separator(tokens_[at_].text.front())) {
                return refuse("E510", "`by` needs names of fields after it");
            }
            aggregation.group_by.emplace_back(tokens_[at_++].text);
        } while (is_next(","));
        return true;
    }

    bool read_limit(Aggregation& aggregation)
    {
        static const std::vector<std::pair<std::string_view, Comparison>> comparisons
            = {{">", Comparison::greater}, {">=", Comparison::greater_equal}, {"<", Comparison::less},
                {"<=", Comparison::less_equal}, {"==", Comparison::equal}, {"=", Comparison::equal}};
        const auto found = std::find_if(
            comparisons.begin(), comparisons.end(), [&](const auto& comparison) { return is_next(comparison.first); });
        if (found == comparisons.end()) {
            return refuse("E510", "the aggregation needs a comparison: count() > 5");
        }
        aggregation.comparison = found->second;
        ++at_;
        if (at_ >= tokens_.size() || !base::parse_number(tokens_[at_].text, aggregation.number)) {
            return refuse("E510", "the aggregation is compared with a number");
        }
        ++at_;
        return true;
    }

    const YamlNode& node_;
    const Selections& selections_;
    Condition& condition_;
    Problems& problems_;
    std::vector<Token> tokens_;
    std::size_t at_ = 0;
    std::size_t size_ = 0;
};

} // namespace

bool is_selected(std::string_view name, std::string_view pattern)
{
    if (pattern == "them") {
        return !name.starts_with('_');
    }
    return base::Glob(pattern, base::Wildcards::glob, base::CaseRule::sensitive).matches(name);
}

bool read_condition(const YamlNode& node, const Selections& selections, Condition& condition, Problems& problems)
{
    if (!node.is_scalar()) {
        problems.error("E510", node.span, "a condition is a text");
        return false;
    }
    return Reader(node, selections, condition, problems).read();
}

} // namespace trawl::detect::rules
