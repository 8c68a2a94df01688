#include "ingest/kinds/derive.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "base/text.h"
#include "event/json.h"

namespace trawl::ingest::derive {

using event::Type;
using event::Value;

namespace {

Value text_or_missing(std::string_view text)
{
    return text.empty() ? Value() : Value::string(text);
}

// Epoch numbers are told by their size: seconds until the year 5138, then milliseconds, microseconds, nanoseconds.
std::optional<base::Time> epoch_time(double number)
{
    if (!std::isfinite(number) || number < 0) {
        return std::nullopt;
    }
    constexpr std::array<std::pair<double, double>, 4> scales {{{1e11, 1e6}, {1e14, 1e3}, {1e17, 1}, {1e20, 1e-3}}};
    for (const auto& [limit, factor] : scales) {
        if (number < limit) {
            return static_cast<base::Time>(std::llround(number * factor));
        }
    }
    return std::nullopt;
}

} // namespace

// JSON deliveries write a lone dash for no value, too (CloudFront).
Value first_present(DeriveInputs& inputs)
{
    for (std::size_t i = 0; i < inputs.count(); ++i) {
        const Value value = inputs.input(i);
        const bool is_nothing
            = value.is_absent() || (value.type() == Type::string && (value.raw().empty() || value.raw() == "-"));
        if (!is_nothing) {
            return value;
        }
    }
    return {};
}

Value member_of_text(const Value& text, std::string_view name, base::Arena& arena)
{
    const std::string_view json = text.type() == Type::string ? text.text(arena) : "";
    std::size_t wrong_at = 0;
    return json.starts_with('{') && event::json::validate(json, wrong_at) == nullptr ? event::json::member(json, name)
                                                                                     : Value();
}

Value account(DeriveInputs& inputs)
{
    const Value own = first_present(inputs);
    if (!own.is_absent()) {
        return own;
    }
    const EnvelopeContext& context = inputs.context();
    return text_or_missing(context.owner.empty() ? context.account : context.owner);
}

Value region(DeriveInputs& inputs)
{
    const Value own = first_present(inputs);
    return own.is_absent() ? text_or_missing(inputs.context().region) : own;
}

Value time(DeriveInputs& inputs)
{
    for (std::size_t i = 0; i < inputs.count(); ++i) {
        if (const auto found = read_time(inputs.input(i), inputs.arena())) {
            return Value::time(*found);
        }
    }
    return inputs.context().timestamp;
}

namespace {

// The part of the first input that is an ARN with such a part, or the first other input that has a value.
Value own_or_part(DeriveInputs& inputs, std::size_t part)
{
    for (std::size_t i = 0; i < inputs.count(); ++i) {
        const Value value = inputs.input(i);
        if (value.is_absent()) {
            continue;
        }
        const std::string_view text = value.text(inputs.arena());
        if (!text.starts_with("arn:")) {
            return value;
        }
        const std::string_view found = arn_part(text, part);
        if (!found.empty()) {
            return Value::string(found);
        }
    }
    return {};
}

} // namespace

Value account_or_arn(DeriveInputs& inputs)
{
    const Value own = own_or_part(inputs, 4);
    if (!own.is_absent()) {
        return own;
    }
    const EnvelopeContext& context = inputs.context();
    return text_or_missing(context.owner.empty() ? context.account : context.owner);
}

Value region_or_arn(DeriveInputs& inputs)
{
    const Value own = own_or_part(inputs, 3);
    return own.is_absent() ? text_or_missing(inputs.context().region) : own;
}

Value account_of_arn(DeriveInputs& inputs)
{
    for (std::size_t i = 0; i < inputs.count(); ++i) {
        const std::string_view text = inputs.input(i).text(inputs.arena());
        const std::string_view found = arn_part(text, 4);
        if (!found.empty()) {
            return Value::string(found);
        }
    }
    const EnvelopeContext& context = inputs.context();
    return text_or_missing(context.owner.empty() ? context.account : context.owner);
}

Value region_of_arn(DeriveInputs& inputs)
{
    for (std::size_t i = 0; i < inputs.count(); ++i) {
        const std::string_view text = inputs.input(i).text(inputs.arena());
        const std::string_view found = arn_part(text, 3);
        if (!found.empty()) {
            return Value::string(found);
        }
    }
    return text_or_missing(inputs.context().region);
}

Value joined(DeriveInputs& inputs)
{
    std::string out;
    for (std::size_t i = 0; i < inputs.count(); ++i) {
        const Value value = inputs.input(i);
        if (!value.is_absent()) {
            out += out.empty() ? "" : ":";
            out += value.text(inputs.arena());
        }
    }
    return out.empty() ? Value() : Value::string(inputs.arena().copy(out));
}

std::string_view arn_part(std::string_view arn, std::size_t part)
{
    if (!arn.starts_with("arn:")) {
        return {};
    }
    for (std::size_t i = 0; i < part; ++i) {
        const std::size_t colon = arn.find(':');
        if (colon == std::string_view::npos) {
            return {};
        }
        arn.remove_prefix(colon + 1);
    }
    return part < 5 ? arn.substr(0, arn.find(':')) : arn;
}

std::optional<base::Time> parse_web_log_time(std::string_view text)
{
    constexpr std::size_t longest_zone = 6;
    if (text.starts_with('[')) {
        text.remove_prefix(1);
    }
    if (text.ends_with(']')) {
        text.remove_suffix(1);
    }
    if (text.size() < 20 || text[2] != '/' || text[6] != '/' || text[11] != ':') {
        return std::nullopt;
    }
    const unsigned number = base::month_number(text.substr(3, 3));
    if (number == 0) {
        return std::nullopt;
    }
    // Rewrites it as RFC 3339: 2019-02-06T00:00:38+0000.
    std::array<char, 32> rewritten {};
    char* at = rewritten.data();
    const auto put = [&at](std::string_view part) { at = std::copy(part.begin(), part.end(), at); };
    put(text.substr(7, 4));
    *at++ = '-';
    *at++ = static_cast<char>('0' + number / 10);
    *at++ = static_cast<char>('0' + number % 10);
    *at++ = '-';
    put(text.substr(0, 2));
    *at++ = 'T';
    put(text.substr(12, 8));
    const std::string_view zone = text.size() > 21 ? text.substr(21) : std::string_view();
    if (zone == "+0000") {
        *at++ = 'Z';
    } else if (zone.size() <= longest_zone) {
        put(zone);
    } else {
        return std::nullopt;
    }
    return base::parse_time({rewritten.data(), static_cast<std::size_t>(at - rewritten.data())});
}

std::optional<base::Time> read_time(const Value& value, base::Arena& arena)
{
    if (value.type() == Type::time) {
        return value.as_time();
    }
    if (value.is_numeric()) {
        double number = 0;
        return value.to_number(number) ? epoch_time(number) : std::nullopt;
    }
    if (value.type() != Type::string) {
        return std::nullopt;
    }
    const std::string_view text = value.text(arena);
    if (const auto found = base::parse_time(text)) {
        return found;
    }
    if (const auto found = parse_web_log_time(text)) {
        return found;
    }
    double number = 0;
    return base::parse_number(text, number) ? epoch_time(number) : base::parse_ctime(text);
}

} // namespace trawl::ingest::derive
