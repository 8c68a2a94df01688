#pragma once

#include <span>

#include "ingest/kinds/log_kind.h"

namespace trawl::ingest::kinds::cloudtrail {

// @timestamp, the common fields, and the shared predicates of the detections (@ok, @denied, @aws_self, @sso, @read).
std::span<const DerivedField> derived_fields();
// Of eventTime.
std::optional<base::Time> usual_time(const event::Value& time);
bool is_usual_time(const event::Value& time, const event::Value& second);

// Fills @rules (network_rules.cpp) and @statements (policy_statements.cpp).
event::Value derive_network_rules(DeriveInputs& inputs);
event::Value derive_policy_statements(DeriveInputs& inputs);

} // namespace trawl::ingest::kinds::cloudtrail
