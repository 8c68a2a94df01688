#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ingest/binding.h"
#include "ingest/codec/object_walker.h"
#include "ingest/decoder.h"
#include "ingest/kinds/log_kind.h"

namespace trawl::ingest {

// What a worker needs to read records of one kind.
struct Decoder::KindReader {
    // `projection` outlives the reader.
    KindReader(const LogKind& the_kind, const event::Projection& projection) : kind(&the_kind), projection_(projection)
    {
        if (the_kind.make_line_decoder != nullptr) {
            start_lines();
        }
    }

    // Starts on the lines of another object. The row's names may be views into the decoder that goes.
    void start_lines(const EnvelopeContext& context = {})
    {
        row.names.clear();
        line_decoder = kind->make_line_decoder();
        line_decoder->start(context);
        if (!header.empty()) {
            line_decoder->decode(header, row);
        }
    }

    Binding& binding() { return bound().binding; }
    ObjectWalker& walker() { return bound().walker; }

    const LogKind* kind;
    std::string header; // "#Fields: …" when the user names the columns.
    std::unique_ptr<LineDecoder> line_decoder;
    LineRow row;
    // The columns of the row that the record keeps, with their slots.
    struct RowSlot {
        std::uint32_t column;
        std::int32_t slot;
    };
    std::vector<RowSlot> row_slots;
    std::uint32_t bound_layout = 0;
    // Gates that look at columns of the row, and the columns of LogKind::is_usual_time.
    struct RowGate {
        const event::Gate* gate; // Of the projection, which outlives the reader.
        std::uint32_t column;
    };
    bool may_pass_over = false;
    std::vector<RowGate> row_gates;
    std::pair<std::int32_t, std::int32_t> row_times {-1, -1};

    // Whether a gate excludes the row and its time can be read.
    bool is_excluded() const
    {
        for (const RowGate& gate : row_gates) {
            if (gate.gate->excludes(row.values[gate.column])) {
                return kind->is_usual_time(row_value(row_times.first), row_value(row_times.second));
            }
        }
        return false;
    }
    // Finds what is_excluded() needs in a new layout; `row_slots` is found.
    void bind_gates()
    {
        row_gates.clear();
        if (!may_pass_over || kind->is_usual_time == nullptr) {
            return;
        }
        const auto column_of = [this](std::int32_t slot) {
            const auto found = std::find_if(
                row_slots.begin(), row_slots.end(), [slot](const RowSlot& row_slot) { return row_slot.slot == slot; });
            return slot < 0 || found == row_slots.end() ? -1 : static_cast<std::int32_t>(found->column);
        };
        row_times = {column_of(binding().time_slots().first), column_of(binding().time_slots().second)};
        for (const event::Gate& gate : projection_.gates()) {
            if (const std::int32_t column = column_of(binding().plain_slots()[gate.column()]); column >= 0) {
                row_gates.push_back({&gate, static_cast<std::uint32_t>(column)});
            }
        }
    }

private:
    event::Value row_value(std::int32_t column) const
    {
        return column < 0 ? event::Value() : row.values[static_cast<std::size_t>(column)];
    }

    // Made when the first record of the kind is met: few kinds are in one scan.
    struct Bound {
        Bound(const LogKind& kind, const event::Projection& projection)
            : binding(kind, projection), walker(binding.slot_names())
        {
        }
        Binding binding;
        ObjectWalker walker;
    };
    Bound& bound()
    {
        if (!bound_) [[unlikely]] {
            bound_.emplace(*kind, projection_);
        }
        return *bound_;
    }

    const event::Projection& projection_;
    std::optional<Bound> bound_;
};

} // namespace trawl::ingest
