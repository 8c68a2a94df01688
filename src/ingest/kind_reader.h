#pragma once

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

private:
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
