#include "detect/engine/column_classes.h"

#include <cstring>

#include "base/hash.h"

namespace trawl::detect::engine {

namespace {

constexpr std::size_t first_capacity = 256;
// Below this number of look-ups for each entry, interning costs more than it saves.
constexpr std::uint64_t wanted_reuse = 8;

std::uint64_t load(const char* at)
{
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    return word;
}

std::uint64_t mix(std::uint64_t state, std::uint64_t word)
{
    state = (state ^ word) * 0x9E3779B97F4A7C15U;
    return state ^ (state >> 29U);
}

// Hashes every byte; a short text in two to four multiplications.
std::uint64_t hash_text(std::string_view text, std::uint64_t seed)
{
    const char* const at = text.data();
    const std::size_t size = text.size();
    std::uint64_t state = seed ^ size;
    if (size > 32) {
        return base::hash64(text, seed);
    }
    if (size >= 16) {
        state = mix(mix(state, load(at)), load(at + 8));
        return mix(mix(state, load(at + size - 16)), load(at + size - 8));
    }
    if (size >= 8) {
        return mix(mix(state, load(at)), load(at + size - 8));
    }
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < size; ++i) {
        word = (word << 8U) | static_cast<unsigned char>(at[i]);
    }
    return mix(state, word);
}

} // namespace

ColumnClasses::ColumnClasses(const LeafTable& leaves, const ClassedColumn& column)
    : leaves_(leaves), column_(column), leaf_count_(column.leaves.size()), entries_(first_capacity), mask_(first_capacity - 1)
{
}

ColumnClasses::Key ColumnClasses::key_of(const event::Value& value) const
{
    const auto tag = static_cast<std::uint32_t>(value.type()) * 2 + 2 + (value.has_escapes() ? 1 : 0);
    switch (value.type()) {
    case event::Type::missing:
    case event::Type::null: return {tag, tag, {}};
    case event::Type::boolean: {
        // The outcome stands in the tag: there is no text.
        const std::uint32_t outcome = tag + (value.as_boolean() ? 1 : 0);
        return {outcome, outcome, {}};
    }
    case event::Type::string:
    case event::Type::number: {
        const std::string_view text = value.raw();
        if (text.size() > max_text || is_retired_) {
            return {0, not_interned, {}};
        }
        return {hash_text(text, tag), tag, text};
    }
    default: return {0, not_interned, {}};
    }
}

ClassId ColumnClasses::add(const Key& key, const event::Value& value, base::Arena& arena)
{
    if (used_ >= max_entries) {
        if (lookups_ < wanted_reuse * max_entries) {
            is_retired_ = true;
        }
        entries_.assign(first_capacity, {});
        mask_ = first_capacity - 1;
        texts_.clear();
        used_ = 0;
        lookups_ = 0;
        if (is_retired_) {
            return no_class;
        }
    }
    std::string outcomes(leaf_count_, '\0');
    for (std::size_t bit = 0; bit < leaf_count_; ++bit) {
        outcomes[bit] = leaves_.test_value(column_.leaves[bit], value, arena) ? '\1' : '\0';
    }
    auto known = class_ids_.find(outcomes);
    if (known == class_ids_.end()) {
        if (class_ids_.size() >= max_classes) {
            is_retired_ = true;
            return no_class;
        }
        const auto id = static_cast<ClassId>(class_ids_.size());
        outcomes_.insert(outcomes_.end(), outcomes.begin(), outcomes.end());
        known = class_ids_.emplace(std::move(outcomes), id).first;
    }
    if ((used_ + 1) * 2 > entries_.size()) {
        grow();
    }
    std::size_t place = key.hash & mask_;
    while (entries_[place].class_id != no_class) {
        place = (place + 1) & mask_;
    }
    entries_[place] = {key.hash, static_cast<std::uint32_t>(texts_.size()), static_cast<std::uint16_t>(key.text.size()),
        static_cast<std::uint16_t>(key.tag), known->second};
    texts_ += key.text;
    ++used_;
    return known->second;
}

void ColumnClasses::grow()
{
    std::vector<Entry> old(entries_.size() * 2);
    old.swap(entries_);
    mask_ = entries_.size() - 1;
    for (const Entry& entry : old) {
        if (entry.class_id == no_class) {
            continue;
        }
        std::size_t place = entry.hash & mask_;
        while (entries_[place].class_id != no_class) {
            place = (place + 1) & mask_;
        }
        entries_[place] = entry;
    }
}

} // namespace trawl::detect::engine
