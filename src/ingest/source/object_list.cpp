#include "ingest/source/object_list.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <dirent.h>
#include <sys/stat.h>

namespace trawl::ingest {

base::Result<ObjectList> ObjectList::create(const std::vector<std::string>& paths)
{
    ObjectList list;
    for (const std::string& path : paths) {
        struct stat status {};
        if (path != "-" && ::stat(path.c_str(), &status) != 0) {
            return base::fail("path", path + ": " + std::strerror(errno));
        }
    }
    list.paths_.assign(paths.rbegin(), paths.rend());
    return list;
}

// Returns the object at `path` when it is one; opens it when it is a folder.
std::optional<Object> ObjectList::enter(const std::string& path)
{
    struct stat status {};
    if (path == "-") {
        return Object {path, {}};
    }
    if (::stat(path.c_str(), &status) != 0) {
        return Object {path, std::strerror(errno)};
    }
    if (!S_ISDIR(status.st_mode)) {
        return Object {path, {}};
    }
    for (const Folder& above : open_) {
        if (above.device == status.st_dev && above.inode == status.st_ino) {
            return Object {path, "a loop of links: it leads back to " + above.path};
        }
    }
    DIR* const directory = ::opendir(path.c_str());
    if (directory == nullptr) {
        return Object {path, std::strerror(errno)};
    }
    Folder folder {path, {}, status.st_dev, status.st_ino};
    while (const dirent* entry = ::readdir(directory)) {
        const std::string_view name = entry->d_name;
        if (name != "." && name != "..") {
            folder.names.emplace_back(name);
        }
    }
    ::closedir(directory);
    std::sort(folder.names.rbegin(), folder.names.rend());
    open_.push_back(std::move(folder));
    return std::nullopt;
}

std::optional<Object> ObjectList::next()
{
    while (true) {
        std::string path;
        if (!open_.empty()) {
            Folder& folder = open_.back();
            if (folder.names.empty()) {
                open_.pop_back();
                continue;
            }
            path = folder.path;
            if (path.empty() || path.back() != '/') {
                path += '/';
            }
            path += folder.names.back();
            folder.names.pop_back();
        } else if (!paths_.empty()) {
            path = std::move(paths_.back());
            paths_.pop_back();
        } else {
            return std::nullopt;
        }
        if (auto object = enter(path)) {
            return object;
        }
    }
}

} // namespace trawl::ingest
