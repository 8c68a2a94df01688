#pragma once

#include <deque>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "event/value.h"

// The text logs of RDS engines. Each reader takes one record (joined lines) and gives named values, or nothing.
namespace trawl::ingest::kinds::rds {

struct Column {
    std::string_view name; // A constant, or kept in Texts.
    event::Value value;    // A view into the record or into Texts.
};

// Texts that readers build.
class Texts {
public:
    // Kept until clear().
    std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }
    // Kept for good, each once: names of columns. Formats have a few dozen; of hostile input the rest share one name.
    std::string_view name(std::string text)
    {
        constexpr std::size_t most = 512;
        if (names_.size() == most && !names_.contains(text)) {
            return "other";
        }
        return *names_.insert(std::move(text)).first;
    }
    void clear() { texts_.clear(); }

private:
    std::deque<std::string> texts_;
    std::set<std::string, std::less<>> names_;
};

enum class TextFormat {
    none,
    postgresql,
    postgresql_csv,
    mysql_audit,
    mysql_slow,
    mysql_error,
    mysql_general,
    sqlserver_error,
    sqlserver_agent,
    oracle_alert, // Or a record of the audit trail as text.
    oracle_xml,
    oracle_listener,
    db2_diag
};

// Whether no other software writes lines like those of the format.
bool is_unmistakable(TextFormat format);

// The format of a record that begins with this line; `none` for lines that begin no record.
TextFormat format_of(std::string_view line);

// Reads a record of the format. False when it is cut or malformed.
bool read_record(TextFormat format, std::string_view record, std::vector<Column>& columns, Texts& texts);

} // namespace trawl::ingest::kinds::rds
