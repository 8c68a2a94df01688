#pragma once

#include <cstdint>

namespace trawl::base {

// Folds one code point by Unicode simple case folding (CaseFolding.txt, status C and S).
std::uint32_t fold_code_point(std::uint32_t code_point);

} // namespace trawl::base
