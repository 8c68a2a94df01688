#pragma once

#include <atomic>
#include <memory>
#include <string>

namespace trawl::app::cli {

// Ctrl-C and SIGTERM: asks the work to stop, and ends the program when the work cannot (it waits for input, say), with
// temporary files removed either way. Must be made before any other thread. One owner: main().
class Interruption {
public:
    Interruption();
    ~Interruption();
    Interruption(const Interruption&) = delete;
    Interruption& operator=(const Interruption&) = delete;

    const std::atomic<bool>& flag() const;
    bool happened() const { return flag().load(); }

    // A file or folder that is removed when the program is ended at once.
    void guard(const std::string& path);
    void release(const std::string& path);

private:
    struct Watch;
    std::unique_ptr<Watch> watch_;
};

} // namespace trawl::app::cli
