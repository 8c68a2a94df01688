#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "app/pipeline.h"

namespace trawl::app::cli {

// One line on the terminal while the work is long: what is done, bytes, events a second, time left. How much there is to
// do is found out on the side, by listing the objects once more.
class ProgressBar {
public:
    ProgressBar(std::vector<std::string> paths, std::size_t width);
    ~ProgressBar();
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    void show(const Progress& progress);
    // Takes the line away.
    void clear();

private:
    class Survey;

    std::string line(const Progress& progress, double seconds) const;

    std::unique_ptr<Survey> survey_;
    std::size_t width_;
    std::chrono::steady_clock::time_point start_;
    bool visible_ = false;
};

} // namespace trawl::app::cli
