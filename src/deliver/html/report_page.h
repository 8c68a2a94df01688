#pragma once

#include <string>

#include "base/result.h"
#include "deliver/html/report_data.h"
#include "deliver/output.h"
#include "deliver/run_report.h"

namespace trawl::deliver::html {

// Writes the whole report: one page that needs nothing else.
base::Result<void> write_page(
    Output& output, const ReportData& data, const RunReport& report, const std::string& version);

} // namespace trawl::deliver::html
