#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "ingest/codec/line_marks.h"
#include "ingest/kinds/column_layout.h"

namespace trawl::ingest {

TEST_CASE("line marks: what a plain loop finds, at every length and place")
{
    for (const LineMarks::Way way : LineMarks::ways()) {
        LineMarks marks(way);
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
}

TEST_CASE("line marks: a line of nothing but marks")
{
    for (const LineMarks::Way way : LineMarks::ways()) {
        LineMarks marks(way);
        const std::string line(1000, ' ');
        CHECK(marks.find(line, ' ', ' ', ' ').size() == line.size());
        CHECK(marks.find("", ' ', ' ', ' ').empty());
    }
}

TEST_CASE("line marks: separators that stand alone")
{
    for (const LineMarks::Way way : LineMarks::ways()) {
        LineMarks marks(way);
        std::uint64_t state = 9;
        const auto random = [&state](std::size_t below) {
            state = state * 6364136223846793005U + 1442695040888963407U;
            return static_cast<std::size_t>(state >> 33U) % below;
        };
        std::size_t single = 0;
        for (int round = 0; round < 10'000; ++round) {
            std::string line;
            for (std::size_t columns = random(20) + 1; columns > 0; --columns) {
                line += line.empty() && random(50) != 0 ? "" : " ";
                line.append(random(60) == 0 ? 0 : random(30) + 1, 'a');
            }
            std::vector<std::uint32_t> expected;
            bool is_doubled = line.empty() || line.front() == ' ' || line.back() == ' ';
            for (std::size_t at = 0; at < line.size(); ++at) {
                if (line[at] == ' ') {
                    is_doubled |= at > 0 && line[at - 1] == ' ';
                    expected.push_back(static_cast<std::uint32_t>(at));
                }
            }
            const auto found = marks.find_single(line, ' ');
            CHECK(found.has_value() == !is_doubled);
            if (found) {
                ++single;
                CHECK(std::equal(found->begin(), found->end(), expected.begin(), expected.end()));
            }
        }
        CHECK(single > 2'500);
        CHECK(single < 10'000);
    }
}

TEST_CASE("columns: the short way and the thorough one cut alike")
{
    for (const LineMarks::Way way : LineMarks::ways()) {
        LineMarks marks(way);
        std::vector<std::string_view> cut;
        std::vector<std::string_view> thorough;
        std::uint64_t state = 5;
        const auto random = [&state](std::size_t below) {
            state = state * 6364136223846793005U + 1442695040888963407U;
            return static_cast<std::size_t>(state >> 33U) % below;
        };
        std::size_t ordinary = 0;
        for (int round = 0; round < 10'000; ++round) {
            std::string line;
            // Columns as logs have them, now and then with a byte that does not belong.
            for (std::size_t columns = random(12) + 1; columns > 0; --columns) {
                const bool is_quoted = random(3) == 0;
                line += line.empty() ? "" : " ";
                line += is_quoted ? "\"" : "";
                for (std::size_t size = random(40) + (is_quoted ? 0U : 1U); size > 0; --size) {
                    line.push_back(is_quoted && random(6) == 0 ? ' ' : static_cast<char>('a' + random(26)));
                }
                line += is_quoted ? "\"" : "";
            }
            if (random(3) == 0) {
                line[random(line.size())] = "\" \\[]"[random(5)];
            }
            const bool is_closed = cut_spaced_columns(line, marks, cut);
            ordinary += marks.find_between_columns(line) ? 1U : 0U;
            CHECK(cut_marked_columns(line, marks, thorough) == is_closed);
            CHECK(cut == thorough);
        }
        // Everything takes the thorough way where the processor lacks AVX2.
        CHECK((ordinary == 0 || ordinary > 5'000));
        CHECK_FALSE(marks.find_between_columns(""));
    }
}

} // namespace trawl::ingest
