#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace trawl::ingest {

// A thing to read: a file, or standard input ("-").
struct Object {
    std::string path;
    std::string problem; // Why it cannot be read, when listing already shows it; else empty.
};

// Lists the objects below the given paths: each path in the order given, folders recursively in byte order of their
// names. Folders are read when they are reached, so that listing overlaps with the work. Symbolic links are followed;
// a link back to a folder that is being walked is reported as a problem and not entered.
class ObjectList {
public:
    // Errors: "path" when a path does not exist.
    static base::Result<ObjectList> create(const std::vector<std::string>& paths);

    // The next object, or nothing at the end.
    std::optional<Object> next();

private:
    struct Folder {
        std::string path;
        std::vector<std::string> names; // In reverse order: the next one is at the back.
        std::uint64_t device = 0;
        std::uint64_t inode = 0;
    };
    ObjectList() = default;
    std::optional<Object> enter(const std::string& path);

    std::vector<std::string> paths_; // In reverse order.
    std::vector<Folder> open_;
};

} // namespace trawl::ingest
