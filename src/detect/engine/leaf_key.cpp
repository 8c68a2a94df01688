#include "detect/engine/leaf_key.h"

#include <cstring>

namespace trawl::detect::engine {

namespace {

template <typename Number> void append_bytes(std::string& key, Number number)
{
    char bytes[sizeof number];
    std::memcpy(bytes, &number, sizeof number);
    key.append(bytes, sizeof number);
}

void append_text(std::string& key, const std::string& text)
{
    append_bytes(key, text.size());
    key += text;
}

void append_path(std::string& key, const event::FieldPath& path)
{
    append_bytes(key, path.parts.size());
    for (const std::string& part : path.parts) {
        append_text(key, part);
    }
}

void append_match(std::string& key, const query::plan::Match& match)
{
    append_bytes(key, match.test);
    append_bytes(key, match.patterns.size());
    for (const std::string& pattern : match.patterns) {
        append_text(key, pattern);
    }
    append_bytes(key, match.numbers.size());
    for (const double number : match.numbers) {
        append_bytes(key, number);
    }
    append_bytes(key, match.wildcards);
    append_bytes(key, match.case_rule);
    append_bytes(key, match.cut_api_version);
    append_text(key, match.list);
    append_path(key, match.other);
    append_text(key, match.part);
}

} // namespace

void append_leaf_key(std::string& key, const query::plan::Expression& expression)
{
    append_bytes(key, expression.kind);
    append_bytes(key, expression.literal.type);
    append_bytes(key, expression.literal.boolean);
    append_bytes(key, expression.literal.number);
    append_text(key, expression.literal.text);
    append_path(key, expression.path);
    append_bytes(key, expression.reach);
    append_bytes(key, expression.comparison);
    append_bytes(key, expression.arithmetic);
    append_text(key, expression.text);
    append_bytes(key, expression.position);
    append_match(key, expression.match);
    append_bytes(key, expression.operands.size());
    for (const query::plan::Expression& operand : expression.operands) {
        append_leaf_key(key, operand);
    }
}

} // namespace trawl::detect::engine
