#include "app/cli/progress_bar.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <thread>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "deliver/finding_text.h"
#include "deliver/printable.h"
#include "ingest/source/object_list.h"

namespace trawl::app::cli {

namespace {

constexpr double patience_seconds = 0.7; // Short work needs no bar.
constexpr std::size_t most_surveyed = 20'000'000;

void tell(std::string_view text)
{
    // A terminal that is gone is no reason to stop.
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
}

std::string duration(double seconds)
{
    const auto whole = static_cast<std::int64_t>(std::ceil(std::clamp(seconds, 0.0, 359'999.0)));
    if (whole >= 3600) {
        return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
    }
    return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

} // namespace

// Lists the objects in the order in which they are read and adds up their sizes.
class ProgressBar::Survey {
public:
    explicit Survey(std::vector<std::string> paths) : thread_([this, paths = std::move(paths)] { run(paths); }) {}

    ~Survey()
    {
        stop_ = true;
        thread_.join();
    }
    Survey(const Survey&) = delete;
    Survey& operator=(const Survey&) = delete;

    struct Known {
        std::uint64_t done = 0;  // Bytes of the first objects, as they lie there.
        std::uint64_t total = 0;
        std::uint64_t objects = 0;
        bool complete = false;
    };
    Known known(std::uint64_t objects_done) const
    {
        const std::lock_guard lock(mutex_);
        Known result;
        result.objects = sums_.size();
        result.complete = complete_;
        result.total = sums_.empty() ? 0 : sums_.back();
        if (objects_done > 0 && !sums_.empty()) {
            result.done = sums_[std::min<std::size_t>(objects_done, sums_.size()) - 1];
        }
        return result;
    }

private:
    void run(const std::vector<std::string>& paths)
    {
        auto list = ingest::ObjectList::create(paths);
        if (!list) {
            return;
        }
        std::uint64_t sum = 0;
        while (!stop_) {
            const auto object = list->next();
            struct stat status {};
            if (object && ::stat(object->path.c_str(), &status) == 0 && S_ISREG(status.st_mode)) {
                sum += static_cast<std::uint64_t>(status.st_size);
            }
            const std::lock_guard lock(mutex_);
            if (!object || sums_.size() >= most_surveyed) {
                complete_ = !object;
                return;
            }
            sums_.push_back(sum);
        }
    }

    mutable std::mutex mutex_;
    std::vector<std::uint64_t> sums_;
    bool complete_ = false;
    std::atomic<bool> stop_ = false;
    std::thread thread_; // The last member: it uses the others.
};

ProgressBar::ProgressBar(std::vector<std::string> paths, std::size_t width)
    : survey_(std::make_unique<Survey>(std::move(paths))), width_(width), start_(std::chrono::steady_clock::now())
{
}

ProgressBar::~ProgressBar()
{
    clear();
}

void ProgressBar::show(const Progress& progress)
{
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    if (seconds < patience_seconds) {
        return;
    }
    visible_ = true;
    std::string text = "\r";
    deliver::append_cut(text, line(progress, seconds), width_ > 1 ? width_ - 1 : 79, deliver::Pad::none);
    tell(text + "\033[K");
}

void ProgressBar::clear()
{
    if (visible_) {
        visible_ = false;
        tell("\r\033[K");
    }
}

std::string ProgressBar::line(const Progress& progress, double seconds) const
{
    const Survey::Known known = survey_->known(progress.objects_done);
    const auto rate = static_cast<std::uint64_t>(static_cast<double>(progress.events) / seconds);
    const std::string events = deliver::with_commas(rate) + " events/s";
    if (!known.complete || known.total == 0) {
        return fmt::format("{} objects  {}  {}", deliver::with_commas(progress.objects_done),
            deliver::bytes_for_people(known.done), events);
    }
    const double share = static_cast<double>(known.done) / static_cast<double>(known.total);
    constexpr std::size_t cells = 24;
    const auto full = static_cast<std::size_t>(share * cells);
    std::string bar;
    for (std::size_t i = 0; i < cells; ++i) {
        bar += i < full ? "█" : "░";
    }
    const std::string left = share > 0 ? duration(seconds * (1 - share) / share) + " left" : "";
    return fmt::format("{} {:3.0f} %  {} of {}  {}  {}", bar, std::floor(share * 100),
        deliver::bytes_for_people(known.done), deliver::bytes_for_people(known.total), events, left);
}

} // namespace trawl::app::cli
