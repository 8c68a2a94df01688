#include "base/text.h"
#include "deliver/row_format.h"

namespace trawl::deliver::rows::json {

namespace {

// One array of objects, streamed. Absent values are left out, as in NDJSON.
class JsonRows final : public event::RowSink {
public:
    explicit JsonRows(Output& output) : output_(output) {}

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
        line_ = first_ ? "[\n{" : ",\n{";
        first_ = false;
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (values[i].is_absent()) {
                continue;
            }
            if (line_.back() != '{') {
                line_ += ',';
            }
            line_ += keys_[i];
            values[i].append_json(line_);
        }
        line_ += '}';
        return output_.write(line_);
    }

    base::Result<void> finish() override { return output_.write(first_ ? "[]\n" : "\n]\n"); }

private:
    Output& output_; // Outlives the sink.
    std::vector<std::string> keys_;
    std::string line_;
    bool first_ = true;
};

} // namespace

const RowFormat& format()
{
    static const RowFormat json {"json", "one JSON array", [](Output& output, const TableStyle&) {
                                     return std::unique_ptr<event::RowSink>(std::make_unique<JsonRows>(output));
                                 }};
    return json;
}

} // namespace trawl::deliver::rows::json
