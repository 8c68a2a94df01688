#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "event/value.h"

namespace trawl::event {

// Where the rows of a query go. Values are valid during the call only.
class RowSink {
public:
    virtual ~RowSink() = default;
    // Called once, before the first row, with the names of the columns in order.
    virtual base::Result<void> begin(std::span<const std::string> names) = 0;
    // One value for each name; absent ones are missing or null.
    virtual base::Result<void> row(std::span<const Value> values) = 0;
    virtual base::Result<void> finish() = 0;
};

} // namespace trawl::event
