#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace trawl::deliver {

// Appends JSON to a text, with commas where they belong. Members with empty texts are left out.
class JsonWriter {
public:
    explicit JsonWriter(std::string& out) : out_(out) {}

    void open_object();
    void open_object(std::string_view name);
    void close_object() { out_ += '}'; }
    void open_array(std::string_view name);
    void close_array() { out_ += ']'; }

    void text(std::string_view name, std::string_view value);
    void number(std::string_view name, std::uint64_t value);
    void integer(std::string_view name, std::int64_t value);
    void boolean(std::string_view name, bool value);
    void element(std::string_view value);

private:
    void separate();
    void name(std::string_view name);

    std::string& out_; // Belongs to the caller, who uses it up before the writer goes.
};

} // namespace trawl::deliver
