#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include <archive.h>
#include <archive_entry.h>
#include <zlib.h>
#include <zstd.h>

#include "ingest/codec/byte_stream.h"

namespace trawl::ingest {

namespace {

constexpr std::size_t input_bytes = std::size_t {256} * 1024;

// Feeds a decompressor from a stream of compressed bytes.
struct Input {
    std::unique_ptr<ByteStream> stream;
    std::vector<char> bytes = std::vector<char>(input_bytes);
    std::size_t used = 0;
    std::size_t filled = 0;
    bool at_end = false;

    std::size_t available() const { return filled - used; }
    base::Result<void> refill()
    {
        if (used < filled || at_end) {
            return {};
        }
        TRY(const std::size_t count, stream->read(bytes.data(), bytes.size()));
        used = 0;
        filled = count;
        at_end = count == 0;
        return {};
    }
};

enum class Wrapper { gzip, zlib };

class InflateStream : public ByteStream {
public:
    InflateStream(std::unique_ptr<ByteStream> compressed, Wrapper wrapper) : wrapper_(wrapper)
    {
        input_.stream = std::move(compressed);
        ready_ = inflateInit2(&state_, wrapper == Wrapper::gzip ? 15 + 16 : 15) == Z_OK;
    }
    ~InflateStream() override
    {
        if (ready_) {
            inflateEnd(&state_);
        }
    }
    InflateStream(const InflateStream&) = delete;
    InflateStream& operator=(const InflateStream&) = delete;

    base::Result<std::size_t> read(char* out, std::size_t capacity) override
    {
        if (!ready_) {
            return base::fail("gzip-damaged", "no memory to decompress");
        }
        if (!pending_error_.code.empty()) {
            return base::fail(pending_error_.code, pending_error_.message);
        }
        const std::size_t wanted = std::min<std::size_t>(capacity, 1u << 30);
        state_.next_out = reinterpret_cast<Bytef*>(out);
        state_.avail_out = static_cast<uInt>(wanted);
        while (state_.avail_out > 0) {
            TRY_VOID(input_.refill());
            if (input_.available() == 0) {
                if (between_members_) {
                    break;
                }
                return after(wanted, "gzip-cut", "the compressed data ends in the middle");
            }
            if (between_members_ && !begin_member()) {
                if (input_.available() == 0) {
                    continue;
                }
                return after(wanted, "gzip-trailing", "bytes that are no gzip follow the compressed data");
            }
            state_.next_in = reinterpret_cast<Bytef*>(input_.bytes.data() + input_.used);
            state_.avail_in = static_cast<uInt>(input_.available());
            const int status = inflate(&state_, Z_NO_FLUSH);
            input_.used = input_.filled - state_.avail_in;
            if (status == Z_STREAM_END) {
                between_members_ = true;
                continue;
            }
            if (status != Z_OK && status != Z_BUF_ERROR) {
                return after(wanted, "gzip-damaged",
                    state_.msg != nullptr ? std::string("the compressed data is damaged: ") + state_.msg
                                          : "the compressed data is damaged");
            }
        }
        return wanted - state_.avail_out;
    }

private:
    // Skips zero padding and starts the next member; false when what follows is no member.
    bool begin_member()
    {
        while (input_.available() > 0 && input_.bytes[input_.used] == 0) {
            ++input_.used;
        }
        if (input_.available() == 0) {
            return false;
        }
        if (wrapper_ == Wrapper::gzip && static_cast<unsigned char>(input_.bytes[input_.used]) != 0x1f) {
            return false;
        }
        if (wrapper_ == Wrapper::zlib) {
            return false;
        }
        between_members_ = false;
        return inflateReset(&state_) == Z_OK;
    }

    // Hands over what is decompressed; the error comes with the next call.
    base::Result<std::size_t> after(std::size_t wanted, const char* code, std::string message)
    {
        const std::size_t count = wanted - state_.avail_out;
        if (count == 0) {
            return base::fail(code, std::move(message));
        }
        pending_error_ = {code, std::move(message)};
        return count;
    }

    Input input_;
    Wrapper wrapper_;
    z_stream state_ {};
    bool ready_ = false;
    bool between_members_ = false;
    base::Error pending_error_;
};

class ZstdStream : public ByteStream {
public:
    explicit ZstdStream(std::unique_ptr<ByteStream> compressed) : state_(ZSTD_createDCtx(), &ZSTD_freeDCtx)
    {
        input_.stream = std::move(compressed);
        // Bounds the memory that a frame may ask for.
        ZSTD_DCtx_setParameter(state_.get(), ZSTD_d_windowLogMax, 27);
    }

    base::Result<std::size_t> read(char* out, std::size_t capacity) override
    {
        if (!pending_error_.code.empty()) {
            return base::fail(pending_error_.code, pending_error_.message);
        }
        ZSTD_outBuffer output {out, capacity, 0};
        while (output.pos < output.size) {
            TRY_VOID(input_.refill());
            if (input_.available() == 0) {
                if (frame_done_) {
                    break;
                }
                return after(output.pos, "zstd-cut", "the compressed data ends in the middle");
            }
            ZSTD_inBuffer input {input_.bytes.data(), input_.filled, input_.used};
            const std::size_t status = ZSTD_decompressStream(state_.get(), &output, &input);
            input_.used = input.pos;
            if (ZSTD_isError(status) != 0) {
                return after(output.pos, "zstd-damaged",
                    std::string("the compressed data is damaged: ") + ZSTD_getErrorName(status));
            }
            frame_done_ = status == 0;
        }
        return output.pos;
    }

private:
    base::Result<std::size_t> after(std::size_t count, const char* code, std::string message)
    {
        if (count == 0) {
            return base::fail(code, std::move(message));
        }
        pending_error_ = {code, std::move(message)};
        return count;
    }

    Input input_;
    std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> state_;
    bool frame_done_ = true;
    base::Error pending_error_;
};

class ArchiveReader : public ZipReader {
public:
    explicit ArchiveReader(std::unique_ptr<ByteStream> compressed) : archive_(archive_read_new(), &archive_read_free)
    {
        input_.stream = std::move(compressed);
        archive_read_support_format_zip_streamable(archive_.get());
        open_status_ = archive_read_open(archive_.get(), this, nullptr, &ArchiveReader::feed, nullptr);
    }

    base::Result<bool> next() override
    {
        if (open_status_ != ARCHIVE_OK) {
            return damaged();
        }
        while (true) {
            archive_entry* entry = nullptr;
            const int status = archive_read_next_header(archive_.get(), &entry);
            if (status == ARCHIVE_EOF) {
                return false;
            }
            if (status != ARCHIVE_OK && status != ARCHIVE_WARN) {
                return damaged();
            }
            if (archive_entry_filetype(entry) == AE_IFREG || archive_entry_filetype(entry) == 0) {
                const char* const path = archive_entry_pathname(entry);
                name_ = path != nullptr ? path : "";
                return true;
            }
        }
    }

    std::string_view name() const override { return name_; }
    std::unique_ptr<ByteStream> entry() override { return std::make_unique<Entry>(*this); }

private:
    class Entry : public ByteStream {
    public:
        explicit Entry(ArchiveReader& reader) : reader_(reader) {}
        base::Result<std::size_t> read(char* out, std::size_t capacity) override
        {
            const auto count = archive_read_data(reader_.archive_.get(), out, capacity);
            if (count < 0) {
                return base::fail("zip-damaged", reader_.reason());
            }
            return static_cast<std::size_t>(count);
        }

    private:
        ArchiveReader& reader_; // Outlives its entries by contract.
    };

    static la_ssize_t feed(archive* archive, void* context, const void** buffer)
    {
        auto& self = *static_cast<ArchiveReader*>(context);
        const auto filled = self.input_.refill();
        if (!filled) {
            archive_set_error(archive, -1, "%s", filled.error().message.c_str());
            return -1;
        }
        *buffer = self.input_.bytes.data() + self.input_.used;
        const std::size_t count = self.input_.available();
        self.input_.used = self.input_.filled;
        return static_cast<la_ssize_t>(count);
    }

    std::string reason()
    {
        const char* const text = archive_error_string(archive_.get());
        return std::string("the zip archive is damaged: ") + (text != nullptr ? text : "no reason given");
    }
    tl::unexpected<base::Error> damaged() { return base::fail("zip-damaged", reason()); }

    Input input_;
    std::unique_ptr<archive, decltype(&archive_read_free)> archive_;
    int open_status_ = ARCHIVE_OK;
    std::string name_;
};

} // namespace

std::unique_ptr<ByteStream> gzip_stream(std::unique_ptr<ByteStream> compressed)
{
    return std::make_unique<InflateStream>(std::move(compressed), Wrapper::gzip);
}

std::unique_ptr<ByteStream> zlib_stream(std::unique_ptr<ByteStream> compressed)
{
    return std::make_unique<InflateStream>(std::move(compressed), Wrapper::zlib);
}

std::unique_ptr<ByteStream> zstd_stream(std::unique_ptr<ByteStream> compressed)
{
    return std::make_unique<ZstdStream>(std::move(compressed));
}

std::unique_ptr<ZipReader> open_zip(std::unique_ptr<ByteStream> compressed)
{
    return std::make_unique<ArchiveReader>(std::move(compressed));
}

} // namespace trawl::ingest
