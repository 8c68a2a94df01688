#include "app/diff/snapshot.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "event/json.h"

namespace trawl::app {

using event::Type;
using event::Value;

namespace {

// Fields that differ between any two deliveries of the same thing.
bool is_bookkeeping(std::string_view name)
{
    return name.starts_with('@') && name != "@user_data";
}

void flatten(const Value& value, const std::string& path, SnapshotFields& fields)
{
    if (value.type() == Type::object) {
        event::json::for_each_member(value.raw(), [&](Value key, Value inner) {
            std::string name;
            event::json::append_unescaped(name, key.raw());
            if (path.empty() && is_bookkeeping(name)) {
                return true;
            }
            flatten(inner, path.empty() ? name : path + "." + name, fields);
            return true;
        });
        return;
    }
    if (value.type() == Type::array) {
        std::size_t position = 0;
        event::json::for_each_element(value.raw(), [&](Value inner) {
            flatten(inner, path + "." + std::to_string(position++), fields);
            return true;
        });
        return;
    }
    base::Arena arena;
    fields[path] = std::string(value.text(arena));
}

std::set<std::string_view> first_names(const SnapshotFields& fields)
{
    std::set<std::string_view> names;
    for (const auto& [path, value] : fields) {
        names.insert(std::string_view(path).substr(0, path.find('.')));
    }
    return names;
}

// Whether two records describe the same side of a resource: they share more than half of the names that the smaller has.
bool is_same_side(const SnapshotFields& one, const SnapshotFields& other)
{
    const std::set<std::string_view> names = first_names(one);
    const std::set<std::string_view> others = first_names(other);
    const auto shared = static_cast<std::size_t>(
        std::count_if(names.begin(), names.end(), [&others](std::string_view name) { return others.contains(name); }));
    return 2 * shared > std::min(names.size(), others.size());
}

} // namespace

struct SnapshotReader::Run final : event::Gathered {
    std::vector<std::pair<std::string, std::string>> records; // Resource, event as JSON.
    std::size_t bytes = 0;
};

class SnapshotReader::Consumer final : public event::Consumer {
public:
    explicit Consumer(const SnapshotReader& owner) : owner_(owner), run_(std::make_unique<Run>()) {}
    void consume(event::Event& event, std::uint32_t) override
    {
        std::string resource(event.column(owner_.resource_).text(event.arena()));
        if (resource.empty()) {
            std::string_view source = event.origin().source;
            if (source.starts_with(owner_.root_)) {
                source.remove_prefix(owner_.root_.size());
            }
            while (source.starts_with('/')) {
                source.remove_prefix(1);
            }
            resource = source.empty() ? "#" + std::to_string(event.origin().record) : std::string(source);
        }
        std::string json;
        event.append_event_json(json, /*with_message=*/false);
        run_->bytes += resource.size() + json.size();
        run_->records.emplace_back(std::move(resource), std::move(json));
    }
    std::unique_ptr<event::Gathered> take() override { return std::exchange(run_, std::make_unique<Run>()); }
    std::size_t gathered_bytes() const override { return run_->bytes; }

private:
    const SnapshotReader& owner_; // Outlives its consumers.
    std::unique_ptr<Run> run_;
};

class SnapshotReader::Collector final : public event::Collector {
public:
    explicit Collector(Snapshot& snapshot) : snapshot_(snapshot) {}
    base::Result<event::Appetite> absorb(std::unique_ptr<event::Gathered> gathered, const event::Duplicates&) override
    {
        for (const auto& [resource, json] : static_cast<const Run&>(*gathered).records) {
            SnapshotFields fields;
            flatten(event::json::parse(json), "", fields);
            std::vector<SnapshotFields>& sides = sides_[resource];
            const auto same = std::find_if(sides.begin(), sides.end(),
                [&fields](const SnapshotFields& side) { return is_same_side(side, fields); });
            if (same != sides.end()) {
                *same = std::move(fields);
            } else {
                sides.push_back(std::move(fields));
            }
        }
        return event::Appetite::hungry;
    }
    base::Result<void> finish() override
    {
        for (auto& [resource, sides] : sides_) {
            SnapshotFields& fields = snapshot_[resource];
            for (SnapshotFields& side : sides) {
                fields.merge(side);
            }
        }
        return {};
    }

private:
    std::map<std::string, std::vector<SnapshotFields>> sides_;
    Snapshot& snapshot_; // Belongs to the caller, who outlives the collector.
};

SnapshotReader::SnapshotReader(std::string root)
    : root_(std::move(root)), resource_(projection_.add(event::FieldPath::parse("@resource"), event::Reach::exact))
{
    projection_.ask_everything();
}

std::unique_ptr<event::Consumer> SnapshotReader::make_consumer() const
{
    return std::make_unique<Consumer>(*this);
}

std::unique_ptr<event::Collector> SnapshotReader::make_collector(Snapshot& snapshot) const
{
    return std::make_unique<Collector>(snapshot);
}

std::string_view change_name(ChangeType type)
{
    switch (type) {
    case ChangeType::added: return "added";
    case ChangeType::removed: return "removed";
    case ChangeType::changed: return "changed";
    }
    return "changed";
}

std::vector<Change> compare(const Snapshot& before, const Snapshot& after)
{
    std::vector<Change> changes;
    auto old_resource = before.begin();
    auto new_resource = after.begin();
    while (old_resource != before.end() || new_resource != after.end()) {
        if (new_resource == after.end()
            || (old_resource != before.end() && old_resource->first < new_resource->first)) {
            changes.push_back({ChangeType::removed, old_resource->first, "", "", ""});
            ++old_resource;
            continue;
        }
        if (old_resource == before.end() || new_resource->first < old_resource->first) {
            changes.push_back({ChangeType::added, new_resource->first, "", "", ""});
            ++new_resource;
            continue;
        }
        const SnapshotFields& old_fields = old_resource->second;
        const SnapshotFields& new_fields = new_resource->second;
        for (const auto& [field, value] : old_fields) {
            const auto found = new_fields.find(field);
            if (found == new_fields.end()) {
                changes.push_back({ChangeType::removed, old_resource->first, field, value, ""});
            } else if (found->second != value) {
                changes.push_back({ChangeType::changed, old_resource->first, field, value, found->second});
            }
        }
        for (const auto& [field, value] : new_fields) {
            if (old_fields.find(field) == old_fields.end()) {
                changes.push_back({ChangeType::added, old_resource->first, field, "", value});
            }
        }
        ++old_resource;
        ++new_resource;
    }
    return changes;
}

} // namespace trawl::app
