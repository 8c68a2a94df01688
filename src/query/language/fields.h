#pragma once

#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "event/field_path.h"
#include "query/plan/expression.h"

namespace trawl::query::language {

using NameSet = std::set<std::string, std::less<>>;

// Calls `visit` for every field that the expression reads.
using FieldVisitor = std::function<void(const event::FieldPath& path, base::Span span)>;
void for_each_field(const plan::Expression& expression, const FieldVisitor& visit);

// Whether the path is one of the names, or leads into one: `lf.level` of `lf`.
bool leads_into(const event::FieldPath& path, const NameSet& names);

} // namespace trawl::query::language
