#pragma once

#include <memory>

#include "detect/engine/worker.h"

namespace trawl::detect::engine {

// Takes the matches of all runs in path order and makes findings of them (or lines of --matches).
std::unique_ptr<event::Collector> make_merger(const Compiled& compiled, FindingSink& sink);

} // namespace trawl::detect::engine
