#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "detect/engine/condition.h"
#include "detect/engine/element.h"
#include "event/columns.h"
#include "query/lists.h"
#include "query/local/predicate.h"
#include "query/plan/expression.h"

namespace trawl::detect::engine {

// A column whose values are interned into classes: values on which all of its leaves agree are one class. Meant for
// columns of few different values (eventName, errorCode …).
struct ClassedColumn {
    event::ColumnId column;
    std::uint32_t rank;            // Cheaper and more selective columns first.
    std::vector<LeafId> leaves;    // By bit of a class.
};

// The tests of all rules, each only once: equal leaves of two rules are one. Immutable after finish(): workers share it.
class LeafTable {
public:
    static constexpr std::uint32_t no_slot = ~std::uint32_t {0};

    // Makes the tree of a condition, adding its leaves here and its columns to `projection`. Errors: "rule".
    base::Result<TreeId> compile(const query::plan::Expression& expression, const query::Lists& lists,
        event::Projection& projection, Forest& forest);
    // Groups the leaves by column. Called once, after the last compile().
    void finish(const event::Projection& projection);

    std::size_t size() const { return leaves_.size(); }
    const std::vector<ClassedColumn>& classed_columns() const { return classed_; }
    // Where the leaf's column stands in classed_columns(), or no_slot.
    std::uint32_t slot_of(LeafId leaf) const { return leaves_[leaf].slot; }
    std::uint32_t bit_of(LeafId leaf) const { return leaves_[leaf].bit; }

    // Evaluates a leaf on an event.
    bool test(LeafId leaf, event::Event& event) const;
    // Evaluates a leaf of a classed column on a value of that column.
    bool test_value(LeafId leaf, const event::Value& value, base::Arena& arena) const;

private:
    enum class Kind : std::uint8_t { match, match_fields, element, keyword, program };
    struct Leaf {
        Kind kind = Kind::match;
        event::ColumnId column = 0;
        event::ColumnId other = 0;
        std::uint32_t position = 0; // Into the vector of its kind.
        std::uint32_t slot = no_slot;
        std::uint32_t bit = 0;
        std::uint32_t cost = 0;
    };

    base::Result<Leaf> make_leaf(
        const query::plan::Expression& expression, const query::Lists& lists, event::Projection& projection);

    std::vector<Leaf> leaves_;
    std::vector<ClassedColumn> classed_;
    std::vector<query::local::MatchProgram> matches_;
    std::vector<ElementTest> elements_;
    std::vector<query::local::Program> programs_;
    std::unordered_map<std::string, LeafId> ids_;
};

} // namespace trawl::detect::engine
