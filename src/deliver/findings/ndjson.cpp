#include "deliver/finding_format.h"

namespace trawl::deliver::findings::ndjson {

namespace {

class NdjsonFindings final : public FindingSink {
public:
    explicit NdjsonFindings(Output& output) : output_(output) {}

    base::Result<void> finding(const event::Finding& finding) override
    {
        line_.clear();
        event::append_json(line_, finding);
        line_ += '\n';
        return output_.write(line_);
    }
    base::Result<void> finish(const RunReport&) override { return {}; }

private:
    Output& output_; // Outlives the sink.
    std::string line_;
};

} // namespace

const FindingFormat& format()
{
    static const FindingFormat ndjson {"ndjson", "a JSON object a line", [](const FindingSinkOptions& options) {
                                           return std::unique_ptr<FindingSink>(
                                               std::make_unique<NdjsonFindings>(options.output));
                                       }};
    return ndjson;
}

} // namespace trawl::deliver::findings::ndjson
