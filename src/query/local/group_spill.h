#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "base/result.h"
#include "base/spill_sort.h"
#include "event/value.h"

namespace trawl::query::local {

// Appends bytes that are the same for values that are one group: absent ones, or those with the same text.
void append_group_key(std::string& out, const event::Value& value, base::Arena& arena);

// Rows of more groups than memory holds. Gives them back group by group, and then what was made of the groups in the
// order in which the groups first appeared.
class GroupSpill {
public:
    GroupSpill(const std::string& temp_folder, std::size_t memory_bytes);

    base::Result<void> add(std::string_view key, std::string_view row);
    bool empty() const { return count_ == 0; }

    // `begin` starts a group, `add` takes its rows in the order they came in, `end` gives what is made of it.
    struct Visitor {
        std::function<void(std::string_view key)> begin;
        std::function<base::Result<void>(std::string_view row)> add;
        std::function<base::Result<std::string>()> end;
    };
    // `visit` takes what was made; false stops.
    base::Result<void> drain(const Visitor& visitor, const std::function<base::Result<bool>(std::string_view)>& visit);

private:
    base::SpillSort rows_;
    base::SpillSort made_;
    std::uint64_t count_ = 0;
};

} // namespace trawl::query::local
