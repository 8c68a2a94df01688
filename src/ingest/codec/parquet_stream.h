#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ingest/codec/byte_stream.h"

namespace trawl::ingest {

// Whether the bytes begin as a Parquet file does (https://parquet.apache.org/docs/file-format/).
bool is_parquet(std::string_view bytes);

// Reads a Parquet file as lines: first `#Fields:` and the names of its columns, then a line for each row, both
// separated by tabs as in the W3C's Extended Log File Format; `-` stands for null. Row groups are read in pieces, so that
// memory does not grow with the file. Apache Arrow does the work, in a library beside the program that is loaded when
// the first Parquet file is met.
// Errors: "format-not-read" (the library is not there), "parquet-damaged", "ocsf" (a table of Amazon Security Lake).
base::Result<std::unique_ptr<ByteStream>> open_parquet(const std::string& path);
// The same for a file in memory, whose bytes somebody else keeps.
base::Result<std::unique_ptr<ByteStream>> open_parquet_bytes(std::string_view bytes);

} // namespace trawl::ingest
