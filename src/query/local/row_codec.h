#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "event/value.h"

namespace trawl::query::local {

using Row = std::span<const event::Value>;

// Appends values as bytes that need nothing else: how rows go from a worker to the merging thread, and to disk.
void append_value(std::string& out, const event::Value& value);
void append_row(std::string& out, Row row);

// Reads values back as views of `bytes`, which they must not outlive; advances `bytes`. Lists of values go to `arena`.
event::Value read_value(std::string_view& bytes, base::Arena& arena);
void read_row(std::string_view bytes, std::span<event::Value> row, base::Arena& arena);

void append_size(std::string& out, std::uint32_t size);
std::uint32_t read_size(std::string_view& bytes);

// A value that outlives its row. Stays where it is: the value views its bytes.
class OwnedValue {
public:
    OwnedValue() = default;
    OwnedValue(const OwnedValue&) = delete;
    OwnedValue& operator=(const OwnedValue&) = delete;

    void assign(const event::Value& value);
    // Valid until the next assign().
    event::Value value() const { return value_; }

private:
    std::string bytes_;
    base::Arena arena_;
    event::Value value_;
};

} // namespace trawl::query::local
