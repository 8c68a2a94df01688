// The library trawl_parquet.so: Parquet files as lines of text (ingest/codec/parquet_stream.h says how).

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <arrow/io/memory.h>
#include <parquet/arrow/reader.h>
#include <parquet/exception.h>
#include <parquet/properties.h>

#include "ingest/parquet/interface.h"

namespace trawl::ingest::parquet {

namespace {

constexpr std::int64_t rows_at_once = 4096;
constexpr std::int64_t buffer_bytes = std::int64_t {256} * 1024; // Of one column, from the file.

void fail(TrawlParquetError* error, const char* code, const std::string& reason)
{
    std::snprintf(error->code, sizeof error->code, "%s", code);
    std::snprintf(error->reason, sizeof error->reason, "%s", reason.c_str());
}

// A line holds no tabs and no line ends of its values.
void append_text(std::string& out, std::string_view text)
{
    if (text.empty()) {
        out += '-';
        return;
    }
    const std::size_t start = out.size();
    out += text;
    std::replace_if(
        out.begin() + static_cast<std::ptrdiff_t>(start), out.end(),
        [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
}

template <typename Array> void append_number(std::string& out, const arrow::Array& column, std::int64_t row)
{
    out += std::to_string(static_cast<const Array&>(column).Value(row));
}

void append_value(std::string& out, const arrow::Array& column, std::int64_t row)
{
    if (column.IsNull(row)) {
        out += '-';
        return;
    }
    switch (column.type_id()) {
    case arrow::Type::STRING:
    case arrow::Type::BINARY: append_text(out, static_cast<const arrow::BinaryArray&>(column).GetView(row)); return;
    case arrow::Type::LARGE_STRING:
    case arrow::Type::LARGE_BINARY:
        append_text(out, static_cast<const arrow::LargeBinaryArray&>(column).GetView(row));
        return;
    case arrow::Type::INT32: append_number<arrow::Int32Array>(out, column, row); return;
    case arrow::Type::INT64: append_number<arrow::Int64Array>(out, column, row); return;
    case arrow::Type::UINT32: append_number<arrow::UInt32Array>(out, column, row); return;
    case arrow::Type::UINT64: append_number<arrow::UInt64Array>(out, column, row); return;
    default: {
        const auto value = column.GetScalar(row);
        append_text(out, value.ok() ? (*value)->ToString() : std::string());
        return;
    }
    }
}

// One open file. The lines of some rows are made at a time.
class File {
public:
    bool open(std::shared_ptr<arrow::io::RandomAccessFile> input, TrawlParquetError* error)
    {
        ::parquet::ReaderProperties properties;
        properties.enable_buffered_stream();
        properties.set_buffer_size(buffer_bytes);
        ::parquet::ArrowReaderProperties arrow_properties;
        arrow_properties.set_batch_size(rows_at_once);
        arrow_properties.set_use_threads(false);
        arrow_properties.set_pre_buffer(false);
        ::parquet::arrow::FileReaderBuilder builder;
        if (!check(builder.Open(std::move(input), properties), error)) {
            return false;
        }
        builder.properties(arrow_properties);
        if (!check(builder.Build(&reader_), error)) {
            return false;
        }
        auto batches = reader_->GetRecordBatchReader();
        if (!check(batches.status(), error)) {
            return false;
        }
        batches_ = std::move(*batches);
        const arrow::Schema& schema = *batches_->schema();
        if (schema.GetFieldIndex("class_uid") >= 0 && schema.GetFieldIndex("metadata") >= 0) {
            fail(error, "ocsf",
                "a table of OCSF events, as Amazon Security Lake keeps them: give trawl the logs that AWS wrote");
            return false;
        }
        lines_ = "#Fields:";
        for (const std::string& name : schema.field_names()) {
            lines_ += lines_.back() == ':' ? ' ' : '\t';
            append_text(lines_, name);
        }
        lines_ += '\n';
        return true;
    }

    long read(char* out, std::size_t capacity, TrawlParquetError* error)
    {
        while (at_ == lines_.size()) {
            std::shared_ptr<arrow::RecordBatch> batch;
            if (!check(batches_->ReadNext(&batch), error)) {
                return -1;
            }
            if (batch == nullptr) {
                return 0;
            }
            write(*batch);
        }
        const std::size_t count = std::min(capacity, lines_.size() - at_);
        std::memcpy(out, lines_.data() + at_, count);
        at_ += count;
        return static_cast<long>(count);
    }

private:
    static bool check(const arrow::Status& status, TrawlParquetError* error)
    {
        if (!status.ok()) {
            fail(error, "parquet-damaged", status.message());
        }
        return status.ok();
    }

    void write(const arrow::RecordBatch& batch)
    {
        lines_.clear();
        at_ = 0;
        for (std::int64_t row = 0; row < batch.num_rows(); ++row) {
            for (int column = 0; column < batch.num_columns(); ++column) {
                if (column > 0) {
                    lines_ += '\t';
                }
                append_value(lines_, *batch.column(column), row);
            }
            lines_ += '\n';
        }
    }

    std::unique_ptr<::parquet::arrow::FileReader> reader_;
    std::unique_ptr<arrow::RecordBatchReader> batches_;
    std::string lines_;
    std::size_t at_ = 0;
};

arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> open_input(
    const char* path, const char* bytes, std::size_t size)
{
    if (path != nullptr) {
        return arrow::io::ReadableFile::Open(path);
    }
    return std::make_shared<arrow::io::BufferReader>(
        std::make_shared<arrow::Buffer>(reinterpret_cast<const std::uint8_t*>(bytes), static_cast<std::int64_t>(size)));
}

} // namespace

} // namespace trawl::ingest::parquet

using trawl::ingest::parquet::File;

extern "C" void* trawl_parquet_open(const char* path, const char* bytes, std::size_t size, TrawlParquetError* error)
{
    try {
        auto input = trawl::ingest::parquet::open_input(path, bytes, size);
        if (!input.ok()) {
            trawl::ingest::parquet::fail(error, "io", input.status().message());
            return nullptr;
        }
        auto file = std::make_unique<File>();
        return file->open(std::move(*input), error) ? file.release() : nullptr;
    } catch (const std::exception& exception) {
        trawl::ingest::parquet::fail(error, "parquet-damaged", exception.what());
        return nullptr;
    }
}

extern "C" long trawl_parquet_read(void* file, char* out, std::size_t capacity, TrawlParquetError* error)
{
    try {
        return static_cast<File*>(file)->read(out, capacity, error);
    } catch (const std::exception& exception) {
        trawl::ingest::parquet::fail(error, "parquet-damaged", exception.what());
        return -1;
    }
}

extern "C" void trawl_parquet_close(void* file)
{
    std::unique_ptr<File>(static_cast<File*>(file)).reset();
}
