#include "query/local/group_spill.h"

#include <optional>

#include "query/local/row_codec.h"

namespace trawl::query::local {

namespace {

constexpr std::size_t number_bytes = 8;

// Numbers in big-endian, so that bytes order as they do.
void append_number(std::string& out, std::uint64_t number)
{
    for (int shift = 56; shift >= 0; shift -= 8) {
        out.push_back(static_cast<char>(number >> shift & 0xFF));
    }
}

std::string_view key_of(std::string_view record)
{
    const std::uint32_t size = read_size(record);
    return record.substr(0, size);
}

bool has_lower_key(std::string_view a, std::string_view b)
{
    return key_of(a) < key_of(b);
}

bool has_lower_number(std::string_view a, std::string_view b)
{
    return a.substr(0, number_bytes) < b.substr(0, number_bytes);
}

} // namespace

void append_group_key(std::string& out, const event::Value& value, base::Arena& arena)
{
    if (value.is_absent()) {
        out.push_back('\0');
        return;
    }
    const std::string_view text = value.text(arena);
    out.push_back('\1');
    append_size(out, static_cast<std::uint32_t>(text.size()));
    out += text;
}

GroupSpill::GroupSpill(const std::string& temp_folder, std::size_t memory_bytes)
    : rows_(temp_folder, memory_bytes, has_lower_key), made_(temp_folder, memory_bytes, has_lower_number)
{
}

base::Result<void> GroupSpill::add(std::string_view key, std::string_view row)
{
    std::string record;
    append_size(record, static_cast<std::uint32_t>(key.size()));
    record += key;
    append_number(record, count_++);
    record += row;
    return rows_.add(record);
}

base::Result<void> GroupSpill::drain(
    const Visitor& visitor, const std::function<base::Result<bool>(std::string_view)>& visit)
{
    base::Result<void> result;
    std::optional<std::string> current;
    std::string first;
    const auto end_group = [&]() -> base::Result<void> {
        if (!current) {
            return {};
        }
        TRY(const auto made, visitor.end());
        return made_.add(first + made);
    };
    const auto take = [&](std::string_view record) -> base::Result<void> {
        const std::string_view key = key_of(record);
        record.remove_prefix(sizeof(std::uint32_t) + key.size());
        if (!current || *current != key) {
            TRY_VOID(end_group());
            current = key;
            first = record.substr(0, number_bytes);
            visitor.begin(key);
        }
        return visitor.add(record.substr(number_bytes));
    };
    TRY_VOID(rows_.drain([&](std::string_view record) {
        result = take(record);
        return result.has_value();
    }));
    if (!result) {
        return result;
    }
    TRY_VOID(end_group());
    TRY_VOID(made_.drain([&](std::string_view record) {
        auto goes_on = visit(record.substr(number_bytes));
        if (!goes_on) {
            result = tl::unexpected(std::move(goes_on).error());
            return false;
        }
        return *goes_on;
    }));
    return result;
}

} // namespace trawl::query::local
