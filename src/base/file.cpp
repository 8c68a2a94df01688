#include "base/file.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace trawl::base {

namespace {

tl::unexpected<Error> failed(const std::string& path)
{
    return fail("io", path + ": " + std::strerror(errno));
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
    const std::string temporary = path + ".tmp." + std::to_string(::getpid());
    const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor < 0) {
        return failed(path);
    }
    const auto give_up = [&] {
        const auto error = failed(path);
        ::close(descriptor);
        ::unlink(temporary.c_str());
        return error;
    };
    while (!content.empty()) {
        const ssize_t count = ::write(descriptor, content.data(), content.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return give_up();
        }
        content.remove_prefix(static_cast<std::size_t>(count));
    }
    if (::close(descriptor) != 0 || ::rename(temporary.c_str(), path.c_str()) != 0) {
        const auto error = failed(path);
        ::unlink(temporary.c_str());
        return error;
    }
    return {};
}

} // namespace trawl::base
