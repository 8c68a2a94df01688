#include "detect/engine/match_record.h"

#include <bit>
#include <cstring>

#include "base/check.h"

namespace trawl::detect::engine {

namespace {

std::uint32_t big(std::uint32_t number)
{
    return std::endian::native == std::endian::little ? __builtin_bswap32(number) : number;
}

std::uint64_t big(std::uint64_t number)
{
    return std::endian::native == std::endian::little ? __builtin_bswap64(number) : number;
}

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

constexpr std::uint64_t sign_bit = std::uint64_t {1} << 63U;
constexpr std::uint64_t no_time = ~std::uint64_t {0};
constexpr std::uint8_t denied_flag = 1;

constexpr std::size_t group_offset = 4;
constexpr std::size_t time_offset = RecordKey::group_size;
constexpr std::size_t order_offset = time_offset + 8;
constexpr std::size_t rule_offset = order_offset + 8;
constexpr std::size_t level_offset = RecordKey::size;
constexpr std::size_t flags_offset = level_offset + 1;
constexpr std::size_t event_offset = flags_offset + 1;
constexpr std::size_t own_offset = event_offset + 8;
constexpr std::size_t values_offset = own_offset + 8;

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

void append_record(std::string& out, const RecordKey& key, const RecordBody& body)
{
    const std::size_t start = out.size();
    out.resize(start + values_offset + body.values.size() * sizeof(std::uint64_t));
    char* at = put(out.data() + start, big(key.unit));
    std::memcpy(at, key.group.data(), key.group.size());
    at += key.group.size();
    at = put(at, big(key.has_time ? static_cast<std::uint64_t>(key.time) ^ sign_bit : no_time));
    at = put(at, big(key.order));
    at = put(at, big(key.rule));
    at = put(at, static_cast<std::uint8_t>(body.level));
    at = put(at, static_cast<std::uint8_t>(body.is_denied ? denied_flag : 0));
    at = put(at, body.event);
    at = put(at, body.own);
    for (const std::uint64_t value : body.values) {
        at = put(at, value);
    }
}

RecordKey read_key(std::string_view record)
{
    const char* const at = record.data();
    RecordKey key;
    key.unit = big(get<std::uint32_t>(at));
    std::memcpy(key.group.data(), at + group_offset, key.group.size());
    const std::uint64_t time = big(get<std::uint64_t>(at + time_offset));
    key.has_time = time != no_time;
    key.time = key.has_time ? static_cast<base::Time>(time ^ sign_bit) : 0;
    key.order = big(get<std::uint64_t>(at + order_offset));
    key.rule = big(get<std::uint32_t>(at + rule_offset));
    return key;
}

RecordBody read_body(std::string_view record)
{
    RecordBody body;
    body.level = read_level(record);
    body.is_denied = read_is_denied(record);
    body.event = get<std::uint64_t>(record.data() + event_offset);
    body.own = get<std::uint64_t>(record.data() + own_offset);
    for (std::size_t i = 0; i < count_values(record); ++i) {
        body.values.push_back(read_value(record, i));
    }
    return body;
}

std::size_t count_values(std::string_view record)
{
    return (record.size() - values_offset) / sizeof(std::uint64_t);
}

std::uint64_t read_value(std::string_view record, std::size_t position)
{
    return get<std::uint64_t>(record.data() + values_offset + position * sizeof(std::uint64_t));
}

event::Level read_level(std::string_view record)
{
    return static_cast<event::Level>(record[level_offset]);
}

bool read_is_denied(std::string_view record)
{
    return (static_cast<std::uint8_t>(record[flags_offset]) & denied_flag) != 0;
}

void place_record(char* record, std::uint64_t order, std::uint64_t details_begin)
{
    put(record + order_offset, big(order));
    put(record + event_offset, get<std::uint64_t>(record + event_offset) + details_begin);
    const auto own = get<std::uint64_t>(record + own_offset);
    if (own > 0) {
        put(record + own_offset, own + details_begin);
    }
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
