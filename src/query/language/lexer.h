#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "event/field_path.h"

namespace trawl::query::language {

enum class TokenKind : std::uint8_t {
    end,
    word,       // A name or keyword, with the @ before it.
    back_tick,  // `detail-type`, @`aws.tag.key`
    number,
    duration,
    string,
    regex,      // Only when asked for.
    bare,       // Only when asked for: text without quotes in `search`, a URL, the value of an option.
    symbol,
    invalid,    // `problem` says why.
};

enum class Problem : std::uint8_t {
    none,
    unclosed_string,
    unclosed_back_tick,
    unclosed_regex,
    bad_number,
    dotted_number,
    typographic_quote,
    stray,
};

struct Token {
    TokenKind kind = TokenKind::end;
    Problem problem = Problem::none;
    std::string_view text;   // As written, quotes included.
    base::Span span;

    std::size_t end() const { return span.start + span.length; }
};

struct LexedPath {
    event::FieldPath path;
    base::Span span;
    bool is_one_word = false;  // No back-tick, no dot, no position: may be the name of a function.
};

// Which escapes of a string are taken: all three, or only those of quotes, where wildcards take the others.
enum class Escapes : std::uint8_t { all, quotes };

// Cuts the query's text where the parser asks it to: the language cannot be cut without knowing what may come, since
// `/` divides or opens a regular expression, and `search` takes almost any text as a word. Every function is a pure
// function of the place.
class Lexer {
public:
    // `text` outlives the lexer and all tokens.
    explicit Lexer(std::string_view text) : text_(text) {}

    std::string_view text() const { return text_; }
    // The next place that is neither white space nor in a comment.
    std::size_t skip_blanks(std::size_t at) const;
    // The token at or after `at`.
    Token token(std::size_t at) const;
    // The expression that begins with the `/` at `at`.
    Token regex(std::size_t at) const;
    // Text without quotes as `search` takes it.
    Token bare(std::size_t at) const;
    // Text up to white space, `|` or `)`: a URL; with `,` excluded too, the value of an option.
    Token url(std::size_t at) const;
    Token option(std::size_t at) const;
    // The path that begins at or after `at`; nothing when there is none.
    std::optional<LexedPath> path(std::size_t at) const;
    // A step into a value directly at `at`: `.name`, `.0`, .`a.b`, `[0]`.
    struct Segment {
        std::string name;
        std::size_t end = 0;
        bool is_position = false;   // Written in brackets.
    };
    std::optional<Segment> segment(std::size_t at) const;
    // The end of a bracket's content: the place of the `)` that closes what is open at `at`; npos when there is none.
    std::size_t closing_bracket(std::size_t at) const;

private:
    Token make(TokenKind kind, std::size_t start, std::size_t end) const;
    Token invalid(Problem problem, std::size_t start, std::size_t length) const;
    Token number(std::size_t start) const;
    Token string(std::size_t start) const;
    Token back_tick(std::size_t start, std::size_t tick) const;
    Token run(std::size_t start, std::string_view stops) const;
    std::size_t typographic_quote(std::size_t at) const;
    std::size_t word_end(std::size_t at) const;

    std::string_view text_;
};

// The content of a string token.
std::string string_content(std::string_view token, Escapes escapes);
// The content of a regex token, without its slashes.
std::string_view regex_content(std::string_view token);

} // namespace trawl::query::language
