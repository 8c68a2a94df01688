#pragma once

#include <span>
#include <string_view>

#include "ingest/kinds/log_kind.h"

namespace trawl::ingest::kinds::vpc_flow {

// The fields of VPC and transit gateway flow logs, versions 2 to 10, in the order of their introduction.
std::span<const FieldDescription> fields();

// The default orders, which apply where no header line says otherwise.
std::span<const std::string_view> default_columns();           // Version 2, 14 columns.
std::span<const std::string_view> transit_gateway_columns();   // Version 6, 36 columns.

// Our name of a header word ("srcaddr", "account-id", "pkt_src_aws_service"), or an empty text.
std::string_view column_name(std::string_view header_word);
bool is_number_column(std::string_view name);

} // namespace trawl::ingest::kinds::vpc_flow
