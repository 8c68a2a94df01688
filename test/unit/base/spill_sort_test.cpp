#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/spill_sort.h"
#include "scratch_folder.h"

using trawl::base::SpillSort;

namespace {

bool by_bytes(std::string_view a, std::string_view b)
{
    return a < b;
}

// Orders by the text before the colon alone, so that ties show.
bool by_key(std::string_view a, std::string_view b)
{
    return a.substr(0, a.find(':')) < b.substr(0, b.find(':'));
}

std::vector<std::string> drained(SpillSort& sorter)
{
    std::vector<std::string> records;
    const auto result = sorter.drain([&](std::string_view record) {
        records.emplace_back(record);
        return true;
    });
    REQUIRE(result.has_value());
    return records;
}

std::vector<std::string> keyed_records(std::size_t count)
{
    std::vector<std::string> records;
    for (std::size_t i = 0; i < count; ++i) {
        records.push_back(std::to_string(i * 7919 % 101) + ":" + std::to_string(i));
    }
    return records;
}

void check_sorts(std::size_t memory_bytes, std::size_t count)
{
    const ScratchFolder folder;
    std::vector<std::string> records = keyed_records(count);
    {
        SpillSort sorter(folder.path(), memory_bytes, by_key);
        for (const std::string& record : records) {
            REQUIRE(sorter.add(record).has_value());
        }
        CHECK(sorter.size() == count);
        std::stable_sort(records.begin(), records.end(), by_key);
        CHECK(drained(sorter) == records);
        CHECK(sorter.size() == 0);
    }
    CHECK(folder.entries() == 0);
}

} // namespace

TEST_CASE("Records that fit stay in memory")
{
    const ScratchFolder folder;
    SpillSort sorter(folder.path(), 1 << 20, by_bytes);
    for (const char* record : {"b", "", "c", "a", "b"}) {
        REQUIRE(sorter.add(record).has_value());
    }
    CHECK(folder.entries() == 0);
    CHECK(drained(sorter) == std::vector<std::string> {"", "a", "b", "b", "c"});
}

TEST_CASE("Nothing sorts to nothing")
{
    SpillSort sorter("", 0, by_bytes);
    CHECK(sorter.size() == 0);
    CHECK(drained(sorter).empty());
}

TEST_CASE("Spilt records keep order, ties by when they were added")
{
    check_sorts(1 << 20, 1000);
    check_sorts(4000, 1000);  // Some runs.
    check_sorts(0, 300);      // A run for each record: more runs than are merged at once.
    check_sorts(200, 2000);
}

TEST_CASE("Records hold any bytes and may be larger than memory")
{
    const ScratchFolder folder;
    SpillSort sorter(folder.path(), 1000, by_bytes);
    const std::vector<std::string> records {
        std::string(500'000, 'z'), std::string("\0\xFF\n", 3), "", std::string(70'000, 'a')};
    for (const std::string& record : records) {
        REQUIRE(sorter.add(record).has_value());
    }
    CHECK(folder.entries() > 0);
    CHECK(drained(sorter) == std::vector<std::string> {"", records[1], records[3], records[0]});
}

TEST_CASE("Stopping early forgets the rest; the sorter can be used again")
{
    const ScratchFolder folder;
    SpillSort sorter(folder.path(), 500, by_key);
    for (int round = 0; round < 2; ++round) {
        for (const std::string& record : keyed_records(200)) {
            REQUIRE(sorter.add(record).has_value());
        }
        std::size_t seen = 0;
        REQUIRE(sorter.drain([&](std::string_view) { return ++seen < 5; }).has_value());
        CHECK(seen == 5);
        CHECK(sorter.size() == 0);
        CHECK(drained(sorter).empty());
    }
}

TEST_CASE("The folder is made, and what lies in it is removed without draining")
{
    const ScratchFolder folder;
    const std::string below = folder.file("new/temp");
    {
        SpillSort sorter(below, 100, by_bytes);
        for (const std::string& record : keyed_records(50)) {
            REQUIRE(sorter.add(record).has_value());
        }
        CHECK_FALSE(std::filesystem::is_empty(below));
        SpillSort moved = std::move(sorter);
        CHECK(drained(moved).size() == 50);
    }
    CHECK(std::filesystem::is_empty(below));
}

TEST_CASE("A folder that cannot be made is an error")
{
    const ScratchFolder folder;
    SpillSort sorter("/dev/null/none", 10, by_bytes);
    trawl::base::Result<void> result;
    for (int i = 0; i < 10 && result; ++i) {
        result = sorter.add("0123456789");
    }
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == "io");
    CHECK(result.error().message == "/dev/null/none: Not a directory");
}

TEST_CASE("A full disk is an error and leaves no file")
{
    const ScratchFolder folder;
    {
        SpillSort sorter(folder.path(), 300'000, by_bytes);
        trawl::base::Result<void> result;
        {
            const FileSizeLimit limit(100'000);
            for (int i = 0; i < 1000 && result; ++i) {
                result = sorter.add(std::string(1000, 'x'));
            }
        }
        REQUIRE_FALSE(result.has_value());
        CHECK(result.error().code == "io");
        CHECK(result.error().message.find(folder.path()) == 0);
    }
    CHECK(folder.entries() == 0);
}

TEST_CASE("A run that was cut behind our back is an error, not a crash")
{
    const ScratchFolder folder;
    SpillSort sorter(folder.path(), 1000, by_bytes);
    for (int i = 0; i < 100; ++i) {
        REQUIRE(sorter.add(std::string(100, 'x')).has_value());
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
        if (entry.is_regular_file()) {
            std::filesystem::resize_file(entry.path(), 50);
        }
    }
    const auto result = sorter.drain([](std::string_view) { return true; });
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == "io");
}
