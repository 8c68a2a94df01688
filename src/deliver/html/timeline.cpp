#include "deliver/html/timeline.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "deliver/finding_text.h"
#include "deliver/html/text.h"

namespace trawl::deliver::html {

namespace {

constexpr double chart_width = 1080;
constexpr double left = 34;         // Room for the numbers of the axis.
constexpr double top = 10;
constexpr double plot_height = 150;
constexpr double bottom = 26;       // Room for the times.
constexpr std::int64_t most_bars = 180;
constexpr std::int64_t day = 24;    // In hours, as everything here.
constexpr base::Time hour_length = 3600 * base::microseconds_per_second;

std::string date_of(std::int64_t hour)
{
    return base::format_time(hour * hour_length).substr(0, 10);
}

std::string hour_text(std::int64_t hour)
{
    return time_for_people(hour * hour_length, true).substr(0, 16);
}

struct Scale {
    std::int64_t first = 0; // Hour at which the chart begins.
    std::int64_t step = 1;  // Hours a bar.
    std::int64_t bars = 1;
};

Scale choose_scale(std::int64_t first, std::int64_t last)
{
    Scale scale;
    constexpr std::array<std::int64_t, 6> steps {1, 2, 3, 6, 12, day};
    const std::int64_t span = last - first + 1;
    for (const std::int64_t step : steps) {
        scale.step = step;
        if (span / step < most_bars) {
            break;
        }
    }
    if (span / scale.step >= most_bars) {
        scale.step = (span / most_bars / day + 1) * day;
    }
    const auto floor_to = [&](std::int64_t hour) { return hour - ((hour % scale.step) + scale.step) % scale.step; };
    scale.first = floor_to(first);
    scale.bars = (last - scale.first) / scale.step + 1;
    // Days are shown whole.
    if (span > 2 * day && scale.step <= day) {
        const auto midnight = [](std::int64_t hour) { return hour - ((hour % day) + day) % day; };
        scale.first = midnight(first);
        scale.bars = (midnight(last) + day - scale.first) / scale.step;
    }
    // A lone hour reads better with some time around it.
    constexpr std::int64_t fewest = 24;
    if (scale.bars < fewest) {
        scale.first -= (fewest - scale.bars) / 2 * scale.step;
        scale.bars = fewest;
    }
    return scale;
}

// 1, 2, 5, 10, 20 …: the least that is not below.
std::uint64_t round_up(std::uint64_t number)
{
    std::uint64_t power = 1;
    while (true) {
        for (const std::uint64_t digit : {1U, 2U, 4U, 5U}) {
            if (digit * power >= number) {
                return digit * power;
            }
        }
        power *= 10;
    }
}

std::string span_name(std::int64_t step)
{
    if (step == 1) {
        return "hour";
    }
    return step < day ? fmt::format("{} hours", step)
        : step == day ? std::string("day")
                      : fmt::format("{} days", step / day);
}

class Chart {
public:
    Chart(const ReportData& data, const Scale& scale) : scale_(scale), bars_(static_cast<std::size_t>(scale.bars))
    {
        for (const auto& [hour, counts] : data.hours()) {
            LevelCounts& bar = bars_[static_cast<std::size_t>((hour - scale.first) / scale.step)];
            for (std::size_t level = 0; level < level_count; ++level) {
                bar[level] += counts[level];
            }
        }
        std::uint64_t highest = 1;
        for (const LevelCounts& bar : bars_) {
            highest = std::max(highest, sum(bar));
        }
        top_number_ = round_up(highest);
    }

    std::string svg(const ReportData& data) const
    {
        std::string out = fmt::format("<svg class=\"timeline\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"",
            chart_width, top + plot_height + bottom);
        append_text(out,
            fmt::format("{} findings between {} and {} UTC, one bar for each {}", with_commas(data.total()),
                time_for_people(data.first_seen(), true), time_for_people(data.last_seen(), true),
                span_name(scale_.step)));
        out += "\">\n";
        append_grid(out);
        append_times(out);
        for (std::size_t i = 0; i < bars_.size(); ++i) {
            append_bar(out, i);
        }
        return out + "</svg>\n";
    }

private:
    static std::uint64_t sum(const LevelCounts& counts)
    {
        std::uint64_t total = 0;
        for (const std::uint64_t count : counts) {
            total += count;
        }
        return total;
    }

    double x_of(double bar) const { return left + bar * (chart_width - left) / static_cast<double>(scale_.bars); }
    double height_of(std::uint64_t count) const
    {
        return plot_height * static_cast<double>(count) / static_cast<double>(top_number_);
    }

    void append_grid(std::string& out) const
    {
        const std::uint64_t parts = top_number_ % 4 == 0 ? 4 : top_number_ % 5 == 0 ? 5 : top_number_ % 2 == 0 ? 2 : 1;
        for (std::uint64_t part = 0; part <= parts; ++part) {
            const std::uint64_t number = top_number_ * part / parts;
            const double y = top + plot_height - height_of(number);
            out += fmt::format("<line class=\"{}\" x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>",
                part == 0 ? "axis" : "grid", left, chart_width, y, y);
            out += fmt::format("<text class=\"tick\" x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n", left - 8,
                y + 3.5, with_commas(number));
        }
    }

    // Days, or hours where all is within two days.
    void append_times(std::string& out) const
    {
        const std::int64_t span = scale_.bars * scale_.step;
        std::int64_t every = span <= day ? 3 : span <= 2 * day ? 6 : day;
        constexpr std::int64_t most_labels = 12;
        while (every >= day && span / every > most_labels) {
            every += day;
        }
        std::int64_t first = scale_.first - ((scale_.first % every) + every) % every;
        std::string shown_date;
        for (std::int64_t hour = first; hour < scale_.first + span; hour += every) {
            if (hour < scale_.first) {
                continue;
            }
            const double x = x_of(static_cast<double>(hour - scale_.first) / static_cast<double>(scale_.step));
            if (x > chart_width - (every >= day ? 62 : 40)) {
                break;
            }
            const std::string date = date_of(hour);
            const std::string clock = hour_text(hour).substr(11);
            const std::string label = every >= day ? date : date == shown_date ? clock : date.substr(5) + " " + clock;
            shown_date = date;
            out += fmt::format("<line class=\"mark\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\"/>", x,
                top + plot_height, top + plot_height + 5);
            out += fmt::format(
                "<text class=\"tick\" x=\"{:.1f}\" y=\"{}\">{}</text>\n", x + 3, top + plot_height + 18, label);
        }
    }

    void append_bar(std::string& out, std::size_t bar) const
    {
        const LevelCounts& counts = bars_[bar];
        if (sum(counts) == 0) {
            return;
        }
        const double slot = x_of(1) - x_of(0);
        const double gap = slot > 6 ? 2 : slot > 3 ? 1 : 0.3;
        const double x = x_of(static_cast<double>(bar)) + gap / 2;
        const double width = slot - gap;
        std::string told = hour_text(scale_.first + static_cast<std::int64_t>(bar) * scale_.step) + " UTC";
        for (std::size_t level = level_count; level-- > 0;) {
            if (counts[level] > 0) {
                told += fmt::format(", {} {}", counts[level], event::level_name(static_cast<event::Level>(level)));
            }
        }
        out += "<g><title>" + text(told) + "</title>";
        double y = top + plot_height;
        // The gravest at the bottom, where all begin at the same line.
        for (std::size_t level = level_count; level-- > 0;) {
            if (counts[level] == 0) {
                continue;
            }
            const double height = height_of(counts[level]);
            y -= height;
            out += fmt::format("<rect class=\"fill-{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>",
                event::level_name(static_cast<event::Level>(level)), x, y, width, height);
        }
        // Small bars are hard to hit: the whole height tells.
        out += fmt::format("<rect class=\"hit\" x=\"{:.1f}\" y=\"{}\" width=\"{:.1f}\" height=\"{}\"/></g>\n", x, top,
            width, plot_height);
    }

    Scale scale_;
    std::vector<LevelCounts> bars_;
    std::uint64_t top_number_ = 1;
};

} // namespace

std::string timeline(const ReportData& data)
{
    if (data.hours().empty()) {
        return {};
    }
    return Chart(data, choose_scale(data.hours().begin()->first, data.hours().rbegin()->first)).svg(data);
}

} // namespace trawl::deliver::html
