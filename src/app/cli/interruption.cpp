#include "app/cli/interruption.h"

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <mutex>
#include <set>
#include <system_error>
#include <thread>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/check.h"

namespace trawl::app::cli {

namespace {

constexpr int patience_milliseconds = 1000;
constexpr int status_of_a_signal = 128;

// Why the watch woke up.
enum class Woken { signal, ended, time_up };

sigset_t watched_signals()
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    return signals;
}

} // namespace

struct Interruption::Watch {
    std::atomic<bool> stop = false;
    int signals = -1;
    int ended = -1; // Readable when the watch is over.
    sigset_t before {};
    std::mutex mutex;
    std::set<std::string> guarded;
    std::thread thread;

    void run()
    {
        int first = 0;
        if (wait(-1, first) != Woken::signal) {
            return;
        }
        stop = true;
        // The second Ctrl-C does not wait.
        int second = 0;
        if (wait(patience_milliseconds, second) == Woken::ended) {
            return;
        }
        remove_guarded();
        ::_exit(status_of_a_signal + first);
    }

    Woken wait(int milliseconds, int& signal) const
    {
        struct pollfd descriptors[2] = {{signals, POLLIN, 0}, {ended, POLLIN, 0}};
        while (true) {
            const int ready = ::poll(descriptors, 2, milliseconds);
            if (ready < 0 && errno == EINTR) {
                continue;
            }
            if (ready == 0) {
                return Woken::time_up;
            }
            if (ready < 0 || (descriptors[1].revents & POLLIN) != 0) {
                return Woken::ended;
            }
            struct signalfd_siginfo information {};
            if (::read(signals, &information, sizeof information) == static_cast<ssize_t>(sizeof information)) {
                signal = static_cast<int>(information.ssi_signo);
                return Woken::signal;
            }
        }
    }

    void remove_guarded()
    {
        const std::lock_guard lock(mutex);
        for (const std::string& path : guarded) {
            // Once more where a worker has just put something into the folder.
            for (int attempt = 0; attempt < 3; ++attempt) {
                std::error_code error;
                std::filesystem::remove_all(path, error);
                if (!error) {
                    break;
                }
            }
        }
    }
};

Interruption::Interruption() : watch_(std::make_unique<Watch>())
{
    // Threads made from here on inherit the mask, so that the watch alone sees these signals.
    const sigset_t signals = watched_signals();
    ::pthread_sigmask(SIG_BLOCK, &signals, &watch_->before);
    watch_->signals = ::signalfd(-1, &signals, SFD_CLOEXEC);
    watch_->ended = ::eventfd(0, EFD_CLOEXEC);
    if (watch_->signals < 0 || watch_->ended < 0) {
        ::pthread_sigmask(SIG_SETMASK, &watch_->before, nullptr);
        return;
    }
    watch_->thread = std::thread([watch = watch_.get()] { watch->run(); });
}

Interruption::~Interruption()
{
    if (watch_->thread.joinable()) {
        const std::uint64_t one = 1;
        TRAWL_CHECK(::write(watch_->ended, &one, sizeof one) == sizeof one, "an event counter takes a one");
        watch_->thread.join();
    }
    ::close(watch_->signals);
    ::close(watch_->ended);
}

const std::atomic<bool>& Interruption::flag() const
{
    return watch_->stop;
}

void Interruption::guard(const std::string& path)
{
    if (!path.empty()) {
        const std::lock_guard lock(watch_->mutex);
        watch_->guarded.insert(path);
    }
}

void Interruption::release(const std::string& path)
{
    const std::lock_guard lock(watch_->mutex);
    watch_->guarded.erase(path);
}

} // namespace trawl::app::cli
