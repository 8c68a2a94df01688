#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ingest/kinds/log_kind.h"

namespace trawl::app::commands {

// All kinds in the order of their numbers.
std::vector<const ingest::LogKind*> kinds_by_number();

// docs/kinds/<kind>.md, and docs/kinds/README.md with a line for each kind.
std::string kind_markdown(const ingest::LogKind& kind);
std::string kinds_markdown();

// One object that holds everything that the page says.
std::string kind_json(const ingest::LogKind& kind);

// The page for a terminal. Lines are broken at `width`; 0: not at all.
std::string kind_text(const ingest::LogKind& kind, bool colours, std::size_t width);

} // namespace trawl::app::commands
