#include "deliver/finding_format.h"
#include "deliver/html/report_page.h"

namespace trawl::deliver::findings::html {

namespace {

// Gathers everything, since the page begins with what it sums up.
class HtmlFindings final : public FindingSink {
public:
    HtmlFindings(Output& output, std::string version) : output_(output), version_(std::move(version)) {}

    base::Result<void> finding(const event::Finding& finding) override
    {
        data_.add(finding);
        return {};
    }
    base::Result<void> finish(const RunReport& report) override
    {
        return deliver::html::write_page(output_, data_, report, version_);
    }

private:
    Output& output_; // Outlives the sink.
    std::string version_;
    deliver::html::ReportData data_;
};

} // namespace

const FindingFormat& format()
{
    static const FindingFormat html {"html", "one page that needs no network", [](const FindingSinkOptions& options) {
                                         return std::unique_ptr<FindingSink>(
                                             std::make_unique<HtmlFindings>(options.output, options.version));
                                     }};
    return html;
}

} // namespace trawl::deliver::findings::html
