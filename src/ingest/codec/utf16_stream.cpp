#include <algorithm>
#include <string>
#include <utility>

#include "base/text.h"
#include "ingest/codec/byte_stream.h"

namespace trawl::ingest {

namespace {

constexpr std::size_t input_bytes = std::size_t {64} * 1024;
constexpr std::uint32_t byte_order_mark = 0xFEFF;
constexpr std::uint32_t replacement = 0xFFFD;

// Turns UTF-16 into UTF-8. A half of a pair alone, and a byte alone at the end, become U+FFFD.
class Utf16Stream final : public ByteStream {
public:
    Utf16Stream(std::unique_ptr<ByteStream> source, bool is_big) : source_(std::move(source)), is_big_(is_big) {}

    base::Result<std::size_t> read(char* out, std::size_t capacity) override
    {
        while (at_ == made_.size() && !at_end_) {
            made_.clear();
            at_ = 0;
            TRY_VOID(refill());
        }
        const std::size_t count = std::min(capacity, made_.size() - at_);
        std::copy_n(made_.data() + at_, count, out);
        at_ += count;
        return count;
    }

private:
    base::Result<void> refill()
    {
        const std::size_t kept = bytes_.size();
        bytes_.resize(kept + input_bytes);
        TRY(const std::size_t count, source_->read(bytes_.data() + kept, input_bytes));
        bytes_.resize(kept + count);
        at_end_ = count == 0;
        std::size_t at = 0;
        while (at + 1 < bytes_.size()) {
            take(unit(at));
            at += 2;
        }
        bytes_.erase(0, at);
        if (at_end_ && (high_ != 0 || !bytes_.empty())) {
            base::append_utf8(made_, replacement);
        }
        return {};
    }

    std::uint32_t unit(std::size_t at) const
    {
        const auto first = static_cast<unsigned char>(bytes_[at]);
        const auto second = static_cast<unsigned char>(bytes_[at + 1]);
        return static_cast<std::uint32_t>(is_big_ ? first << 8U | second : second << 8U | first);
    }

    void take(std::uint32_t unit)
    {
        const bool is_high = unit >= 0xD800 && unit < 0xDC00;
        const bool is_low = unit >= 0xDC00 && unit < 0xE000;
        if (high_ != 0 && is_low) {
            base::append_utf8(made_, 0x10000 + ((high_ - 0xD800) << 10U) + (unit - 0xDC00));
            high_ = 0;
            return;
        }
        if (high_ != 0) {
            base::append_utf8(made_, replacement);
            high_ = 0;
        }
        if (is_high) {
            high_ = unit;
        } else if (is_low) {
            base::append_utf8(made_, replacement);
        } else if (unit != byte_order_mark) {
            base::append_utf8(made_, unit);
        }
    }

    std::unique_ptr<ByteStream> source_;
    bool is_big_;
    bool at_end_ = false;
    std::string bytes_; // What is not yet turned: at most one byte between two reads.
    std::uint32_t high_ = 0; // The first half of a pair whose second is to come.
    std::string made_;
    std::size_t at_ = 0;
};

} // namespace

std::unique_ptr<ByteStream> utf16_stream(std::unique_ptr<ByteStream> encoded, bool is_big_endian)
{
    return std::make_unique<Utf16Stream>(std::move(encoded), is_big_endian);
}

std::unique_ptr<ByteStream> peel_stream(Compression layer, std::unique_ptr<ByteStream> stream)
{
    switch (layer) {
    case Compression::gzip: return gzip_stream(std::move(stream));
    case Compression::zlib: return zlib_stream(std::move(stream));
    case Compression::zstd: return zstd_stream(std::move(stream));
    case Compression::utf16_little: return utf16_stream(std::move(stream), /*is_big_endian=*/false);
    case Compression::utf16_big: return utf16_stream(std::move(stream), /*is_big_endian=*/true);
    case Compression::none:
    case Compression::zip: break;
    }
    return stream;
}

} // namespace trawl::ingest
