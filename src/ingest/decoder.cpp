#include "ingest/decoder.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <libdeflate.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"
#include "ingest/codec/byte_stream.h"
#include "ingest/codec/parquet_stream.h"
#include "ingest/kind_reader.h"
#include "ingest/run.h"

namespace trawl::ingest {

namespace {

constexpr std::size_t max_compression_layers = 8;
constexpr std::size_t gzip_trailer_bytes = 8;

// Counts what passes, so that the caller knows how much was read.
class CountingStream : public ByteStream {
public:
    CountingStream(std::unique_ptr<ByteStream> inner, std::uint64_t& count) : inner_(std::move(inner)), count_(count) {}
    base::Result<std::size_t> read(char* out, std::size_t capacity) override
    {
        TRY(const std::size_t count, inner_->read(out, capacity));
        count_ += count;
        return count;
    }

private:
    std::unique_ptr<ByteStream> inner_;
    std::uint64_t& count_; // Belongs to the caller, who outlives the stream.
};

// Reads until `wanted` bytes or the end.
base::Result<std::string> read_some(ByteStream& stream, std::size_t wanted)
{
    std::string bytes(wanted, '\0');
    std::size_t filled = 0;
    while (filled < wanted) {
        TRY(const std::size_t count, stream.read(bytes.data() + filled, wanted - filled));
        if (count == 0) {
            break;
        }
        filled += count;
    }
    bytes.resize(filled);
    return bytes;
}

// One decompressor a thread: libdeflate's is not to be shared.
libdeflate_decompressor* thread_decompressor()
{
    thread_local const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> decompressor(
        libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
    return decompressor.get();
}

} // namespace

Decoder::Decoder(const event::Projection& projection, std::string_view selected_kind, std::size_t whole_object_bytes,
    Reading reading)
    : reading_(reading), whole_object_bytes_(std::min(whole_object_bytes, Window::whole_capacity()))
{
    for (const LogKind* const kind : kind_table()) {
        readers_.push_back(std::make_unique<KindReader>(*kind, projection));
        if (kind->id == "cloudtrail") {
            hot_ = readers_.back().get();
        }
        if (kind->id == "cloudwatch_logs") {
            cloudwatch_ = readers_.back().get();
        }
        if (kind->id == selected_kind) {
            selected_ = readers_.back().get();
        }
    }
    TRAWL_CHECK(hot_ != nullptr, "CloudTrail is a kind");
}

Decoder::~Decoder() = default;

void Decoder::name_columns(std::string_view names)
{
    TRAWL_CHECK(selected_ != nullptr && selected_->kind->takes_columns, "a kind that takes columns is selected");
    selected_->header = "#Fields: ";
    selected_->header += names;
}

void Decoder::pass_over_excluded(bool with_identity)
{
    for (const auto& reader : readers_) {
        reader->may_pass_over
            = (with_identity || reader->kind->identity.empty()) && (selected_ == nullptr || selected_ == reader.get());
    }
}

ObjectResult Decoder::decode(const Object& object, RecordHandler& handler)
{
    ObjectResult result;
    if (!object.problem.empty()) {
        result.error = {"io", object.problem};
        return result;
    }
    auto opened = open_file(object.path);
    if (!opened) {
        result.error = opened.error();
        return result;
    }
    std::unique_ptr<ByteStream> stream = std::move(*opened);

    // Ordinary objects are read and decompressed in one go.
    compressed_.resize(std::max(compressed_.size(), std::size_t {64} * 1024));
    std::size_t filled = 0;
    bool at_end = false;
    const std::size_t limit = whole_object_bytes_ / 4;
    while (!at_end) {
        if (filled == compressed_.size()) {
            if (filled >= limit) {
                break;
            }
            compressed_.resize(std::min(limit, compressed_.size() * 2));
        }
        const auto count = stream->read(compressed_.data() + filled, compressed_.size() - filled);
        if (!count) {
            result.error = count.error();
            return result;
        }
        at_end = *count == 0;
        filled += *count;
    }
    const std::string_view bytes(compressed_.data(), filled);
    if (is_parquet(bytes) && object.path != "-") {
        // Parquet is read from its end, in pieces.
        return decode_parquet(object.path, open_parquet(object.path), bytes, handler);
    }
    if (at_end) {
        return decode_bytes(object.path, bytes, handler);
    }

    // Large ones pass through the window piece by piece.
    stream = prefixed_stream(std::string(bytes), std::move(stream));
    compressed_.clear();
    compressed_.shrink_to_fit();
    return decode_stream(object.path, std::move(stream), handler);
}

ObjectResult Decoder::decode_bytes(std::string_view name, std::string_view bytes, RecordHandler& handler)
{
    const Compression compression = recognise_compression(bytes);
    // One gzip member of known size is libdeflate's case; everything else is streamed.
    if (compression == Compression::gzip && bytes.size() > gzip_trailer_bytes + 10) {
        std::uint32_t size = 0;
        std::memcpy(&size, bytes.data() + bytes.size() - 4, sizeof size);
        if (size <= whole_object_bytes_ && size > 0) {
            std::size_t used = 0;
            std::size_t made = 0;
            const libdeflate_result status = libdeflate_gzip_decompress_ex(
                thread_decompressor(), bytes.data(), bytes.size(), window_.whole(), whole_object_bytes_, &used, &made);
            const std::string_view plain(window_.whole(), made);
            if (status == LIBDEFLATE_SUCCESS && used == bytes.size()
                && recognise_compression(plain) == Compression::none && !is_parquet(plain)) {
                ObjectResult result;
                Run run(*this, name, handler);
                window_.open_whole(made);
                run.decode_window();
                result.bytes = made;
                result.error = run.error();
                result.is_digest = run.is_digest();
                window_.shrink();
                return result;
            }
        }
    }
    return decode_stream(name, view_stream(bytes), handler);
}

// Peels the layers of compression by content, then decodes what is inside piece by piece.
ObjectResult Decoder::decode_stream(std::string_view name, std::unique_ptr<ByteStream> stream, RecordHandler& handler)
{
    ObjectResult result;
    Run run(*this, name, handler);
    for (std::size_t layers = 0;; ++layers) {
        auto first = read_some(*stream, 64);
        if (!first) {
            result.error = first.error();
            return result;
        }
        if (is_parquet(*first)) {
            // Parquet is read from its end: what comes through a pipe or a decompressor is held in memory.
            auto rest = read_some(*stream, Window::max_record_bytes);
            if (!rest) {
                result.error = rest.error();
                return result;
            }
            const std::string bytes = *first + *rest;
            if (rest->size() == Window::max_record_bytes) {
                run.reject_object(
                    {"format-not-read", "a Parquet file of more than 64 MiB is only read from a file of its own"},
                    *first);
                return result;
            }
            return decode_parquet(name, open_parquet_bytes(bytes), bytes, handler);
        }
        const Compression compression = recognise_compression(*first);
        stream = prefixed_stream(std::move(*first), std::move(stream));
        if (compression == Compression::none || layers == max_compression_layers) {
            CountingStream counted(std::move(stream), result.bytes);
            window_.open(counted);
            run.decode_window();
            result.error = window_.error();
            break;
        }
        if (compression == Compression::zip) {
            result.error = decode_archive(*open_zip(std::move(stream)), run, result.bytes);
            break;
        }
        stream = peel_stream(compression, std::move(stream));
    }
    if (result.error.code.empty()) {
        result.error = run.error();
    }
    result.is_digest = run.is_digest();
    window_.shrink();
    return result;
}

// Decodes the lines that a Parquet file is read as; `first_bytes` are the file's own.
ObjectResult Decoder::decode_parquet(std::string_view name, base::Result<std::unique_ptr<ByteStream>> lines,
    std::string_view first_bytes, RecordHandler& handler)
{
    ObjectResult result;
    Run run(*this, name, handler);
    if (!lines) {
        run.reject_object(lines.error(), first_bytes);
        return result;
    }
    CountingStream counted(std::move(*lines), result.bytes);
    window_.open(counted);
    run.decode_window();
    result.error = window_.error().code.empty() ? run.error() : window_.error();
    window_.shrink();
    return result;
}

// Decodes the entries of an archive as one object; returns what ended it early.
base::Error Decoder::decode_archive(ZipReader& archive, Run& run, std::uint64_t& bytes)
{
    while (true) {
        const auto more = archive.next();
        if (!more) {
            return more.error();
        }
        if (!*more) {
            return {};
        }
        std::unique_ptr<ByteStream> stream = archive.entry();
        base::Error damage;
        for (std::size_t layers = 0; layers < max_compression_layers; ++layers) {
            auto first = read_some(*stream, 64);
            if (!first) {
                damage = first.error();
                break;
            }
            const Compression compression = recognise_compression(*first);
            stream = prefixed_stream(std::move(*first), std::move(stream));
            if (compression == Compression::none || compression == Compression::zip) {
                break;
            }
            stream = peel_stream(compression, std::move(stream));
        }
        if (damage.code.empty()) {
            CountingStream entry(std::move(stream), bytes);
            window_.open(entry);
            run.decode_entry(archive.name());
            damage = window_.error();
        }
        if (damage.code == "zip-damaged") {
            return damage;
        }
        run.finish_entry(damage, archive.name());
    }
}

} // namespace trawl::ingest
