#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "event/value.h"
#include "ingest/decoder.h"
#include "ingest/kind_reader.h"

namespace trawl::ingest {

// The decoding of one object: counts its records and peels its envelopes.
class Decoder::Run {
public:
    Run(Decoder& decoder, std::string_view source, RecordHandler& handler);

    // Decodes everything that the window gives.
    void decode_window();
    // Decodes what the window gives as an entry of the object, an archive; `entry` is its path there.
    void decode_entry(std::string_view entry);
    // Ends the entry: its damage, if any, is a reject, unless a record that it cut told it already.
    void finish_entry(const base::Error& damage, std::string_view entry);
    bool is_digest() const { return is_digest_; }
    // Counts an object that cannot be read at all as one rejected record.
    void reject_object(const base::Error& error, std::string_view first_bytes);
    // What is wrong with the object as a whole, beside its records; code is empty when nothing is.
    const base::Error& error() const { return error_; }

private:
    // What surrounds a record.
    struct Surroundings {
        EnvelopeContext context;
        std::uint64_t offset = 0;   // Of the outermost record, in the object.
        int depth = 0;              // Envelopes peeled so far.
        bool in_cloudwatch = false; // A message of a log group: what no kind knows is a cloudwatch_logs event.
    };
    static constexpr int max_envelopes = 16;

    // Text of JSON values, one after another or in containers.
    void decode_json();
    bool enter_container(std::string_view name);
    void decode_elements();
    void decode_value();
    void skip_damaged(std::string_view code, std::string_view reason);
    bool find_next_record(const char*& found);
    const char* walk_lazily(KindReader& reader, const char* at, const char* end);
    const char* try_hot(const char* at, const char* end, const Surroundings& around);

    // Lines.
    void decode_lines();
    void decode_joined_lines(KindReader& reader, Surroundings around);
    void decode_messages(std::size_t (*begins)(std::string_view line), bool has_stream);
    bool is_export(std::string_view first_line) const;
    bool next_line(std::string_view& line);
    bool emit_line(KindReader& reader, std::string_view line, const Surroundings& around);
    KindReader* recognise_lines(const std::vector<std::string_view>& lines, const EnvelopeContext& context,
        Confidence least = Confidence::possible);

    // Complete values.
    void handle_value(const event::Value& value, const Surroundings& around);
    void handle_object(std::string_view object, const Surroundings& around);
    void handle_text(std::string_view text, const Surroundings& around);
    bool emit_object(KindReader& reader, std::string_view object, const Surroundings& around);
    KindReader* recognise_object(
        std::string_view object, const std::vector<std::string_view>& names, const EnvelopeContext& context);
    bool meets_hallmarks(KindReader& reader) const;

    // Envelopes (envelope.cpp). Each returns whether the object was one.
    bool peel(std::string_view object, const std::vector<std::string_view>& names, const Surroundings& around);
    bool peel_cloudwatch(
        std::string_view object, const std::vector<std::string_view>& names, const Surroundings& around);
    bool peel_notification(
        std::string_view object, const std::vector<std::string_view>& names, const Surroundings& around);
    bool peel_list(std::string_view object, const std::vector<std::string_view>& names, const Surroundings& around);
    bool peel_declared_lists(
        std::string_view object, const std::vector<std::string_view>& names, const Surroundings& around);
    bool peel_split_record(
        std::string_view object, const std::vector<std::string_view>& names, const Surroundings& around);
    bool peel_insights(std::string_view object, const std::vector<std::string_view>& names, const Surroundings& around);
    void handle_insights_row(const std::vector<std::pair<std::string, std::string>>& row, const Surroundings& around);
    void peel_bytes(std::string_view base64, const Surroundings& around);
    void handle_message(std::string_view message, const Surroundings& around);
    void emit_message(std::string_view message, const Surroundings& around);

    // Counting and handing over.
    void finish_event(KindReader& reader);
    void reject(std::string_view code, std::string_view reason, std::string_view raw, std::uint64_t offset,
        std::string_view kind);
    void filter(std::string_view kind);

    Decoder& decoder_;
    Window& window_;
    RecordHandler& handler_;
    std::string_view source_;
    EnvelopeContext path_context_;
    std::uint64_t records_ = 0;
    bool is_digest_ = false;
    bool ended_in_record_ = false;
    base::Error error_;
    bool stopped_ = false;
    std::string told_damage_; // Code of the newest reject.
    std::string_view entry_;  // Path in the archive; empty: the object is none.
};

} // namespace trawl::ingest
