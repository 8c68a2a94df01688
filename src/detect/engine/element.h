#pragma once

#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/result.h"
#include "event/field_path.h"
#include "event/value.h"
#include "query/lists.h"
#include "query/local/predicate.h"
#include "query/plan/expression.h"

namespace trawl::detect::engine {

// Sigma's `field|any: {map}`: one element of an array must meet the whole condition, whose fields are relative to the
// element. An object is an array of one.
class ElementTest {
public:
    // `condition` is the operand of a plan's `element`. Errors: "rule".
    static base::Result<ElementTest> create(const query::plan::Expression& condition, const query::Lists& lists);

    // Whether an element of `value` meets the condition.
    bool found_in(const event::Value& value, base::Arena& arena) const;

private:
    enum class Kind : std::uint8_t { constant, negation, conjunction, disjunction, match, element, keyword };
    struct Node {
        Kind kind = Kind::constant;
        bool constant = false;
        event::Reach reach = event::Reach::any_element;
        std::vector<std::string> path;
        std::vector<std::string> other;
        std::size_t program = 0;       // Into programs_.
        std::vector<std::size_t> operands; // Into nodes_.
    };

    ElementTest() = default;
    base::Result<std::size_t> add(const query::plan::Expression& expression, const query::Lists& lists);
    bool test(std::size_t node, const event::Value& element, base::Arena& arena) const;
    bool any_element(std::size_t node, const event::Value& value, base::Arena& arena) const;

    std::vector<Node> nodes_;
    std::vector<query::local::MatchProgram> programs_;
    std::size_t root_ = 0;
};

// The test of a record's (or element's) whole text, made of a plan's `keyword`.
base::Result<query::local::MatchProgram> make_keyword_program(
    const query::plan::Expression& keyword, const query::Lists& lists);

} // namespace trawl::detect::engine
