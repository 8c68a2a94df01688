#include <filesystem>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "base/file.h"
#include "scratch_folder.h"

using trawl::base::read_file;
using trawl::base::write_file_atomically;

namespace {

std::string content_of(const std::string& path)
{
    const auto content = read_file(path);
    REQUIRE(content.has_value());
    return *content;
}

void check_fails(const trawl::base::Result<void>& result, const std::string& path)
{
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == "io");
    CHECK(result.error().message.starts_with(path + ": "));
}

} // namespace

TEST_CASE("What was written is read")
{
    const ScratchFolder folder;
    const std::string path = folder.file("state.json");
    for (const std::string& content : {std::string(), std::string("a\0b\n", 4), std::string(300'000, 'x')}) {
        REQUIRE(write_file_atomically(path, content).has_value());
        CHECK(content_of(path) == content);
    }
    CHECK(folder.entries() == 1);
}

TEST_CASE("Reading fails with path and reason")
{
    const ScratchFolder folder;
    const auto missing = read_file(folder.file("none"));
    REQUIRE_FALSE(missing.has_value());
    CHECK(missing.error().code == "io");
    CHECK(missing.error().message == folder.file("none") + ": No such file or directory");
    const auto directory = read_file(folder.path());
    REQUIRE_FALSE(directory.has_value());
    CHECK(directory.error().message == folder.path() + ": Is a directory");
}

TEST_CASE("Writing into a missing folder fails")
{
    const ScratchFolder folder;
    const std::string path = folder.file("none/file");
    check_fails(write_file_atomically(path, "x"), path);
    CHECK(folder.entries() == 0);
}

TEST_CASE("A full disk is told and leaves the old content")
{
    const ScratchFolder folder;
    const std::string path = folder.file("out");
    REQUIRE(write_file_atomically(path, "old").has_value());
    {
        const FileSizeLimit limit(4096);
        check_fails(write_file_atomically(path, std::string(100'000, 'x')), path);
    }
    CHECK(content_of(path) == "old");
    CHECK(folder.entries() == 1);
}

TEST_CASE("A device is written to, not replaced")
{
    struct stat status {};
    if (::stat("/dev/full", &status) != 0 || !S_ISCHR(status.st_mode)) {
        MESSAGE("skipped: there is no /dev/full");
        return;
    }
    check_fails(write_file_atomically("/dev/full", "x"), "/dev/full");
    CHECK(write_file_atomically("/dev/null", "x").has_value());
    REQUIRE(::stat("/dev/full", &status) == 0);
    CHECK(S_ISCHR(status.st_mode));
    REQUIRE(::stat("/dev/null", &status) == 0);
    CHECK(S_ISCHR(status.st_mode));
}

TEST_CASE("A symbolic link and the mode of the file stay")
{
    const ScratchFolder folder;
    REQUIRE(write_file_atomically(folder.file("real"), "old").has_value());
    REQUIRE(::chmod(folder.file("real").c_str(), 0640) == 0);
    std::filesystem::create_symlink("real", folder.file("link"));
    REQUIRE(write_file_atomically(folder.file("link"), "new").has_value());
    CHECK(std::filesystem::is_symlink(folder.file("link")));
    CHECK(content_of(folder.file("real")) == "new");
    struct stat status {};
    REQUIRE(::stat(folder.file("real").c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0640);
    CHECK(folder.entries() == 2);
}

TEST_CASE("A folder is no file to write")
{
    const ScratchFolder folder;
    check_fails(write_file_atomically(folder.path(), "x"), folder.path());
}
