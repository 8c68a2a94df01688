#include <doctest/doctest.h>

#include "event/columns.h"

using trawl::event::FieldPath;
using trawl::event::Projection;
using trawl::event::Reach;

TEST_CASE("The same request gives the same column")
{
    Projection projection;
    const auto name = projection.add(FieldPath::parse("eventName"), Reach::exact);
    const auto user = projection.add(FieldPath::parse("userIdentity.arn"), Reach::exact);
    CHECK(name == 0);
    CHECK(user == 1);
    CHECK(projection.add(FieldPath::parse("eventName"), Reach::exact) == name);
    CHECK(projection.add(FieldPath::of({"userIdentity", "arn"}), Reach::exact) == user);
    CHECK(projection.columns().size() == 2);
}

TEST_CASE("Reach, case and dots within a key make another column")
{
    Projection projection;
    projection.add(FieldPath::parse("a.b"), Reach::exact);
    CHECK(projection.add(FieldPath::parse("a.b"), Reach::any_element) == 1);
    CHECK(projection.add(FieldPath::parse("A.b"), Reach::exact) == 2);
    CHECK(projection.add(FieldPath::of({"a.b"}), Reach::exact) == 3);
    CHECK(projection.columns()[1].reach == Reach::any_element);
    CHECK(projection.columns()[3].path.parts == std::vector<std::string> {"a.b"});
}

TEST_CASE("Everything is asked for apart from columns")
{
    Projection projection;
    CHECK_FALSE(projection.everything());
    projection.ask_everything();
    CHECK(projection.everything());
    CHECK(projection.columns().empty());
}

TEST_CASE("A gate excludes only what it can tell")
{
    using trawl::event::Gate;
    using trawl::event::Type;
    using trawl::event::Value;
    const Gate action(0, Type::string, "REJECT");
    CHECK(action.excludes(Value::string("ACCEPT")));
    CHECK(action.excludes(Value::string("REJECTED")));
    CHECK(action.excludes(Value::string("")));
    CHECK_FALSE(action.excludes(Value::string("REJECT")));
    CHECK_FALSE(action.excludes(Value::escaped_string("R\\u0045JECT")));
    CHECK_FALSE(action.excludes(Value()));
    CHECK_FALSE(action.excludes(Value::number_text("1")));
    const Gate port(0, Type::number, "22");
    CHECK(port.excludes(Value::number_text("23")));
    CHECK_FALSE(port.excludes(Value::number_text("22")));
    // The same number, written otherwise.
    CHECK_FALSE(port.excludes(Value::number_text("22.0")));
    CHECK_FALSE(port.excludes(Value::number_text("022")));
    CHECK_FALSE(port.excludes(Value::string("22")));
}
