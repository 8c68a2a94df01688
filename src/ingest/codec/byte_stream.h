#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace trawl::ingest {

// Bytes in order. Error codes: "io" (the system's reason), "gzip-cut", "gzip-damaged", "gzip-trailing", "zstd-cut",
// "zstd-damaged", "zip-damaged".
class ByteStream {
public:
    virtual ~ByteStream() = default;
    // Reads up to `capacity` bytes; 0 is the end. After an error the stream must not be read again; what was read
    // before it counts.
    virtual base::Result<std::size_t> read(char* out, std::size_t capacity) = 0;
};

// A file, or standard input for "-".
base::Result<std::unique_ptr<ByteStream>> open_file(const std::string& path);

// Bytes that somebody else keeps.
std::unique_ptr<ByteStream> view_stream(std::string_view bytes);

// `first`, then the rest of `stream`: puts back what was read to recognise a format.
std::unique_ptr<ByteStream> prefixed_stream(std::string first, std::unique_ptr<ByteStream> stream);

// What bytes are wrapped in. UTF-16, as SQL Server writes its logs, is told by its byte order mark.
enum class Compression { none, gzip, zlib, zstd, zip, utf16_little, utf16_big };

// Recognises by content; `bytes` are the first of the object (64 suffice).
Compression recognise_compression(std::string_view bytes);

// Decompress all members or frames, one after another, in constant memory.
std::unique_ptr<ByteStream> gzip_stream(std::unique_ptr<ByteStream> compressed);
std::unique_ptr<ByteStream> zlib_stream(std::unique_ptr<ByteStream> compressed);
std::unique_ptr<ByteStream> zstd_stream(std::unique_ptr<ByteStream> compressed);
// Turns UTF-16 into UTF-8; the byte order mark goes.
std::unique_ptr<ByteStream> utf16_stream(std::unique_ptr<ByteStream> encoded, bool is_big_endian);
// The stream without a layer; as it is for `none` and `zip`.
std::unique_ptr<ByteStream> peel_stream(Compression layer, std::unique_ptr<ByteStream> stream);

// The entries of a zip archive, in its order.
class ZipReader {
public:
    virtual ~ZipReader() = default;
    // Moves to the next entry that is a file; false at the end.
    virtual base::Result<bool> next() = 0;
    // The entry's path in the archive; valid until next().
    virtual std::string_view name() const = 0;
    // The entry's bytes; valid until next().
    virtual std::unique_ptr<ByteStream> entry() = 0;
};
std::unique_ptr<ZipReader> open_zip(std::unique_ptr<ByteStream> compressed);

} // namespace trawl::ingest
