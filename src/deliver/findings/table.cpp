#include <algorithm>
#include <array>
#include <set>

#include "deliver/column_widths.h"
#include "deliver/finding_format.h"
#include "deliver/finding_text.h"
#include "deliver/printable.h"

namespace trawl::deliver::findings::table {

namespace {

constexpr std::array<std::string_view, 7> headings {
    "LEVEL", "WHEN (UTC)", "FINDING", "WHO", "FROM", "ACCOUNT", "COUNT"};
enum Column : std::size_t { level, when, what, who, from, account, count };

// So many findings are looked at before the widths are settled; the others stream.
constexpr std::size_t looked_at = 200;
// A page that is no terminal: wide enough for most titles, narrow enough for a log of a build.
constexpr std::size_t page_width = 132;
constexpr std::size_t most_of_message = 1000;

struct Line {
    event::Level level = event::Level::informational;
    std::array<std::string, headings.size()> cells;
    std::string message; // Of findings of level high and above.
};

// One line a finding, in order of time, and what happened below each grave one.
class FindingTable final : public FindingSink {
public:
    FindingTable(Output& output, const TableStyle& style) : output_(output), style_(style)
    {
        if (style_.width == 0 && !style_.wide) {
            style_.width = page_width;
        }
    }

    base::Result<void> finding(const event::Finding& finding) override
    {
        Line line;
        line.level = finding.level;
        line.cells[level] = event::level_name(finding.level);
        line.cells[when] = time_for_people(finding.first_seen, finding.has_time);
        line.cells[what] = printable(finding.title.empty() ? finding.rule_id : finding.title);
        line.cells[who] = printable(short_principal(finding.principal, finding.account));
        line.cells[from] = printable(finding.source_ip);
        line.cells[account] = printable(finding.account);
        line.cells[count] = with_commas(finding.count);
        if (finding.level >= event::Level::high) {
            line.message = printable(shortened(message_for_people(finding), most_of_message));
        }
        if (settled_) {
            return write(line);
        }
        held_.push_back(std::move(line));
        return held_.size() >= looked_at ? settle() : base::Result<void>();
    }

    base::Result<void> finish(const RunReport&) override { return settled_ ? base::Result<void>() : settle(); }

private:
    base::Result<void> settle()
    {
        settled_ = true;
        if (held_.empty()) {
            return {};
        }
        std::set<std::string_view> accounts;
        for (const Line& line : held_) {
            if (!line.cells[account].empty()) {
                accounts.insert(line.cells[account]);
            }
        }
        std::vector<std::size_t> natural;
        for (std::size_t i = 0; i < headings.size(); ++i) {
            std::size_t width = headings[i].size();
            bool any = false;
            for (const Line& line : held_) {
                width = std::max(width, display_width(line.cells[i]));
                any = any || !line.cells[i].empty();
            }
            // One account for all says nothing; neither does a column that stays empty.
            if (any && (i != account || accounts.size() > 1)) {
                shown_.push_back(i);
                natural.push_back(width);
            }
        }
        widths_ = share(natural);
        Line heading;
        for (std::size_t i = 0; i < headings.size(); ++i) {
            heading.cells[i] = headings[i];
        }
        TRY_VOID(output_.write(text_of(heading, bold(style_.colours), bold(style_.colours)) + "\n"));
        for (const Line& line : held_) {
            TRY_VOID(write(line));
        }
        held_.clear();
        return {};
    }

    // Level, time and count are never cut: the texts share what they leave.
    std::vector<std::size_t> share(const std::vector<std::size_t>& natural) const
    {
        if (style_.wide) {
            return natural;
        }
        std::vector<std::size_t> texts;
        std::size_t fixed = 0;
        for (std::size_t i = 0; i < shown_.size(); ++i) {
            if (is_text(shown_[i])) {
                texts.push_back(natural[i]);
            } else {
                fixed += natural[i] + column_gap;
            }
        }
        TableStyle rest = style_;
        rest.width = std::max<std::size_t>(style_.width > fixed ? style_.width - fixed : 0, 30);
        const std::vector<std::size_t> shared = share_width(texts, rest);
        std::vector<std::size_t> widths;
        widths.reserve(shown_.size());
        std::size_t next = 0;
        for (std::size_t i = 0; i < shown_.size(); ++i) {
            widths.push_back(is_text(shown_[i]) ? shared[next++] : natural[i]);
        }
        return widths;
    }

    static bool is_text(std::size_t column) { return column == what || column == who || column == from; }

    base::Result<void> write(const Line& line)
    {
        std::string text = text_of(line, level_colour(line.level, style_.colours), "");
        text += '\n';
        if (!line.message.empty()) {
            const std::size_t indent = widths_.front() + column_gap;
            const std::size_t width
                = style_.wide ? line.message.size() + 1 : std::max<std::size_t>(style_.width, indent + 30) - indent;
            text += dim(style_.colours);
            text += wrapped(line.message, width, std::string(indent, ' '));
            text += plain(style_.colours);
        }
        return output_.write(text);
    }

    std::string text_of(const Line& line, std::string_view first_look, std::string_view other_look) const
    {
        std::string text;
        for (std::size_t i = 0; i < shown_.size(); ++i) {
            const std::size_t column = shown_[i];
            const bool last = i + 1 == shown_.size();
            const std::string_view look = column == level                                  ? first_look
                : column == what && other_look.empty() && line.level >= event::Level::high ? bold(style_.colours)
                                                                                           : other_look;
            std::string cell;
            append_cut(cell, line.cells[column], widths_[i], column == count ? Pad::left : Pad::none);
            const std::size_t used = display_width(cell);
            text += look;
            text += cell;
            text += look.empty() ? "" : plain(style_.colours);
            if (!last) {
                text.append((widths_[i] > used ? widths_[i] - used : 0) + column_gap, ' ');
            }
        }
        return text;
    }

    Output& output_; // Outlives the sink.
    TableStyle style_;
    std::vector<Line> held_;
    bool settled_ = false;
    std::vector<std::size_t> shown_;  // Columns, in order.
    std::vector<std::size_t> widths_; // Of the shown ones.
};

} // namespace

const FindingFormat& format()
{
    static const FindingFormat table {"table", "columns for people", [](const FindingSinkOptions& options) {
                                          return std::unique_ptr<FindingSink>(
                                              std::make_unique<FindingTable>(options.output, options.style));
                                      }};
    return table;
}

} // namespace trawl::deliver::findings::table
