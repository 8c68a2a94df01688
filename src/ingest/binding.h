#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "event/columns.h"
#include "ingest/kinds/log_kind.h"
#include "ingest/object_reader.h"

namespace trawl::ingest {

// A field path with its first part resolved to a slot, the place that a decoder fills with a top-level value.
struct BoundPath {
    std::int32_t slot = -1;
    std::int32_t exact_slot = -1; // Of the whole dotted text as one name; -1 where that cannot be.
    std::vector<std::int32_t> other_slots; // Of AWS's other spellings of the first part, which JSON records may have.
    std::vector<std::string> parts;
    std::vector<ObjectReader::Step> steps; // Of the parts behind the first.
};

// Fields that every record has by where it stands, not by its kind.
enum class SystemField : std::uint8_t { timestamp, kind, source, record, message, log, log_stream, ingestion_time };

struct BoundColumn {
    enum class Source : std::uint8_t { path, derived, system };
    Source source = Source::path;
    BoundPath path;
    event::Reach reach = event::Reach::exact;
    const DerivedField* derived = nullptr; // Owned by the kind.
    std::vector<BoundPath> inputs;
    SystemField system = SystemField::kind;
};

// A projection resolved against one kind: which top-level names a decoder must keep, and how each column comes from
// them. Belongs to one worker; but for what its readers learn it does not change after creation.
class Binding {
public:
    Binding(const LogKind& kind, const event::Projection& projection);

    const LogKind& kind() const { return *kind_; }
    bool everything() const { return everything_; }
    const std::vector<std::string>& slot_names() const { return slot_names_; }
    const std::vector<BoundColumn>& columns() const { return columns_; }
    // By column: the slot that holds its value as it is, or `worked_out`. Kept apart because every look at an event
    // begins here.
    static constexpr std::int32_t worked_out = -1;
    const std::vector<std::int32_t>& plain_slots() const { return plain_slots_; }
    // Beyond the projection's own: @timestamp, and the common fields that `decode` prints.
    const BoundColumn& timestamp() const { return timestamp_; }
    // Of the input of LogKind::usual_time; -1 when the kind has none.
    std::int32_t usual_time_slot() const { return usual_time_slot_; }
    // Of the inputs of LogKind::is_usual_time; -1 for one that is not there.
    std::pair<std::int32_t, std::int32_t> time_slots() const { return time_slots_; }
    struct Common {
        std::string_view name;
        BoundColumn column;
    };
    const std::vector<Common>& common() const { return common_; }
    // Of a slot that paths lead into.
    ObjectReader& reader_of(std::int32_t slot) { return readers_[static_cast<std::size_t>(slot)]; }
    const std::vector<BoundPath>& identity() const { return identity_; }
    const std::vector<std::vector<std::int32_t>>& hallmark_slots() const { return hallmark_slots_; }
    // The slot of eventSource, by which CloudTrail events belong to other kinds.
    std::int32_t event_source_slot() const { return event_source_slot_; }
    std::int32_t event_name_slot() const { return event_name_slot_; }
    // The views of this kind with their tests.
    struct View {
        const LogKind* kind; // Of the table of kinds.
        BoundColumn test;
    };
    const std::vector<View>& views() const { return views_; }

private:
    std::int32_t slot(std::string_view name);
    BoundPath bind_path(const std::vector<std::string>& parts);
    BoundColumn bind_derived(const DerivedField& derived);
    BoundColumn bind_derived(std::string_view name);
    BoundColumn bind(const event::FieldPath& path, event::Reach reach);

    void prepare_readers();

    const LogKind* kind_;
    std::vector<ObjectReader> readers_; // By slot.
    bool everything_;
    std::vector<std::string> slot_names_;
    std::vector<BoundColumn> columns_;
    std::vector<std::int32_t> plain_slots_;
    BoundColumn timestamp_;
    std::int32_t usual_time_slot_ = -1;
    std::pair<std::int32_t, std::int32_t> time_slots_ {-1, -1};
    std::vector<Common> common_;
    std::vector<BoundPath> identity_;
    std::vector<std::vector<std::int32_t>> hallmark_slots_;
    std::int32_t event_source_slot_ = -1;
    std::int32_t event_name_slot_ = -1;
    std::vector<View> views_;
};

} // namespace trawl::ingest
