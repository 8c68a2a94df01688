#include "app/rule_files.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "app/builtin_rules.h"
#include "base/file.h"
#include "ingest/kinds/log_kind.h"

namespace trawl::app {

namespace {

namespace fs = std::filesystem;

bool is_rule_file(const fs::path& path)
{
    return path.extension() == ".yml" || path.extension() == ".yaml";
}

base::Result<void> add_folder(const std::string& folder, std::vector<std::string>& found)
{
    std::error_code error;
    fs::recursive_directory_iterator at(folder, fs::directory_options::follow_directory_symlink, error);
    std::vector<std::string> below;
    for (const fs::recursive_directory_iterator end; !error && at != end; at.increment(error)) {
        // A rule file is small; links back to a folder above end by the depth.
        constexpr int max_depth = 32;
        if (at.depth() > max_depth) {
            at.disable_recursion_pending();
        }
        std::error_code ignored;
        if (is_rule_file(at->path()) && at->is_regular_file(ignored)) {
            below.push_back(at->path().string());
        }
    }
    if (error) {
        return base::fail("path", folder + ": " + error.message());
    }
    std::sort(below.begin(), below.end());
    found.insert(found.end(), below.begin(), below.end());
    return {};
}

} // namespace

base::Result<std::vector<detect::RuleFile>> read_rule_files(const std::vector<std::string>& paths)
{
    std::vector<std::string> found;
    for (const std::string& path : paths) {
        std::error_code error;
        const fs::file_status status = fs::status(path, error);
        if (!fs::exists(status)) {
            return base::fail("path", path + ": no such file or folder");
        }
        if (fs::is_directory(status)) {
            TRY_VOID(add_folder(path, found));
        } else {
            found.push_back(path);
        }
    }
    std::vector<detect::RuleFile> files;
    for (const std::string& path : found) {
        auto text = base::read_file(path);
        if (!text) {
            return base::fail("path", text.error().message);
        }
        // The lists of a checkout lie beside its rules.
        const bool is_lists = fs::path(path).filename() == "lists.yml" && text->find("\nlists:") != std::string::npos;
        if (!is_lists) {
            files.push_back({path, std::move(*text), false, {}});
        }
    }
    return files;
}

query::Lists read_rule_lists(const std::string& user_file, std::vector<base::Diagnostic>& diagnostics)
{
    query::Lists lists = query::parse_lists(builtin_lists(), "rules/lists.yml", ".", diagnostics);
    for (auto& [name, list] : lists) {
        list.is_default = true;
    }
    if (!user_file.empty()) {
        for (auto& [name, list] : query::read_lists(user_file, diagnostics)) {
            lists[name] = std::move(list);
        }
    }
    return lists;
}

std::map<std::string, std::string> kind_views()
{
    std::map<std::string, std::string> views;
    for (const ingest::LogKind* const kind : ingest::kind_table()) {
        if (!kind->view_of.empty()) {
            views.emplace(kind->id, kind->view_of);
        }
    }
    return views;
}

std::string text_of(const base::Diagnostic& diagnostic, const std::vector<detect::RuleFile>& files)
{
    const auto found = std::find_if(
        files.begin(), files.end(), [&](const detect::RuleFile& file) { return file.path == diagnostic.file; });
    if (found != files.end()) {
        return found->text;
    }
    return diagnostic.file.empty() ? std::string() : base::read_file(diagnostic.file).value_or(std::string());
}

} // namespace trawl::app
