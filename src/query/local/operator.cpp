#include "query/local/operator.h"

#include <algorithm>

namespace trawl::query::local {

using event::Appetite;
using event::Value;

Source PassingOperator::column(const event::FieldPath& path, event::Reach reach)
{
    for (std::size_t i = 0; i < created_.size(); ++i) {
        Source source {Source::Kind::input, static_cast<std::uint32_t>(i), {}, reach};
        if (path.text == created_[i]) {
            return source;
        }
        if (path.text.starts_with(created_[i] + ".")) {
            source.rest = event::FieldPath::parse(std::string_view(path.text).substr(created_[i].size() + 1)).parts;
            return source;
        }
    }
    const auto captured = before_.capture(path, reach);
    if (!captured) {
        return {};
    }
    return {Source::Kind::input, static_cast<std::uint32_t>(created_.size()) + *captured, {}, reach};
}

std::optional<std::string> PassingOperator::output_written(std::string_view text) const
{
    for (const std::string& name : created_) {
        if (is_same_source(name, text)) {
            return name;
        }
    }
    return before_.output_written(text);
}

void RowBuilder::begin(Row row)
{
    values_.assign(created_ + row.size(), Value());
    std::ranges::copy(row, values_.begin() + static_cast<std::ptrdiff_t>(created_));
}

namespace {

// A row of the stage before as the input of a segment.
class RowInput final : public event::Columns {
public:
    void begin(Row row)
    {
        row_ = row;
        arena_.reset();
    }
    Value column(event::ColumnId id) override { return row_[id]; }
    base::Arena& arena() override { return arena_; }

private:
    Row row_;
    base::Arena arena_;
};

class SegmentStage final : public Stage, private RowReceiver {
public:
    SegmentStage(const Segment& segment, StagePointer next)
        : segment_(segment), next_(std::move(next)), context_(segment), out_(segment.row_width())
    {
    }

    base::Result<Appetite> push(Row row) override
    {
        input_.begin(row);
        context_.begin(input_);
        return segment_.run(context_, *this);
    }
    base::Result<void> finish() override { return next_->finish(); }

private:
    base::Result<Appetite> receive(RowContext& row) override
    {
        key_.clear();
        segment_.append_sort_key(row, key_);
        segment_.collect(row, key_, out_);
        return next_->push(out_);
    }

    const Segment& segment_;
    StagePointer next_;
    RowInput input_;
    RowContext context_;
    std::string key_;
    std::vector<Value> out_;
};

} // namespace

StagePointer make_segment_stage(const Segment& segment, StagePointer next)
{
    return std::make_unique<SegmentStage>(segment, std::move(next));
}

} // namespace trawl::query::local
