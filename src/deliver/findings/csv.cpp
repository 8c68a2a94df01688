#include <array>

#include "deliver/csv_cell.h"
#include "deliver/finding_format.h"
#include "deliver/finding_text.h"

namespace trawl::deliver::findings::csv {

namespace {

constexpr std::array<std::string_view, 17> names {"finding_id", "rule_id", "title", "level", "techniques", "mitre",
    "first_seen", "last_seen", "count", "account", "region", "principal", "source_ip", "resource", "message", "author",
    "event_ids"};

// Lists are joined by blanks: slugs, ATT&CK ids and event ids hold none.
class CsvFindings final : public FindingSink {
public:
    explicit CsvFindings(Output& output) : output_(output)
    {
        for (const std::string_view name : names) {
            cell(name);
        }
        pending_ = std::move(line_);
        pending_ += '\n';
    }

    base::Result<void> finding(const event::Finding& finding) override
    {
        line_.clear();
        cells_ = 0;
        cell(finding.finding_id);
        cell(finding.rule_id);
        cell(finding.title);
        cell(event::level_name(finding.level));
        cell(joined(finding.techniques, " "));
        cell(joined(finding.mitre, " "));
        cell(finding.has_time ? base::format_time(finding.first_seen) : std::string());
        cell(finding.has_time ? base::format_time(finding.last_seen) : std::string());
        cell(std::to_string(finding.count));
        cell(finding.account);
        cell(finding.region);
        cell(finding.principal);
        cell(finding.source_ip);
        cell(finding.resource);
        cell(finding.message);
        cell(finding.author);
        std::string ids;
        for (const event::FindingEvent& event : finding.events) {
            ids += ids.empty() || event.event_id.empty() ? "" : " ";
            ids += event.event_id;
        }
        cell(ids);
        line_ += '\n';
        TRY_VOID(write_header());
        return output_.write(line_);
    }

    base::Result<void> finish(const RunReport&) override { return write_header(); }

private:
    base::Result<void> write_header() { return output_.write(std::exchange(pending_, std::string())); }

    void cell(std::string_view text)
    {
        line_ += cells_++ > 0 ? "," : "";
        append_csv_cell(line_, text);
    }

    Output& output_; // Outlives the sink.
    std::string pending_;
    std::string line_;
    std::size_t cells_ = 0;
};

} // namespace

const FindingFormat& format()
{
    static const FindingFormat csv {
        "csv", "comma-separated values, safe to open in a spreadsheet", [](const FindingSinkOptions& options) {
            return std::unique_ptr<FindingSink>(std::make_unique<CsvFindings>(options.output));
        }};
    return csv;
}

} // namespace trawl::deliver::findings::csv
