#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace trawl::ingest {

// Finds all separators of a line at once, by masks of 64 bytes where the processor has AVX2 or AVX-512: this is where cutting a line
// into columns spends its time. Keeps its buffer: one object serves a decoder for all lines.
class LineMarks {
public:
    enum class Way : std::uint8_t { portable, avx2, avx512 };
    // The best way that the processor can go.
    LineMarks();
    // A way of ways(): tests go them all.
    explicit LineMarks(Way way) : way_(way) {}
    static std::vector<Way> ways();

    // Finds the bytes that are one of the three, ascending (the same one may be given twice). The span lives until the
    // next call. Nothing outside the line counts.
    std::span<const std::uint32_t> find(std::string_view line, char a, char b, char c);
    // Finds the separators of a line in which each stands alone: none beside another, none at the edges. Nothing for any
    // other line.
    std::optional<std::span<const std::uint32_t>> find_single(std::string_view line, char separator);
    // Finds the blanks between the columns of an ordinary line: one blank between two columns, none at the edges, quotes
    // at the edges of columns only; blanks inside quotes do not count. Nothing for any other line (an escape, a bracket,
    // a quote amid a text, one that does not close), and where the processor lacks what it takes: it must be cut with
    // more care.
    std::optional<std::span<const std::uint32_t>> find_between_columns(std::string_view line);

private:
    std::uint32_t* buffer_for(std::string_view line);

    Way way_;
    std::vector<std::uint32_t> positions_;
};

} // namespace trawl::ingest
