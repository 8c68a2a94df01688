#include "query/language/lexer.h"

#include <array>

#include "base/text.h"
#include "query/functions/period.h"

namespace trawl::query::language {

namespace {

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// Letters of other scripts are letters: any byte beyond ASCII.
bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (static_cast<unsigned char>(c) & 0x80) != 0;
}

bool is_word_character(char c)
{
    return is_letter(c) || is_digit(c) || c == '@';
}

bool is_white(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

// What formatted pages leave in copied queries: no-break space, byte order mark.
std::size_t white_length(std::string_view text, std::size_t at)
{
    if (is_white(text[at])) {
        return 1;
    }
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("\xC2\xA0")) {
        return 2;
    }
    return rest.starts_with("\xEF\xBB\xBF") ? 3 : 0;
}

constexpr std::array<std::string_view, 5> two_character_symbols {"==", "!=", "<=", ">=", "=~"};
constexpr std::string_view symbols = "|()[]{},=<>!+-*/%^.$;:";
constexpr std::string_view stops_of_bare = "()|,\"'=<>![]";

} // namespace

Token Lexer::make(TokenKind kind, std::size_t start, std::size_t end) const
{
    return {kind, Problem::none, text_.substr(start, end - start), {start, end - start}};
}

Token Lexer::invalid(Problem problem, std::size_t start, std::size_t length) const
{
    return {TokenKind::invalid, problem, text_.substr(start, length), {start, length}};
}

std::size_t Lexer::skip_blanks(std::size_t at) const
{
    while (at < text_.size()) {
        if (text_[at] == '#') {
            const std::size_t line_end = text_.find('\n', at);
            at = line_end == std::string_view::npos ? text_.size() : line_end;
            continue;
        }
        const std::size_t length = white_length(text_, at);
        if (length == 0) {
            break;
        }
        at += length;
    }
    return at;
}

std::size_t Lexer::typographic_quote(std::size_t at) const
{
    const std::string_view rest = text_.substr(at, 3);
    constexpr std::array<std::string_view, 4> quotes {"\xE2\x80\x9C", "\xE2\x80\x9D", "\xE2\x80\x98", "\xE2\x80\x99"};
    for (const std::string_view quote : quotes) {
        if (rest == quote) {
            return quote.size();
        }
    }
    return 0;
}

std::size_t Lexer::word_end(std::size_t at) const
{
    while (at < text_.size() && is_word_character(text_[at]) && typographic_quote(at) == 0
        && white_length(text_, at) == 0) {
        ++at;
    }
    return at;
}

Token Lexer::token(std::size_t at) const
{
    const std::size_t start = skip_blanks(at);
    if (start >= text_.size()) {
        return make(TokenKind::end, text_.size(), text_.size());
    }
    const char c = text_[start];
    if (is_digit(c)) {
        return number(start);
    }
    if (c == '"' || c == '\'') {
        return string(start);
    }
    if (const std::size_t length = typographic_quote(start); length > 0) {
        return invalid(Problem::typographic_quote, start, length);
    }
    std::size_t head = start;
    while (head < text_.size() && text_[head] == '@') {
        ++head;
    }
    if (head < text_.size() && text_[head] == '`') {
        return back_tick(start, head);
    }
    if (head < text_.size() && (is_letter(text_[head]) || (head > start && is_digit(text_[head])))) {
        return make(TokenKind::word, start, word_end(head));
    }
    const std::string_view two = text_.substr(start, 2);
    for (const std::string_view symbol : two_character_symbols) {
        if (two == symbol) {
            return make(TokenKind::symbol, start, start + 2);
        }
    }
    if (symbols.find(c) != std::string_view::npos) {
        return make(TokenKind::symbol, start, start + 1);
    }
    return invalid(Problem::stray, start, 1);
}

Token Lexer::number(std::size_t start) const
{
    std::size_t at = start;
    const auto skip_digits = [this, &at] {
        while (at < text_.size() && is_digit(text_[at])) {
            ++at;
        }
    };
    const auto digit_at = [this](std::size_t place) { return place < text_.size() && is_digit(text_[place]); };
    skip_digits();
    if (at < text_.size() && text_[at] == '.' && digit_at(at + 1)) {
        ++at;
        skip_digits();
        if (at < text_.size() && text_[at] == '.' && digit_at(at + 1)) {
            while (at < text_.size() && (text_[at] == '.' || text_[at] == '/' || is_digit(text_[at]))) {
                ++at;
            }
            return invalid(Problem::dotted_number, start, at - start);
        }
    }
    if (at < text_.size() && base::lower_ascii(text_[at]) == 'e') {
        const std::size_t digits
            = at + 1 < text_.size() && (text_[at + 1] == '+' || text_[at + 1] == '-') ? at + 2 : at + 1;
        if (digit_at(digits)) {
            at = digits;
            skip_digits();
        }
    }
    const std::size_t end = word_end(at);
    if (end == at) {
        return make(TokenKind::number, start, at);
    }
    if (functions::parse_period(text_.substr(start, end - start))) {
        return make(TokenKind::duration, start, end);
    }
    return invalid(Problem::bad_number, start, end - start);
}

Token Lexer::string(std::size_t start) const
{
    const char quote = text_[start];
    for (std::size_t at = start + 1; at < text_.size(); ++at) {
        if (text_[at] == quote) {
            return make(TokenKind::string, start, at + 1);
        }
        // A backslash before anything else is itself: "C:\" is a whole string only without this case, so that the
        // backslash before the closing quote must be doubled.
        if (text_[at] == '\\' && at + 1 < text_.size()
            && (text_[at + 1] == '"' || text_[at + 1] == '\'' || text_[at + 1] == '\\')) {
            ++at;
        }
    }
    return invalid(Problem::unclosed_string, start, 1);
}

Token Lexer::back_tick(std::size_t start, std::size_t tick) const
{
    const std::size_t close = text_.find('`', tick + 1);
    if (close == std::string_view::npos) {
        return invalid(Problem::unclosed_back_tick, start, tick + 1 - start);
    }
    return make(TokenKind::back_tick, start, close + 1);
}

Token Lexer::regex(std::size_t at) const
{
    const std::size_t start = at;
    // A `/` in [ ] is a character; an unclosed [ is the expression's own mistake and must not swallow the query.
    for (const bool mind_classes : {true, false}) {
        bool in_class = false;
        for (at = start + 1; at < text_.size(); ++at) {
            const char c = text_[at];
            if (c == '\\') {
                ++at;
            } else if (c == '/' && !(in_class && mind_classes)) {
                return make(TokenKind::regex, start, at + 1);
            } else if (c == '[') {
                in_class = true;
            } else if (c == ']') {
                in_class = false;
            }
        }
    }
    return invalid(Problem::unclosed_regex, start, 1);
}

Token Lexer::run(std::size_t start, std::string_view stops) const
{
    std::size_t at = start;
    while (at < text_.size() && white_length(text_, at) == 0 && stops.find(text_[at]) == std::string_view::npos) {
        ++at;
    }
    return make(TokenKind::bare, start, at);
}

Token Lexer::bare(std::size_t at) const
{
    const std::size_t start = skip_blanks(at);
    if (start < text_.size()) {
        if (const std::size_t length = typographic_quote(start); length > 0) {
            return invalid(Problem::typographic_quote, start, length);
        }
    }
    Token token = run(start, stops_of_bare);
    // The `;` that closes the query belongs to no word.
    if (token.text.ends_with(';') && skip_blanks(token.end()) == text_.size()) {
        token = make(TokenKind::bare, start, token.end() - 1);
    }
    if (token.span.length == 0) {
        return this->token(start);
    }
    return token;
}

Token Lexer::url(std::size_t at) const
{
    return run(skip_blanks(at), "|)");
}

Token Lexer::option(std::size_t at) const
{
    const std::size_t start = skip_blanks(at);
    if (start < text_.size() && (text_[start] == '"' || text_[start] == '\'')) {
        return string(start);
    }
    return run(start, "|(),");
}

std::optional<Lexer::Segment> Lexer::segment(std::size_t at) const
{
    if (at + 1 >= text_.size()) {
        return {};
    }
    const std::size_t start = at + 1;
    const char first = text_[start];
    if (text_[at] == '.' && first == '`') {
        const std::size_t close = text_.find('`', start + 1);
        if (close != std::string_view::npos) {
            return Segment {std::string(text_.substr(start + 1, close - start - 1)), close + 1, false};
        }
    } else if (text_[at] == '.') {
        if (const std::size_t end = word_end(start); end > start) {
            return Segment {std::string(text_.substr(start, end - start)), end, false};
        }
    } else if (text_[at] == '[' && is_digit(first)) {
        std::size_t close = start;
        while (close < text_.size() && is_digit(text_[close])) {
            ++close;
        }
        if (close < text_.size() && text_[close] == ']') {
            return Segment {std::string(text_.substr(start, close - start)), close + 1, true};
        }
    }
    return {};
}

std::optional<LexedPath> Lexer::path(std::size_t at) const
{
    const Token head = token(at);
    if (head.kind != TokenKind::word && head.kind != TokenKind::back_tick) {
        return {};
    }
    const auto content = [](std::string_view text) {
        std::string out;
        for (const char c : text) {
            if (c != '`') {
                out += c;
            }
        }
        return out;
    };
    std::vector<std::string> parts {content(head.text)};
    bool is_one_word = head.kind == TokenKind::word;
    std::size_t end = head.end();
    // Deeper than any record; what follows is then an error.
    constexpr std::size_t most_parts = 128;
    while (parts.size() < most_parts) {
        auto next = segment(end);
        if (!next) {
            break;
        }
        parts.push_back(std::move(next->name));
        end = next->end;
        is_one_word = false;
    }
    return LexedPath {event::FieldPath::of(std::move(parts)), {head.span.start, end - head.span.start}, is_one_word};
}

std::size_t Lexer::closing_bracket(std::size_t at) const
{
    std::size_t depth = 1;
    while (true) {
        const Token next = token(at);
        if (next.kind == TokenKind::end || next.problem == Problem::unclosed_string
            || next.problem == Problem::unclosed_back_tick) {
            return std::string_view::npos;
        }
        if (next.text == "(") {
            ++depth;
        } else if (next.text == ")" && --depth == 0) {
            return next.span.start;
        }
        at = next.end();
    }
}

std::string string_content(std::string_view token, Escapes escapes)
{
    std::string out;
    const std::string_view inside = token.size() < 2 ? std::string_view() : token.substr(1, token.size() - 2);
    for (std::size_t i = 0; i < inside.size(); ++i) {
        if (inside[i] == '\\' && i + 1 < inside.size()) {
            const char next = inside[i + 1];
            if (next == '"' || next == '\'' || (next == '\\' && escapes == Escapes::all)) {
                out += next;
                ++i;
                continue;
            }
            // A pair that wildcards read must not be torn: \\" is a backslash, then the quote that closes.
            if (next == '\\') {
                out += "\\\\";
                ++i;
                continue;
            }
        }
        out += inside[i];
    }
    return out;
}

std::string_view regex_content(std::string_view token)
{
    return token.size() < 2 ? std::string_view() : token.substr(1, token.size() - 2);
}

} // namespace trawl::query::language
