#include "detect/rules/yaml_json.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace trawl::detect::rules {

namespace {

constexpr std::string_view absent_mark = "__absent__";

bool is_absent_mark(const YamlNode& node)
{
    return node.is_scalar() && node.text == absent_mark;
}

// Whether JSON spells a number so: no sign +, no needless zero, digits on both sides of a point.
bool is_json_number(std::string_view text)
{
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.starts_with('-')) {
        text.remove_prefix(1);
    }
    const std::size_t whole = std::min(text.find_first_not_of("0123456789"), text.size());
    if (whole == 0 || (whole > 1 && text[0] == '0')) {
        return false;
    }
    text.remove_prefix(whole);
    if (text.starts_with('.')) {
        const std::size_t end = std::min(text.find_first_not_of("0123456789", 1), text.size());
        if (end == 1) {
            return false;
        }
        text.remove_prefix(end);
    }
    // The scalar is a number of YAML's, so that an exponent is well formed.
    return text.empty() || ((text[0] == 'e' || text[0] == 'E') && is_digit(text.back()));
}

// Writes the digits as they stand where JSON knows them so; YAML also has "+1", "012", ".5", "0x1F" and ".inf".
void append_number(std::string& out, const YamlNode& node)
{
    if (is_json_number(node.text)) {
        out += node.text;
        return;
    }
    std::string_view digits = node.text;
    const bool is_negative = digits.starts_with('-');
    if (is_negative || digits.starts_with('+')) {
        digits.remove_prefix(1);
    }
    if (node.type() == ScalarType::integer && digits.find_first_not_of("0123456789") == std::string_view::npos) {
        digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size() - 1));
        out += is_negative ? "-" : "";
        out += digits;
        return;
    }
    const double number = node.number();
    if (std::isfinite(number)) {
        base::append_number(out, number);
    } else {
        out += "null";
    }
}

} // namespace

void append_json(std::string& out, const YamlNode& node)
{
    switch (node.kind) {
    case YamlNode::Kind::null: out += "null"; return;
    case YamlNode::Kind::sequence:
        out.push_back('[');
        for (std::size_t at = 0; at < node.items.size(); ++at) {
            out += at > 0 ? "," : "";
            append_json(out, node.items[at]);
        }
        out.push_back(']');
        return;
    case YamlNode::Kind::map:
        out.push_back('{');
        for (std::size_t at = 0; at < node.size(); ++at) {
            out += at > 0 ? "," : "";
            base::append_json_string(out, node.key(at).text);
            out.push_back(':');
            append_json(out, node.value(at));
        }
        out.push_back('}');
        return;
    case YamlNode::Kind::scalar: break;
    }
    switch (node.type()) {
    case ScalarType::boolean:
        out += node.text.starts_with('t') || node.text.starts_with('T') ? "true" : "false";
        return;
    case ScalarType::integer:
    case ScalarType::real: append_number(out, node); return;
    default: base::append_json_string(out, node.text); return;
    }
}

YamlNode merge_over(const YamlNode& base, const YamlNode& changes)
{
    if (!changes.is_map()) {
        return changes;
    }
    const bool is_over_map = base.is_map();
    YamlNode merged = changes;
    merged.items.clear();
    for (std::size_t at = 0; is_over_map && at < base.size(); ++at) {
        const YamlNode* const change = changes.find(base.key(at).text);
        if (change != nullptr && is_absent_mark(*change)) {
            continue;
        }
        merged.items.push_back(base.key(at));
        merged.items.push_back(change == nullptr ? base.value(at) : merge_over(base.value(at), *change));
    }
    for (std::size_t at = 0; at < changes.size(); ++at) {
        const bool is_new = !is_over_map || base.find(changes.key(at).text) == nullptr;
        if (is_new && !is_absent_mark(changes.value(at))) {
            merged.items.push_back(changes.key(at));
            merged.items.push_back(merge_over(YamlNode {}, changes.value(at)));
        }
    }
    return merged;
}

} // namespace trawl::detect::rules
