#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "event/columns.h"
#include "ingest/codec/object_walker.h"
#include "ingest/kinds/log_kind.h"

namespace trawl::ingest {

// A field path with its first part resolved to a slot, the place that a decoder fills with a top-level value.
struct BoundPath {
    std::int32_t slot = -1;
    std::int32_t exact_slot = -1; // Of the whole dotted text as one name; -1 where that cannot be.
    std::int32_t child = -1;      // Of the second part in the record's child values; -1 for a path of one part.
    std::vector<std::int32_t> other_slots; // Of AWS's other spellings of the first part, which JSON records may have.
    std::vector<std::string> parts;
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

// The names that paths ask for inside one top-level object. They are looked for together: the object is walked once,
// when the first of them is asked for.
struct ChildGroup {
    std::int32_t slot = -1;
    std::int32_t first_child = 0;
    std::vector<std::string> names;
    std::unique_ptr<ObjectWalker> walker; // Learns the order of names.
    std::uint64_t generation = 0;         // Of the record whose children were read last.
};

// A projection resolved against one kind: which top-level names a decoder must keep, and how each column comes from
// them. Belongs to one worker; but for what its walkers learn it does not change after creation.
class Binding {
public:
    Binding(const LogKind& kind, const event::Projection& projection);

    const LogKind& kind() const { return *kind_; }
    bool everything() const { return everything_; }
    const std::vector<std::string>& slot_names() const { return slot_names_; }
    const std::vector<BoundColumn>& columns() const { return columns_; }
    // Beyond the projection's own: @timestamp, and the common fields that `decode` prints.
    const BoundColumn& timestamp() const { return timestamp_; }
    struct Common {
        std::string_view name;
        BoundColumn column;
    };
    const std::vector<Common>& common() const { return common_; }
    // The group of a slot, or nullptr.
    ChildGroup* children_of(std::int32_t slot);
    std::size_t child_count() const { return child_count_; }
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

    void number_children();
    void number_child(BoundPath& path);

    const LogKind* kind_;
    std::vector<ChildGroup> groups_;
    std::vector<std::int32_t> group_of_slot_;
    std::size_t child_count_ = 0;
    bool everything_;
    std::vector<std::string> slot_names_;
    std::vector<BoundColumn> columns_;
    BoundColumn timestamp_;
    std::vector<Common> common_;
    std::vector<BoundPath> identity_;
    std::vector<std::vector<std::int32_t>> hallmark_slots_;
    std::int32_t event_source_slot_ = -1;
    std::int32_t event_name_slot_ = -1;
    std::vector<View> views_;
};

} // namespace trawl::ingest
