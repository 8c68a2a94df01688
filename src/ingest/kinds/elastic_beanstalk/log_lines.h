#pragma once

#include <memory>
#include <string_view>

#include "ingest/kinds/log_kind.h"

// The log files of an environment's instances, one by one or as the sections of a bundle, and the texts of notifications.
// Sources: "Viewing logs from Amazon EC2 instances" and "Enhanced health log format" of the Elastic Beanstalk Developer
// Guide; nginx's ngx_http_log_module; "Log Files" of the Apache HTTP Server's documentation.
namespace trawl::ingest::kinds::elastic_beanstalk {

// Whether lines are those of a log that no other program writes: eb events, eb-engine.log, eb-activity.log, the health log
// of nginx, notifications, bundles.
bool is_own_line(std::string_view line);
// Whether lines are those of a log that an environment has among others: web server, system log.
bool is_usual_line(std::string_view line);
// Whether a line of dashes, or the path behind it, begins a section of a bundle.
bool begins_section(std::string_view line);

std::unique_ptr<LineDecoder> make_line_decoder();

} // namespace trawl::ingest::kinds::elastic_beanstalk
