#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace trawl::ingest {

// Finds all separators of a line at once, by masks of 64 bytes where the processor has AVX2, which is where cutting a line into columns spends its
// time. Keeps its buffer: one object serves a decoder for all lines.
class LineMarks {
public:
    // Finds the bytes that are one of the three, ascending (the same one may be given twice). The span lives until the
    // next call. Nothing outside the line counts.
    std::span<const std::uint32_t> find(std::string_view line, char a, char b, char c);

private:
    std::vector<std::uint32_t> positions_;
};

} // namespace trawl::ingest
