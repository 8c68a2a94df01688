#include "app/cli/run_folder.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace trawl::app::cli {

std::optional<RunFolder> RunFolder::create(const Arguments& arguments, Session& session)
{
    std::string base = arguments.text("temp");
    const bool asked = !base.empty();
    std::error_code error;
    if (asked) {
        std::filesystem::create_directories(base, error);
    } else {
        base = std::filesystem::temp_directory_path(error).string();
        if (base.empty()) {
            base = "/tmp";
        }
    }
    std::string made = base + "/trawl-XXXXXX";
    if (::mkdtemp(made.data()) != nullptr) {
        session.interruption.guard(made);
        return RunFolder(std::move(made), true, session.interruption);
    }
    if (asked) {
        session.messages.error("C006", "--temp cannot be written: " + base + ": " + std::strerror(errno));
        return {};
    }
    // Seldom needed: who spills will say why it cannot.
    return RunFolder(std::move(base), false, session.interruption);
}

RunFolder::RunFolder(RunFolder&& other) noexcept
    : path_(std::move(other.path_)), owned_(std::exchange(other.owned_, false)), interruption_(other.interruption_)
{
}

RunFolder::~RunFolder()
{
    if (owned_) {
        std::error_code ignored; // What is left behind lies in a folder for temporary files.
        std::filesystem::remove_all(path_, ignored);
        interruption_->release(path_);
    }
}

} // namespace trawl::app::cli
