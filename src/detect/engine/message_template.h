#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "event/columns.h"

namespace trawl::detect::engine {

// The text of a finding: `{who}`, `{account}`, `{source_ip}`, `{region}`, `{resource}`, `{count}` and `{any.field.path}`
// are replaced by values of its first event, a missing one by '-'.
class MessageTemplate {
public:
    // Adds the columns it needs to `projection`.
    static MessageTemplate create(std::string_view text, event::Projection& projection);
    // For rules without a message: the title, who, from where; missing parts are left out.
    static MessageTemplate create_default(std::string_view title, event::Projection& projection);

    void append(std::string& out, event::Event& event) const;

private:
    enum class Kind : std::uint8_t { text, column, count };
    struct Piece {
        Kind kind = Kind::text;
        std::string text;            // Of a column: what stands before it when it has a value.
        event::ColumnId column = 0;
        bool is_optional = false;    // Left out when missing.
    };
    std::vector<Piece> pieces_;
};

// Appends a value as one line of text: control characters become blanks, long texts are cut.
void append_line(std::string& out, std::string_view text);

// The path that a name in a message or a roll-up key stands for: `who` is @principal …
std::string_view path_of_name(std::string_view name);

// A value for people: of several values the first and how many more there are.
std::string_view display_text(const event::Value& value, base::Arena& arena);

} // namespace trawl::detect::engine
