#pragma once

#include <cstddef>
#include <vector>

#include "deliver/style.h"

namespace trawl::deliver {

constexpr std::size_t column_gap = 2;

// Shares the width of a terminal among columns that would take `natural` columns each: small ones get what they need,
// the widest give way first. Without a width, long ones are cut at a bound of their own.
std::vector<std::size_t> share_width(const std::vector<std::size_t>& natural, const TableStyle& style);

} // namespace trawl::deliver
