#include "detect/engine/detail_store.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace trawl::detect::engine {

namespace {

using BlockSize = std::uint32_t;

// The first byte of an event's block. Where only the place is kept, eight bytes follow that tell where the event is
// described, once it is.
constexpr char described_form = '\0';
constexpr char place_form = '\1';
constexpr std::size_t settled_offset = sizeof(BlockSize) + 1;

base::Result<void> io_error(const std::string& folder)
{
    return base::fail("io", folder + ": " + std::strerror(errno));
}

} // namespace

void DetailWriter::set_source(std::string_view path)
{
    if (has_source_) {
        return;
    }
    has_source_ = true;
    source_ = bytes_.size();
    block_ = bytes_.size();
    bytes_.append(sizeof(BlockSize), '\0');
    bytes_ += path;
    end_block();
}

void DetailWriter::begin_block(std::uint64_t record, char form)
{
    block_ = bytes_.size();
    bytes_.append(sizeof(BlockSize), '\0');
    bytes_.push_back(form);
    if (form == place_form) {
        bytes_.append(sizeof(std::uint64_t), '\0');
    }
    append_size(bytes_, block_ - source_);
    append_size(bytes_, record);
}

std::uint64_t DetailWriter::begin_event(std::uint64_t record)
{
    begin_block(record, described_form);
    return block_;
}

std::uint64_t DetailWriter::add_place(std::uint64_t record)
{
    begin_block(record, place_form);
    end_block();
    return block_;
}

void DetailWriter::text(std::string_view text)
{
    constexpr std::size_t one_byte_size = 0x80;
    if (text.size() < one_byte_size) [[likely]] {
        bytes_.push_back(static_cast<char>(text.size()));
        bytes_ += text;
        return;
    }
    append_text(bytes_, text);
}

void DetailWriter::end_block()
{
    const auto size = static_cast<BlockSize>(bytes_.size() - block_ - sizeof(BlockSize));
    std::memcpy(bytes_.data() + block_, &size, sizeof size);
}

std::uint64_t DetailWriter::add_own(const OwnBlock& own)
{
    block_ = bytes_.size();
    bytes_.append(sizeof(BlockSize), '\0');
    append_own(bytes_, own);
    end_block();
    return block_;
}

DetailStore::DetailStore(std::string folder, std::size_t memory_bytes)
    : folder_(folder.empty() ? "/tmp" : std::move(folder)), memory_bytes_(memory_bytes)
{
}

DetailStore::~DetailStore()
{
    if (file_ >= 0) {
        ::close(file_);
    }
}

base::Result<void> DetailStore::append(std::string_view details)
{
    if (!buffer_.empty() && buffer_.size() + details.size() > memory_bytes_) {
        TRY_VOID(flush());
    }
    buffer_ += details;
    return {};
}

base::Result<void> DetailStore::flush()
{
    if (file_ < 0) {
        // `--temp DIR` may be new; what is wrong with it, mkostemp says.
        std::error_code ignored;
        std::filesystem::create_directories(folder_, ignored);
        std::string path = folder_ + "/trawl-details-XXXXXX";
        file_ = ::mkostemp(path.data(), O_CLOEXEC);
        if (file_ < 0) {
            return io_error(folder_);
        }
        // Without a name it is gone with the process, however that ends.
        ::unlink(path.c_str());
    }
    std::string_view rest = buffer_;
    while (!rest.empty()) {
        const ssize_t written = ::pwrite(file_, rest.data(), rest.size(), static_cast<off_t>(stored_));
        if (written < 0) {
            if (errno == EINTR) {
                continue;
            }
            return io_error(folder_);
        }
        stored_ += static_cast<std::uint64_t>(written);
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    buffer_.clear();
    return {};
}

base::Result<void> DetailStore::read_bytes(std::uint64_t place, char* out, std::size_t size) const
{
    std::uint64_t at = place - 1;
    if (at >= stored_) {
        std::memcpy(out, buffer_.data() + (at - stored_), size);
        return {};
    }
    while (size > 0) {
        const ssize_t got = ::pread(file_, out, size, static_cast<off_t>(at));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return io_error(folder_);
        }
        at += static_cast<std::uint64_t>(got);
        out += got;
        size -= static_cast<std::size_t>(got);
    }
    return {};
}

base::Result<void> DetailStore::write_bytes(std::uint64_t place, const char* bytes, std::size_t size)
{
    std::uint64_t at = place - 1;
    if (at >= stored_) {
        std::memcpy(buffer_.data() + (at - stored_), bytes, size);
        return {};
    }
    // Runs are stored whole, so that no block lies across the border.
    while (size > 0) {
        const ssize_t written = ::pwrite(file_, bytes, size, static_cast<off_t>(at));
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return io_error(folder_);
        }
        at += static_cast<std::uint64_t>(written);
        bytes += written;
        size -= static_cast<std::size_t>(written);
    }
    return {};
}

base::Result<std::string> DetailStore::read_block(std::uint64_t place) const
{
    BlockSize size = 0;
    char head[sizeof size];
    TRY_VOID(read_bytes(place, head, sizeof head));
    std::memcpy(&size, head, sizeof size);
    std::string block(size, '\0');
    TRY_VOID(read_bytes(place + sizeof size, block.data(), size));
    return block;
}

base::Result<EventBlock> DetailStore::read_event(std::uint64_t place) const
{
    TRY(const std::string block, read_block(place));
    ByteReader reader(block);
    EventBlock event;
    if (reader.byte() == place_form) {
        const std::uint64_t described = reader.word();
        if (described > 0) {
            return read_event(described);
        }
        event.is_place_only = true;
    }
    const std::uint64_t source_distance = reader.size();
    event.record = reader.size();
    if (!event.is_place_only) {
        for (std::string* const text : {&event.event_id, &event.account, &event.region, &event.principal,
                 &event.source_ip, &event.resource, &event.action, &event.outcome, &event.error}) {
            *text = reader.text();
        }
    }
    TRY(event.source, read_block(place - source_distance));
    return event;
}

base::Result<std::uint64_t> DetailStore::source_of(std::uint64_t place) const
{
    TRY(const std::string block, read_block(place));
    ByteReader reader(block);
    if (reader.byte() == place_form) {
        reader.word();
    }
    return place - reader.size();
}

base::Result<void> DetailStore::settle(std::uint64_t place, std::uint64_t described)
{
    char bytes[sizeof described];
    std::memcpy(bytes, &described, sizeof described);
    return write_bytes(place + settled_offset, bytes, sizeof bytes);
}

base::Result<OwnBlock> DetailStore::read_own(std::uint64_t place) const
{
    if (place == 0) {
        return OwnBlock();
    }
    TRY(const std::string block, read_block(place));
    return engine::read_own(block);
}

} // namespace trawl::detect::engine
