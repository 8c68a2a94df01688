#pragma once

#include <cstddef>

// What the library trawl_parquet.so offers to the program: plain functions, so that Apache Arrow stays behind them.
extern "C" {

// Opens a file by its path, or, where `path` is null, `size` bytes at `bytes`. Returns null and writes the code and the
// reason, each with a final zero, when it cannot be read.
struct TrawlParquetError {
    char code[32];
    char reason[512];
};
using TrawlParquetOpen = void*(const char* path, const char* bytes, std::size_t size, TrawlParquetError* error);
// Reads up to `capacity` bytes of the lines; 0 is the end, -1 an error.
using TrawlParquetRead = long(void* file, char* out, std::size_t capacity, TrawlParquetError* error);
using TrawlParquetClose = void(void* file);
}
