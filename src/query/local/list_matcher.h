#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/arena.h"
#include "base/glob.h"
#include "base/regex.h"
#include "base/result.h"
#include "event/value.h"
#include "query/lists.h"
#include "query/local/pattern_set.h"
#include "query/local/port_ranges.h"

namespace trawl::query::local {

// A named list made ready for look-ups; shared by all predicates that use it. Immutable.
class ListMatcher {
    struct Token {};   // Keeps the constructor to create().

public:
    // Errors: "query" (a list that is not bound, an entry that its type does not take).
    static base::Result<std::shared_ptr<const ListMatcher>> create(const NamedList& list, base::CaseRule case_rule);

    bool has_addresses() const { return type_ == ListType::cidr || type_ == ListType::ip; }
    NonAddress nonip() const { return nonip_; }
    bool contains(const base::Address& address) const { return addresses_.contains(address); }
    // Whether the whole of a scalar matches an entry (lists of other things than addresses).
    bool contains(const event::Value& scalar, base::Arena& arena) const;
    // Whether an entry is found anywhere in the text.
    bool found_in(std::string_view text) const;
    // The entries that are ports or ranges of ports.
    const std::vector<PortRange>& ports() const { return ports_; }

    ListMatcher(Token, ListType type, NonAddress nonip, std::span<const std::string> texts, base::CaseRule case_rule);

private:
    ListType type_;
    NonAddress nonip_;
    base::AddressSet addresses_;
    PatternSet whole_;
    PatternSet inside_;
    std::vector<base::Regex> whole_expressions_;
    std::vector<base::Regex> expressions_;
    std::vector<double> numbers_;   // Sorted.
    std::vector<PortRange> ports_;
};

// Makes each list ready once for all the predicates of a query or of a rule set.
class ListMatchers {
public:
    // `lists` outlives it.
    explicit ListMatchers(const Lists& lists) : lists_(lists) {}
    base::Result<std::shared_ptr<const ListMatcher>> find(const std::string& name, base::CaseRule case_rule);

private:
    const Lists& lists_;
    std::map<std::pair<std::string, base::CaseRule>, std::shared_ptr<const ListMatcher>> made_;
};

} // namespace trawl::query::local
