#include "query/local/lookup_table.h"

#include <algorithm>

#include "base/file.h"
#include "base/text.h"

namespace trawl::query::local {

std::vector<std::string> read_csv_record(std::string_view text, std::size_t& at)
{
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (quoted) {
            if (c != '"') {
                fields.back().push_back(c);
            } else if (at + 1 < text.size() && text[at + 1] == '"') {
                fields.back().push_back('"');
                ++at;
            } else {
                quoted = false;
            }
            continue;
        }
        if (c == '"' && fields.back().empty()) {
            quoted = true;
        } else if (c == ',') {
            fields.emplace_back();
        } else if (c == '\n') {
            ++at;
            break;
        } else if (c != '\r' || (at + 1 < text.size() && text[at + 1] != '\n')) {
            fields.back().push_back(c);
        }
    }
    return fields;
}

base::Result<std::shared_ptr<const LookupTable>> LookupTable::read(const std::string& name, const std::string& path)
{
    TRY(const auto content, base::read_file(path));
    std::string_view text = content;
    if (text.starts_with("\xEF\xBB\xBF")) {
        text.remove_prefix(3);
    }
    std::size_t at = 0;
    auto table = std::make_shared<LookupTable>();
    if (base::trim(text).empty()) {
        return base::fail("query", "table " + name + " is empty: " + path);
    }
    for (const std::string& column : read_csv_record(text, at)) {
        table->columns_.emplace_back(base::trim(column));
    }
    while (at < text.size()) {
        const std::size_t start = at;
        auto row = read_csv_record(text, at);
        if (row.size() == 1 && row.front().empty()) {
            continue;
        }
        if (row.size() != table->columns_.size()) {
            const auto line = 1 + std::ranges::count(text.substr(0, start), '\n');
            return base::fail("query",
                "table " + name + ": line " + std::to_string(line) + " has " + std::to_string(row.size())
                    + " fields, the header has " + std::to_string(table->columns_.size()) + ": " + path);
        }
        table->rows_.push_back(std::move(row));
    }
    return std::shared_ptr<const LookupTable>(std::move(table));
}

std::optional<std::size_t> LookupTable::column(std::string_view name) const
{
    const auto found = std::ranges::find(columns_, name);
    return found == columns_.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - columns_.begin()));
}

base::Result<std::shared_ptr<const LookupTable>> LookupTables::find(const std::string& name)
{
    auto& table = read_[name];
    if (table == nullptr) {
        const auto path = paths_.find(name);
        if (path == paths_.end()) {
            return base::fail("query", "the table " + name + " is not bound; write --table " + name + "=FILE.csv");
        }
        TRY(table, LookupTable::read(name, path->second));
    }
    return table;
}

} // namespace trawl::query::local
