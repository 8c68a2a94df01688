#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "detect/engine/match.h"
#include "event/columns.h"

namespace trawl::detect::engine {

// The text of a finding: `{who}`, `{account}`, `{source_ip}`, `{region}`, `{resource}`, `{count}` and `{any.field.path}`
// are replaced by values of its first event, a missing one by '-'.
class MessageTemplate {
public:
    // Adds the columns it needs to `projection`.
    static MessageTemplate create(std::string_view text, event::Projection& projection);
    // For rules without a message: the title, who, from where; missing parts are left out.
    static MessageTemplate create_default(std::string_view title);

    // Columns of the paths that it names, beside what an EventBlock holds.
    const std::vector<event::ColumnId>& extra_columns() const { return extra_columns_; }
    // `extras` are the values of extra_columns().
    std::string render(const EventBlock& first, std::span<const std::string> extras, std::uint64_t count) const;

private:
    struct Piece {
        std::string text; // Plain text; of a value: what stands before it.
        const std::string EventBlock::* member = nullptr; // A value that every event has in its block.
        std::size_t extra = no_extra; // A value of another path.
        bool is_count = false;
        bool is_optional = false; // Left out with its text when missing.
    };
    static constexpr std::size_t no_extra = ~std::size_t {0};

    std::vector<Piece> pieces_;
    std::vector<event::ColumnId> extra_columns_;
};

// Appends a value as one line of text: control characters become blanks, long texts are cut.
void append_line(std::string& out, std::string_view text);

// Cuts a text at the length that is shown, between two characters.
std::string_view cut_long(std::string_view text);

// A value for people: of several values the first and how many more there are.
std::string_view display_text(const event::Value& value, base::Arena& arena);

} // namespace trawl::detect::engine
