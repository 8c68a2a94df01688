// What every reader of .json.gz must do at the least: reads each file below a folder whole and decompresses it with
// libdeflate into a buffer that is used again. `make bench` gives trawl's times as multiples of this one's.
//
//     bench_inflate_only FOLDER THREADS

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <libdeflate.h>
#include <unistd.h>

namespace {

std::vector<std::string> files_below(const char* folder)
{
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) {
            files.push_back(entry.path().string());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

bool read_whole(const std::string& path, std::vector<char>& bytes, std::size_t& size)
{
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return false;
    }
    size = 0;
    for (;;) {
        if (bytes.size() - size < 64 * 1024) {
            bytes.resize(bytes.size() + 1024 * 1024);
        }
        const ssize_t count = read(file, bytes.data() + size, bytes.size() - size);
        if (count <= 0) {
            close(file);
            return count == 0;
        }
        size += static_cast<std::size_t>(count);
    }
}

} // namespace

int main(int count, char** arguments)
{
    if (count != 3) {
        std::fputs("usage: bench_inflate_only FOLDER THREADS\n", stderr);
        return 2;
    }
    const std::vector<std::string> files = files_below(arguments[1]);
    std::atomic<std::size_t> next {0};
    std::atomic<std::uint64_t> total {0};
    std::atomic<bool> failed {false};

    const auto work = [&] {
        libdeflate_decompressor* const decompressor = libdeflate_alloc_decompressor();
        std::vector<char> compressed(1024 * 1024);
        std::vector<char> plain(8 * 1024 * 1024);
        for (std::size_t at = next++; at < files.size(); at = next++) {
            std::size_t size = 0;
            if (!read_whole(files[at], compressed, size)) {
                failed = true;
                break;
            }
            for (std::size_t from = 0; from < size;) {
                std::size_t used = 0;
                std::size_t made = 0;
                const libdeflate_result result = libdeflate_gzip_decompress_ex(
                    decompressor, compressed.data() + from, size - from, plain.data(), plain.size(), &used, &made);
                if (result == LIBDEFLATE_INSUFFICIENT_SPACE) {
                    plain.resize(2 * plain.size());
                    continue;
                }
                if (result != LIBDEFLATE_SUCCESS) {
                    failed = true;
                    break;
                }
                from += used;
                total += made;
            }
        }
        libdeflate_free_decompressor(decompressor);
    };
    std::vector<std::thread> threads;
    for (int thread = 1; thread < std::atoi(arguments[2]); ++thread) {
        threads.emplace_back(work);
    }
    work();
    for (std::thread& thread : threads) {
        thread.join();
    }
    std::printf("%llu\n", static_cast<unsigned long long>(total.load()));
    return failed ? 1 : 0;
}
