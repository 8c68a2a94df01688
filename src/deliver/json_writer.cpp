#include "deliver/json_writer.h"

#include "base/text.h"

namespace trawl::deliver {

void JsonWriter::separate()
{
    if (!out_.empty() && out_.back() != '{' && out_.back() != '[' && out_.back() != '\n') {
        out_ += ',';
    }
}

void JsonWriter::name(std::string_view name)
{
    separate();
    base::append_json_string(out_, name);
    out_ += ':';
}

void JsonWriter::open_object()
{
    separate();
    out_ += '{';
}

void JsonWriter::open_object(std::string_view member)
{
    name(member);
    out_ += '{';
}

void JsonWriter::open_array(std::string_view member)
{
    name(member);
    out_ += '[';
}

void JsonWriter::text(std::string_view member, std::string_view value)
{
    if (!value.empty()) {
        name(member);
        base::append_json_string(out_, value);
    }
}

void JsonWriter::number(std::string_view member, std::uint64_t value)
{
    name(member);
    out_ += std::to_string(value);
}

void JsonWriter::integer(std::string_view member, std::int64_t value)
{
    name(member);
    out_ += std::to_string(value);
}

void JsonWriter::boolean(std::string_view member, bool value)
{
    name(member);
    out_ += value ? "true" : "false";
}

void JsonWriter::element(std::string_view value)
{
    separate();
    base::append_json_string(out_, value);
}

} // namespace trawl::deliver
