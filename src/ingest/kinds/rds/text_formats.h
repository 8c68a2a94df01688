#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "event/value.h"

// The text logs of RDS engines. Each reader takes one record (joined lines) and gives named values, or nothing.
namespace trawl::ingest::kinds::rds {

struct Column {
    std::string_view name; // A constant.
    event::Value value;    // A view into the record or into `storage`.
};

enum class TextFormat {
    none,
    postgresql,
    postgresql_csv,
    mysql_audit,
    mysql_slow,
    mysql_error,
    mysql_general,
    sqlserver_error
};

// The format of a record that begins with this line; `none` for lines that begin no record.
TextFormat format_of(std::string_view line);

// Reads a record of the format. False when it is cut or malformed. Texts that must be built are kept in `storage`.
bool read_record(
    TextFormat format, std::string_view record, std::vector<Column>& columns, std::deque<std::string>& storage);

} // namespace trawl::ingest::kinds::rds
