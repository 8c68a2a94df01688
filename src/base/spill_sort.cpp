#include "base/spill_sort.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/check.h"

namespace trawl::base {

namespace {

constexpr std::size_t max_runs = 64; // More are merged into one, so that open files stay few.
constexpr std::size_t buffer_bytes = std::size_t {64} * 1024;
// What a record costs beside its bytes: its view, the copy of it while sorting, and the padding of the arena.
constexpr std::size_t record_overhead = 2 * sizeof(std::string_view) + 8;
constexpr std::size_t key_overhead = 32; // The beginning of its key while sorting.

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

tl::unexpected<Error> failed(const std::string& path)
{
    return fail("io", path + ": " + std::strerror(errno));
}

Result<void> write_record(std::FILE* file, std::string_view record, const std::string& path)
{
    const std::uint64_t size = record.size();
    if (std::fwrite(&size, sizeof size, 1, file) != 1 || (size > 0 && std::fwrite(record.data(), size, 1, file) != 1)) {
        return failed(path);
    }
    return {};
}

// The number whose order is that of the bytes in memory.
std::uint64_t big_endian(std::uint64_t word)
{
    if constexpr (std::endian::native == std::endian::little) {
        return __builtin_bswap64(word);
    }
    return word;
}

// Reads a run back, one record at a time.
struct Reader {
    File file {nullptr, &std::fclose};
    std::string record;
    bool valid = false;

    Result<void> advance(const std::string& path)
    {
        std::uint64_t size = 0;
        if (std::fread(&size, sizeof size, 1, file.get()) != 1) {
            valid = false;
            return std::ferror(file.get()) != 0 ? Result<void>(failed(path)) : Result<void>();
        }
        record.resize(size);
        if (size > 0 && std::fread(record.data(), size, 1, file.get()) != 1) {
            return std::ferror(file.get()) != 0 ? failed(path) : fail("io", path + ": the file was cut");
        }
        valid = true;
        return {};
    }
};

} // namespace

struct SpillSort::State {
    std::string folder;
    std::size_t memory_bytes;
    Less less;
    std::size_t key_bytes = 0;             // 0: only `less` knows the order.
    Arena bytes;
    std::vector<std::string_view> records; // In `bytes`.
    std::size_t used = 0;                  // About how much the two take.
    std::vector<std::string> runs;         // Paths, in the order of add().
    std::string own_folder;
    std::uint64_t count = 0;
    std::uint64_t files_made = 0;

    void sort_memory()
    {
        if (key_bytes > 0) {
            sort_by_key();
            return;
        }
        std::stable_sort(
            records.begin(), records.end(), [this](std::string_view a, std::string_view b) { return less(a, b); });
    }

    // Sorts the beginnings of the keys side by side in memory, so that comparing seldom looks at a record.
    void sort_by_key()
    {
        struct Beginning {
            std::uint64_t words[3];
            std::size_t position;
        };
        std::vector<Beginning> beginnings(records.size());
        for (std::size_t i = 0; i < records.size(); ++i) {
            std::memcpy(beginnings[i].words, records[i].data(), sizeof beginnings[i].words);
            for (std::uint64_t& word : beginnings[i].words) {
                word = big_endian(word);
            }
            beginnings[i].position = i;
        }
        const auto earlier = [this](const Beginning& a, const Beginning& b) {
            for (std::size_t i = 0; i < 3; ++i) {
                if (a.words[i] != b.words[i]) {
                    return a.words[i] < b.words[i];
                }
            }
            const int order = std::memcmp(records[a.position].data() + sizeof a.words,
                records[b.position].data() + sizeof b.words, key_bytes - sizeof a.words);
            return order != 0 ? order < 0 : a.position < b.position;
        };
        std::sort(beginnings.begin(), beginnings.end(), earlier);
        std::vector<std::string_view> sorted(records.size());
        for (std::size_t i = 0; i < records.size(); ++i) {
            sorted[i] = records[beginnings[i].position];
        }
        records = std::move(sorted);
    }

    void forget_memory()
    {
        bytes.reset();
        records.clear();
        used = 0;
    }

    Result<void> make_folder()
    {
        if (!own_folder.empty()) {
            return {};
        }
        // Unlike mkdtemp, a missing parent is made too: `--temp DIR` may be new.
        const std::string parent = folder.empty() ? std::string("/tmp") : folder;
        std::string made = parent;
        for (std::size_t at = 1; at <= made.size(); ++at) {
            if (at == made.size() || made[at] == '/') {
                ::mkdir(made.substr(0, at).c_str(), 0777);
            }
        }
        made += "/trawl-XXXXXX";
        if (::mkdtemp(made.data()) == nullptr) {
            return failed(parent);
        }
        own_folder = made;
        return {};
    }

    Result<std::string> open_run(File& file)
    {
        TRY_VOID(make_folder());
        std::string path = own_folder + "/" + std::to_string(files_made++);
        file.reset(std::fopen(path.c_str(), "wb"));
        if (!file) {
            return failed(path);
        }
        std::setvbuf(file.get(), nullptr, _IOFBF, buffer_bytes);
        return path;
    }

    Result<void> close_run(File& file, const std::string& path)
    {
        if (std::fclose(file.release()) != 0) {
            return failed(path);
        }
        return {};
    }

    Result<void> spill()
    {
        sort_memory();
        File file(nullptr, &std::fclose);
        TRY(const std::string path, open_run(file));
        for (const std::string_view record : records) {
            TRY_VOID(write_record(file.get(), record, path));
        }
        TRY_VOID(close_run(file, path));
        runs.push_back(path);
        forget_memory();
        if (runs.size() >= max_runs) {
            File merged(nullptr, &std::fclose);
            TRY(const std::string merged_path, open_run(merged));
            Result<void> written;
            TRY_VOID(merge([&](std::string_view record) {
                written = write_record(merged.get(), record, merged_path);
                return written.has_value();
            }));
            TRY_VOID(std::move(written));
            TRY_VOID(close_run(merged, merged_path));
            remove_runs();
            runs.push_back(merged_path);
        }
        return {};
    }

    // Visits the records of all runs in order; of equal ones, that of the earlier run first.
    Result<void> merge(const std::function<bool(std::string_view)>& visit)
    {
        std::vector<Reader> readers(runs.size());
        for (std::size_t i = 0; i < runs.size(); ++i) {
            readers[i].file.reset(std::fopen(runs[i].c_str(), "rb"));
            if (!readers[i].file) {
                return failed(runs[i]);
            }
            std::setvbuf(readers[i].file.get(), nullptr, _IOFBF, buffer_bytes);
            TRY_VOID(readers[i].advance(runs[i]));
        }
        const auto later = [&](std::size_t a, std::size_t b) {
            if (less(readers[b].record, readers[a].record)) {
                return true;
            }
            return !less(readers[a].record, readers[b].record) && a > b;
        };
        std::vector<std::size_t> heap;
        for (std::size_t i = 0; i < readers.size(); ++i) {
            if (readers[i].valid) {
                heap.push_back(i);
            }
        }
        std::make_heap(heap.begin(), heap.end(), later);
        while (!heap.empty()) {
            std::pop_heap(heap.begin(), heap.end(), later);
            const std::size_t first = heap.back();
            if (!visit(readers[first].record)) {
                return {};
            }
            TRY_VOID(readers[first].advance(runs[first]));
            if (readers[first].valid) {
                std::push_heap(heap.begin(), heap.end(), later);
            } else {
                heap.pop_back();
            }
        }
        return {};
    }

    void remove_runs()
    {
        for (const std::string& path : runs) {
            ::unlink(path.c_str());
        }
        runs.clear();
    }

    ~State()
    {
        remove_runs();
        for (std::uint64_t i = 0; i < files_made; ++i) {
            ::unlink((own_folder + "/" + std::to_string(i)).c_str());
        }
        if (!own_folder.empty()) {
            ::rmdir(own_folder.c_str());
        }
    }
};

SpillSort::SpillSort(std::string folder, std::size_t memory_bytes, Less less) : state_(std::make_unique<State>())
{
    state_->folder = std::move(folder);
    state_->memory_bytes = memory_bytes;
    state_->less = std::move(less);
}

SpillSort::SpillSort(std::string folder, std::size_t memory_bytes, std::size_t key_bytes)
    : SpillSort(std::move(folder), memory_bytes, [key_bytes](std::string_view a, std::string_view b) {
          return std::memcmp(a.data(), b.data(), key_bytes) < 0;
      })
{
    TRAWL_CHECK(key_bytes >= 24, "shorter keys have no use");
    state_->key_bytes = key_bytes;
}

SpillSort::~SpillSort() = default;
SpillSort::SpillSort(SpillSort&&) noexcept = default;
SpillSort& SpillSort::operator=(SpillSort&&) noexcept = default;

Result<void> SpillSort::add(std::string_view record)
{
    State& state = *state_;
    TRAWL_CHECK(record.size() >= state.key_bytes, "a record begins with its whole key");
    const std::size_t cost = record.size() + record_overhead + (state.key_bytes > 0 ? key_overhead : 0);
    if (!state.records.empty() && state.used + cost > state.memory_bytes) {
        TRY_VOID(state.spill());
    }
    state.records.push_back(state.bytes.copy(record));
    state.used += cost;
    ++state.count;
    return {};
}

std::uint64_t SpillSort::size() const
{
    return state_->count;
}

Result<void> SpillSort::drain(const std::function<bool(std::string_view)>& visit)
{
    State& state = *state_;
    if (!state.runs.empty()) {
        if (!state.records.empty()) {
            TRY_VOID(state.spill());
        }
        TRY_VOID(state.merge(visit));
        state.remove_runs();
    } else {
        state.sort_memory();
        for (const std::string_view record : state.records) {
            if (!visit(record)) {
                break;
            }
        }
    }
    state.forget_memory();
    state.count = 0;
    return {};
}

} // namespace trawl::base
