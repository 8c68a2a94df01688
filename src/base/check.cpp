#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace trawl::base {

void fail_check(const char* condition, const char* reason, const char* file, int line)
{
    std::fprintf(stderr, "trawl: internal error: %s (%s) at %s:%d\n", reason, condition, file, line);
    std::abort();
}

} // namespace trawl::base
