#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace trawl::base {

// XXH3 (xxhash 0.8): stable over machines and versions, so that ids made of it are too.
struct Hash128 {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    bool operator==(const Hash128&) const = default;
};

std::uint64_t hash64(std::string_view text, std::uint64_t seed = 0);
Hash128 hash128(std::string_view text, std::uint64_t seed = 0);

} // namespace trawl::base
