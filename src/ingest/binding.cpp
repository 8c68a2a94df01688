#include "ingest/binding.h"

#include <algorithm>

#include "base/text.h"

namespace trawl::ingest {

namespace {

constexpr std::string_view common_names[]
    = {"@account", "@region", "@principal", "@src_ip", "@action", "@resource", "@outcome", "@user_agent", "@user_data"};

struct SystemName {
    std::string_view name;
    SystemField field;
};
constexpr SystemName system_names[]
    = {{"@timestamp", SystemField::timestamp}, {"@kind", SystemField::kind}, {"@source", SystemField::source},
        {"@record", SystemField::record}, {"@message", SystemField::message}, {"@log", SystemField::log},
        {"@logStream", SystemField::log_stream}, {"@ingestionTime", SystemField::ingestion_time}};

// Whether `word` stands in the blank-separated `words`.
bool is_word_of(std::string_view words, std::string_view word)
{
    for (std::size_t at = words.find(word); at != std::string_view::npos && !word.empty();
        at = words.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        if ((at == 0 || words[at - 1] == ' ') && (end == words.size() || words[end] == ' ')) {
            return true;
        }
    }
    return false;
}

// Queries may use any of AWS's spellings of a name. The field that the name is one of, or nullptr.
const FieldDescription* field_of(const LogKind& kind, std::string_view name)
{
    for (const FieldDescription& field : kind.fields) {
        if (field.name == name) {
            return &field;
        }
    }
    for (const FieldDescription& field : kind.fields) {
        if (is_word_of(field.also, name)) {
            return &field;
        }
    }
    return nullptr;
}

} // namespace

Binding::Binding(const LogKind& kind, const event::Projection& projection)
    : kind_(&kind), everything_(projection.everything())
{
    for (const auto& set : kind.hallmarks) {
        std::vector<std::int32_t> slots;
        slots.reserve(set.size());
        for (const std::string_view name : set) {
            slots.push_back(slot(name));
        }
        hallmark_slots_.push_back(std::move(slots));
    }
    if (kind.id == "cloudtrail") {
        event_source_slot_ = slot("eventSource");
        event_name_slot_ = slot("eventName");
    }
    for (const LogKind* const view : kind_table()) {
        if (view->view_of == kind.id) {
            views_.push_back({view, bind_derived(*view->in_view)});
        }
    }
    for (const std::string_view name : kind.identity) {
        identity_.push_back(bind_path(event::FieldPath::parse(name).parts));
    }
    timestamp_ = bind_derived("@timestamp");
    if (kind.usual_time != nullptr) {
        usual_time_slot_ = timestamp_.inputs.front().slot;
    }
    if (kind.is_usual_time != nullptr) {
        time_slots_.first = timestamp_.inputs[0].slot;
        time_slots_.second = timestamp_.inputs.size() > 1 ? timestamp_.inputs[1].slot : -1;
    }
    if (everything_) {
        for (const std::string_view name : common_names) {
            BoundColumn column = bind_derived(name);
            if (column.derived != nullptr) {
                common_.push_back({name, std::move(column)});
            }
        }
    }
    for (const event::ColumnRequest& request : projection.columns()) {
        columns_.push_back(bind(request.path, request.reach));
    }
    plain_slots_.reserve(columns_.size());
    for (const BoundColumn& column : columns_) {
        const bool is_plain = column.source == BoundColumn::Source::path && column.path.parts.size() == 1
            && column.path.other_slots.empty() && column.path.slot >= 0;
        plain_slots_.push_back(is_plain ? column.path.slot : worked_out);
    }
    prepare_readers();
}

// Tells the readers which paths lead into their objects, once all names are known.
void Binding::prepare_readers()
{
    const auto for_each_path = [this](const auto& visit) {
        const auto visit_column = [&visit](BoundColumn& column) {
            if (column.source == BoundColumn::Source::path) {
                visit(column.path);
            }
            for (BoundPath& input : column.inputs) {
                visit(input);
            }
        };
        visit_column(timestamp_);
        for (Common& common : common_) {
            visit_column(common.column);
        }
        for (BoundColumn& column : columns_) {
            visit_column(column);
        }
        for (View& view : views_) {
            visit_column(view.test);
        }
        for (BoundPath& path : identity_) {
            visit(path);
        }
    };
    readers_.resize(slot_names_.size());
    for_each_path([this](const BoundPath& path) {
        if (path.parts.size() > 1) {
            reader_of(path.slot).want(path.parts);
        }
    });
    for (ObjectReader& reader : readers_) {
        reader.prepare();
    }
    for_each_path([this](BoundPath& path) {
        if (path.parts.size() > 1) {
            path.steps = reader_of(path.slot).steps_of(path.parts);
        }
    });
}

std::int32_t Binding::slot(std::string_view name)
{
    const auto found = std::find(slot_names_.begin(), slot_names_.end(), name);
    if (found != slot_names_.end()) {
        return static_cast<std::int32_t>(found - slot_names_.begin());
    }
    slot_names_.emplace_back(name);
    return static_cast<std::int32_t>(slot_names_.size() - 1);
}

BoundPath Binding::bind_path(const std::vector<std::string>& parts)
{
    BoundPath bound;
    bound.parts = parts;
    if (parts.empty()) {
        return bound;
    }
    std::string whole = parts.front();
    for (std::size_t i = 1; i < parts.size(); ++i) {
        whole += '.';
        whole += parts[i];
    }
    const FieldDescription* const field = field_of(*kind_, parts.front());
    if (field != nullptr) {
        bound.parts.front() = std::string(field->name);
    }
    // Line decoders give every column its one name; JSON records come as AWS spelt them.
    if (field != nullptr && !field->also.empty() && !kind_->hallmarks.empty()) {
        for (const std::string_view other : base::split(field->also, ' ')) {
            bound.other_slots.push_back(slot(other));
        }
    }
    // A field whose own name starts with @ is shown with one more (LANGUAGE 1.2).
    if (bound.parts.front().starts_with("@@")) {
        bound.parts.front().erase(0, 1);
        whole.erase(0, 1);
    }
    bound.slot = slot(bound.parts.front());
    if (parts.size() > 1 && kind_->dotted_names) {
        bound.exact_slot = slot(whole);
    }
    return bound;
}

// Binds a derived field of the kind by its whole name; a column without source when the kind has none.
BoundColumn Binding::bind_derived(std::string_view name)
{
    for (const DerivedField& derived : kind_->derived) {
        if (derived.name == name) {
            return bind_derived(derived);
        }
    }
    return {};
}

BoundColumn Binding::bind_derived(const DerivedField& derived)
{
    BoundColumn column;
    column.source = BoundColumn::Source::derived;
    column.derived = &derived;
    for (const std::string_view input : derived.inputs) {
        column.inputs.push_back(bind_path(event::FieldPath::parse(input).parts));
    }
    return column;
}

BoundColumn Binding::bind(const event::FieldPath& path, event::Reach reach)
{
    BoundColumn column;
    column.reach = reach;
    const std::string_view name = path.text;
    for (const SystemName& system : system_names) {
        if (system.name == name) {
            column.source = BoundColumn::Source::system;
            column.system = system.field;
            return column;
        }
    }
    for (const DerivedField& derived : kind_->derived) {
        if (derived.name == name || (!path.parts.empty() && derived.name == path.parts.front())) {
            column = bind_derived(derived);
            column.reach = reach;
            column.path.parts = path.parts;
            return column;
        }
    }
    column.path = bind_path(path.parts);
    return column;
}

} // namespace trawl::ingest
