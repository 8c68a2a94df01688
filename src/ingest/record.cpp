#include "ingest/record.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "base/glob.h"
#include "base/text.h"
#include "event/json.h"

namespace trawl::ingest {

using event::Reach;
using event::Type;
using event::Value;

class Record::Inputs final : public DeriveInputs {
public:
    Inputs(Record& record, const BoundColumn& column) : record_(record), column_(column) {}
    std::size_t count() const override { return column_.inputs.size(); }
    Value input(std::size_t position) override { return record_.resolve(column_.inputs[position], Reach::exact); }
    const EnvelopeContext& context() const override { return *record_.context_; }
    base::Arena& arena() override { return record_.arena_; }

private:
    Record& record_;
    const BoundColumn& column_;
};

void Record::begin(Binding& binding, const event::Origin& origin, const EnvelopeContext& context)
{
    if (binding_ != &binding) {
        binding_ = &binding;
        plain_slots_ = binding.plain_slots().data();
        memo_.resize(std::max(memo_.size(), binding.columns().size()));
        stamps_.resize(std::max(stamps_.size(), binding.columns().size()));
    }
    origin_ = origin;
    context_ = &context;
    message_ = {};
    // A missing value is all zeros, which is written faster than value by value.
    static_assert(std::is_trivially_copyable_v<Value> && static_cast<int>(Type::missing) == 0);
    slots_.resize(binding.slot_names().size());
    if (!slots_.empty()) {
        std::memset(static_cast<void*>(slots_.data()), 0, slots_.size() * sizeof(Value));
    }
    rest_ = nullptr;
    members_.clear();
    extras_.clear();
    ++generation_;
    timestamp_known_ = false;
    arena_.reset();
}

Value Record::walk_to(std::int32_t position)
{
    if (rest_->walk_to(position, rest_position_, rest_end_, slots_.data()) != ObjectWalker::Stop::at_wanted) {
        rest_ = nullptr;
    }
    return slots_[static_cast<std::size_t>(position)];
}

void Record::add_extra(std::string_view name, Value value)
{
    if (value.type() == Type::missing) {
        return;
    }
    const auto& names = binding_->slot_names();
    const auto found = std::find(names.begin(), names.end(), name);
    if (found != names.end()) {
        Value& slot = slots_[static_cast<std::size_t>(found - names.begin())];
        if (slot.type() == Type::missing) {
            slot = value;
        }
    }
    if (binding_->everything()) {
        extras_.push_back({name, value});
    }
}

Value Record::resolve(const BoundPath& path, Reach reach)
{
    if (path.slot < 0) {
        return {};
    }
    if (path.exact_slot >= 0) {
        const Value exact = slot(path.exact_slot);
        if (exact.type() != Type::missing) {
            return exact;
        }
    }
    const Value first = slot(path.slot);
    if (first.type() == Type::missing) {
        for (const std::int32_t position : path.other_slots) {
            const Value other = slot(position);
            if (other.type() != Type::missing) {
                return path.parts.size() == 1 ? other : event::follow(other, path.parts, 1, reach, arena_);
            }
        }
    }
    if (path.parts.size() == 1 || first.is_absent()) {
        return path.parts.size() == 1 ? first : Value();
    }
    return binding_->reader_of(path.slot).find(first, generation_, path.parts, path.steps, reach, arena_);
}

Value Record::system(SystemField field)
{
    switch (field) {
    case SystemField::timestamp: return timestamp();
    case SystemField::kind: return Value::string(kind());
    case SystemField::source: return Value::string(origin_.source);
    case SystemField::record: return Value::integer(static_cast<std::int64_t>(origin_.record));
    case SystemField::message: return Value::string(message_);
    case SystemField::log_stream: return context_->log_stream.empty() ? Value() : Value::string(context_->log_stream);
    case SystemField::ingestion_time: return context_->ingestion_time;
    case SystemField::log: {
        if (context_->log_group.empty()) {
            return {};
        }
        std::string log(context_->owner);
        log += log.empty() ? "" : ":";
        log += context_->log_group;
        return Value::string(arena_.copy(log));
    }
    }
    return {};
}

Value Record::work_out(const BoundColumn& column)
{
    switch (column.source) {
    case BoundColumn::Source::path: return resolve(column.path, column.reach);
    case BoundColumn::Source::system: return system(column.system);
    case BoundColumn::Source::derived: {
        Inputs inputs(*this, column);
        const Value value = column.derived->derive(inputs);
        if (column.path.parts.size() > 1 && column.derived->name == column.path.parts.front()) {
            return event::follow(value, column.path.parts, 1, column.reach, arena_);
        }
        return value;
    }
    }
    return {};
}

Value Record::column(event::ColumnId id)
{
    const std::int32_t plain = plain_slots_[id];
    if (plain != Binding::worked_out) {
        return slot(plain);
    }
    if (stamps_[id] != generation_) {
        stamps_[id] = generation_;
        memo_[id] = work_out(binding_->columns()[id]);
    }
    return memo_[id];
}

Value Record::timestamp()
{
    if (!timestamp_known_) {
        timestamp_known_ = true;
        const std::int32_t usual = binding_->usual_time_slot();
        const auto time = usual < 0 ? std::nullopt : binding_->kind().usual_time(slot(usual));
        timestamp_ = time ? Value::time(*time) : work_out(binding_->timestamp());
    }
    return timestamp_;
}

bool Record::has_timestamp()
{
    const auto is_usual_time = binding_->kind().is_usual_time;
    if (is_usual_time != nullptr && !timestamp_known_) {
        const auto [first, second] = binding_->time_slots();
        if (is_usual_time(first < 0 ? Value() : slot(first), second < 0 ? Value() : slot(second))) {
            return true;
        }
    }
    return timestamp().type() == Type::time;
}

bool Record::belongs_to(std::string_view kind_id)
{
    if (kind() == kind_id) {
        return true;
    }
    for (const Binding::View& view : binding_->views()) {
        if (view.kind->id == kind_id) {
            const Value answer = work_out(view.test);
            return answer.type() == Type::boolean && answer.as_boolean();
        }
    }
    // CloudTrail events belong to the kinds of their services.
    if (binding_->event_source_slot() < 0) {
        return false;
    }
    const Value source = slot(binding_->event_source_slot());
    const Value name = slot(binding_->event_name_slot());
    if (source.type() != Type::string) {
        return false;
    }
    const std::string_view service = source.raw().substr(0, source.raw().find(".amazonaws.com"));
    for (const LogKind* const other : kind_table()) {
        if (other->id == kind_id) {
            return std::any_of(other->event_sources.begin(), other->event_sources.end(), [&](std::string_view entry) {
                const std::size_t colon = entry.find(':');
                return entry.substr(0, colon) == service
                    && (colon == std::string_view::npos
                        || base::Glob(entry.substr(colon + 1), base::Wildcards::glob, base::CaseRule::sensitive)
                            .matches(name.raw()));
            });
        }
    }
    return false;
}

std::optional<base::Hash128> Record::identity()
{
    const auto& paths = binding_->identity();
    if (paths.empty()) {
        return std::nullopt;
    }
    const Value id = resolve(paths.front(), Reach::exact);
    // Redacted copies have "..." for every id.
    const auto is_sign
        = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    if (id.type() != Type::string || std::none_of(id.raw().begin(), id.raw().end(), is_sign)) {
        return std::nullopt;
    }
    // The first of the other names that has a value is the account that the id belongs to.
    std::uint64_t seed = 0;
    for (std::size_t i = 1; i < paths.size(); ++i) {
        const Value account = resolve(paths[i], Reach::exact);
        if (account.type() == Type::string) {
            seed = base::hash64(account.raw());
            break;
        }
    }
    return base::hash128(id.raw(), seed);
}

void Record::append_event_json(std::string& out, bool with_message)
{
    const auto put = [&out](std::string_view name, const Value& value) {
        if (value.is_absent()) {
            return;
        }
        if (out.back() != '{') {
            out.push_back(',');
        }
        base::append_json_string(out, name);
        out.push_back(':');
        value.append_json(out);
    };
    const auto own = [&put](std::string_view name, const Value& value) {
        if (name.starts_with('@')) {
            put("@" + std::string(name), value);
        } else {
            put(name, value);
        }
    };
    out.push_back('{');
    put("@timestamp", timestamp());
    put("@kind", system(SystemField::kind));
    put("@source", system(SystemField::source));
    put("@record", system(SystemField::record));
    for (const Binding::Common& common : binding_->common()) {
        put(common.name, work_out(common.column));
    }
    put("@log", system(SystemField::log));
    put("@logStream", system(SystemField::log_stream));
    for (std::size_t i = 0; i < members_.size(); ++i) {
        const ObjectWalker::Member& member = members_[i];
        const bool repeated = std::any_of(members_.begin(), members_.begin() + static_cast<std::ptrdiff_t>(i),
            [&member](const ObjectWalker::Member& before) { return before.key.raw() == member.key.raw(); });
        if (!repeated) {
            own(member.key.text(arena_), member.value);
        }
    }
    for (const Extra& extra : extras_) {
        const bool hidden = std::any_of(members_.begin(), members_.end(),
            [&extra](const ObjectWalker::Member& member) { return member.key.raw() == extra.name; });
        if (!hidden) {
            put(extra.name, extra.value);
        }
    }
    if (with_message) {
        put("@message", Value::string(message_));
    }
    out.push_back('}');
}

} // namespace trawl::ingest
