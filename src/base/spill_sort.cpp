#include "base/spill_sort.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

namespace trawl::base {

namespace {

constexpr std::size_t max_runs = 64; // More are merged into one, so that open files stay few.

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

tl::unexpected<Error> failed(const std::string& path)
{
    return fail("io", path + ": " + std::strerror(errno));
}

Result<void> write_record(std::FILE* file, std::string_view record, const std::string& path)
{
    const auto size = static_cast<std::uint32_t>(record.size());
    if (std::fwrite(&size, sizeof size, 1, file) != 1
        || (size > 0 && std::fwrite(record.data(), size, 1, file) != 1)) {
        return failed(path);
    }
    return {};
}

// Reads a run back, one record at a time.
struct Reader {
    File file {nullptr, &std::fclose};
    std::string record;
    bool valid = false;

    Result<void> advance(const std::string& path)
    {
        std::uint32_t size = 0;
        if (std::fread(&size, sizeof size, 1, file.get()) != 1) {
            valid = false;
            return std::ferror(file.get()) != 0 ? Result<void>(failed(path)) : Result<void>();
        }
        record.resize(size);
        if (size > 0 && std::fread(record.data(), size, 1, file.get()) != 1) {
            return failed(path);
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
    std::string bytes;
    std::vector<std::pair<std::size_t, std::uint32_t>> records; // Start and size in `bytes`.
    std::vector<std::string> runs;                              // Paths, in the order of add().
    std::string own_folder;
    std::uint64_t count = 0;
    std::uint64_t files_made = 0;

    std::string_view at(std::size_t position) const
    {
        return std::string_view(bytes).substr(records[position].first, records[position].second);
    }

    void sort_memory()
    {
        std::vector<std::size_t> order(records.size());
        for (std::size_t i = 0; i < order.size(); ++i) {
            order[i] = i;
        }
        std::stable_sort(order.begin(), order.end(), [this](std::size_t a, std::size_t b) { return less(at(a), at(b)); });
        std::vector<std::pair<std::size_t, std::uint32_t>> sorted;
        sorted.reserve(records.size());
        for (const std::size_t position : order) {
            sorted.push_back(records[position]);
        }
        records = std::move(sorted);
    }

    Result<void> make_folder()
    {
        if (!own_folder.empty()) {
            return {};
        }
        // Unlike mkdtemp, a missing parent is made too: `--temp DIR` may be new.
        static std::atomic<unsigned> sequence {0};
        std::string made = folder.empty() ? std::string("/tmp") : folder;
        for (std::size_t at = 1; at <= made.size(); ++at) {
            if (at == made.size() || made[at] == '/') {
                ::mkdir(made.substr(0, at).c_str(), 0777);
            }
        }
        made += "/trawl-" + std::to_string(::getpid()) + "-" + std::to_string(sequence++) + "-XXXXXX";
        if (::mkdtemp(made.data()) == nullptr) {
            return failed(made);
        }
        own_folder = made;
        return {};
    }

    Result<std::string> open_run(File& file)
    {
        TRY_VOID(make_folder());
        const std::string path = own_folder + "/" + std::to_string(files_made++);
        file.reset(std::fopen(path.c_str(), "wb"));
        if (!file) {
            return failed(path);
        }
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
        for (std::size_t i = 0; i < records.size(); ++i) {
            TRY_VOID(write_record(file.get(), at(i), path));
        }
        TRY_VOID(close_run(file, path));
        runs.push_back(path);
        bytes.clear();
        records.clear();
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

SpillSort::~SpillSort() = default;
SpillSort::SpillSort(SpillSort&&) noexcept = default;
SpillSort& SpillSort::operator=(SpillSort&&) noexcept = default;

Result<void> SpillSort::add(std::string_view record)
{
    State& state = *state_;
    const std::size_t bookkeeping = state.records.size() * sizeof state.records.front();
    if (!state.records.empty() && state.bytes.size() + record.size() + bookkeeping > state.memory_bytes) {
        TRY_VOID(state.spill());
    }
    state.records.emplace_back(state.bytes.size(), static_cast<std::uint32_t>(record.size()));
    state.bytes += record;
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
        for (std::size_t i = 0; i < state.records.size(); ++i) {
            if (!visit(state.at(i))) {
                break;
            }
        }
    }
    state.bytes.clear();
    state.records.clear();
    state.count = 0;
    return {};
}

} // namespace trawl::base
