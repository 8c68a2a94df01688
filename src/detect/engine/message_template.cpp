#include "detect/engine/message_template.h"

#include <algorithm>
#include <array>
#include <utility>

namespace trawl::detect::engine {

namespace {

constexpr std::size_t max_value_bytes = 512;

struct Name {
    std::string_view name;
    std::string EventBlock::* member;
};
constexpr std::array<Name, 5> names = {{{"who", &EventBlock::principal}, {"account", &EventBlock::account},
    {"source_ip", &EventBlock::source_ip}, {"region", &EventBlock::region}, {"resource", &EventBlock::resource}}};

// Braces around what can be no name ("{\"a\": 1}", "{}") are plain text.
bool is_name(std::string_view text)
{
    return !text.empty() && text.size() <= 200
        && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c != '{' && c != '"' && c != ','; });
}

} // namespace

MessageTemplate MessageTemplate::create(std::string_view text, event::Projection& projection)
{
    MessageTemplate made;
    std::string plain;
    while (!text.empty()) {
        const std::size_t open = text.find('{');
        const std::size_t close = open == std::string_view::npos ? open : text.find('}', open);
        if (close == std::string_view::npos) {
            plain += text;
            break;
        }
        plain += text.substr(0, open);
        const std::string_view name = text.substr(open + 1, close - open - 1);
        if (!is_name(name)) {
            plain.push_back('{');
            text.remove_prefix(open + 1);
            continue;
        }
        text.remove_prefix(close + 1);
        Piece& piece = made.pieces_.emplace_back();
        piece.text = std::exchange(plain, {});
        const auto* const known
            = std::find_if(names.begin(), names.end(), [&](const Name& entry) { return entry.name == name; });
        if (name == "count") {
            piece.is_count = true;
        } else if (known != names.end()) {
            piece.member = known->member;
        } else {
            piece.extra = made.extra_columns_.size();
            made.extra_columns_.push_back(projection.add(event::FieldPath::parse(name), event::Reach::any_element));
        }
    }
    if (!plain.empty()) {
        made.pieces_.emplace_back().text = std::move(plain);
    }
    return made;
}

MessageTemplate MessageTemplate::create_default(std::string_view title)
{
    MessageTemplate made;
    made.pieces_.emplace_back().text = title;
    const auto add = [&made](std::string_view before, const std::string EventBlock::* member) {
        Piece& piece = made.pieces_.emplace_back();
        piece.text = before;
        piece.member = member;
        piece.is_optional = true;
    };
    add(": ", &EventBlock::principal);
    add(" from ", &EventBlock::source_ip);
    add(" in ", &EventBlock::account);
    add(", ", &EventBlock::region);
    return made;
}

std::string MessageTemplate::render(
    const EventBlock& first, std::span<const std::string> extras, std::uint64_t count) const
{
    std::string out;
    for (const Piece& piece : pieces_) {
        std::string_view value;
        std::string digits;
        if (piece.is_count) {
            digits = std::to_string(count);
            value = digits;
        } else if (piece.member != nullptr) {
            value = first.*piece.member;
        } else if (piece.extra < extras.size()) {
            value = extras[piece.extra];
        }
        if (value.empty() && piece.is_optional) {
            continue;
        }
        append_line(out, piece.text);
        if (!value.empty()) {
            append_line(out, value);
        } else if (piece.member != nullptr || piece.extra != no_extra) {
            out.push_back('-');
        }
    }
    return out;
}

std::string_view cut_long(std::string_view text)
{
    if (text.size() <= max_value_bytes) {
        return text;
    }
    std::size_t size = max_value_bytes;
    // Back to the beginning of a UTF-8 sequence.
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) {
        --size;
    }
    return text.substr(0, size);
}

void append_line(std::string& out, std::string_view text)
{
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        out.push_back(byte < 0x20 || byte == 0x7F ? ' ' : c);
    }
}

std::string_view display_text(const event::Value& value, base::Arena& arena)
{
    if (value.type() != event::Type::several || value.count() == 0) {
        return cut_long(value.text(arena));
    }
    const std::string_view first = cut_long(value.at(0).text(arena));
    if (value.count() == 1) {
        return first;
    }
    return arena.copy(std::string(first) + " (+" + std::to_string(value.count() - 1) + ")");
}

} // namespace trawl::detect::engine
