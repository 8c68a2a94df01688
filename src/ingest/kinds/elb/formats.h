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

// What a column of the layout is of a column as it is written.
enum class Piece : std::uint8_t { whole, address, port, verb, url, protocol, quoted_list };
struct Part {
    std::size_t column = 0; // As written.
    Piece piece = Piece::whole;
};
// The parts of a format's layout, in its order.
const std::vector<Part>& parts(FormatType type);
// How many columns of the layout a line with so many columns has.
std::size_t count_parts(const Format& format, std::size_t columns);

std::span<const FieldDescription> fields();

// The format of a line that is cut into columns, or nullptr.
const Format* recognise_format(const std::vector<std::string_view>& columns);

// The layout of each format by FormatType, with address and port, and the parts of the request, as columns of their own.
const std::array<ColumnLayout, format_count>& format_layouts();

} // namespace trawl::ingest::kinds::elb
