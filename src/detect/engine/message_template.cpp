#include "detect/engine/message_template.h"

#include <algorithm>
#include <array>
#include <utility>

#include "detect/engine/match_record.h"

namespace trawl::detect::engine {

namespace {

constexpr std::size_t max_value_bytes = 512;

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> names = {{{"who", "@principal"},
    {"account", "@account"}, {"source_ip", "@src_ip"}, {"region", "@region"}, {"resource", "@resource"}}};

event::ColumnId add_column(std::string_view name, event::Projection& projection)
{
    return projection.add(event::FieldPath::parse(path_of_name(name)), event::Reach::any_element);
}

// Braces around what can be no name ("{\"a\": 1}", "{}") are plain text.
bool is_name(std::string_view text)
{
    return !text.empty() && text.size() <= 200
        && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c != '{' && c != '"' && c != ','; });
}

} // namespace

std::string_view path_of_name(std::string_view name)
{
    const auto* const found = std::find_if(names.begin(), names.end(), [&](const auto& entry) { return entry.first == name; });
    return found == names.end() ? name : found->second;
}

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
        if (!plain.empty()) {
            made.pieces_.push_back({Kind::text, std::exchange(plain, {}), 0, false});
        }
        if (name == "count") {
            made.pieces_.push_back({Kind::count, {}, 0, false});
        } else {
            made.pieces_.push_back({Kind::column, {}, add_column(name, projection), false});
        }
    }
    if (!plain.empty()) {
        made.pieces_.push_back({Kind::text, std::move(plain), 0, false});
    }
    return made;
}

MessageTemplate MessageTemplate::create_default(std::string_view title, event::Projection& projection)
{
    MessageTemplate made;
    made.pieces_.push_back({Kind::text, std::string(title), 0, false});
    made.pieces_.push_back({Kind::column, ": ", add_column("who", projection), true});
    made.pieces_.push_back({Kind::column, " from ", add_column("source_ip", projection), true});
    made.pieces_.push_back({Kind::column, " in ", add_column("account", projection), true});
    made.pieces_.push_back({Kind::column, ", ", add_column("region", projection), true});
    return made;
}

void MessageTemplate::append(std::string& out, event::Event& event) const
{
    for (const Piece& piece : pieces_) {
        if (piece.kind == Kind::text) {
            append_line(out, piece.text);
            continue;
        }
        if (piece.kind == Kind::count) {
            out.push_back(count_mark);
            continue;
        }
        const std::string_view text = display_text(event.column(piece.column), event.arena());
        if (text.empty() && piece.is_optional) {
            continue;
        }
        out += piece.text;
        if (text.empty()) {
            out.push_back('-');
        } else {
            append_line(out, text);
        }
    }
}

void append_line(std::string& out, std::string_view text)
{
    const bool is_cut = text.size() > max_value_bytes;
    if (is_cut) {
        std::size_t size = max_value_bytes;
        // Back to the beginning of a UTF-8 sequence.
        while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) {
            --size;
        }
        text = text.substr(0, size);
    }
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        out.push_back(byte < 0x20 || byte == 0x7F ? ' ' : c);
    }
    if (is_cut) {
        out += "…";
    }
}

std::string_view display_text(const event::Value& value, base::Arena& arena)
{
    if (value.type() != event::Type::several || value.count() == 0) {
        return value.text(arena);
    }
    if (value.count() == 1) {
        return value.at(0).text(arena);
    }
    std::string text(value.at(0).text(arena));
    text += " (+" + std::to_string(value.count() - 1) + ")";
    return arena.copy(text);
}

} // namespace trawl::detect::engine
