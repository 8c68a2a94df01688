#include "detect/rules/detection_compiler.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/regex.h"
#include "base/text.h"
#include "detect/rules/expressions.h"
#include "detect/rules/sigma_text.h"

namespace trawl::detect::rules {

using query::plan::Expression;
using query::plan::ExpressionKind;
using query::plan::Test;

namespace {

Test test_of(TextForm form)
{
    switch (form) {
    case TextForm::contains: return Test::contains;
    case TextForm::starts_with: return Test::starts_with;
    case TextForm::ends_with: return Test::ends_with;
    case TextForm::whole: break;
    }
    return Test::text;
}

// Whether every value has such a text: "*" (or, within a longer text, nothing at all).
bool is_any_text(std::string_view text, TextForm form)
{
    return (form != TextForm::whole || !text.empty()) && text.find_first_not_of('*') == std::string_view::npos;
}

std::vector<std::string> encode(const std::vector<std::string>& texts, Encoding encoding)
{
    std::vector<std::string> encoded;
    for (const std::string& text : texts) {
        if (encoding == Encoding::dashes) {
            const std::vector<std::string> variants = dash_variants(text);
            encoded.insert(encoded.end(), variants.begin(), variants.end());
            continue;
        }
        const std::string plain = plain_text(text);
        switch (encoding) {
        case Encoding::base64: encoded.push_back(base64(plain)); break;
        case Encoding::base64_offset:
            for (const std::string& variant : base64_offsets(plain)) {
                encoded.push_back(variant);
            }
            break;
        case Encoding::utf16_little: encoded.push_back(escape_text(utf16_little(plain))); break;
        case Encoding::utf16_big: encoded.push_back(escape_text(utf16_big(plain))); break;
        case Encoding::utf16_marked: encoded.push_back(escape_text(utf16_marked(plain))); break;
        case Encoding::dashes: break;
        }
    }
    return encoded;
}

} // namespace

Expression DetectionCompiler::wrong(const char* code, const YamlNode& value, std::string message, std::string help)
{
    problems_.error(code, value.span, std::move(message), std::move(help));
    return constant(false);
}

Expression DetectionCompiler::make_leaf(const ItemKey& key, Test test, base::Span span) const
{
    Expression leaf;
    leaf.kind = key.field.empty() ? ExpressionKind::keyword : ExpressionKind::match;
    leaf.span = span;
    leaf.reach = event::Reach::any_element;
    if (!key.field.empty()) {
        leaf.path = event::FieldPath::parse(key.field);
    }
    leaf.match.test = leaf.kind == ExpressionKind::keyword && test == Test::text ? Test::contains : test;
    leaf.match.case_rule = key.cased ? base::CaseRule::sensitive : base::CaseRule::insensitive;
    leaf.match.cut_api_version = key.cut_api_version;
    return leaf;
}

Expression DetectionCompiler::compile_selection(const YamlNode& node)
{
    if (node.is_map()) {
        return compile_map(node);
    }
    ItemKey keywords;
    keywords.span = node.span;
    if (node.is_scalar()) {
        return compile_value(keywords, node);
    }
    if (!node.is_sequence() || node.items.empty()) {
        return wrong("E508", node, "a selection is a map, a list of maps or a list of keywords");
    }
    Expressions any;
    for (const YamlNode& item : node.items) {
        if (item.is_map()) {
            any.push_back(compile_map(item));
        } else if (item.is_scalar()) {
            any.push_back(compile_value(keywords, item));
        } else {
            any.push_back(wrong("E508", item, "an entry of a selection is a map or a keyword"));
        }
    }
    return disjunction(std::move(any));
}

Expression DetectionCompiler::compile_map(const YamlNode& map)
{
    if (map.items.empty()) {
        return wrong("E508", map, "this map has no items");
    }
    Expressions all;
    for (std::size_t at = 0; at < map.size(); ++at) {
        all.push_back(compile_item(map.key(at), map.value(at)));
    }
    return conjunction(std::move(all));
}

Expression DetectionCompiler::compile_item(const YamlNode& name, const YamlNode& value)
{
    constexpr int max_depth = 8;
    ItemKey key;
    if (!read_item_key(name, key, problems_)) {
        return constant(false);
    }
    if (value.is_sequence() && value.items.empty()) {
        return wrong("E508", name, "this item has no values");
    }
    if (depth_ >= max_depth) {
        return wrong("E503", name, "`any` maps are nested too deeply");
    }
    ++depth_;
    Expressions values;
    if (value.is_sequence()) {
        for (const YamlNode& one : value.items) {
            if (one.is_null() && !key.all) {
                problems_.warning("W402", one.span,
                    "Sigma has no null in a list of values; read as: or the field is missing",
                    "Write a selection of its own: `" + key.field + ": null`.");
            }
            values.push_back(compile_value(key, one));
        }
    } else {
        values.push_back(compile_value(key, value));
    }
    --depth_;
    Expression item = key.all ? conjunction(std::move(values)) : disjunction(std::move(values));
    const auto list = lists_.find(item.match.list);
    const bool differs_from_addresses = key.negated && item.kind == ExpressionKind::match
        && item.match.test == Test::in_named_list && list != lists_.end() && is_address_list(list->second)
        && !list->second.values.empty();
    if (differs_from_addresses) {
        // The list says whether a value that is no address differs from it.
        Expression absent = make_leaf(key, Test::absent, item.span);
        item.match.test = Test::outside_named_list;
        Expressions either;
        either.push_back(std::move(absent));
        either.push_back(std::move(item));
        return disjunction(std::move(either));
    }
    return key.negated ? negation(std::move(item)) : item;
}

Expression DetectionCompiler::compile_value(const ItemKey& key, const YamlNode& value)
{
    if (key.kind == ItemKind::element) {
        if (!value.is_map()) {
            return wrong("E514", value, "`any` needs a map, or a list of maps");
        }
        Expression element = make_leaf(key, Test::text, key.span);
        element.kind = ExpressionKind::element;
        element.match = {};
        element.operands.push_back(compile_map(value));
        return element;
    }
    if (value.is_map()) {
        return wrong("E508", value, "the value of a field is a scalar or a list of scalars",
            "Write nested fields with dots (`a.b: x`); `" + key.field
                + "|any: {…}` asks for one element of an array that meets a whole map.");
    }
    if (value.is_sequence()) {
        return wrong("E508", value, "a list of values holds no lists");
    }
    if (value.is_null() && (key.kind != ItemKind::text || key.form != TextForm::whole || !key.encodings.empty())) {
        return wrong("E514", value, "null goes with no modifier but neq");
    }
    switch (key.kind) {
    case ItemKind::text: return compile_text(key, value);
    case ItemKind::regex: return compile_regex(key, value);
    case ItemKind::cidr: return compile_cidr(key, value);
    case ItemKind::presence: return compile_presence(key, value);
    case ItemKind::field: return compile_field(key, value);
    case ItemKind::order: return compile_order(key, value);
    case ItemKind::time_part: return compile_time_part(key, value);
    case ItemKind::ports: return compile_ports(key, value);
    case ItemKind::port_width: return compile_limit(key, value, Test::port_width_over);
    case ItemKind::wider: return compile_limit(key, value, Test::wider_than);
    case ItemKind::world: return compile_world(key, value);
    case ItemKind::element: break;
    }
    return constant(false);
}

Expression DetectionCompiler::compile_text(const ItemKey& key, const YamlNode& value)
{
    if (value.is_null()) {
        return key.field.empty() ? wrong("E514", value, "null is no keyword") : make_leaf(key, Test::absent, key.span);
    }
    std::vector<std::string> texts;
    if (key.expand) {
        const auto name = whole_placeholder(value.text);
        if (name && key.encodings.empty() && !key.cut_api_version
            && (key.form == TextForm::whole || key.form == TextForm::contains)) {
            return compile_list(key, value, *name);
        }
        if (!substitute(value, texts)) {
            return constant(false);
        }
        if (texts.empty()) {
            return never_in_list(key, value);
        }
    } else if (value.type() == ScalarType::boolean) {
        texts.push_back(base::to_lower_ascii(value.text));
    } else {
        texts.push_back(value.text);
    }
    if (key.field.empty() && value.text.empty()) {
        return wrong("E514", value, "an empty keyword is in every record");
    }
    Expression found = compile_patterns(key, value, std::move(texts));
    // "1.0" and 1 are one number. Plain digits are compared as they stand, so that 012345678901 keeps its zero.
    const std::size_t sign = value.text.starts_with('-') ? 1 : 0;
    const bool has_other_spelling = value.type() == ScalarType::real
        || (value.type() == ScalarType::integer
            && value.text.find_first_not_of("0123456789", sign) != std::string::npos);
    if (has_other_spelling && std::isfinite(value.number()) && key.form == TextForm::whole && !key.field.empty()) {
        Expression number = make_leaf(key, Test::number_equal, value.span);
        number.match.numbers.push_back(value.number());
        Expressions either;
        either.push_back(std::move(found));
        either.push_back(std::move(number));
        return disjunction(std::move(either));
    }
    return found;
}

Expression DetectionCompiler::compile_patterns(
    const ItemKey& key, const YamlNode& value, std::vector<std::string> texts)
{
    for (const Encoding encoding : key.encodings) {
        const bool has_wildcard
            = std::any_of(texts.begin(), texts.end(), [](const auto& text) { return has_wildcards(text); });
        if (encoding != Encoding::dashes && has_wildcard) {
            return wrong("E514", value, "a value that is encoded has no wildcards",
                "Write `\\*` and `\\?` for the plain characters.");
        }
        texts = encode(texts, encoding);
    }
    const auto is_any = [&](const std::string& text) { return is_any_text(text, key.form); };
    if (std::any_of(texts.begin(), texts.end(), is_any)) {
        return key.field.empty() ? constant(true) : make_leaf(key, Test::has_value, value.span);
    }
    Expressions either;
    const auto empty = std::remove(texts.begin(), texts.end(), std::string());
    if (empty != texts.end()) {
        texts.erase(empty, texts.end());
        either.push_back(make_leaf(key, Test::empty_text, value.span));
    }
    if (!texts.empty()) {
        Expression leaf = make_leaf(key, test_of(key.form), value.span);
        leaf.match.patterns = std::move(texts);
        either.push_back(std::move(leaf));
    }
    return disjunction(std::move(either));
}

Expression DetectionCompiler::compile_regex(const ItemKey& key, const YamlNode& value)
{
    if (key.expand) {
        const auto name = whole_placeholder(value.text);
        if (!name) {
            return wrong("E514", value, "re with expand takes one placeholder alone: '%Name%'");
        }
        const query::NamedList* const list = find_list(*name, value);
        if (list != nullptr && list->type != query::ListType::regex) {
            return wrong("E517", value, "re needs a list of type regex: " + *name);
        }
        Expression leaf = make_leaf(key, Test::like_named_list, value.span);
        leaf.match.list = *name;
        return leaf;
    }
    std::string flags;
    flags += key.ignore_case ? "i" : "";
    flags += key.multi_line ? "m" : "";
    flags += key.dot_all ? "s" : "";
    std::string pattern = value.text;
    if (key.form == TextForm::starts_with) {
        pattern = "\\A(?:" + pattern + ")";
    } else if (key.form == TextForm::ends_with) {
        pattern = "(?:" + pattern + ")\\z";
    }
    if (!flags.empty()) {
        pattern = "(?" + flags + ")" + pattern;
    }
    if (const auto regex = base::Regex::create(pattern); !regex) {
        return wrong("E515", value, "this regular expression cannot be read: " + regex.error().message,
            "Expressions are RE2's: no look-around, no back references.");
    }
    Expression leaf = make_leaf(key, Test::regex, value.span);
    leaf.match.patterns.push_back(std::move(pattern));
    return leaf;
}

Expression DetectionCompiler::compile_presence(const ItemKey& key, const YamlNode& value)
{
    const std::string word = base::to_lower_ascii(value.text);
    if (word != "true" && word != "false") {
        return wrong("E514", value, "exists is true or false");
    }
    Expression leaf = make_leaf(key, Test::exists, value.span);
    return word == "true" ? leaf : negation(std::move(leaf));
}

Expression DetectionCompiler::compile_field(const ItemKey& key, const YamlNode& value)
{
    if (value.text.empty()) {
        return wrong("E514", value, "fieldref needs the name of a field");
    }
    Test test = Test::equals_field;
    switch (key.form) {
    case TextForm::contains: test = Test::contains_field; break;
    case TextForm::starts_with: test = Test::starts_with_field; break;
    case TextForm::ends_with: test = Test::ends_with_field; break;
    case TextForm::whole: break;
    }
    Expression leaf = make_leaf(key, test, value.span);
    leaf.match.other = event::FieldPath::parse(value.text);
    return leaf;
}

Expression DetectionCompiler::compile_limit(const ItemKey& key, const YamlNode& value, Test test)
{
    double number = 0;
    if (value.type() == ScalarType::integer || value.type() == ScalarType::real) {
        number = value.number();
    } else if (!base::parse_number(value.text, number)) {
        return wrong("E514", value, "this comparison needs a number, not '" + value.text + "'");
    }
    if (!std::isfinite(number)) {
        return wrong("E514", value, "this comparison needs a finite number");
    }
    Expression leaf = make_leaf(key, test, value.span);
    leaf.match.numbers.push_back(number);
    return leaf;
}

Expression DetectionCompiler::compile_order(const ItemKey& key, const YamlNode& value)
{
    return compile_limit(key, value, key.order);
}

Expression DetectionCompiler::compile_time_part(const ItemKey& key, const YamlNode& value)
{
    Expression leaf = compile_limit(key, value, Test::time_part);
    if (leaf.kind != ExpressionKind::match) {
        return leaf;
    }
    leaf.match.part = key.time_part;
    if (!key.has_order) {
        return leaf;
    }
    // The parts are few, so that an order is the list of those that meet it.
    const double limit = leaf.match.numbers.front();
    const bool is_year = key.time_part == "year";
    leaf.match.numbers.clear();
    for (int part = is_year ? 1970 : 0; part <= (is_year ? 2262 : 60); ++part) {
        const bool is_met = key.order == Test::less ? part < limit
            : key.order == Test::less_equal         ? part <= limit
            : key.order == Test::greater            ? part > limit
                                                    : part >= limit;
        if (is_met) {
            leaf.match.numbers.push_back(part);
        }
    }
    return leaf;
}

Expression DetectionCompiler::compile_world(const ItemKey& key, const YamlNode& value)
{
    const std::string word = base::to_lower_ascii(value.text);
    if (word != "true" && word != "false") {
        return wrong("E514", value, "world is true or false");
    }
    Expression leaf = make_leaf(key, Test::world, value.span);
    if (word == "true") {
        return leaf;
    }
    Expressions all;
    all.push_back(make_leaf(key, Test::has_value, value.span));
    all.push_back(negation(std::move(leaf)));
    return conjunction(std::move(all));
}

} // namespace trawl::detect::rules
