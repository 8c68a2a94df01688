#pragma once

#include <memory>
#include <vector>

#include "base/result.h"
#include "event/columns.h"
#include "event/value.h"
#include "query/functions/function_table.h"
#include "query/functions/number.h"
#include "query/local/list_matcher.h"
#include "query/plan/expression.h"

// The compiled form of expressions, inside Program. Nodes are immutable: workers share them.
namespace trawl::query::local {

class Node {
public:
    virtual ~Node() = default;
    virtual event::Value evaluate(event::Columns& row) const = 0;
    virtual bool test(event::Columns& row) const { return functions::is_true(evaluate(row), row.arena()); }
};

using NodePointer = std::unique_ptr<Node>;

// A node whose value is its truth.
class Condition : public Node {
public:
    event::Value evaluate(event::Columns& row) const final { return functions::truth(test(row)); }
    bool test(event::Columns& row) const override = 0;
};

// What an expression is compiled with.
struct Compiler {
    ListMatchers& lists;
    event::Projection& projection;
    const functions::Surroundings& surroundings;

    base::Result<NodePointer> compile(const plan::Expression& expression);
    base::Result<std::vector<NodePointer>> compile_all(const std::vector<plan::Expression>& expressions);
};

// The kinds of nodes; each checks its operands (condition_nodes.cpp, value_nodes.cpp, call_node.cpp).
base::Result<NodePointer> make_condition(const plan::Expression& expression, Compiler& compiler);
base::Result<NodePointer> make_leaf(const plan::Expression& expression, Compiler& compiler);
base::Result<NodePointer> make_value(const plan::Expression& expression, Compiler& compiler);
base::Result<NodePointer> make_call(const plan::Expression& expression, Compiler& compiler);

} // namespace trawl::query::local
