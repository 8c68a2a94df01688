#include "base/file.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace trawl::base {

namespace {

tl::unexpected<Error> failed(const std::string& path)
{
    const int number = errno;
    return fail("io", path + ": " + std::strerror(number));
}

// Writes all bytes to `place`, errors name `path`. A full disk may show at the write or at the close.
Result<void> write_into(const std::string& place, int flags, std::string_view content, const std::string& path)
{
    const int descriptor = ::open(place.c_str(), flags, 0666);
    if (descriptor < 0) {
        return failed(path);
    }
    while (!content.empty()) {
        const ssize_t count = ::write(descriptor, content.data(), content.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            const auto error = failed(path);
            ::close(descriptor);
            return error;
        }
        content.remove_prefix(static_cast<std::size_t>(count));
    }
    if (::close(descriptor) != 0) {
        return failed(path);
    }
    return {};
}

std::string resolved(const std::string& path)
{
    std::error_code ignored;
    const std::filesystem::path target = std::filesystem::canonical(path, ignored);
    return target.empty() ? path : target.string();
}

} // namespace

Result<std::string> read_file(const std::string& path)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return failed(path);
    }
    std::string content;
    char buffer[64 * 1024];
    while (true) {
        const ssize_t count = ::read(descriptor, buffer, sizeof buffer);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            const auto error = failed(path);
            ::close(descriptor);
            return error;
        }
        if (count == 0) {
            break;
        }
        content.append(buffer, static_cast<std::size_t>(count));
    }
    ::close(descriptor);
    return content;
}

Result<void> write_file_atomically(const std::string& path, std::string_view content)
{
    struct stat existing {};
    const bool exists = ::stat(path.c_str(), &existing) == 0;
    if (exists && !S_ISREG(existing.st_mode)) {
        // A pipe or a device is written to: renaming would put a file in its place.
        return write_into(path, O_WRONLY | O_CLOEXEC, content, path);
    }
    // What a symbolic link points to is replaced, not the link.
    const std::string target = exists ? resolved(path) : path;
    const std::string temporary = target + ".tmp." + std::to_string(::getpid());
    Result<void> written = write_into(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, content, path);
    if (written && exists && ::chmod(temporary.c_str(), existing.st_mode & 07777) != 0) {
        written = failed(path);
    }
    if (written && ::rename(temporary.c_str(), target.c_str()) != 0) {
        written = failed(path);
    }
    if (!written) {
        ::unlink(temporary.c_str());
    }
    return written;
}

} // namespace trawl::base
