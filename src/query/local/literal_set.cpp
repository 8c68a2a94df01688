#include "query/local/literal_set.h"

#include <algorithm>

#include "base/text.h"
#include "query/local/ascii_fold.h"

namespace trawl::query::local {

namespace {

constexpr std::uint64_t multiplier = 0x9E3779B97F4A7C15ULL;

std::uint64_t hash(std::string_view text, bool folding)
{
    std::uint64_t made = text.size() * multiplier;
    const char* at = text.data();
    for (std::size_t left = text.size(); left > 0;) {
        const std::size_t count = std::min<std::size_t>(left, 8);
        const std::uint64_t word = load_bytes(at, count);
        made = (made ^ (folding ? lower_bytes(word) : word)) * multiplier;
        made ^= made >> 29;
        at += count;
        left -= count;
    }
    return made ^ (made >> 32);
}

std::uint64_t length_bit(std::size_t size)
{
    return std::uint64_t {1} << std::min<std::size_t>(size, 63);
}

} // namespace

void LiteralSet::add(std::string_view literal)
{
    std::string text = case_rule_ == base::CaseRule::insensitive ? base::fold_case(literal) : std::string(literal);
    if (holds(text, false)) {
        return;
    }
    lengths_ |= length_bit(text.size());
    hashes_.push_back(hash(text, false));
    literals_.push_back(std::move(text));
    if (literals_.size() * 2 > table_.size()) {
        rehash();
        return;
    }
    const std::size_t mask = table_.size() - 1;
    std::size_t slot = hashes_.back() & mask;
    while (table_[slot] != 0) {
        slot = (slot + 1) & mask;
    }
    table_[slot] = static_cast<std::uint32_t>(literals_.size());
}

void LiteralSet::rehash()
{
    table_.assign(std::max<std::size_t>(8, table_.size() * 4), 0);
    const std::size_t mask = table_.size() - 1;
    for (std::size_t i = 0; i < literals_.size(); ++i) {
        std::size_t slot = hashes_[i] & mask;
        while (table_[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        table_[slot] = static_cast<std::uint32_t>(i + 1);
    }
}

bool LiteralSet::holds(std::string_view text, bool folding) const
{
    if ((lengths_ & length_bit(text.size())) == 0) {
        return false;
    }
    const std::uint64_t wanted = hash(text, folding);
    const std::size_t mask = table_.size() - 1;
    for (std::size_t slot = wanted & mask; table_[slot] != 0; slot = (slot + 1) & mask) {
        const std::size_t at = table_[slot] - 1;
        if (hashes_[at] == wanted && literals_[at].size() == text.size()
            && (folding ? equals_folded(text, literals_[at]) : text == literals_[at])) {
            return true;
        }
    }
    return false;
}

bool LiteralSet::contains(std::string_view text) const
{
    if (literals_.empty()) {
        return false;
    }
    const bool folding = case_rule_ == base::CaseRule::insensitive;
    if (holds(text, folding)) {
        return true;
    }
    // Folding what is no ASCII may change a text's length (K of Kelvin is three bytes, k is one).
    return folding && !has_only_ascii(text) && holds(base::fold_case(text), false);
}

} // namespace trawl::query::local
