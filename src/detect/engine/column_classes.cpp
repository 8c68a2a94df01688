#include "detect/engine/column_classes.h"

#include <utility>

namespace trawl::detect::engine {

namespace {

constexpr std::size_t first_capacity = 256;
// Below this number of look-ups for each entry, interning costs more than it saves.
constexpr std::uint64_t wanted_reuse = 8;

} // namespace

ColumnClasses::ColumnClasses(const LeafTable& leaves, const ClassedColumn& column)
    : leaves_(leaves),
      column_(column),
      leaf_count_(column.leaves.size()),
      entries_(first_capacity),
      mask_(first_capacity - 1)
{
    plain_.fill(no_class);
}

ClassId ColumnClasses::class_of_outcomes(const event::Value& value, base::Arena& arena)
{
    std::string outcomes(leaf_count_, '\0');
    for (std::size_t bit = 0; bit < leaf_count_; ++bit) {
        outcomes[bit] = leaves_.test_value(column_.leaves[bit], value, arena) ? '\1' : '\0';
    }
    const auto known = class_ids_.find(outcomes);
    if (known != class_ids_.end()) {
        return known->second;
    }
    if (class_ids_.size() >= max_classes) {
        is_retired_ = true;
        return no_class;
    }
    const auto id = static_cast<ClassId>(class_ids_.size());
    outcomes_.insert(outcomes_.end(), outcomes.begin(), outcomes.end());
    class_ids_.emplace(std::move(outcomes), id);
    return id;
}

ClassId ColumnClasses::add_plain(std::uint32_t tag, const event::Value& value, base::Arena& arena)
{
    plain_[tag] = class_of_outcomes(value, arena);
    return plain_[tag];
}

ClassId ColumnClasses::add_text(std::uint64_t hash, std::uint32_t tag, const event::Value& value, base::Arena& arena)
{
    if (used_ >= max_entries) {
        is_retired_ = lookups_ < wanted_reuse * max_entries;
        entries_.assign(first_capacity, {});
        mask_ = first_capacity - 1;
        texts_.clear();
        used_ = 0;
        lookups_ = 0;
        if (is_retired_) {
            return no_class;
        }
    }
    const ClassId id = class_of_outcomes(value, arena);
    if (id == no_class) {
        return no_class;
    }
    if ((used_ + 1) * 2 > entries_.size()) {
        grow();
    }
    std::size_t place = hash & mask_;
    while (entries_[place].class_id != no_class) {
        place = (place + 1) & mask_;
    }
    const std::string_view text = value.raw();
    entries_[place] = {hash, static_cast<std::uint32_t>(texts_.size()), static_cast<std::uint16_t>(text.size()),
        static_cast<std::uint16_t>(tag), id};
    texts_ += text;
    ++used_;
    return id;
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
