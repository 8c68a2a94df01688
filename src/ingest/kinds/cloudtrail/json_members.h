#pragma once

#include <functional>
#include <string_view>

#include "event/json.h"
#include "event/value.h"

// Reading parameters whose spelling differs between services and API shapes (ipPermissions, IpPermissions, cIDRIP).
namespace trawl::ingest::kinds::cloudtrail {

// The first member of the object whose name equals `name`, whatever its case.
event::Value member_ignoring_case(const event::Value& object, std::string_view name);

// Visits what may be one or many: the elements of an array, those of the wrappers `items`, `item` and `member`, or the
// lone value itself. Empty texts and absent values are none.
void for_one_or_many(const event::Value& value, const std::function<void(const event::Value&)>& visit);

} // namespace trawl::ingest::kinds::cloudtrail
