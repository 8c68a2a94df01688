#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "event/columns.h"
#include "event/value.h"

namespace trawl::ingest {

// One row of a kind's table of fields.
struct FieldDescription {
    std::string_view name;    // As `trawl decode` prints it.
    std::string_view type;    // string, number, boolean, time, address, object, array
    std::string_view meaning;
    std::string_view page;    // Page of AWS's documentation; empty: the kind's page.
    std::string_view also;    // Other spellings of AWS, space-separated, which queries may use ("srcaddr src_addr").
};

// What an envelope or a path says of a record that does not say it itself. Views live as long as the record.
struct EnvelopeContext {
    std::string_view log_group;
    std::string_view log_stream;
    std::string_view owner;        // Account of the log group.
    event::Value timestamp;        // CloudWatch's time of the message, or missing.
    event::Value ingestion_time;
    std::string_view event_id;     // CloudWatch's id of the message.
    std::string_view account;      // From the object's key.
    std::string_view region;       // From the object's key.
};

// Fields that a derived field is made of, and where it may build text.
class DeriveInputs {
public:
    virtual ~DeriveInputs() = default;
    virtual std::size_t count() const = 0;
    virtual event::Value input(std::size_t position) = 0;
    virtual const EnvelopeContext& context() const = 0;
    virtual base::Arena& arena() = 0;
};

// A field that the record does not hold itself: @principal, @ok, @rules … `inputs` are field paths (Reach::exact).
struct DerivedField {
    std::string_view name;
    std::string_view type;
    std::string_view meaning;
    std::vector<std::string_view> inputs;
    event::Value (*derive)(DeriveInputs& inputs);
};

// How sure a recogniser is that a record is of its kind. A higher one wins.
enum class Confidence : std::uint8_t { no, possible, likely, certain };

// The beginning of an object of lines, for recognition: its first lines, without line ends.
struct LineProbe {
    std::span<const std::string_view> lines;
    std::string_view path;
    const EnvelopeContext* context;
};

// One decoded line: `values[i]` is the value of `names[i]`.
struct LineRow {
    std::vector<std::string_view> names;  // Constants, or views that live as long as the decoder.
    std::vector<event::Value> values;     // Views into the line or constants; as many as names.
    std::vector<std::string_view> extra;  // Columns beyond the known ones, as they stand (`_extra`).
    std::uint32_t layout = 0;             // Changes whenever `names` does.
    // Positions of the columns that somebody asks for: all, until the caller sets it after a new layout. Decoders need
    // not fill or check others.
    std::vector<std::uint32_t> wanted;

    // Takes `names` for a new layout.
    void start_layout();
};

// Decodes the lines of one object in order, so that a header can set the columns.
class LineDecoder {
public:
    enum class Outcome : std::uint8_t {
        event, // `row` holds the record
        skipped, // a header or comment: no record
        rejected // reject_code() and reject_reason() say why
    };
    virtual ~LineDecoder() = default;
    // Told before the first line where the lines come from; the views are valid during the call.
    virtual void start(const EnvelopeContext& context) { static_cast<void>(context); }
    // Fills `row`; its values are valid until `line` goes away.
    virtual Outcome decode(std::string_view line, LineRow& row) = 0;
    // Whether `line` goes on with `record`, the lines before it (a stack trace, a slow query's text). Only asked
    // of kinds with `multi_line`; decode() then sees all lines of the record, joined by '\n'.
    virtual bool continues(std::string_view record, std::string_view line) const
    {
        static_cast<void>(record);
        static_cast<void>(line);
        return false;
    }
    // A stable code ("vpc-flow-columns") and a text for the last rejection.
    virtual std::string_view reject_code() const = 0;
    virtual std::string_view reject_reason() const = 0;
};

// A kind of AWS logs: what it is called, how it is recognised and what its fields mean.
struct LogKind {
    std::string_view id;
    int number = 0; // In the list of the 25 kinds (CONTRACT).
    std::string_view title;
    std::string_view page; // The page that specifies it.
    std::string_view switch_on; // How to have AWS write it: the command or setting.
    // Where AWS puts it: keys of objects in S3 (capitals stand for what varies), log groups, commands that list it.
    std::vector<std::string_view> places;
    // How a record is told by its content, in words: what `hallmarks` and the recognisers below look at.
    std::string_view recognised_by;
    std::span<const FieldDescription> fields;
    // CloudTrail events that belong to it: event sources without ".amazonaws.com", where only some of a source do with
    // their names ("ec2:*FlowLogs", `*` is a wildcard).
    std::span<const std::string_view> event_sources;
    std::span<const DerivedField> derived; // Includes @timestamp and the common @ fields.
    // Reads the first input of @timestamp where it has its usual form; nothing: the derived field must be asked. Null: it
    // always must.
    std::optional<base::Time> (*usual_time)(const event::Value& input) = nullptr;
    // Tells from the first two inputs that @timestamp can be read, where that is cheaper than reading it. Null: it is not.
    bool (*is_usual_time)(const event::Value& first, const event::Value& second) = nullptr;
    // JSON records: each set of names that, all present at the top level, makes an object one of this kind.
    std::vector<std::vector<std::string_view>> hallmarks {};
    // Whether a record that meets the hallmarks can be neither an envelope nor of another kind, so that records that
    // follow one of this kind are read as such without asking all kinds.
    bool unmistakable = false;
    // Judges the values of the set that was met (in its order); null: the names suffice.
    bool (*confirm)(std::size_t set, std::span<const event::Value> values) = nullptr;
    // Judges an object by its text where names do not suffice. Null: hallmarks alone decide.
    Confidence (*recognise_object)(std::string_view object, const EnvelopeContext& context) = nullptr;
    // Line records. Null for kinds without line form.
    Confidence (*recognise_lines)(const LineProbe& probe) = nullptr;
    std::unique_ptr<LineDecoder> (*make_line_decoder)() = nullptr;
    bool multi_line = false;
    // Members under which AWS's CLI and APIs list records of this kind ("StackEvents"), or wrap a single one.
    std::vector<std::string_view> list_names {};
    // A record that stands for several: the elements of its list are the records, with the members beside the list.
    struct Split {
        std::string_view list {};
        std::string_view beside {}; // Member that must stand beside the list; empty: none.
        std::string_view filtered_type {}; // Elements of this `type` are control messages.
        std::string_view code {}; // Of the reject for an element that is no object.
    };
    Split split {};
    // An encrypted record: of this `type`, with text in the member. It is one reject with its own code.
    struct Sealed {
        std::string_view type {};
        std::string_view member {};
        std::string_view code {};
        std::string_view reason {};
    };
    Sealed sealed {};
    // Whether names of fields may hold dots themselves ("user.name" beside {"user":{…}}).
    bool dotted_names = false;
    // Names of members, at any depth, whose text is a secret: it is masked before anybody sees the record.
    std::vector<std::string_view> secrets {};
    // Members, at any depth, whose text may hold secrets, and what stands for such a text; nothing: it holds none.
    std::vector<std::string_view> texts_with_secrets {};
    std::optional<std::string> (*mask_text)(std::string_view text) = nullptr;
    // Whether the `detail` of an EventBridge event is a record of this kind by itself.
    bool detail_is_record = false;
    // A view selects records of another kind, which keep that kind: its id, and the test of a record.
    std::string_view view_of {};
    const DerivedField* in_view = nullptr;
    // Whether the lines may have any columns, which a line "#Fields: NAME…" before them names.
    bool takes_columns = false;
    // Names that make an event one and the same wherever it appears; empty: no duplicates are looked for.
    std::vector<std::string_view> identity {};
};

// All kinds, by folder name. Generated by CMake (cmake/tables.cmake).
const std::vector<const LogKind*>& kind_table();

} // namespace trawl::ingest
