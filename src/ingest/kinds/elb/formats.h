#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "ingest/kinds/column_layout.h"
#include "ingest/kinds/log_kind.h"

namespace trawl::ingest::kinds::elb {

enum class FormatType : std::size_t { application, classic, network, connection, health_check };
constexpr std::size_t format_count = 5;

// A format: its columns as AWS's page names them, in order. "client:port" stands for two values in one column.
struct Format {
    FormatType type;
    std::vector<std::string_view> columns;
    std::size_t required; // Columns that the oldest lines have.
};

// How a column is written: as one value, as address and port, as a request line, as a list of quoted names.
enum class Form : std::uint8_t { value, endpoint, request, quoted_list };
// The forms of a format's columns.
const std::vector<Form>& forms(FormatType type);

std::span<const FieldDescription> fields();

// The format of a line that is cut into columns, or nullptr.
const Format* recognise_format(const std::vector<std::string_view>& columns);

// The layout of each format by FormatType, with address and port, and the parts of the request, as columns of their own.
const std::array<ColumnLayout, format_count>& format_layouts();

} // namespace trawl::ingest::kinds::elb
