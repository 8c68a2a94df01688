#pragma once

#include <span>
#include <string>
#include <string_view>

namespace trawl::query::language {

// The candidate that the name was most likely meant to be; empty when none is near.
std::string_view nearest(std::string_view name, std::span<const std::string_view> candidates);

// "did you mean X?", or nothing.
std::string did_you_mean(std::string_view name, std::span<const std::string_view> candidates);

} // namespace trawl::query::language
