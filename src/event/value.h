#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "base/time.h"

namespace trawl::event {

// What a Value is. `missing`: the record lacks the field. `null`: JSON null, which is missing everywhere except for
// Sigma's `exists` and jsonStringify. `several`: what a path that crosses arrays gives (each element's value).
enum class Type : std::uint8_t { missing, null, boolean, number, integer, real, string, time, object, array, several };

// A field's value: a view of 16 bytes into the record's text (or into an arena), never an owner. It lives as long as
// the record (or the arena) that it came from.
//   number: the text as written ("1e3", "12345678901234567890"); integer, real: computed ones.
//   string: text, with `escaped` when it still has JSON escapes; object, array: raw JSON text, white space included.
class Value {
public:
    Value() = default;

    static Value null() { return Value(Type::null); }
    static Value boolean(bool value)
    {
        Value made(Type::boolean);
        made.integer_ = value ? 1 : 0;
        return made;
    }
    static Value integer(std::int64_t value)
    {
        Value made(Type::integer);
        made.integer_ = value;
        return made;
    }
    static Value real(double value)
    {
        Value made(Type::real);
        made.real_ = value;
        return made;
    }
    static Value time(base::Time value)
    {
        Value made(Type::time);
        made.integer_ = value;
        return made;
    }
    // `text` must outlive the value.
    static Value string(std::string_view text) { return Value(Type::string, text, false); }
    static Value escaped_string(std::string_view text) { return Value(Type::string, text, true); }
    static Value number_text(std::string_view text) { return Value(Type::number, text, false); }
    static Value object(std::string_view json) { return Value(Type::object, json, false); }
    static Value array(std::string_view json) { return Value(Type::array, json, false); }
    static Value several(const Value* values, std::size_t count)
    {
        Value made(Type::several);
        made.size_ = static_cast<std::uint32_t>(count);
        made.values_ = values;
        return made;
    }

    Type type() const { return type_; }
    // Missing or null: "has no value".
    bool is_absent() const { return type_ <= Type::null; }
    bool is_container() const { return type_ == Type::object || type_ == Type::array; }
    bool is_numeric() const { return type_ >= Type::number && type_ <= Type::real; }
    bool has_escapes() const { return escaped_; }

    // The bytes as they stand in the record (string without its quotes). Only for string, number, object, array.
    std::string_view raw() const { return {text_, size_}; }
    bool as_boolean() const { return integer_ != 0; }
    std::int64_t as_integer() const { return integer_; }
    double as_real() const { return real_; }
    base::Time as_time() const { return integer_; }
    std::size_t count() const { return size_; }
    const Value& at(std::size_t position) const { return values_[position]; }

    // The text of any value: strings unescaped, numbers as written, true/false, RFC 3339 times, objects and arrays as
    // compact JSON (LANGUAGE 2.2: no white space, source key order, minimal escapes). Absent values give "". What must
    // be built is built in `arena`.
    std::string_view text(base::Arena& arena) const;
    // Appends the value as JSON; absent values as null; `several` as an array.
    void append_json(std::string& out) const;
    // Reads it as a number: numbers, and strings that are one whole number. False for everything else.
    bool to_number(double& number) const;
    // Copies every byte it refers to into `arena`.
    Value copy(base::Arena& arena) const;

private:
    explicit Value(Type type) : type_(type) {}
    Value(Type type, std::string_view text, bool escaped)
        : type_(type), escaped_(escaped), size_(static_cast<std::uint32_t>(text.size())), text_(text.data())
    {
    }

    Type type_ = Type::missing;
    bool escaped_ = false;
    std::uint32_t size_ = 0;
    union {
        const char* text_;
        std::int64_t integer_ = 0;
        double real_;
        const Value* values_;
    };
};

static_assert(sizeof(Value) == 16);

} // namespace trawl::event
