// Runs a fuzz target once over every file below a folder, in the order of their names: how the corpus is replayed by
// ctest in builds without libFuzzer.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int count, char** arguments)
{
    std::vector<std::string> files;
    for (int argument = 1; argument < count; ++argument) {
        const std::filesystem::path path = arguments[argument];
        if (std::filesystem::is_regular_file(path)) {
            files.push_back(path.string());
            continue;
        }
        for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
            if (entry.is_regular_file()) {
                files.push_back(entry.path().string());
            }
        }
    }
    std::sort(files.begin(), files.end());
    for (const std::string& file : files) {
        std::ifstream stream(file, std::ios::binary);
        const std::string text {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
        // An exact copy on the heap, so that a sanitizer sees every byte that is read beyond it.
        const std::vector<std::uint8_t> bytes(text.begin(), text.end());
        std::fprintf(stderr, "%s\n", file.c_str());
        LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    }
    std::printf("%zu inputs replayed\n", files.size());
    return files.empty() ? 1 : 0;
}
