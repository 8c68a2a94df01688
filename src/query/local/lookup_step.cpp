#include <algorithm>
#include <unordered_map>

#include "base/text.h"
#include "query/functions/number.h"
#include "query/local/lookup_table.h"
#include "query/local/steps.h"

// `lookup` (all match fields equal, case counts; of several lines the first) and `cidrlookup` (the longest prefix that
// holds the address). `output` overwrites, with nothing where no line matches; `outputnew` only fills what is absent.
namespace trawl::query::local {

using event::Value;

namespace {

struct Pair {
    std::string column;   // In the table (for cidrlookup's match: the field of the event).
    std::string field;
};

struct Written {
    std::string table;
    std::vector<Pair> matches;
    std::vector<Pair> outputs;
    bool only_new = false;
};

Written read_options(const plan::Command& command)
{
    Written written;
    std::vector<Pair>* last = nullptr;
    for (const auto& [key, value] : command.options) {
        if (key == "table") {
            written.table = value;
        } else if (key == "match") {
            last = &written.matches;
            last->push_back({value, value});
        } else if (key == "mode") {
            written.only_new = value == "outputnew";
        } else if (key == "output") {
            last = &written.outputs;
            last->push_back({value, value});
        } else if (key == "as" && last != nullptr) {
            last->back().field = value;
        }
    }
    return written;
}

// Finds the line of a table for a row, and takes its columns.
class LookupStep : public Step {
public:
    LookupStep(std::shared_ptr<const LookupTable> table, std::vector<std::size_t> columns, std::vector<Source> earlier)
        : table_(std::move(table)), columns_(std::move(columns)), earlier_(std::move(earlier))
    {
    }

    Expansion apply(RowContext& row) const override
    {
        const std::span<Value> values = values_in(row.arena(), columns_.size());
        const auto line = find_line(row);
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const Value before = earlier_.empty() ? Value() : row.value(earlier_[i]);
            if (!before.is_absent()) {
                values[i] = before;
            } else if (line && !table_->at(*line, columns_[i]).empty()) {
                values[i] = Value::string(table_->at(*line, columns_[i]));
            }
        }
        return {values.data(), 1};
    }

protected:
    virtual std::optional<std::size_t> find_line(RowContext& row) const = 0;

    std::shared_ptr<const LookupTable> table_; // Shared with other steps that use it.

private:
    std::vector<std::size_t> columns_;
    std::vector<Source> earlier_; // What `outputnew` keeps; empty for `output`.
};

void append_part(std::string& key, std::string_view text)
{
    append_size(key, static_cast<std::uint32_t>(text.size()));
    key += text;
}

class EqualStep final : public LookupStep {
public:
    EqualStep(std::shared_ptr<const LookupTable> table, std::vector<std::size_t> columns, std::vector<Source> earlier,
        const std::vector<std::size_t>& key_columns, std::vector<Source> fields)
        : LookupStep(std::move(table), std::move(columns), std::move(earlier)), fields_(std::move(fields))
    {
        for (std::size_t line = 0; line < table_->size(); ++line) {
            std::string key;
            for (const std::size_t column : key_columns) {
                append_part(key, table_->at(line, column));
            }
            lines_.try_emplace(std::move(key), line);
        }
    }

private:
    std::optional<std::size_t> find_line(RowContext& row) const override
    {
        std::string key;
        for (const Source& field : fields_) {
            std::string_view text;
            if (!functions::read_text(row.value(field), row.arena(), text)) {
                return {};
            }
            append_part(key, text);
        }
        const auto found = lines_.find(key);
        return found == lines_.end() ? std::nullopt : std::optional(found->second);
    }

    std::vector<Source> fields_;
    std::unordered_map<std::string, std::size_t> lines_;
};

class CidrStep final : public LookupStep {
public:
    CidrStep(std::shared_ptr<const LookupTable> table, std::vector<std::size_t> columns, std::vector<Source> earlier,
        std::size_t range_column, Source field)
        : LookupStep(std::move(table), std::move(columns), std::move(earlier)), field_(std::move(field))
    {
        for (std::size_t line = 0; line < table_->size(); ++line) {
            if (const auto range = base::parse_cidr(base::trim(table_->at(line, range_column)))) {
                by_prefix_[128 - range->prefix].try_emplace(masked(range->network, range->prefix), line);
            }
        }
    }

private:
    static std::string masked(const base::Address& address, unsigned prefix)
    {
        std::string bytes(16, '\0');
        for (unsigned i = 0; i < 16; ++i) {
            const unsigned bits = prefix >= (i + 1) * 8 ? 8 : prefix > i * 8 ? prefix - i * 8 : 0;
            bytes[i] = static_cast<char>(address.bytes[i] & (0xFFU << (8 - bits)));
        }
        return bytes;
    }

    std::optional<std::size_t> find_line(RowContext& row) const override
    {
        std::string_view text;
        if (!functions::read_text(row.value(field_), row.arena(), text)) {
            return {};
        }
        const auto address = base::parse_address(text);
        if (!address) {
            return {};
        }
        for (const auto& [free_bits, ranges] : by_prefix_) {
            if (const auto found = ranges.find(masked(*address, 128 - free_bits)); found != ranges.end()) {
                return found->second;
            }
        }
        return {};
    }

    Source field_;
    // Ranges by how many bits are free: the longest prefixes come first.
    std::map<unsigned, std::unordered_map<std::string, std::size_t>> by_prefix_;
};

base::Result<std::size_t> column_of(const LookupTable& table, const std::string& name, const std::string& column)
{
    const auto found = table.column(column);
    if (!found) {
        return base::fail("query", "the table " + name + " has no column " + column);
    }
    return *found;
}

// The column of ranges: the one that is named, else `cidr`, else the first.
base::Result<std::size_t> range_column(const LookupTable& table, const Written& written)
{
    const Pair& match = written.matches.front();
    if (match.field != match.column) {
        return column_of(table, written.table, match.field);
    }
    for (std::size_t i = 0; i < table.columns().size(); ++i) {
        if (base::equal_ignoring_case(table.columns()[i], "cidr")) {
            return i;
        }
    }
    return std::size_t {0};
}

} // namespace

base::Result<std::vector<std::string>> add_lookup(const plan::Command& command, Segment& segment, LookupTables& tables)
{
    const Written written = read_options(command);
    TRY(const auto table, tables.find(written.table));
    if (written.matches.empty() || written.outputs.empty()) {
        return base::fail("query", "a lookup needs fields to match and fields to output");
    }
    std::vector<std::size_t> columns;
    std::vector<std::string> names;
    std::vector<Source> earlier;
    for (const Pair& output : written.outputs) {
        TRY(const auto column, column_of(*table, written.table, output.column));
        columns.push_back(column);
        names.push_back(output.field);
        if (written.only_new) {
            earlier.push_back(segment.resolve(event::FieldPath::parse(output.field), event::Reach::exact));
        }
    }
    std::unique_ptr<Step> step;
    if (command.kind == plan::CommandKind::cidrlookup) {
        TRY(const auto ranges, range_column(*table, written));
        step = std::make_unique<CidrStep>(table, std::move(columns), std::move(earlier), ranges,
            segment.resolve(event::FieldPath::parse(written.matches.front().column), event::Reach::exact));
    } else {
        std::vector<std::size_t> keys;
        std::vector<Source> fields;
        for (const Pair& match : written.matches) {
            TRY(const auto column, column_of(*table, written.table, match.column));
            keys.push_back(column);
            fields.push_back(segment.resolve(event::FieldPath::parse(match.field), event::Reach::exact));
        }
        step = std::make_unique<EqualStep>(table, std::move(columns), std::move(earlier), keys, std::move(fields));
    }
    add_named_step(segment, std::move(step), names);
    return names;
}

} // namespace trawl::query::local
