#include "deliver/html/heat_map.h"

#include <algorithm>

#include "base/time.h"

namespace trawl::deliver::html {

namespace {

constexpr base::Time hour_length = 3600 * base::microseconds_per_second;

} // namespace

HeatScale::HeatScale(const std::vector<const HourCounts*>& rows, std::int64_t most_cells)
{
    for (const HourCounts* const row : rows) {
        if (!row->empty()) {
            first_ = is_empty() ? row->begin()->first : std::min(first_, row->begin()->first);
            last_ = is_empty() ? row->rbegin()->first : std::max(last_, row->rbegin()->first);
        }
    }
    const std::int64_t hours = last_ - first_ + 1;
    for (const std::int64_t step : {1, 2, 3, 6, 12, 24, 48, 168, 720}) {
        if (hours / step <= most_cells) {
            width_ = step;
            return;
        }
    }
    width_ = hours / most_cells + 1;
}

std::vector<std::uint64_t> HeatScale::cells(const HourCounts& row) const
{
    if (is_empty()) {
        return {};
    }
    std::vector<std::uint64_t> cells(static_cast<std::size_t>((last_ - first_) / width_ + 1));
    for (const auto& [hour, count] : row) {
        const auto cell = static_cast<std::size_t>((hour - first_) / width_);
        if (cell < cells.size()) {
            cells[cell] += count;
        }
    }
    return cells;
}

std::string heat_strip(const HeatScale& scale, const HourCounts& row)
{
    std::string out = "<div class=\"strip\">";
    const std::vector<std::uint64_t> cells = scale.cells(row);
    const std::uint64_t most
        = cells.empty() ? 1 : std::max<std::uint64_t>(1, *std::max_element(cells.begin(), cells.end()));
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (cells[i] == 0) {
            out += "<i></i>";
            continue;
        }
        // Five steps by the share of the fullest cell; a single event is still seen.
        const std::uint64_t step = 1 + cells[i] * 4 / most;
        out += "<i class=\"heat-";
        out += std::to_string(step);
        out += "\" title=\"";
        out += hour_text(scale.first_hour() + static_cast<std::int64_t>(i) * scale.hours_of_a_cell());
        out += ": ";
        out += std::to_string(cells[i]);
        out += cells[i] == 1 ? " event\"></i>" : " events\"></i>";
    }
    return out + "</div>";
}

std::string_view heat_style()
{
    return R"css(.strip{display:flex;gap:1px;min-width:320px}.strip i{flex:1 1 0;height:16px;background:var(--heat-none);border-radius:1px}
.strip .heat-1{background:rgba(var(--heat),.25)}.strip .heat-2{background:rgba(var(--heat),.42)}.strip .heat-3{background:rgba(var(--heat),.6)}
.strip .heat-4{background:rgba(var(--heat),.8)}.strip .heat-5{background:rgb(var(--heat))}
)css";
}

std::string hour_text(std::int64_t hour)
{
    return base::format_time(hour * hour_length);
}

} // namespace trawl::deliver::html
