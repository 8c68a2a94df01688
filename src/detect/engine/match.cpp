#include "detect/engine/match.h"

#include <cstring>

#include "base/check.h"

namespace trawl::detect::engine {

namespace {

template <typename Number> char* put(char* at, Number number)
{
    std::memcpy(at, &number, sizeof number);
    return at + sizeof number;
}

template <typename Number> Number get(const char* at)
{
    Number number = 0;
    std::memcpy(&number, at, sizeof number);
    return number;
}

void append_outers(std::string& out, const std::vector<OuterPart>& outers);

void append_texts(std::string& out, const std::vector<std::string>& texts)
{
    append_size(out, texts.size());
    for (const std::string& text : texts) {
        append_text(out, text);
    }
}

std::vector<std::string> read_texts(ByteReader& reader)
{
    std::vector<std::string> texts;
    for (std::uint64_t count = reader.size(); count > 0; --count) {
        texts.emplace_back(reader.text());
    }
    return texts;
}

void append_outers(std::string& out, const std::vector<OuterPart>& outers)
{
    append_size(out, outers.size());
    for (const OuterPart& outer : outers) {
        append_size(out, outer.unit);
        append_size(out, outer.groups.size());
        for (const GroupHash& group : outer.groups) {
            out.append(group.data(), group.size());
        }
        append_size(out, outer.values.size());
        for (const std::uint64_t value : outer.values) {
            char bytes[sizeof value];
            put(bytes, value);
            out.append(bytes, sizeof bytes);
        }
        append_texts(out, outer.extras);
        append_outers(out, outer.outers);
    }
}

std::vector<OuterPart> read_outers(ByteReader& reader)
{
    std::vector<OuterPart> outers;
    for (std::uint64_t count = reader.size(); count > 0; --count) {
        OuterPart& outer = outers.emplace_back();
        outer.unit = static_cast<std::uint32_t>(reader.size());
        for (std::uint64_t groups = reader.size(); groups > 0; --groups) {
            GroupHash& group = outer.groups.emplace_back();
            const std::string_view bytes = reader.take(group.size());
            std::memcpy(group.data(), bytes.data(), group.size());
        }
        for (std::uint64_t values = reader.size(); values > 0; --values) {
            outer.values.push_back(reader.word());
        }
        outer.extras = read_texts(reader);
        outer.outers = read_outers(reader);
    }
    return outers;
}

} // namespace

GroupHash group_hash(std::string_view key)
{
    const base::Hash128 hash = base::hash128(key);
    GroupHash group;
    put(put(group.data(), hash.low), static_cast<std::uint32_t>(hash.high));
    return group;
}

void append_size(std::string& out, std::uint64_t number)
{
    while (number >= 0x80) {
        out.push_back(static_cast<char>((number & 0x7FU) | 0x80U));
        number >>= 7U;
    }
    out.push_back(static_cast<char>(number));
}

void append_text(std::string& out, std::string_view text)
{
    append_size(out, text.size());
    out += text;
}

std::uint64_t ByteReader::size()
{
    std::uint64_t number = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        const std::uint8_t next = byte();
        number |= static_cast<std::uint64_t>(next & 0x7FU) << shift;
        if (next < 0x80) {
            break;
        }
    }
    return number;
}

std::string_view ByteReader::text()
{
    const std::uint64_t length = size();
    return take(length);
}

std::uint8_t ByteReader::byte()
{
    return static_cast<std::uint8_t>(take(1).front());
}

std::uint64_t ByteReader::word()
{
    return get<std::uint64_t>(take(sizeof(std::uint64_t)).data());
}

std::string_view ByteReader::take(std::size_t count)
{
    TRAWL_CHECK(count <= bytes_.size(), "blocks are read as they were written");
    const std::string_view taken = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return taken;
}

void append_own(std::string& out, const OwnBlock& own)
{
    append_texts(out, own.extras);
    append_outers(out, own.outers);
}

OwnBlock read_own(std::string_view block)
{
    ByteReader reader(block);
    OwnBlock own;
    own.extras = read_texts(reader);
    own.outers = read_outers(reader);
    return own;
}

} // namespace trawl::detect::engine
