#include "deliver/finding_format.h"

namespace trawl::deliver::findings::json {

namespace {

// One array, streamed.
class JsonFindings final : public FindingSink {
public:
    explicit JsonFindings(Output& output) : output_(output) {}

    base::Result<void> finding(const event::Finding& finding) override
    {
        line_ = first_ ? "[\n" : ",\n";
        first_ = false;
        event::append_json(line_, finding);
        return output_.write(line_);
    }
    base::Result<void> finish(const RunReport&) override { return output_.write(first_ ? "[]\n" : "\n]\n"); }

private:
    Output& output_; // Outlives the sink.
    std::string line_;
    bool first_ = true;
};

} // namespace

const FindingFormat& format()
{
    static const FindingFormat json {"json", "one JSON array", [](const FindingSinkOptions& options) {
                                         return std::unique_ptr<FindingSink>(
                                             std::make_unique<JsonFindings>(options.output));
                                     }};
    return json;
}

} // namespace trawl::deliver::findings::json
