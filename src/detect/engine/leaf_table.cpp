#include "detect/engine/leaf_table.h"

#include <algorithm>
#include <array>
#include <optional>

#include "detect/engine/leaf_key.h"

namespace trawl::detect::engine {

namespace {

using query::plan::Expression;
using query::plan::ExpressionKind;
using query::plan::Test;

// Fields of few different values, best gate first: what rules out most, then what stands at the top of a record, then
// what lies deeper, then what must be derived. A field that turns out to have many values is dropped as a gate while
// scanning, so that a wrong guess costs little.
constexpr auto classed_fields = std::to_array<std::string_view>(
    {"eventSource", "eventName", "errorCode", "eventType", "eventCategory", "detail-type", "action", "logStatus",
        "flowDirection", "protocol", "dstPort", "srcPort", "type", "severity", "status", "method", "queryType",
        "responseCode", "rCode", "operation", "statusCode", "httpStatus", "terminatingRuleId", "logLevel", "level",
        "objectType", "command", "retcode", "userIdentity.type", "userAgent", "sourceIPAddress", "awsRegion",
        "managementEvent", "recipientAccountId", "errorMessage", "vpcEndpointId", "sessionCredentialFromConsole",
        "readOnly", "userIdentity.invokedBy", "userIdentity.accountId", "userIdentity.userName",
        "userIdentity.sessionContext.sessionIssuer.type", "userIdentity.sessionContext.sessionIssuer.arn",
        "userIdentity.sessionContext.attributes.mfaAuthenticated", "additionalEventData.MFAUsed",
        "responseElements.ConsoleLogin", "additionalEventData.MobileVersion", "tlsDetails.tlsVersion", "@region",
        "@account", "@src_ip", "@user_agent", "@denied", "@ok", "@aws_self", "@sso", "@read", "@outcome"});

// Any other field is interned too, as long as judging a new value by all its leaves costs little.
constexpr std::size_t max_leaves_of_other_fields = 8;

constexpr std::uint32_t ordinary_cost = 100;
constexpr std::uint32_t container_cost = 1000;
constexpr std::uint32_t element_cost = 3000;
constexpr std::uint32_t program_cost = 4000;
constexpr std::uint32_t keyword_cost = 10'000;

std::optional<std::uint32_t> class_rank(const event::FieldPath& path)
{
    const auto* const found = std::find(classed_fields.begin(), classed_fields.end(), path.text);
    if (found == classed_fields.end()) {
        return std::nullopt;
    }
    return static_cast<std::uint32_t>(found - classed_fields.begin());
}

bool names_other_field(Test test)
{
    return test == Test::equals_field || test == Test::contains_field || test == Test::starts_with_field
        || test == Test::ends_with_field;
}

// An empty list selects nothing, so that what asks for its entries need not be looked at in each event.
bool selects_from_empty_list(const Expression& expression, const query::Lists& lists)
{
    if (expression.kind != ExpressionKind::match || expression.match.list.empty()
        || !expression.match.patterns.empty()) {
        return false;
    }
    const Test test = expression.match.test;
    if (test != Test::in_named_list && test != Test::like_named_list && test != Test::overlaps_ports) {
        return false;
    }
    const auto list = lists.find(expression.match.list);
    return list != lists.end() && list->second.values.empty();
}

std::uint32_t match_cost(const Expression& expression)
{
    if (const auto rank = class_rank(expression.path)) {
        return 1 + *rank;
    }
    // Whole containers are searched as text, nested fields need a walk to them.
    const bool is_container = expression.path.parts.size() == 1
        && (expression.path.text == "requestParameters" || expression.path.text == "responseElements"
            || expression.path.text == "userIdentity" || expression.path.text == "resources");
    const bool is_derived = expression.path.text.starts_with('@');
    std::uint32_t cost = is_container || is_derived ? container_cost : ordinary_cost;
    cost += 10 * static_cast<std::uint32_t>(std::min<std::size_t>(expression.path.parts.size(), 20));
    switch (expression.match.test) {
    case Test::regex: cost += 200; break;
    case Test::contains:
    case Test::like_named_list:
    case Test::in_named_list:
    case Test::cidr: cost += 50; break;
    default: break;
    }
    return cost + static_cast<std::uint32_t>(std::min<std::size_t>(expression.match.patterns.size(), 100));
}

} // namespace

base::Result<TreeId> LeafTable::compile(
    const Expression& expression, const query::Lists& lists, event::Projection& projection, Forest& forest)
{
    if (expression.kind == ExpressionKind::constant) {
        return expression.literal.boolean ? Forest::always : Forest::never;
    }
    if (expression.kind == ExpressionKind::negation || expression.kind == ExpressionKind::conjunction
        || expression.kind == ExpressionKind::disjunction) {
        std::vector<TreeId> operands;
        for (const Expression& operand : expression.operands) {
            TRY(const TreeId tree, compile(operand, lists, projection, forest));
            operands.push_back(tree);
        }
        if (expression.kind == ExpressionKind::conjunction) {
            return forest.conjunction(std::move(operands));
        }
        if (expression.kind == ExpressionKind::disjunction) {
            return forest.disjunction(std::move(operands));
        }
        if (operands.size() != 1) {
            return base::fail("rule", "a negation takes one operand");
        }
        return forest.negation(operands.front());
    }
    if (selects_from_empty_list(expression, lists)) {
        return Forest::never;
    }
    std::string key;
    append_leaf_key(key, expression);
    const auto known = ids_.find(key);
    if (known != ids_.end()) {
        return forest.leaf(known->second, leaves_[known->second].cost);
    }
    const auto id = static_cast<LeafId>(leaves_.size());
    TRY(const Leaf leaf, make_leaf(expression, lists, projection));
    leaves_.push_back(leaf);
    ids_.emplace(std::move(key), id);
    return forest.leaf(id, leaf.cost);
}

base::Result<LeafTable::Leaf> LeafTable::make_leaf(
    const Expression& expression, const query::Lists& lists, event::Projection& projection)
{
    Leaf leaf;
    switch (expression.kind) {
    case ExpressionKind::match: {
        leaf.kind = names_other_field(expression.match.test) ? Kind::match_fields : Kind::match;
        leaf.column = projection.add(expression.path, expression.reach);
        if (leaf.kind == Kind::match_fields) {
            leaf.other = projection.add(expression.match.other, expression.reach);
        }
        leaf.position = static_cast<std::uint32_t>(matches_.size());
        leaf.cost = match_cost(expression);
        TRY(auto program, query::local::MatchProgram::create(expression.match, lists));
        matches_.push_back(std::move(program));
        return leaf;
    }
    case ExpressionKind::element: {
        if (expression.operands.empty()) {
            return base::fail("rule", "an `any` map is empty");
        }
        leaf.kind = Kind::element;
        leaf.column = projection.add(expression.path, expression.reach);
        leaf.position = static_cast<std::uint32_t>(elements_.size());
        leaf.cost = element_cost;
        TRY(auto element, ElementTest::create(expression.operands.front(), lists));
        elements_.push_back(std::move(element));
        return leaf;
    }
    case ExpressionKind::keyword: {
        leaf.kind = Kind::keyword;
        leaf.position = static_cast<std::uint32_t>(matches_.size());
        leaf.cost = keyword_cost;
        TRY(auto program, make_keyword_program(expression, lists));
        matches_.push_back(std::move(program));
        return leaf;
    }
    default: {
        leaf.kind = Kind::program;
        leaf.position = static_cast<std::uint32_t>(programs_.size());
        leaf.cost = program_cost;
        TRY(auto program, query::local::Program::create(expression, lists, projection));
        programs_.push_back(std::move(program));
        return leaf;
    }
    }
}

void LeafTable::finish(const event::Projection& projection)
{
    std::vector<std::vector<LeafId>> by_column(projection.columns().size());
    for (LeafId id = 0; id < leaves_.size(); ++id) {
        if (leaves_[id].kind == Kind::match) {
            by_column[leaves_[id].column].push_back(id);
        }
    }
    for (event::ColumnId column = 0; column < by_column.size(); ++column) {
        std::vector<LeafId>& leaves = by_column[column];
        const auto rank = class_rank(projection.columns()[column].path);
        if (leaves.empty() || (!rank && leaves.size() > max_leaves_of_other_fields)) {
            continue;
        }
        for (std::uint32_t bit = 0; bit < leaves.size(); ++bit) {
            leaves_[leaves[bit]].slot = static_cast<std::uint32_t>(classed_.size());
            leaves_[leaves[bit]].bit = bit;
        }
        const auto last_rank = static_cast<std::uint32_t>(classed_fields.size());
        classed_.push_back({column, rank.value_or(last_rank), std::move(leaves)});
    }
}

bool LeafTable::test(LeafId id, event::Event& event) const
{
    const Leaf& leaf = leaves_[id];
    switch (leaf.kind) {
    case Kind::match: return matches_[leaf.position].matches(event.column(leaf.column), {}, event.arena());
    case Kind::match_fields: {
        const event::Value value = event.column(leaf.column);
        return matches_[leaf.position].matches(value, event.column(leaf.other), event.arena());
    }
    case Kind::element: return elements_[leaf.position].found_in(event.column(leaf.column), event.arena());
    case Kind::keyword: {
        // An object's compact text is searched, so that white space and escapes in the record do not matter.
        const std::string_view message = event.message();
        const bool is_object = message.starts_with('{');
        return matches_[leaf.position].matches(
            is_object ? event::Value::object(message) : event::Value::string(message), {}, event.arena());
    }
    case Kind::program: return programs_[leaf.position].test(event);
    }
    return false;
}

bool LeafTable::test_value(LeafId id, const event::Value& value, base::Arena& arena) const
{
    return matches_[leaves_[id].position].matches(value, {}, arena);
}

} // namespace trawl::detect::engine
