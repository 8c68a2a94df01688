#pragma once

#include <string>

#include "deliver/html/report_data.h"

namespace trawl::deliver::html {

// Findings over time as inline SVG: a bar an hour (or a longer time, where hours would be too many), stacked by level.
// Empty when no finding has a time.
std::string timeline(const ReportData& data);

} // namespace trawl::deliver::html
