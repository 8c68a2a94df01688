#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "query/local/segment.h"
#include "query/plan/query.h"

// The row-wise commands. Each makes its step in a segment and gives the names of the fields that it makes, in order of
// the step's slots; the caller defines them.
namespace trawl::query::local {

// CSV tables of `lookup` and `cidrlookup`, by name.
class LookupTables;

base::Result<void> add_filter(const plan::Command& command, Segment& segment);
base::Result<std::vector<std::string>> add_parse(const plan::Command& command, Segment& segment);
base::Result<std::vector<std::string>> add_json(const plan::Command& command, Segment& segment);
base::Result<std::vector<std::string>> add_unnest(const plan::Command& command, Segment& segment);
base::Result<std::vector<std::string>> add_expand(const plan::Command& command, Segment& segment);
base::Result<std::vector<std::string>> add_lookup(const plan::Command& command, Segment& segment, LookupTables& tables);

// The field that a command reads: the given expression, else @message.
base::Result<Source> input_of(const plan::Command& command, Segment& segment);

// Adds a step with a slot for each name and makes the names mean these slots.
void add_named_step(Segment& segment, std::unique_ptr<Step> step, const std::vector<std::string>& names);

// Room for so many values in the row's arena, all missing.
std::span<event::Value> values_in(base::Arena& arena, std::size_t count);

} // namespace trawl::query::local
