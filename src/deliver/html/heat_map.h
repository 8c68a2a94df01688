#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace trawl::deliver::html {

// Hours since 1970 → events.
using HourCounts = std::map<std::int64_t, std::uint64_t>;

// The time that all rows of a heat map share, cut into cells of one or more hours.
class HeatScale {
public:
    // At most `most_cells` cells: hours are joined until a row is short enough to be seen.
    HeatScale(const std::vector<const HourCounts*>& rows, std::int64_t most_cells);

    bool is_empty() const { return last_ < first_; }
    std::int64_t first_hour() const { return first_; }
    std::int64_t behind_last_hour() const { return last_ + 1; }
    std::int64_t hours_of_a_cell() const { return width_; }
    std::vector<std::uint64_t> cells(const HourCounts& row) const;

private:
    std::int64_t first_ = 0;
    std::int64_t last_ = -1;
    std::int64_t width_ = 1;
};

// One row: a strip of cells, the darker the more events, each with a tip that says when and how many.
std::string heat_strip(const HeatScale& scale, const HourCounts& row);
// What strips look like. The page sets --heat (red, green, blue) and --heat-none (a colour).
std::string_view heat_style();
// RFC 3339.
std::string hour_text(std::int64_t hour);

} // namespace trawl::deliver::html
