#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "query/language/analysis.h"
#include "query/language/lexer.h"
#include "query/plan/query.h"

namespace trawl::query::language {

// An expression with its height, so that no text makes a tree that is too deep to walk.
struct Tree {
    plan::Expression expression;
    unsigned height = 1;
};

// A value of `search`.
struct SearchValue {
    std::string text;                  // As the pattern reads it: \* \? and \\ still stand.
    std::string plain;                 // All escapes taken.
    bool is_quoted = false;
    bool is_literal = false;           // literal("…"): no wildcards, no list.
    const NamedList* list = nullptr;   // Owned by the parser's lists.
    base::Span span;
};

// The recursive descent: a function a rule of the grammar, one token of look-ahead, no way back. Its functions are in
// parser.cpp (script, errors), list_parser.cpp, expression_parser.cpp, search_parser.cpp with search_leaf.cpp,
// command_parser.cpp and later_commands.cpp. A failed Result means that its error has been reported.
class Parser {
public:
    Parser(std::string_view text, const Lists& lists);
    Analysis run();

private:
    using Done = base::Result<void>;
    using Unexpected = tl::unexpected<base::Error>;
    using CommandRule = Done (Parser::*)(plan::Command& command);
    struct CommandName {
        std::string_view name;
        plan::CommandKind kind;
        CommandRule rule;
    };
    // Counts how deep the descent is.
    class Descent {
    public:
        explicit Descent(Parser& parser) : parser_(parser) { ++parser_.nesting_; }
        ~Descent() { --parser_.nesting_; }
        Descent(const Descent&) = delete;
        Descent& operator=(const Descent&) = delete;

    private:
        Parser& parser_;
    };
    enum class Separator : std::uint8_t { comma, comma_or_blank };

    // --- The text: parser.cpp
    void advance() { jump(token_.end()); }
    void jump(std::size_t at);
    bool at_symbol(std::string_view symbol) const { return token_.kind == TokenKind::symbol && token_.text == symbol; }
    bool at_word(std::string_view word) const { return is_word(token_, word); }
    static bool is_word(const Token& token, std::string_view word);
    bool at_end_of_command() const;
    bool take_symbol(std::string_view symbol);
    bool take_word(std::string_view word);
    Token following() const { return lexer_.token(token_.end()); }
    base::Span span_from(std::size_t start) const { return {start, previous_end_ > start ? previous_end_ - start : 0}; }
    std::string_view text_of(base::Span span) const { return lexer_.text().substr(span.start, span.length); }
    // The text on one line, without comments.
    std::string source_text(base::Span span) const;

    void report(base::Severity severity, std::string code, std::string message, std::string help, base::Span span);
    Unexpected error(std::string code, std::string message, std::string help, base::Span span);
    Unexpected expected(std::string_view what, std::string help = {});
    Unexpected invalid_token(const Token& token);
    Done check_depth(unsigned height);
    Done expect_symbol(std::string_view symbol, std::string_view after);

    void script();
    void commands(std::vector<plan::Command>& into);
    bool command_name_and_rest(plan::Command& command);
    Done command(plan::Command& command);
    void skip_to_pipe();
    static std::span<const CommandName> command_names();
    bool at_subquery() const;

    // --- Named lists: list_parser.cpp
    Done let_statement();
    Done list_entries(NamedList& list);
    Done list_file(NamedList& list);
    Done list_options(NamedList& list);
    Done list_option(NamedList& list);
    bool at_list_reference() const;
    base::Result<const NamedList*> list_reference();
    // The list that the user bound to a name, or nullptr.
    const NamedList* bound_list(std::string_view name) const;
    Unexpected unbound(std::string_view name, base::Span span);
    void warn_of_outside(const NamedList& list, const event::FieldPath& path, base::Span span);

    // --- Expressions: expression_parser.cpp
    base::Result<Tree> expression();
    base::Result<Tree> conjunction();
    base::Result<Tree> negation();
    base::Result<Tree> comparison();
    base::Result<Tree> compared(Tree left, std::size_t start);
    base::Result<Tree> liked(Tree left, std::size_t start, bool is_negated);
    base::Result<Tree> contained(Tree left, std::size_t start, bool is_negated);
    base::Result<Tree> listed(Tree left, std::size_t start, plan::Test test, bool is_negated);
    base::Result<Tree> additive();
    base::Result<Tree> multiplicative();
    base::Result<Tree> unary();
    base::Result<Tree> power();
    base::Result<Tree> postfix();
    base::Result<Tree> primary();
    base::Result<Tree> number();
    base::Result<Tree> call(const LexedPath& name);
    Done check_call(const plan::Expression& call, bool has_star);
    base::Result<Tree> joined(plan::ExpressionKind kind, std::vector<Tree> operands, std::size_t start);
    // not (a test) that is false, too, where the operand has no value.
    base::Result<Tree> negated_with_value(const plan::Expression& operand, Tree test, std::size_t start);
    base::Result<Token> regex_token();
    base::Result<event::FieldPath> path(std::string_view what);
    base::Result<event::FieldPath> new_name(std::string_view what);
    void warn_of_quoted_list(const plan::Expression& literal);

    // --- search: search_parser.cpp, search_leaf.cpp
    base::Result<Tree> search_or();
    base::Result<Tree> search_and(std::vector<base::Span>& terms);
    base::Result<Tree> search_not();
    base::Result<Tree> search_primary();
    base::Result<Tree> search_field(const LexedPath& field);
    base::Result<Tree> search_in(const LexedPath& field, bool is_negated);
    base::Result<Tree> search_like(const LexedPath& field, bool is_negated);
    base::Result<Tree> search_term();
    base::Result<SearchValue> search_value();
    bool at_search_word(std::string_view word) const;
    bool is_search_operator(const Token& token) const;
    void warn_of_mix(const std::vector<std::vector<base::Span>>& groups, base::Span span);

    Tree equals_leaf(const event::FieldPath& path, const std::vector<SearchValue>& values, base::Span span);
    Tree differs_leaf(const event::FieldPath& path, const std::vector<SearchValue>& values, base::Span span);
    base::Result<Tree> order_leaf(
        const event::FieldPath& path, plan::Comparison comparison, const SearchValue& value, base::Span span);
    Tree like_leaf(const event::FieldPath& path, const SearchValue& value, base::Span span);
    base::Result<Tree> keyword_leaf(const SearchValue& value);
    void warn_of_empty(const event::FieldPath& path, base::Span span, base::Span value);
    void warn_of_any(const event::FieldPath& path, base::Span span);
    void warn_of_range(const event::FieldPath& path, const SearchValue& value);

    // --- Commands: command_parser.cpp
    Done items(std::vector<plan::Item>& into);
    base::Result<plan::Item> item();
    Done names(std::vector<event::FieldPath>& into, Separator separator);
    Done aliases(std::vector<std::string>& into);
    Done alias(std::vector<std::string>& into);
    Done where(plan::Command& command);
    base::Result<std::int64_t> whole_number();
    base::Result<std::string> duration(std::string_view what);
    Done fields_rule(plan::Command& command);
    Done filter_rule(plan::Command& command);
    Done filter_index_rule(plan::Command& command);
    Done search_rule(plan::Command& command);
    Done stats_rule(plan::Command& command);
    Done sort_rule(plan::Command& command);
    Done limit_rule(plan::Command& command);
    Done dedup_rule(plan::Command& command);
    Done parse_rule(plan::Command& command);
    Done parse_glob(plan::Command& command);
    Done parse_regex(plan::Command& command);
    Done json_rule(plan::Command& command);
    Done unnest_rule(plan::Command& command);
    Done expand_rule(plan::Command& command);

    // --- Commands of later issues, kept as they are written: later_commands.cpp
    Done option(plan::Command& command);
    Done options(plan::Command& command);
    Done subquery(plan::Command& command);
    Done optional_alias(plan::Command& command);
    Done matches(plan::Command& command, std::string_view role);
    Done source_rule(plan::Command& command);
    Done source_function(plan::Command& command);
    Done lookup_rule(plan::Command& command);
    Done join_rule(plan::Command& command);
    Done pattern_rule(plan::Command& command);
    Done no_arguments_rule(plan::Command& command);
    Done diff_rule(plan::Command& command);
    Done unmask_rule(plan::Command& command);
    Done autoregress_rule(plan::Command& command);
    Done logcompare_rule(plan::Command& command);
    Done filldown_rule(plan::Command& command);
    Done fillmissing_rule(plan::Command& command);
    Done outlier_rule(plan::Command& command);
    Done accum_rule(plan::Command& command);
    Done appendcols_rule(plan::Command& command);
    Done sessionize_rule(plan::Command& command);
    Done count_frequent_rule(plan::Command& command);
    Done addtotals_rule(plan::Command& command);
    Done relevantfields_rule(plan::Command& command);
    Done detect_rule(plan::Command& command);
    Done detect_step(plan::Command& command, std::string_view role);
    base::Result<std::string> detect_condition(plan::Command& command);

    Lexer lexer_;
    Token token_;                     // The look-ahead.
    std::size_t previous_end_ = 0;    // Where the last token that was taken ends.
    unsigned nesting_ = 0;
    std::size_t command_count_ = 0;
    Analysis analysis_;
    plan::Command* command_ = nullptr;              // The one that is read.
    std::set<std::string, std::less<>> unbound_;    // Names of lists that E201 has been said of.
    std::set<std::string, std::less<>> always_set_; // Fields that W102 has been said of.
    std::set<std::string, std::less<>> told_outside_; // Lists that W121 has been said of.
    bool asks_for_addresses_ = false;               // isValidIp(sourceIPAddress) occurs.
};

} // namespace trawl::query::language
