#include "ingest/codec/byte_stream.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace trawl::ingest {

namespace {

class FileStream : public ByteStream {
public:
    explicit FileStream(int descriptor) : descriptor_(descriptor) {}
    ~FileStream() override
    {
        if (descriptor_ > 0) {
            ::close(descriptor_);
        }
    }
    FileStream(const FileStream&) = delete;
    FileStream& operator=(const FileStream&) = delete;

    base::Result<std::size_t> read(char* out, std::size_t capacity) override
    {
        while (true) {
            const ssize_t count = ::read(descriptor_, out, capacity);
            if (count >= 0) {
                return static_cast<std::size_t>(count);
            }
            if (errno != EINTR) {
                return base::fail("io", std::strerror(errno));
            }
        }
    }

private:
    int descriptor_;
};

class ViewStream : public ByteStream {
public:
    explicit ViewStream(std::string_view bytes) : rest_(bytes) {}
    base::Result<std::size_t> read(char* out, std::size_t capacity) override
    {
        const std::size_t count = std::min(capacity, rest_.size());
        if (count > 0) {
            std::memcpy(out, rest_.data(), count);
        }
        rest_.remove_prefix(count);
        return count;
    }

private:
    std::string_view rest_;
};

class PrefixedStream : public ByteStream {
public:
    PrefixedStream(std::string first, std::unique_ptr<ByteStream> stream)
        : first_(std::move(first)), stream_(std::move(stream))
    {
    }
    base::Result<std::size_t> read(char* out, std::size_t capacity) override
    {
        if (used_ < first_.size()) {
            const std::size_t count = std::min(capacity, first_.size() - used_);
            std::memcpy(out, first_.data() + used_, count);
            used_ += count;
            return count;
        }
        return stream_->read(out, capacity);
    }

private:
    std::string first_;
    std::size_t used_ = 0;
    std::unique_ptr<ByteStream> stream_;
};

} // namespace

base::Result<std::unique_ptr<ByteStream>> open_file(const std::string& path)
{
    if (path == "-") {
        return std::unique_ptr<ByteStream>(std::make_unique<FileStream>(0));
    }
    // O_NONBLOCK keeps a pipe without writer from blocking the open for ever.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        return base::fail("io", std::strerror(errno));
    }
    auto stream = std::make_unique<FileStream>(descriptor);
    struct stat status {};
    if (::fstat(descriptor, &status) != 0) {
        return base::fail("io", std::strerror(errno));
    }
    if (S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode)) {
        ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) & ~O_NONBLOCK);
    } else if (!S_ISREG(status.st_mode)) {
        return base::fail("io", "neither a file nor a folder");
    }
    return std::unique_ptr<ByteStream>(std::move(stream));
}

std::unique_ptr<ByteStream> view_stream(std::string_view bytes)
{
    return std::make_unique<ViewStream>(bytes);
}

std::unique_ptr<ByteStream> prefixed_stream(std::string first, std::unique_ptr<ByteStream> stream)
{
    return std::make_unique<PrefixedStream>(std::move(first), std::move(stream));
}

Compression recognise_compression(std::string_view bytes)
{
    if (bytes.starts_with(std::string_view("\x1f\x8b\x08", 3))) {
        return Compression::gzip;
    }
    if (bytes.starts_with(std::string_view("\x28\xb5\x2f\xfd", 4))) {
        return Compression::zstd;
    }
    if (bytes.starts_with(std::string_view("PK\x03\x04", 4)) || bytes.starts_with(std::string_view("PK\x05\x06", 4))) {
        return Compression::zip;
    }
    if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff")) {
        return bytes[0] == '\xff' ? Compression::utf16_little : Compression::utf16_big;
    }
    // RFC 1950: CMF of deflate with a window of 32 KiB, and a header that is a multiple of 31.
    if (bytes.size() >= 2 && bytes[0] == '\x78'
        && ((static_cast<unsigned char>(bytes[0]) << 8) | static_cast<unsigned char>(bytes[1])) % 31 == 0) {
        return Compression::zlib;
    }
    return Compression::none;
}

} // namespace trawl::ingest
