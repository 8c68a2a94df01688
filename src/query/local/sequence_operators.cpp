#include <algorithm>
#include <deque>
#include <functional>

#include "base/glob.h"
#include "base/text.h"
#include "query/local/exact_sum.h"
#include "query/local/operator.h"

// Commands that look at earlier rows, in the order that rows come in: `filldown`, `accum`, `autoregress`, `addtotals`.
namespace trawl::query::local {

using event::Appetite;
using event::Value;

namespace {

using Columns = std::vector<std::optional<std::uint32_t>>;

Value at(Row row, const std::optional<std::uint32_t>& column)
{
    return column ? row[*column] : Value();
}

std::string option(const plan::Command& command, std::string_view name, std::string_view otherwise)
{
    for (const auto& [key, value] : command.options) {
        if (base::equal_ignoring_case(key, name)) {
            return value;
        }
    }
    return std::string(otherwise);
}

std::optional<std::uint32_t> capture(Segment& before, std::string_view name)
{
    return before.capture(event::FieldPath::parse(name), event::Reach::exact);
}

// Fills the columns that an operator puts in front of each row.
class Maker {
public:
    virtual ~Maker() = default;
    virtual void make(Row row, std::span<Value> created, base::Arena& arena) = 0;
    // Fills a last row behind all others; false when there is none.
    virtual bool make_last(std::span<Value>, base::Arena&) { return false; }
};

class MakerStage final : public Stage {
public:
    MakerStage(StagePointer next, std::unique_ptr<Maker> maker, std::size_t created, std::size_t width)
        : next_(std::move(next)), maker_(std::move(maker)), builder_(created), last_(created + width)
    {
    }

    base::Result<Appetite> push(Row row) override
    {
        arena_.reset();
        builder_.begin(row);
        maker_->make(row, builder_.created(), arena_);
        TRY(const auto appetite, next_->push(builder_.row()));
        is_sated_ = appetite == Appetite::sated;
        return appetite;
    }

    base::Result<void> finish() override
    {
        arena_.reset();
        if (!is_sated_ && maker_->make_last(last_, arena_)) {
            TRY_VOID(next_->push(last_));
        }
        return next_->finish();
    }

private:
    StagePointer next_;
    std::unique_ptr<Maker> maker_;
    RowBuilder builder_;
    std::vector<Value> last_;
    bool is_sated_ = false;
    base::Arena arena_;
};

class MakerOperator final : public PassingOperator {
public:
    using Make = std::function<std::unique_ptr<Maker>()>;
    MakerOperator(Segment& before, std::vector<std::string> created, Make make)
        : PassingOperator(before), make_(std::move(make))
    {
        created_ = std::move(created);
    }
    StagePointer make_stage(StagePointer next, const Resources&) const override
    {
        return std::make_unique<MakerStage>(std::move(next), make_(), created_.size(), before_.row_width());
    }

private:
    Make make_;
};

template <typename Made, typename... Arguments>
OperatorPointer make_operator(Segment& before, std::vector<std::string> created, const Arguments&... arguments)
{
    return std::make_unique<MakerOperator>(before, std::move(created),
        [arguments...]() -> std::unique_ptr<Maker> { return std::make_unique<Made>(arguments...); });
}

class Filldown final : public Maker {
public:
    explicit Filldown(Columns columns) : columns_(std::move(columns)), last_(columns_.size()) {}
    void make(Row row, std::span<Value> created, base::Arena&) override
    {
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const Value value = at(row, columns_[i]);
            if (!value.is_absent()) {
                last_[i].assign(value);
            }
            created[i] = last_[i].value();
        }
    }

private:
    Columns columns_;
    std::vector<OwnedValue> last_;
};

class Accum final : public Maker {
public:
    explicit Accum(std::optional<std::uint32_t> column) : column_(column) {}
    void make(Row row, std::span<Value> created, base::Arena& arena) override
    {
        functions::Number number;
        if (functions::read_number(at(row, column_), arena, number)) {
            sum_.add(number);
            created[0] = sum_.value(arena);
        }
    }

private:
    std::optional<std::uint32_t> column_;
    ExactSum sum_;
};

class Autoregress final : public Maker {
public:
    Autoregress(std::optional<std::uint32_t> column, std::size_t nearest, std::size_t farthest)
        : column_(column), nearest_(nearest), farthest_(farthest)
    {
    }
    void make(Row row, std::span<Value> created, base::Arena&) override
    {
        for (std::size_t i = 0; i < created.size(); ++i) {
            const std::size_t back = nearest_ + i;
            if (back <= earlier_.size()) {
                created[i] = earlier_[back - 1]->value();
            }
        }
        // The one that falls out is still in this row, so that it is let go before the next row only.
        if (earlier_.size() > farthest_) {
            earlier_.pop_back();
        }
        auto owned = std::make_unique<OwnedValue>();
        owned->assign(at(row, column_));
        earlier_.push_front(std::move(owned));
    }

private:
    std::optional<std::uint32_t> column_;
    std::size_t nearest_;
    std::size_t farthest_;
    std::deque<std::unique_ptr<OwnedValue>> earlier_; // The newest first.
};

// Row totals go to one column; the column totals are a row of their own, behind all others.
class Totals final : public Maker {
public:
    Totals(Columns columns, bool has_row_total, bool has_column_totals)
        : columns_(std::move(columns)),
          sums_(columns_.size()),
          is_summed_(columns_.size(), false),
          has_row_total_(has_row_total),
          has_column_totals_(has_column_totals)
    {
    }
    void make(Row row, std::span<Value> created, base::Arena& arena) override
    {
        ExactSum total;
        bool found = false;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            functions::Number number;
            const Value value = at(row, columns_[i]);
            // A time reads as a number, but a total of times means nothing.
            if (value.type() == event::Type::time || !functions::read_number(value, arena, number)) {
                continue;
            }
            total.add(number);
            sums_[i].add(number);
            is_summed_[i] = true;
            found = true;
        }
        if (has_row_total_ && found) {
            created[0] = total.value(arena);
        }
    }
    bool make_last(std::span<Value> row, base::Arena& arena) override
    {
        if (!has_column_totals_) {
            return false;
        }
        const std::size_t created = has_row_total_ ? 1 : 0;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            if (columns_[i] && is_summed_[i]) {
                row[created + *columns_[i]] = sums_[i].value(arena);
            }
        }
        return true;
    }

private:
    Columns columns_;
    std::vector<ExactSum> sums_;
    std::vector<bool> is_summed_;
    bool has_row_total_;
    bool has_column_totals_;
};

struct Lags {
    std::size_t nearest = 1;
    std::size_t farthest = 1;
};

constexpr std::size_t most_lags = 1000;

// Reads `p=2` or `p=1-4`.
std::optional<Lags> parse_lags(std::string_view text)
{
    std::int64_t nearest = 0;
    std::int64_t farthest = 0;
    const std::size_t dash = text.find('-');
    const std::string_view last = dash == std::string_view::npos ? text : text.substr(dash + 1);
    if (!base::parse_integer(base::trim(text.substr(0, dash)), nearest)
        || !base::parse_integer(base::trim(last), farthest) || nearest < 1 || farthest < nearest
        || farthest > static_cast<std::int64_t>(most_lags)) {
        return {};
    }
    return Lags {static_cast<std::size_t>(nearest), static_cast<std::size_t>(farthest)};
}

} // namespace

std::vector<std::string> filldown_names(const plan::Command& command, const std::vector<std::string>& shown)
{
    if (command.names.empty()) {
        return shown;
    }
    std::vector<std::string> names;
    const auto add = [&names](const std::string& name) {
        if (std::ranges::find(names, name) == names.end()) {
            names.push_back(name);
        }
    };
    for (const event::FieldPath& wanted : command.names) {
        if (wanted.text.find('*') == std::string::npos) {
            add(wanted.text);
            continue;
        }
        const base::Glob glob(wanted.text, base::Wildcards::glob, base::CaseRule::sensitive);
        for (const std::string& name : shown) {
            if (glob.matches(name)) {
                add(name);
            }
        }
    }
    return names;
}

base::Result<OperatorPointer> make_filldown(
    const plan::Command& command, const std::vector<std::string>& shown, Segment& before)
{
    Columns columns;
    const std::vector<std::string> names = filldown_names(command, shown);
    for (const std::string& name : names) {
        columns.push_back(capture(before, name));
    }
    return make_operator<Filldown>(before, names, columns);
}

std::vector<std::string> accum_names(const plan::Command& command)
{
    if (command.names.empty()) {
        return {};
    }
    return {command.aliases.empty() ? command.names.front().text : command.aliases.front()};
}

base::Result<OperatorPointer> make_accum(const plan::Command& command, Segment& before)
{
    if (command.names.empty()) {
        return base::fail("query", "accum needs a field");
    }
    return make_operator<Accum>(before, accum_names(command), capture(before, command.names.front().text));
}

std::vector<std::string> autoregress_names(const plan::Command& command)
{
    const auto lags = parse_lags(option(command, "p", "1"));
    if (!lags || command.names.empty()) {
        return {};
    }
    const bool has_alias = !command.aliases.empty();
    const std::string name = has_alias ? command.aliases.front() : command.names.front().text;
    if (has_alias && lags->nearest == lags->farthest) {
        return {name};
    }
    std::vector<std::string> names;
    for (std::size_t lag = lags->nearest; lag <= lags->farthest; ++lag) {
        names.push_back(name + "_p" + std::to_string(lag));
    }
    return names;
}

base::Result<OperatorPointer> make_autoregress(const plan::Command& command, Segment& before)
{
    const auto lags = parse_lags(option(command, "p", "1"));
    if (command.names.empty() || !lags) {
        return base::fail("query", "autoregress needs a field, and p as a number or a range from 1 to 1000");
    }
    return make_operator<Autoregress>(
        before, autoregress_names(command), capture(before, command.names.front().text), lags->nearest, lags->farthest);
}

std::string totals_name(const plan::Command& command)
{
    return base::equal_ignoring_case(option(command, "row", "true"), "true") ? option(command, "fieldname", "Total")
                                                                             : std::string();
}

base::Result<OperatorPointer> make_totals(
    const plan::Command& command, const std::vector<std::string>& shown, Segment& before)
{
    std::vector<std::string> names;
    names.reserve(command.names.size());
    for (const event::FieldPath& name : command.names) {
        names.push_back(name.text);
    }
    Columns columns;
    for (const std::string& name : names.empty() ? shown : names) {
        columns.push_back(capture(before, name));
    }
    const std::string total = totals_name(command);
    const bool has_columns = base::equal_ignoring_case(option(command, "col", "false"), "true");
    std::vector<std::string> created;
    if (!total.empty()) {
        created.push_back(total);
    }
    return make_operator<Totals>(before, created, columns, !total.empty(), has_columns);
}

} // namespace trawl::query::local
