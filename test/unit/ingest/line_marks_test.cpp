#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "ingest/codec/line_marks.h"

namespace trawl::ingest {

TEST_CASE("line marks: what a plain loop finds, at every length and place")
{
    LineMarks marks;
    std::uint64_t state = 3;
    for (std::size_t size = 0; size < 130; ++size) {
        std::string line;
        std::vector<std::uint32_t> expected;
        for (std::size_t i = 0; i < size; ++i) {
            state = state * 6364136223846793005U + 1442695040888963407U;
            line.push_back("ab ,\t-\"\xff"[state >> 61U]);
            if (line.back() == ' ' || line.back() == ',' || line.back() == '\t') {
                expected.push_back(static_cast<std::uint32_t>(i));
            }
        }
        const auto found = marks.find(line, ' ', ',', '\t');
        CHECK(std::vector<std::uint32_t>(found.begin(), found.end()) == expected);
    }
}

TEST_CASE("line marks: a line of nothing but marks")
{
    LineMarks marks;
    const std::string line(1000, ' ');
    CHECK(marks.find(line, ' ', ' ', ' ').size() == line.size());
    CHECK(marks.find("", ' ', ' ', ' ').empty());
}

} // namespace trawl::ingest
