#pragma once

#include <memory>
#include <vector>

#include "ingest/binding.h"
#include "ingest/codec/object_walker.h"
#include "ingest/decoder.h"
#include "ingest/kinds/log_kind.h"

namespace trawl::ingest {

// What a worker needs to read records of one kind.
struct Decoder::KindReader {
    KindReader(const LogKind& the_kind, const event::Projection& projection)
        : kind(&the_kind), binding(the_kind, projection), walker(binding.slot_names())
    {
        if (the_kind.make_line_decoder != nullptr) {
            start_lines();
        }
    }

    // Starts on the lines of another object. The row's names may be views into the decoder that goes.
    void start_lines()
    {
        row.names.clear();
        line_decoder = kind->make_line_decoder();
    }

    const LogKind* kind;
    Binding binding;
    ObjectWalker walker;
    std::unique_ptr<LineDecoder> line_decoder;
    LineRow row;
    // The columns of the row that the record keeps, with their slots.
    struct RowSlot {
        std::uint32_t column;
        std::int32_t slot;
    };
    std::vector<RowSlot> row_slots;
    std::uint32_t bound_layout = 0;
};

} // namespace trawl::ingest
