#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/hash.h"
#include "event/columns.h"
#include "ingest/binding.h"
#include "ingest/codec/object_walker.h"

namespace trawl::ingest {

// A decoded record: the top-level values that its binding asked for, and columns that are worked out when first asked.
// One object serves a worker for all its records; what it gives out is valid until the next begin().
class Record final : public event::Event {
public:
    struct Extra {
        std::string_view name;
        event::Value value;
    };

    // Starts a record. `text` is the record as it stands in the object.
    void begin(Binding& binding, const event::Origin& origin, const EnvelopeContext& context);
    void set_message(std::string_view text) { message_ = text; }
    event::Value* slots() { return slots_.data(); }
    const event::Value* slots() const { return slots_.data(); }
    // The record's walk goes on when somebody asks for a value that was not met so far. `end` is not before the
    // record's end.
    void set_rest(ObjectWalker& walker, const ObjectWalker::Position& position, const char* end)
    {
        rest_ = &walker;
        rest_position_ = position;
        rest_end_ = end;
    }
    std::vector<ObjectWalker::Member>& members() { return members_; }
    // Values that an envelope adds beside the record's own (logGroup, id …). They do not hide the record's own.
    void add_extra(std::string_view name, event::Value value);

    event::Value column(event::ColumnId id) override;
    base::Arena& arena() override { return arena_; }
    const event::Origin& origin() const override { return origin_; }
    std::string_view kind() const override { return binding_->kind().id; }
    event::Value timestamp() override;
    // Whether timestamp() is a time.
    bool has_timestamp();
    std::string_view message() override { return message_; }
    void append_event_json(std::string& out, bool with_message) override;

    const Binding& binding() const { return *binding_; }
    const EnvelopeContext& context() const { return *context_; }
    bool belongs_to(std::string_view kind_id) override;
    // What makes the event one and the same wherever it appears; nothing when the record does not say.
    std::optional<base::Hash128> identity();

private:
    class Inputs;
    event::Value slot(std::int32_t position)
    {
        const event::Value value = slots_[static_cast<std::size_t>(position)];
        return value.type() == event::Type::missing && rest_ != nullptr ? walk_to(position) : value;
    }
    event::Value walk_to(std::int32_t position);
    event::Value resolve(const BoundPath& path, event::Reach reach);
    event::Value work_out(const BoundColumn& column);
    event::Value system(SystemField field);

    Binding* binding_ = nullptr; // Owned by the worker's decoder.
    const std::int32_t* plain_slots_ = nullptr; // The binding's.
    event::Origin origin_;
    const EnvelopeContext* context_ = nullptr; // Lives as long as the record.
    std::string_view message_;
    std::vector<event::Value> slots_;
    ObjectWalker* rest_ = nullptr;  // Of the part that is not walked yet; null: all is.
    ObjectWalker::Position rest_position_;
    const char* rest_end_ = nullptr;
    std::vector<ObjectWalker::Member> members_;
    std::vector<Extra> extras_;
    std::vector<event::Value> memo_;
    std::vector<std::uint64_t> stamps_;
    std::uint64_t generation_ = 0;
    event::Value timestamp_;
    bool timestamp_known_ = false;
    base::Arena arena_;
};

} // namespace trawl::ingest
