#include "deliver/output.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace trawl::deliver {

namespace {

// Follows links, so that a rename does not replace the link. A path that does not exist yet stays as it is.
std::string without_links(const std::string& path)
{
    const std::unique_ptr<char, decltype(&std::free)> resolved(::realpath(path.c_str(), nullptr), &std::free);
    return resolved ? std::string(resolved.get()) : path;
}

} // namespace

Output::Output(int descriptor, std::string name) : descriptor_(descriptor), name_(std::move(name))
{
    buffer_.reserve(buffer_bytes);
}

Output::Output(Output&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      owns_descriptor_(std::exchange(other.owns_descriptor_, false)),
      name_(std::move(other.name_)),
      target_(std::move(other.target_)),
      temporary_(std::exchange(other.temporary_, std::string())),
      buffer_(std::exchange(other.buffer_, std::string())),
      text_(std::exchange(other.text_, nullptr))
{
}

Output::~Output()
{
    if (owns_descriptor_) {
        ::close(descriptor_);
    }
    if (!temporary_.empty()) {
        ::unlink(temporary_.c_str());
    }
}

Output Output::standard_output()
{
    return {STDOUT_FILENO, "standard output"};
}

Output Output::into(std::string& text)
{
    Output output(-1, "text");
    output.text_ = &text;
    return output;
}

base::Result<Output> Output::file(const std::string& path)
{
    struct stat status {};
    const bool exists = ::stat(path.c_str(), &status) == 0;
    const bool replaced = !exists || S_ISREG(status.st_mode);
    const std::string target = replaced ? without_links(path) : path;
    const std::string opened = replaced ? target + ".trawl-" + std::to_string(::getpid()) : target;
    if (replaced) {
        ::unlink(opened.c_str()); // Left behind by a process of the same number that was killed.
    }
    const int flags = O_WRONLY | O_CLOEXEC | (replaced ? O_CREAT | O_EXCL : 0);
    const int descriptor = ::open(opened.c_str(), flags, 0666);
    Output output(descriptor, path);
    if (descriptor < 0) {
        return output.failed();
    }
    output.owns_descriptor_ = true;
    if (replaced) {
        output.target_ = target;
        output.temporary_ = opened;
    }
    // A file that is replaced keeps its permissions; a file system that has none is no reason to fail.
    if (exists && replaced && ::fchmod(descriptor, status.st_mode & 07777U) != 0 && errno != EPERM
        && errno != ENOTSUP) {
        return output.failed();
    }
    return output;
}

base::Result<void> Output::write(std::string_view text)
{
    if (text_ != nullptr) {
        text_->append(text);
        return {};
    }
    if (buffer_.size() + text.size() <= buffer_bytes) {
        buffer_.append(text);
        return {};
    }
    TRY_VOID(write_through(buffer_));
    buffer_.clear();
    if (text.size() >= buffer_bytes) {
        return write_through(text);
    }
    buffer_.append(text);
    return {};
}

base::Result<void> Output::commit()
{
    if (text_ != nullptr) {
        return {};
    }
    TRY_VOID(write_through(buffer_));
    buffer_.clear();
    if (!owns_descriptor_) {
        return {};
    }
    owns_descriptor_ = false;
    if (::close(descriptor_) != 0) {
        return failed();
    }
    if (!temporary_.empty()) {
        if (::rename(temporary_.c_str(), target_.c_str()) != 0) {
            return failed();
        }
        temporary_.clear();
    }
    return {};
}

base::Result<void> Output::write_through(std::string_view text)
{
    while (!text.empty()) {
        const ssize_t count = ::write(descriptor_, text.data(), text.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return failed();
        }
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}

tl::unexpected<base::Error> Output::failed() const
{
    return base::fail(errno == EPIPE ? "closed" : "io", name_ + ": " + std::strerror(errno));
}

} // namespace trawl::deliver
