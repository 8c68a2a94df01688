#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/arena.h"
#include "base/ascii_words.h"
#include "event/field_path.h"
#include "event/value.h"

namespace trawl::event {

using ColumnId = std::uint32_t;

// One column that somebody downstream asked for.
struct ColumnRequest {
    FieldPath path;
    Reach reach = Reach::exact;
    bool operator==(const ColumnRequest& other) const { return reach == other.reach && path == other.path; }
};

// What an event must meet to matter to its consumer: a column that is a text or a number. It only ever excludes: what it
// cannot tell, it leaves to the consumer.
class Gate {
public:
    // `type` is string or number; a number's text must be a plain number.
    Gate(ColumnId column, Type type, std::string_view text) : column_(column), type_(type), text_(text) {}

    ColumnId column() const { return column_; }
    bool excludes(const Value& value) const
    {
        const std::string_view text = value.raw();
        if (value.type() != type_ || value.has_escapes()) {
            return false;
        }
        // Most values differ in size or in their first byte.
        const bool may_be_equal = text.size() == text_.size() && (text.empty() || text.front() == text_.front());
        if (may_be_equal && text == text_) {
            return false;
        }
        return type_ == Type::string || is_plain_number(text);
    }
    // A whole number as it is usually written: no sign, no leading zero, so short that its text is its value.
    static bool is_plain_number(std::string_view text)
    {
        constexpr std::size_t most_digits = 15;
        return !text.empty() && text.size() <= most_digits && base::is_digits(text)
            && (text.front() != '0' || text.size() == 1);
    }

private:
    ColumnId column_;
    Type type_;
    std::string text_;
};

// The columns that a query or the rules ask for, collected before anything is read. A decoder walks each record once,
// keeps what these need and skips the rest.
class Projection {
public:
    // Gives the column's id; the same request gives the same id.
    ColumnId add(const FieldPath& path, Reach reach);
    const std::vector<ColumnRequest>& columns() const { return columns_; }
    // Tells that events which the gate excludes make no difference to the consumer, but for their number.
    void add_gate(Gate gate) { gates_.push_back(std::move(gate)); }
    const std::vector<Gate>& gates() const { return gates_; }
    // Asks for all fields of the record (decode, a query that shows whole events).
    void ask_everything() { everything_ = true; }
    bool everything() const { return everything_; }

private:
    std::vector<ColumnRequest> columns_;
    std::vector<Gate> gates_;
    bool everything_ = false;
};

// One row to evaluate expressions on: a record whose columns are worked out when first asked, or a computed row.
class Columns {
public:
    virtual ~Columns() = default;
    virtual Value column(ColumnId id) = 0;
    // Where computed texts may live until the next row.
    virtual base::Arena& arena() = 0;
};

// Where an event came from. The views live as long as the event.
struct Origin {
    std::string_view source; // Path of the object as given and walked.
    std::uint64_t record = 0; // From 1 in its object, over what is in its envelopes.
    std::uint64_t offset = 0; // Byte offset of the record in the uncompressed object.
};

// An event as consumers see it.
class Event : public Columns {
public:
    virtual const Origin& origin() const = 0;
    virtual std::string_view kind() const = 0;
    // Whether `--kind` of this kind selects the event: its own kind, a view of it, or a kind whose services it is of.
    virtual bool belongs_to(std::string_view kind_id) { return kind() == kind_id; }
    // @timestamp, or missing.
    virtual Value timestamp() = 0;
    // The record's own text as it stands in the object (@message).
    virtual std::string_view message() = 0;
    // Appends the decoded event of `trawl decode` (CONTRACT) as one JSON object. Only after Projection::ask_everything.
    virtual void append_event_json(std::string& out, bool with_message) = 0;
};

} // namespace trawl::event
