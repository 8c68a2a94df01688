#pragma once

namespace trawl::base {

// Prints the broken invariant with its place and aborts. Called by TRAWL_CHECK alone.
[[noreturn]] void fail_check(const char* condition, const char* reason, const char* file, int line);

} // namespace trawl::base

// Holds an invariant of our own, in release builds too. `reason` says why it must hold.
#define TRAWL_CHECK(condition, reason)                                                                                 \
    do {                                                                                                               \
        if (!(condition)) [[unlikely]] {                                                                               \
            ::trawl::base::fail_check(#condition, reason, __FILE__, __LINE__);                                         \
        }                                                                                                              \
    } while (false)
