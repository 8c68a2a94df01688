#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace trawl::deliver {

// Where an answer goes, written in large pieces: standard output, a file that appears whole or not at all, or a text.
// Errors: "closed" (the reader of standard output went away), "io" (a full disk included).
class Output {
public:
    static Output standard_output();
    // Writes beside `path` and renames in commit(), so that readers see the old file or the whole new one. What is no
    // regular file (a device, a pipe) is written as it stands; a link keeps pointing where it points.
    static base::Result<Output> file(const std::string& path);
    // `text` must outlive the output.
    static Output into(std::string& text);

    Output(Output&& other) noexcept;
    Output& operator=(Output&&) = delete;
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;
    // What was not committed is thrown away, the temporary file too.
    ~Output();

    base::Result<void> write(std::string_view text);
    // Writes what is left; a file gets its name.
    base::Result<void> commit();

    // The file that is to be removed when the program must end at once; empty when there is none.
    const std::string& temporary() const { return temporary_; }

private:
    Output(int descriptor, std::string name);

    base::Result<void> write_through(std::string_view text);
    tl::unexpected<base::Error> failed() const;

    static constexpr std::size_t buffer_bytes = std::size_t {64} * 1024;

    int descriptor_ = -1;
    bool owns_descriptor_ = false;
    std::string name_; // For messages.
    std::string target_; // Of a file that is renamed.
    std::string temporary_;
    std::string buffer_;
    std::string* text_ = nullptr; // Belongs to the caller of into().
};

} // namespace trawl::deliver
