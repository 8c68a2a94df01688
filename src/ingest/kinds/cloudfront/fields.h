#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "ingest/kinds/log_kind.h"

namespace trawl::ingest::kinds::cloudfront {

constexpr std::string_view standard_page
    = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html";

std::span<const FieldDescription> fields();
// The order of standard logs where no header says otherwise.
std::vector<std::string_view> standard_columns();
// The order of real-time logs with all fields chosen. Rows of older configurations have fewer columns (`count`), and
// many lack s-ip.
std::vector<std::string_view> real_time_columns(std::size_t count, bool has_server_address);

} // namespace trawl::ingest::kinds::cloudfront
