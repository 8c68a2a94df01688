#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>
#include <unistd.h>

#include "base/file.h"
#include "deliver/output.h"

namespace trawl::deliver {

namespace {

namespace fs = std::filesystem;

// A folder of one test.
struct Scratch {
    fs::path folder = fs::temp_directory_path() / ("deliver-output-" + std::to_string(::getpid()));
    Scratch() { fs::create_directories(folder); }
    ~Scratch() { fs::remove_all(folder); }
    std::string path(const char* name) const { return (folder / name).string(); }
    std::size_t files() const { return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {})); }
};

void write(const std::string& path, std::string_view text)
{
    std::ofstream(path) << text;
}

TEST_CASE("a file appears when it is whole")
{
    const Scratch scratch;
    const std::string path = scratch.path("out");
    write(path, "before");
    auto output = deliver::Output::file(path);
    REQUIRE(output);
    const std::string large(200'000, 'x');
    REQUIRE(output->write(large));
    REQUIRE(output->write("end"));
    CHECK(*base::read_file(path) == "before");
    REQUIRE(output->commit());
    CHECK(*base::read_file(path) == large + "end");
    CHECK(output->temporary().empty());
    CHECK(scratch.files() == 1);
}

TEST_CASE("what is not committed leaves nothing behind")
{
    const Scratch scratch;
    {
        auto output = deliver::Output::file(scratch.path("out"));
        REQUIRE(output);
        REQUIRE(output->write(std::string(100'000, 'x')));
        CHECK(scratch.files() == 1);
    }
    CHECK(scratch.files() == 0);
}

TEST_CASE("a link keeps pointing, and a file keeps its permissions")
{
    const Scratch scratch;
    write(scratch.path("target"), "before");
    fs::permissions(scratch.path("target"), fs::perms::owner_read | fs::perms::owner_write);
    fs::create_symlink("target", scratch.path("link"));
    auto output = deliver::Output::file(scratch.path("link"));
    REQUIRE(output);
    REQUIRE(output->write("after"));
    REQUIRE(output->commit());
    CHECK(fs::is_symlink(scratch.path("link")));
    CHECK(*base::read_file(scratch.path("target")) == "after");
    CHECK(fs::status(scratch.path("target")).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("a device is not replaced")
{
    auto output = deliver::Output::file("/dev/null");
    REQUIRE(output);
    CHECK(output->temporary().empty());
    REQUIRE(output->write("x"));
    REQUIRE(output->commit());
    CHECK(fs::is_character_file("/dev/null"));
}

TEST_CASE("a full device and a missing folder are told")
{
    auto output = deliver::Output::file("/dev/full");
    REQUIRE(output);
    REQUIRE(output->write("x"));
    const auto done = output->commit();
    REQUIRE_FALSE(done);
    CHECK(done.error().code == "io");
    CHECK(done.error().message.find("/dev/full") != std::string::npos);
    const auto missing = deliver::Output::file("/no/such/folder/out");
    REQUIRE_FALSE(missing);
    CHECK(missing.error().message.find("/no/such/folder/out") != std::string::npos);
}

} // namespace

} // namespace trawl::deliver
