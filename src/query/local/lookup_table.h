#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/address.h"
#include "base/result.h"

namespace trawl::query::local {

// A CSV table with a header line, read whole. Immutable: workers share it.
class LookupTable {
public:
    // Errors: "io", "query" (no header, a line with another number of fields).
    static base::Result<std::shared_ptr<const LookupTable>> read(const std::string& name, const std::string& path);

    // The position of a column; names are exact.
    std::optional<std::size_t> column(std::string_view name) const;
    const std::vector<std::string>& columns() const { return columns_; }
    std::size_t size() const { return rows_.size(); }
    const std::string& at(std::size_t row, std::size_t column) const { return rows_[row][column]; }

private:
    std::vector<std::string> columns_;
    std::vector<std::vector<std::string>> rows_;
};

// The tables that were bound, each read when a command first names it.
class LookupTables {
public:
    explicit LookupTables(std::map<std::string, std::string> paths) : paths_(std::move(paths)) {}
    base::Result<std::shared_ptr<const LookupTable>> find(const std::string& name);

private:
    std::map<std::string, std::string> paths_;
    std::map<std::string, std::shared_ptr<const LookupTable>> read_;
};

// Reads one record of CSV (RFC 4180: quoted fields may hold line ends) at `at` and moves behind it.
std::vector<std::string> read_csv_record(std::string_view text, std::size_t& at);

} // namespace trawl::query::local
