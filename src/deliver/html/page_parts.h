#pragma once

#include <string_view>

namespace trawl::deliver::html {

// The style sheet and the script of the report: no other resource is used.
std::string_view report_style();
std::string_view report_script();

} // namespace trawl::deliver::html
