#pragma once

#include <optional>
#include <string>

#include "app/cli/arguments.h"
#include "app/cli/session.h"

namespace trawl::app::cli {

// The folder of one run below --temp, for what does not fit in memory; removed with everything in it.
class RunFolder {
public:
    // Nothing when --temp cannot be used; that was told.
    static std::optional<RunFolder> create(const Arguments& arguments, Session& session);

    RunFolder(RunFolder&& other) noexcept;
    RunFolder& operator=(RunFolder&&) = delete;
    RunFolder(const RunFolder&) = delete;
    RunFolder& operator=(const RunFolder&) = delete;
    ~RunFolder();

    const std::string& path() const { return path_; }

private:
    RunFolder(std::string path, bool owned, Interruption& interruption)
        : path_(std::move(path)), owned_(owned), interruption_(&interruption)
    {
    }

    std::string path_;
    bool owned_;
    Interruption* interruption_; // Belongs to main().
};

} // namespace trawl::app::cli
