#include "detect/engine/match_store.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>
#include <utility>

namespace trawl::detect::engine {

namespace {

constexpr std::size_t first_table_size = 1024;

bool is_earlier(const Match& a, const Match& b)
{
    if (a.has_time != b.has_time) {
        return a.has_time;
    }
    if (a.time != b.time) {
        return a.time < b.time;
    }
    return a.order != b.order ? a.order < b.order : a.rule < b.rule;
}

template <typename Number> Number big(Number number)
{
    if constexpr (std::endian::native == std::endian::little) {
        return sizeof number == sizeof(std::uint32_t) ? static_cast<Number>(__builtin_bswap32(number))
                                                      : static_cast<Number>(__builtin_bswap64(number));
    }
    return number;
}

template <typename Number> void append(std::string& out, Number number)
{
    char bytes[sizeof number];
    std::memcpy(bytes, &number, sizeof number);
    out.append(bytes, sizeof bytes);
}

template <typename Number> Number take(std::string_view& bytes)
{
    Number number = 0;
    std::memcpy(&number, bytes.data(), sizeof number);
    bytes.remove_prefix(sizeof number);
    return number;
}

// A record of the sorter begins with what it is sorted by, written so that comparing bytes compares keys: unit, group,
// time, order, rule.
constexpr std::size_t sort_key_size = 4 + sizeof(GroupHash) + 8 + 8 + 4;
constexpr std::uint64_t sign_bit = std::uint64_t {1} << 63U;
constexpr std::uint64_t no_time = ~std::uint64_t {0};

void append_record(std::string& out, const GroupKey& key, const Match& match)
{
    append(out, big(key.unit));
    out.append(key.group.data(), key.group.size());
    append(out, big(match.has_time ? static_cast<std::uint64_t>(match.time) ^ sign_bit : no_time));
    append(out, big(match.order));
    append(out, big(match.rule));
    append(out, match.event);
    append(out, match.own);
    append(out, match.value);
    append(out, static_cast<std::uint8_t>(match.level));
    append(out, static_cast<std::uint8_t>(match.is_denied));
    append(out, static_cast<std::uint8_t>(match.has_value));
    append(out, static_cast<std::uint8_t>(match.is_more));
}

std::pair<GroupKey, Match> read_record(std::string_view bytes)
{
    std::pair<GroupKey, Match> read;
    auto& [key, match] = read;
    key.unit = big(take<std::uint32_t>(bytes));
    std::memcpy(key.group.data(), bytes.data(), key.group.size());
    bytes.remove_prefix(key.group.size());
    const std::uint64_t time = big(take<std::uint64_t>(bytes));
    match.has_time = time != no_time;
    match.time = match.has_time ? static_cast<base::Time>(time ^ sign_bit) : 0;
    match.order = big(take<std::uint64_t>(bytes));
    match.rule = big(take<std::uint32_t>(bytes));
    match.event = take<std::uint64_t>(bytes);
    match.own = take<std::uint64_t>(bytes);
    match.value = take<std::uint64_t>(bytes);
    match.level = static_cast<event::Level>(take<std::uint8_t>(bytes));
    match.is_denied = take<std::uint8_t>(bytes) != 0;
    match.has_value = take<std::uint8_t>(bytes) != 0;
    match.is_more = take<std::uint8_t>(bytes) != 0;
    return read;
}

std::size_t hash_of(const GroupKey& key)
{
    std::uint64_t hash = 0;
    std::memcpy(&hash, key.group.data(), sizeof hash);
    return hash ^ key.unit * std::uint64_t {0x9E3779B97F4A7C15U};
}

} // namespace

MatchStore::MatchStore(std::string folder, std::size_t memory_bytes)
    : folder_(std::move(folder)), memory_bytes_(memory_bytes)
{
}

base::Result<void> MatchStore::add(const GroupKey& key, const Match& match)
{
    if (!sorter_) {
        if (count_ * bytes_of_match + groups_.size() * bytes_of_group < memory_bytes_) [[likely]] {
            const std::uint32_t group = group_of(key);
            ++groups_[group].count;
            if (count_ % block_size == 0) {
                kept_.push_back(std::make_unique_for_overwrite<Kept[]>(block_size));
            }
            kept_.back()[count_++ % block_size] = {match, group};
            return {};
        }
        TRY_VOID(spill());
    }
    std::string record;
    append_record(record, key, match);
    return sorter_->add(record);
}

std::uint32_t MatchStore::group_of(const GroupKey& key)
{
    if ((groups_.size() + 1) * 2 > table_.size()) {
        grow_table();
    }
    const std::size_t mask = table_.size() - 1;
    std::size_t place = hash_of(key) & mask;
    for (; table_[place] != no_group; place = (place + 1) & mask) {
        if (groups_[table_[place]].key == key) {
            return table_[place];
        }
    }
    table_[place] = static_cast<std::uint32_t>(groups_.size());
    groups_.push_back({key, 0});
    return table_[place];
}

void MatchStore::grow_table()
{
    table_.assign(table_.empty() ? first_table_size : table_.size() * 2, no_group);
    const std::size_t mask = table_.size() - 1;
    for (std::uint32_t group = 0; group < groups_.size(); ++group) {
        std::size_t place = hash_of(groups_[group].key) & mask;
        while (table_[place] != no_group) {
            place = (place + 1) & mask;
        }
        table_[place] = group;
    }
}

// From now on all matches are sorted as a whole.
base::Result<void> MatchStore::spill()
{
    sorter_.emplace(folder_, memory_bytes_ / 2, sort_key_size);
    std::string record;
    for (std::size_t at = 0; at < count_; ++at) {
        record.clear();
        append_record(record, groups_[kept(at).group].key, kept(at).match);
        TRY_VOID(sorter_->add(record));
    }
    forget();
    return {};
}

void MatchStore::forget()
{
    kept_.clear();
    count_ = 0;
    groups_ = {};
    table_ = {};
}

base::Result<void> MatchStore::drain(const Visit& visit)
{
    base::Result<void> outcome = sorter_ ? visit_spilled(visit) : visit_kept(visit);
    sorter_.reset();
    forget();
    return outcome;
}

base::Result<void> MatchStore::visit_kept(const Visit& visit)
{
    // The matches of each group side by side, in the order they came.
    std::vector<std::uint32_t> places(count_);
    std::vector<std::uint32_t> ends;
    ends.reserve(groups_.size());
    std::uint32_t begin = 0;
    for (const Group& group : groups_) {
        ends.push_back(begin);
        begin += group.count;
    }
    for (std::uint32_t at = 0; at < count_; ++at) {
        places[ends[kept(at).group]++] = at;
    }
    std::vector<std::uint32_t> order(groups_.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [this](std::uint32_t a, std::uint32_t b) {
        const GroupKey& left = groups_[a].key;
        const GroupKey& right = groups_[b].key;
        return left.unit != right.unit ? left.unit < right.unit
                                       : std::memcmp(left.group.data(), right.group.data(), left.group.size()) < 0;
    });
    std::vector<Match> matches;
    for (const std::uint32_t group : order) {
        matches.clear();
        for (std::uint32_t at = ends[group] - groups_[group].count; at < ends[group]; ++at) {
            matches.push_back(kept(places[at]).match);
        }
        if (!std::is_sorted(matches.begin(), matches.end(), is_earlier)) {
            std::stable_sort(matches.begin(), matches.end(), is_earlier);
        }
        for (const Match& match : matches) {
            TRY_VOID(visit(groups_[group].key, match));
        }
    }
    return {};
}

base::Result<void> MatchStore::visit_spilled(const Visit& visit)
{
    base::Result<void> outcome;
    TRY_VOID(sorter_->drain([&](std::string_view record) {
        const auto [key, match] = read_record(record);
        outcome = visit(key, match);
        return outcome.has_value();
    }));
    return outcome;
}

} // namespace trawl::detect::engine
