#include "ingest/kinds/cloudtrail/json_members.h"

#include "base/text.h"

namespace trawl::ingest::kinds::cloudtrail {

using event::Type;
using event::Value;

Value member_ignoring_case(const Value& object, std::string_view name)
{
    Value found;
    if (object.type() != Type::object) {
        return found;
    }
    event::json::for_each_member(object.raw(), [&](Value key, Value value) {
        if (base::equal_ignoring_case(key.raw(), name)) {
            found = value;
            return false;
        }
        return true;
    });
    return found;
}

void for_one_or_many(const Value& value, const std::function<void(const Value&)>& visit)
{
    if (value.is_absent() || (value.type() == Type::string && value.raw().empty())) {
        return;
    }
    if (value.type() == Type::array) {
        event::json::for_each_element(value.raw(), [&visit](Value element) {
            for_one_or_many(element, visit);
            return true;
        });
        return;
    }
    if (value.type() == Type::object) {
        for (const std::string_view wrapper : {"items", "item", "member"}) {
            const Value inside = event::json::member(value.raw(), wrapper);
            if (inside.is_container()) {
                for_one_or_many(inside, visit);
                return;
            }
        }
    }
    visit(value);
}

} // namespace trawl::ingest::kinds::cloudtrail
