#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "detect/engine/leaf_table.h"
#include "detect/engine/text_hash.h"
#include "event/columns.h"

namespace trawl::detect::engine {

using ClassId = std::uint32_t;
constexpr ClassId no_class = ~ClassId {0};

// Interns the values of one classed column: value → class, class → outcome of each leaf of the column. Owned by one
// worker. Memory is bounded: a column whose values do not repeat retires and is then evaluated leaf by leaf.
class ColumnClasses {
public:
    ColumnClasses(const LeafTable& leaves, const ClassedColumn& column);

    // The class of the event's value; no_class for a value that is not interned (an array, a long text) or once retired.
    ClassId classify(event::Event& event)
    {
        const event::Value value = event.column(column_.column);
        const std::uint32_t tag = tag_of(value);
        if (tag < first_text_tag) {
            const ClassId known = plain_[tag];
            return known != no_class ? known : add_plain(tag, value, event.arena());
        }
        if (tag == not_interned || value.raw().size() > max_text) {
            return no_class;
        }
        const std::string_view text = value.raw();
        const std::uint64_t hash = hash_text(text, tag);
        ++lookups_;
        for (std::size_t place = hash & mask_; entries_[place].class_id != no_class; place = (place + 1) & mask_) {
            const Entry& entry = entries_[place];
            if (entry.hash == hash && entry.tag == tag && entry.size == text.size()
                && equal_text(texts_.data() + entry.text, text.data(), text.size())) {
                return entry.class_id;
            }
        }
        return add_text(hash, tag, value, event.arena());
    }

    bool test(ClassId id, std::uint32_t bit) const { return outcomes_[id * leaf_count_ + bit] != 0; }
    bool is_retired() const { return is_retired_; }

private:
    // Values without text have a tag each; texts one for their type and whether they hold escapes, because the text alone
    // does not tell "1" from 1.
    static constexpr std::uint32_t missing_tag = 0;
    static constexpr std::uint32_t null_tag = 1;
    static constexpr std::uint32_t false_tag = 2;
    static constexpr std::uint32_t true_tag = 3;
    static constexpr std::uint32_t first_text_tag = 4;
    static constexpr std::uint32_t number_tag = 4;
    static constexpr std::uint32_t string_tag = 5;
    static constexpr std::uint32_t escaped_tag = 6;
    static constexpr std::uint32_t not_interned = 7;
    static constexpr std::size_t max_text = 256;
    static constexpr std::size_t max_entries = 4096;
    static constexpr std::size_t max_classes = 1024;

    struct Entry {
        std::uint64_t hash = 0;
        std::uint32_t text = 0;
        std::uint16_t size = 0;
        std::uint16_t tag = 0;
        ClassId class_id = no_class;
    };

    static std::uint32_t tag_of(const event::Value& value)
    {
        // Branches rather than a jump table: most values are strings or missing, which is foreseen well.
        const event::Type type = value.type();
        if (type == event::Type::string) [[likely]] {
            return value.has_escapes() ? escaped_tag : string_tag;
        }
        if (type == event::Type::missing) [[likely]] {
            return missing_tag;
        }
        if (type == event::Type::boolean) {
            return value.as_boolean() ? true_tag : false_tag;
        }
        if (type == event::Type::null) {
            return null_tag;
        }
        return type == event::Type::number ? number_tag : not_interned;
    }
    ClassId add_plain(std::uint32_t tag, const event::Value& value, base::Arena& arena);
    ClassId add_text(std::uint64_t hash, std::uint32_t tag, const event::Value& value, base::Arena& arena);
    ClassId class_of_outcomes(const event::Value& value, base::Arena& arena);
    void grow();

    const LeafTable& leaves_;
    const ClassedColumn& column_;
    std::size_t leaf_count_;
    std::array<ClassId, first_text_tag> plain_;
    std::vector<Entry> entries_;
    std::size_t mask_;
    std::size_t used_ = 0;
    std::string texts_;
    std::vector<std::uint8_t> outcomes_; // leaf_count_ for each class.
    std::map<std::string, ClassId> class_ids_; // By their outcomes.
    std::uint64_t lookups_ = 0;
    bool is_retired_ = false;
};

} // namespace trawl::detect::engine
