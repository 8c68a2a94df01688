#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/glob.h"

namespace trawl::query::local {

// A set of texts that a value is looked up in as a whole: one hash of the value, however many texts there are. Without
// case, ASCII values are folded while they are hashed and compared, so that nothing is allocated.
class LiteralSet {
public:
    explicit LiteralSet(base::CaseRule case_rule) : case_rule_(case_rule) {}

    void add(std::string_view literal);
    bool contains(std::string_view text) const;
    bool empty() const { return literals_.empty(); }
    std::size_t size() const { return literals_.size(); }

private:
    bool holds(std::string_view text, bool folding) const;
    void rehash();

    base::CaseRule case_rule_;
    std::uint64_t lengths_ = 0;            // Bit n: a text of n bytes is in the set; bit 63: one of 63 or more.
    std::vector<std::string> literals_;    // Folded when case does not count.
    std::vector<std::uint64_t> hashes_;
    std::vector<std::uint32_t> table_;     // Open addressing; position in literals_ + 1.
};

} // namespace trawl::query::local
