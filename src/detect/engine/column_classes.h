#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "detect/engine/leaf_table.h"
#include "event/value.h"

namespace trawl::detect::engine {

using ClassId = std::uint32_t;
constexpr ClassId no_class = ~ClassId {0};

// Interns the values of one classed column: value → class, class → outcome of each leaf of the column. Owned by one
// worker. Memory is bounded: a column whose values do not repeat retires and is then evaluated leaf by leaf.
class ColumnClasses {
public:
    ColumnClasses(const LeafTable& leaves, const ClassedColumn& column);

    // The class of a value; no_class for a value that is not interned (an array, a long text) or once retired.
    ClassId classify(const event::Value& value, base::Arena& arena)
    {
        const Key key = key_of(value);
        if (key.tag == not_interned) {
            return no_class;
        }
        ++lookups_;
        std::size_t place = key.hash & mask_;
        while (entries_[place].class_id != no_class) {
            const Entry& entry = entries_[place];
            if (entry.hash == key.hash && entry.tag == key.tag
                && std::string_view(texts_.data() + entry.text, entry.size) == key.text) {
                return entry.class_id;
            }
            place = (place + 1) & mask_;
        }
        return add(key, value, arena);
    }

    bool test(ClassId id, std::uint32_t bit) const { return outcomes_[id * leaf_count_ + bit] != 0; }
    bool is_retired() const { return is_retired_; }

private:
    static constexpr std::uint32_t not_interned = 0;
    static constexpr std::size_t max_text = 256;
    static constexpr std::size_t max_entries = 4096;
    static constexpr std::size_t max_classes = 1024;

    struct Key {
        std::uint64_t hash;
        std::uint32_t tag; // Type and escapes; the text alone does not tell "1" from 1.
        std::string_view text;
    };
    struct Entry {
        std::uint64_t hash = 0;
        std::uint32_t text = 0;
        std::uint16_t size = 0;
        std::uint16_t tag = 0;
        ClassId class_id = no_class;
    };

    Key key_of(const event::Value& value) const;
    ClassId add(const Key& key, const event::Value& value, base::Arena& arena);
    void grow();

    const LeafTable& leaves_;
    const ClassedColumn& column_;
    std::size_t leaf_count_;
    std::vector<Entry> entries_;
    std::size_t mask_;
    std::size_t used_ = 0;
    std::string texts_;
    std::vector<std::uint8_t> outcomes_;      // leaf_count_ for each class.
    std::map<std::string, ClassId> class_ids_; // By their outcomes.
    std::uint64_t lookups_ = 0;
    bool is_retired_ = false;
};

} // namespace trawl::detect::engine
