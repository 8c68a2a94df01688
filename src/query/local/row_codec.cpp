#include "query/local/row_codec.h"

#include <cstring>
#include <new>

#include "base/check.h"

namespace trawl::query::local {

using event::Type;
using event::Value;

namespace {

constexpr unsigned char escaped_bit = 0x80;

template <typename T> void append_bytes(std::string& out, const T& value)
{
    char bytes[sizeof(T)];
    std::memcpy(bytes, &value, sizeof(T));
    out.append(bytes, sizeof(T));
}

template <typename T> T read_bytes(std::string_view& bytes)
{
    T value {};
    TRAWL_CHECK(bytes.size() >= sizeof(T), "a row is read with the layout that it was written with");
    std::memcpy(&value, bytes.data(), sizeof(T));
    bytes.remove_prefix(sizeof(T));
    return value;
}

} // namespace

void append_size(std::string& out, std::uint32_t size)
{
    append_bytes(out, size);
}

std::uint32_t read_size(std::string_view& bytes)
{
    return read_bytes<std::uint32_t>(bytes);
}

void append_value(std::string& out, const Value& value)
{
    const auto type = static_cast<unsigned char>(value.type());
    out.push_back(static_cast<char>(value.has_escapes() ? type | escaped_bit : type));
    switch (value.type()) {
    case Type::missing:
    case Type::null: return;
    case Type::boolean: out.push_back(value.as_boolean() ? 1 : 0); return;
    case Type::integer: append_bytes(out, value.as_integer()); return;
    case Type::time: append_bytes(out, value.as_time()); return;
    case Type::real: append_bytes(out, value.as_real()); return;
    case Type::number:
    case Type::string:
    case Type::object:
    case Type::array:
        append_size(out, static_cast<std::uint32_t>(value.raw().size()));
        out += value.raw();
        return;
    case Type::several:
        append_size(out, static_cast<std::uint32_t>(value.count()));
        for (std::size_t i = 0; i < value.count(); ++i) {
            append_value(out, value.at(i));
        }
        return;
    }
}

void append_row(std::string& out, Row row)
{
    for (const Value& value : row) {
        append_value(out, value);
    }
}

Value read_value(std::string_view& bytes, base::Arena& arena)
{
    const auto first = read_bytes<unsigned char>(bytes);
    const auto type = static_cast<Type>(first & ~escaped_bit);
    switch (type) {
    case Type::missing: return {};
    case Type::null: return Value::null();
    case Type::boolean: return Value::boolean(read_bytes<char>(bytes) != 0);
    case Type::integer: return Value::integer(read_bytes<std::int64_t>(bytes));
    case Type::time: return Value::time(read_bytes<base::Time>(bytes));
    case Type::real: return Value::real(read_bytes<double>(bytes));
    case Type::several: {
        const std::uint32_t count = read_size(bytes);
        auto* const values = new (arena.allocate(count * sizeof(Value))) Value[count];
        for (std::uint32_t i = 0; i < count; ++i) {
            values[i] = read_value(bytes, arena);
        }
        return Value::several(values, count);
    }
    default: break;
    }
    const std::uint32_t size = read_size(bytes);
    const std::string_view text = bytes.substr(0, size);
    bytes.remove_prefix(size);
    switch (type) {
    case Type::number: return Value::number_text(text);
    case Type::object: return Value::object(text);
    case Type::array: return Value::array(text);
    default: return (first & escaped_bit) != 0 ? Value::escaped_string(text) : Value::string(text);
    }
}

void read_row(std::string_view bytes, std::span<Value> row, base::Arena& arena)
{
    for (Value& value : row) {
        value = read_value(bytes, arena);
    }
}

void OwnedValue::assign(const Value& value)
{
    // The new value may view the old bytes.
    std::string bytes;
    append_value(bytes, value);
    bytes_ = std::move(bytes);
    arena_.reset();
    std::string_view rest = bytes_;
    value_ = read_value(rest, arena_);
}

} // namespace trawl::query::local
