#include "detect/engine/match_record.h"

#include <bit>
#include <cstring>

#include "base/check.h"

namespace trawl::detect::engine {

namespace {

static_assert(std::endian::native == std::endian::little);

std::uint32_t swap(std::uint32_t number)
{
    return __builtin_bswap32(number);
}

std::uint64_t swap(std::uint64_t number)
{
    return __builtin_bswap64(number);
}

template <typename Number> void append_big(std::string& out, Number number)
{
    const Number swapped = swap(number);
    char bytes[sizeof swapped];
    std::memcpy(bytes, &swapped, sizeof swapped);
    out.append(bytes, sizeof swapped);
}

template <typename Number> Number read_big(const char* at)
{
    Number number = 0;
    std::memcpy(&number, at, sizeof number);
    return swap(number);
}

constexpr std::uint64_t sign_bit = std::uint64_t {1} << 63U;
constexpr std::uint64_t no_time = ~std::uint64_t {0};

constexpr std::size_t level_offset = source_offset + sizeof(std::uint32_t);
constexpr std::size_t flags_offset = level_offset + 1;
constexpr std::uint8_t denied_flag = 1;

OuterPart read_outer(RecordReader& reader)
{
    OuterPart outer;
    outer.unit = static_cast<std::uint32_t>(reader.size());
    outer.groups = reader.hashes();
    outer.values = reader.hashes();
    outer.message = reader.text();
    const std::uint64_t count = reader.size();
    for (std::uint64_t i = 0; i < count; ++i) {
        outer.outers.push_back(read_outer(reader));
    }
    return outer;
}

} // namespace

void append_key(std::string& out, const RecordKey& key)
{
    append_big(out, key.unit);
    append_big(out, key.group.high);
    append_big(out, key.group.low);
    append_big(out, key.has_time ? static_cast<std::uint64_t>(key.time) ^ sign_bit : no_time);
    append_big(out, key.order);
    append_big(out, key.rule);
}

RecordKey read_key(std::string_view record)
{
    const char* const at = record.data();
    RecordKey key;
    key.unit = read_big<std::uint32_t>(at);
    key.group.high = read_big<std::uint64_t>(at + 4);
    key.group.low = read_big<std::uint64_t>(at + 12);
    const auto time = read_big<std::uint64_t>(at + RecordKey::group_size);
    key.has_time = time != no_time;
    key.time = key.has_time ? static_cast<base::Time>(time ^ sign_bit) : 0;
    key.order = read_big<std::uint64_t>(at + RecordKey::order_offset);
    key.rule = read_big<std::uint32_t>(at + RecordKey::order_offset + 8);
    return key;
}

bool key_less(std::string_view a, std::string_view b)
{
    return std::memcmp(a.data(), b.data(), RecordKey::size) < 0;
}

void set_order(char* record, std::uint64_t order)
{
    const std::uint64_t swapped = swap(order);
    std::memcpy(record + RecordKey::order_offset, &swapped, sizeof swapped);
}

void set_source(char* record, std::uint32_t slot)
{
    std::memcpy(record + source_offset, &slot, sizeof slot);
}

void append_inline_source(std::string& record, std::string_view path)
{
    set_source(record.data(), inline_source);
    record += path;
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

void append_hashes(std::string& out, const std::vector<base::Hash128>& hashes)
{
    append_size(out, hashes.size());
    for (const base::Hash128& hash : hashes) {
        append_big(out, hash.high);
        append_big(out, hash.low);
    }
}

std::uint64_t RecordReader::size()
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

std::string_view RecordReader::text()
{
    const std::uint64_t length = size();
    TRAWL_CHECK(length <= bytes_.size(), "records are read as they were written");
    const std::string_view found = bytes_.substr(0, length);
    bytes_.remove_prefix(length);
    return found;
}

std::uint8_t RecordReader::byte()
{
    TRAWL_CHECK(!bytes_.empty(), "records are read as they were written");
    const auto found = static_cast<std::uint8_t>(bytes_.front());
    bytes_.remove_prefix(1);
    return found;
}

std::uint32_t RecordReader::word()
{
    std::uint32_t found = 0;
    TRAWL_CHECK(bytes_.size() >= sizeof found, "records are read as they were written");
    std::memcpy(&found, bytes_.data(), sizeof found);
    bytes_.remove_prefix(sizeof found);
    return found;
}

std::vector<base::Hash128> RecordReader::hashes()
{
    const std::uint64_t count = size();
    TRAWL_CHECK(count * 16 <= bytes_.size(), "records are read as they were written");
    std::vector<base::Hash128> found(count);
    for (base::Hash128& hash : found) {
        hash.high = read_big<std::uint64_t>(bytes_.data());
        hash.low = read_big<std::uint64_t>(bytes_.data() + 8);
        bytes_.remove_prefix(16);
    }
    return found;
}

void append_head(std::string& out, std::uint64_t record, event::Level level, bool is_denied)
{
    out.append(sizeof(std::uint32_t), '\0');
    out.push_back(static_cast<char>(level));
    out.push_back(static_cast<char>(is_denied ? denied_flag : 0));
    append_size(out, record);
}

void append_outers(std::string& out, const std::vector<OuterPart>& outers)
{
    append_size(out, outers.size());
    for (const OuterPart& outer : outers) {
        append_size(out, outer.unit);
        append_hashes(out, outer.groups);
        append_hashes(out, outer.values);
        append_text(out, outer.message);
        append_outers(out, outer.outers);
    }
}

MatchDetails read_details(std::string_view record)
{
    RecordReader reader(record.substr(RecordKey::size));
    MatchDetails details;
    details.source = reader.word();
    details.level = static_cast<event::Level>(reader.byte());
    details.is_denied = (reader.byte() & denied_flag) != 0;
    details.record = reader.size();
    for (std::string_view* const text : {&details.event_id, &details.account, &details.region, &details.principal,
             &details.source_ip, &details.resource, &details.summary, &details.message}) {
        *text = reader.text();
    }
    details.values = reader.hashes();
    const std::uint64_t count = reader.size();
    for (std::uint64_t i = 0; i < count; ++i) {
        details.outers.push_back(read_outer(reader));
    }
    if (details.source == inline_source) {
        details.source_text = reader.rest();
    }
    return details;
}

event::Level read_level(std::string_view record)
{
    return static_cast<event::Level>(record[level_offset]);
}

bool read_is_denied(std::string_view record)
{
    return (static_cast<std::uint8_t>(record[flags_offset]) & denied_flag) != 0;
}

} // namespace trawl::detect::engine
