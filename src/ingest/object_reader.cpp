#include "ingest/object_reader.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <string_view>

namespace trawl::ingest {

using event::Type;
using event::Value;

namespace {

// Wrappers that Reach::any_element looks through; the first names of every group.
constexpr const char* wrappers[] = {"items", "member"};

// Hashes a sample of the text: who differs elsewhere only meets in the same place of the table.
std::uint64_t sample_hash(std::string_view text)
{
    constexpr std::size_t words = 8;
    constexpr std::uint64_t factor = 0x9E3779B97F4A7C15U;
    std::uint64_t hash = text.size() * factor;
    if (text.size() < sizeof(std::uint64_t)) {
        return hash;
    }
    const std::size_t last = text.size() - sizeof(std::uint64_t);
    for (std::size_t i = 0; i < words; ++i) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + last * i / (words - 1), sizeof word);
        hash = (hash ^ word) * factor;
        hash ^= hash >> 29U;
    }
    return hash;
}

} // namespace

std::uint32_t ObjectReader::add_group()
{
    Group& group = groups_.emplace_back();
    group.names.assign(std::begin(wrappers), std::end(wrappers));
    group.inner.assign(group.names.size(), -1);
    return static_cast<std::uint32_t>(groups_.size() - 1);
}

void ObjectReader::want(const std::vector<std::string>& parts)
{
    std::uint32_t group = groups_.empty() ? add_group() : 0;
    for (std::size_t level = 1; level < parts.size(); ++level) {
        auto& names = groups_[group].names;
        const auto found = std::find(names.begin(), names.end(), parts[level]);
        const auto position = static_cast<std::size_t>(found - names.begin());
        if (found == names.end()) {
            names.push_back(parts[level]);
            groups_[group].inner.push_back(-1);
        }
        if (level + 1 < parts.size()) {
            if (groups_[group].inner[position] < 0) {
                const auto inner = static_cast<std::int32_t>(add_group());
                groups_[group].inner[position] = inner;
            }
            group = static_cast<std::uint32_t>(groups_[group].inner[position]);
        }
    }
}

void ObjectReader::prepare()
{
    for (Group& group : groups_) {
        group.first_child = child_count_;
        child_count_ += static_cast<std::uint32_t>(group.names.size());
    }
    start(passing_, Value());
}

std::vector<ObjectReader::Step> ObjectReader::steps_of(const std::vector<std::string>& parts) const
{
    std::vector<Step> steps;
    std::uint32_t group = 0;
    for (std::size_t level = 1; level < parts.size(); ++level) {
        const auto& names = groups_[group].names;
        const auto position
            = static_cast<std::size_t>(std::find(names.begin(), names.end(), parts[level]) - names.begin());
        steps.push_back({group, groups_[group].first_child + static_cast<std::uint32_t>(position)});
        group = static_cast<std::uint32_t>(groups_[group].inner[position]);
    }
    return steps;
}

void ObjectReader::start(Memory& memory, const Value& object) const
{
    memory.object = object;
    memory.children.resize(child_count_);
    memory.is_read.assign(groups_.size(), 0);
}

// Finds the object among the remembered ones, or takes a place for it.
void ObjectReader::choose(const Value& object)
{
    const std::string_view text = object.raw();
    if (paused_ > 0 || text.size() > max_text) {
        paused_ -= paused_ > 0 ? 1 : 0;
        start(passing_, object);
        current_ = &passing_;
        return;
    }
    if (memories_.empty()) {
        memories_.resize(remembered);
    }
    const std::uint64_t hash = sample_hash(text);
    Memory& memory = memories_[hash & (remembered - 1)];
    current_ = &memory;
    const bool is_known = memory.hash == hash && memory.text == text;
    hits_ += is_known ? 1 : 0;
    if (++lookups_ == trial) {
        paused_ = hits_ < trial / 4 ? pause : 0;
        lookups_ = 0;
        hits_ = 0;
    }
    if (!is_known) {
        memory.hash = hash;
        memory.text = text;
        start(memory, Value::object(memory.text));
    }
}

// Walks one object; false when it is broken.
bool ObjectReader::read(std::uint32_t group, const Value& object)
{
    Group& wanted = groups_[group];
    if (!wanted.walker) {
        wanted.walker = std::make_unique<ObjectWalker>(wanted.names);
    }
    Value* const values = current_->children.data() + wanted.first_child;
    std::fill_n(values, wanted.names.size(), Value());
    const std::string_view text = object.raw();
    if (wanted.walker->walk(text.data(), text.data() + text.size(), values, nullptr) == nullptr) {
        return false;
    }
    current_->is_read[group] = 1;
    return true;
}

Value ObjectReader::find(const Value& object, std::uint64_t generation, const std::vector<std::string>& parts,
    const std::vector<Step>& steps, event::Reach reach, base::Arena& arena)
{
    if (object.type() != Type::object) {
        return object.is_container() ? event::follow(object, parts, 1, reach, arena) : Value();
    }
    if (generation_ != generation) {
        generation_ = generation;
        choose(object);
    }
    Value value = current_->object;
    for (std::size_t level = 0; level < steps.size(); ++level) {
        if (value.type() != Type::object) {
            return value.is_container() ? event::follow(value, parts, level + 1, reach, arena) : Value();
        }
        const Step step = steps[level];
        if (current_->is_read[step.group] == 0 && !read(step.group, value)) {
            return event::follow(value, parts, level + 1, reach, arena);
        }
        const Value& next = current_->children[step.child];
        if (next.type() == Type::missing) {
            // Only a look into the object itself can tell: through wrappers and names with dots.
            const Group& group = groups_[step.group];
            const Value* const values = current_->children.data() + group.first_child;
            const bool is_wrapped = values[0].is_container() || values[1].is_container();
            return is_wrapped || group.walker->saw_dotted_names() ? event::follow(value, parts, level + 1, reach, arena)
                                                                  : Value();
        }
        value = next;
    }
    return value;
}

} // namespace trawl::ingest
