#pragma once

#include <cstdint>

namespace trawl::app::cli {

// What scripts read off the program's end (CONTRACT).
enum class ExitStatus : std::uint8_t {
    done = 0,
    answer_is_no = 1, // --fail-on found something, a test failed
    wrong = 2,        // the command line, a path on it, a query, a rule or a list: nothing was run
    incomplete = 3,   // part of the input could not be read or decoded
    not_written = 4,  // output or state could not be written
    interrupted = 130,
};

} // namespace trawl::app::cli
