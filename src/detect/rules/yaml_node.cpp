#include "detect/rules/yaml_node.h"

#include <charconv>
#include <limits>

namespace trawl::detect::rules {

namespace {

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool is_one_of(std::string_view text, std::string_view a, std::string_view b, std::string_view c)
{
    return text == a || text == b || text == c;
}

std::size_t skip_digits(std::string_view text, std::size_t at)
{
    while (at < text.size() && is_digit(text[at])) {
        ++at;
    }
    return at;
}

// "0x1F", "0o17".
bool is_based_integer(std::string_view text)
{
    if (text.size() < 3 || text[0] != '0' || (text[1] != 'x' && text[1] != 'o')) {
        return false;
    }
    for (const char c : text.substr(2)) {
        const bool is_hex = is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (text[1] == 'x' ? !is_hex : c < '0' || c > '7') {
            return false;
        }
    }
    return true;
}

ScalarType number_type(std::string_view text)
{
    if (is_based_integer(text)) {
        return ScalarType::integer;
    }
    const std::size_t start = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
    const std::string_view unsigned_text = text.substr(start);
    if (is_one_of(unsigned_text, ".inf", ".Inf", ".INF") || is_one_of(text, ".nan", ".NaN", ".NAN")) {
        return ScalarType::real;
    }
    std::size_t at = skip_digits(text, start);
    std::size_t digits = at - start;
    if (at == text.size()) {
        return digits > 0 ? ScalarType::integer : ScalarType::text;
    }
    if (text[at] == '.') {
        const std::size_t end = skip_digits(text, at + 1);
        digits += end - at - 1;
        at = end;
    }
    if (digits > 0 && at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        if (at < text.size() && (text[at] == '-' || text[at] == '+')) {
            ++at;
        }
        const std::size_t end = skip_digits(text, at);
        if (end == at) {
            return ScalarType::text;
        }
        at = end;
    }
    return digits > 0 && at == text.size() ? ScalarType::real : ScalarType::text;
}

} // namespace

const YamlNode* YamlNode::find(std::string_view name) const
{
    if (!is_map()) {
        return nullptr;
    }
    for (std::size_t at = 0; at < size(); ++at) {
        if (key(at).is_scalar() && key(at).text == name) {
            return &value(at);
        }
    }
    return nullptr;
}

ScalarType YamlNode::type() const
{
    if (kind == Kind::null) {
        return ScalarType::null;
    }
    if (is_quoted || kind != Kind::scalar) {
        return ScalarType::text;
    }
    if (is_one_of(text, "true", "True", "TRUE") || is_one_of(text, "false", "False", "FALSE")) {
        return ScalarType::boolean;
    }
    return number_type(text);
}

double YamlNode::number() const
{
    if (is_based_integer(text)) {
        std::uint64_t integer = 0;
        const auto outcome
            = std::from_chars(text.data() + 2, text.data() + text.size(), integer, text[1] == 'x' ? 16 : 8);
        return outcome.ec == std::errc {} ? static_cast<double>(integer) : std::numeric_limits<double>::infinity();
    }
    std::string_view digits = text;
    const bool is_negative = digits.starts_with('-');
    if (is_negative || digits.starts_with('+')) {
        digits.remove_prefix(1);
    }
    double value = 0;
    if (digits.starts_with(".i") || digits.starts_with(".I")) {
        value = std::numeric_limits<double>::infinity();
    } else if (digits.starts_with(".n") || digits.starts_with(".N")) {
        value = std::numeric_limits<double>::quiet_NaN();
    } else if (std::from_chars(digits.data(), digits.data() + digits.size(), value).ec
        == std::errc::result_out_of_range) {
        value = std::numeric_limits<double>::infinity();
    }
    return is_negative ? -value : value;
}

} // namespace trawl::detect::rules
