#include <algorithm>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/spill_sort.h"

TEST_CASE("records are ordered by the bytes of their key, equal ones as they came, in memory and beyond it")
{
    for (const std::size_t memory : {std::size_t {1} << 20U, std::size_t {2000}}) {
        std::mt19937 random(3);
        std::vector<std::string> records;
        trawl::base::SpillSort sorter(std::filesystem::temp_directory_path().string(), memory, std::size_t {26});
        for (int i = 0; i < 500; ++i) {
            std::string record(26, '\0');
            // Few different keys, told apart late in the key too, with bytes beyond 127.
            record[static_cast<std::size_t>(random() % 26)] = static_cast<char>(random() % 3 * 100);
            record += std::to_string(i);
            records.push_back(record);
            REQUIRE(sorter.add(record));
        }
        std::stable_sort(records.begin(), records.end(),
            [](const std::string& a, const std::string& b) { return a.substr(0, 26) < b.substr(0, 26); });
        std::vector<std::string> sorted;
        REQUIRE(sorter.drain([&](std::string_view record) {
            sorted.emplace_back(record);
            return true;
        }));
        CHECK(sorted == records);
    }
}
