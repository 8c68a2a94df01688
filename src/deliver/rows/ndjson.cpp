#include "base/text.h"
#include "deliver/row_format.h"

namespace trawl::deliver::rows::ndjson {

namespace {

// One object a line; an absent value is left out.
class NdjsonRows final : public event::RowSink {
public:
    explicit NdjsonRows(Output& output) : output_(output) {}

    base::Result<void> begin(std::span<const std::string> names) override
    {
        for (const std::string& name : names) {
            base::append_json_string(keys_.emplace_back(), name);
            keys_.back() += ':';
        }
        return {};
    }

    base::Result<void> row(std::span<const event::Value> values) override
    {
        line_ = "{";
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (values[i].is_absent()) {
                continue;
            }
            if (line_.size() > 1) {
                line_ += ',';
            }
            line_ += keys_[i];
            values[i].append_json(line_);
        }
        line_ += "}\n";
        return output_.write(line_);
    }

    base::Result<void> finish() override { return {}; }

private:
    Output& output_; // Outlives the sink.
    std::vector<std::string> keys_;
    std::string line_;
};

} // namespace

const RowFormat& format()
{
    static const RowFormat ndjson {"ndjson", "a JSON object a line", [](Output& output, const TableStyle&) {
                                       return std::unique_ptr<event::RowSink>(std::make_unique<NdjsonRows>(output));
                                   }};
    return ndjson;
}

} // namespace trawl::deliver::rows::ndjson
