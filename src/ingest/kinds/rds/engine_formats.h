#pragma once

#include <string_view>
#include <vector>

#include "ingest/kinds/rds/text_formats.h"

// The logs of Oracle, Db2 and SQL Server's agent. Sources: Oracle Database Administrator's Guide (alert log), Security
// Guide (audit trail), Net Services Administrator's Guide (listener log), IBM Db2 "Interpreting diagnostic log file
// entries", SQL Server "SQL Server Agent error log".
namespace trawl::ingest::kinds::rds {

// Whether the line begins a record of the format.
bool begins_oracle_alert(std::string_view line); // A time alone on its line; an audit record of text begins so too.
bool begins_oracle_xml(std::string_view line);   // <msg … of the alert log, <AuditRecord> of the audit trail.
bool begins_oracle_listener(std::string_view line);
bool begins_db2_diag(std::string_view line);
bool begins_sqlserver_agent(std::string_view line);

// Each gives the values of a record, or false when it is cut or malformed. Names that the formats do not fix are kept in
// `names`.
bool read_oracle_alert(std::string_view record, std::vector<Column>& columns, Texts& texts);
bool read_oracle_xml(std::string_view record, std::vector<Column>& columns, Texts& texts);
bool read_oracle_listener(std::string_view record, std::vector<Column>& columns, Texts& texts);
bool read_db2_diag(std::string_view record, std::vector<Column>& columns, Texts& texts);
bool read_sqlserver_agent(std::string_view record, std::vector<Column>& columns);

} // namespace trawl::ingest::kinds::rds
