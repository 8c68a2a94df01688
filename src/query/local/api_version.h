#pragma once

#include <string_view>

namespace trawl::query::local {

// Cuts the date that some services end an API's name with: `ListFunctions20150331`, `UpdateFunctionCode20150331v2`,
// `CreateDistribution2020_05_31` (20\d\d_?\d\d_?\d\d(v\d+)?$).
std::string_view without_api_version(std::string_view name);

} // namespace trawl::query::local
