#include "ingest/codec/parquet_stream.h"

#include <filesystem>
#include <system_error>

#include <dlfcn.h>

#include "ingest/parquet/interface.h"

namespace trawl::ingest {

namespace {

constexpr std::string_view magic = "PAR1";
constexpr std::string_view library_name = "trawl_parquet.so";

// The library's functions, or why they cannot be had.
struct Library {
    TrawlParquetOpen* open = nullptr;
    TrawlParquetRead* read = nullptr;
    TrawlParquetClose* close = nullptr;
    std::string problem;
};

template <typename Function> void find(void* library, const char* name, Function*& function)
{
    // POSIX gives functions as data pointers.
    function = reinterpret_cast<Function*>(::dlsym(library, name));
}

Library load_library()
{
    Library loaded;
    std::error_code error;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
    const std::string path = (program.parent_path() / library_name).string();
    // Loaded once and kept: what it registers with the system must not go away.
    void* const library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (library == nullptr) {
        loaded.problem = "Parquet files are read by " + std::string(library_name)
            + ", which is not beside the program or does not load";
        return loaded;
    }
    find(library, "trawl_parquet_open", loaded.open);
    find(library, "trawl_parquet_read", loaded.read);
    find(library, "trawl_parquet_close", loaded.close);
    if (loaded.open == nullptr || loaded.read == nullptr || loaded.close == nullptr) {
        loaded.problem = path + " is no library of trawl";
    }
    return loaded;
}

const Library& library()
{
    static const Library loaded = load_library();
    return loaded;
}

class ParquetStream final : public ByteStream {
public:
    explicit ParquetStream(void* file) : file_(file) {}
    ~ParquetStream() override { library().close(file_); }
    ParquetStream(const ParquetStream&) = delete;
    ParquetStream& operator=(const ParquetStream&) = delete;

    base::Result<std::size_t> read(char* out, std::size_t capacity) override
    {
        TrawlParquetError error {};
        const long count = library().read(file_, out, capacity, &error);
        if (count < 0) {
            return base::fail(error.code, error.reason);
        }
        return static_cast<std::size_t>(count);
    }

private:
    void* file_;
};

base::Result<std::unique_ptr<ByteStream>> open(const char* path, std::string_view bytes)
{
    if (!library().problem.empty()) {
        return base::fail("format-not-read", library().problem);
    }
    TrawlParquetError error {};
    void* const file = library().open(path, bytes.data(), bytes.size(), &error);
    if (file == nullptr) {
        return base::fail(error.code, error.reason);
    }
    return std::unique_ptr<ByteStream>(std::make_unique<ParquetStream>(file));
}

} // namespace

bool is_parquet(std::string_view bytes)
{
    return bytes.starts_with(magic);
}

base::Result<std::unique_ptr<ByteStream>> open_parquet(const std::string& path)
{
    return open(path.c_str(), {});
}

base::Result<std::unique_ptr<ByteStream>> open_parquet_bytes(std::string_view bytes)
{
    return open(nullptr, bytes);
}

} // namespace trawl::ingest
