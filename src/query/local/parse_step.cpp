#include <algorithm>

#include "base/regex.h"
#include "base/text.h"
#include "query/functions/number.h"
#include "query/local/steps.h"

// `parse`: fields out of a text, by a glob, an expression, logfmt or CSV. A text that does not match leaves the row as
// it is, without the fields.
namespace trawl::query::local {

using event::Value;

namespace {

// A step that reads one text and fills a row of fields from it.
class ParseStep : public Step {
public:
    explicit ParseStep(Source input) : input_(std::move(input)) {}

    Expansion apply(RowContext& row) const override
    {
        const std::span<Value> values = values_in(row.arena(), width);
        std::string_view text;
        if (functions::read_text(row.value(input_), row.arena(), text)) {
            parse(text, values, row.arena());
        }
        return {values.data(), 1};
    }

protected:
    virtual void parse(std::string_view text, std::span<Value> values, base::Arena& arena) const = 0;

    Source input_;
};

// Finds the texts between stars from left to right; a star takes as little as it can, one at the end takes the rest.
class GlobStep final : public ParseStep {
public:
    GlobStep(Source input, std::string_view pattern) : ParseStep(std::move(input))
    {
        for (const std::string_view piece : base::split(pattern, '*')) {
            pieces_.emplace_back(piece);
        }
    }

private:
    void parse(std::string_view text, std::span<Value> values, base::Arena&) const override
    {
        const std::size_t first = text.find(pieces_.front());
        if (first == std::string_view::npos) {
            return;
        }
        std::vector<std::string_view> found;
        std::size_t at = first + pieces_.front().size();
        for (std::size_t i = 1; i < pieces_.size(); ++i) {
            const bool takes_rest = i + 1 == pieces_.size() && pieces_[i].empty();
            const std::size_t next = takes_rest ? text.size() : text.find(pieces_[i], at);
            if (next == std::string_view::npos) {
                return;
            }
            found.push_back(text.substr(at, next - at));
            at = next + pieces_[i].size();
        }
        for (std::size_t i = 0; i < std::min(found.size(), values.size()); ++i) {
            values[i] = Value::string(found[i]);
        }
    }

    std::vector<std::string> pieces_;
};

// An expression's groups. With `multi`, one row a match.
class RegexStep final : public Step {
public:
    RegexStep(Source input, base::Regex regex, std::vector<std::size_t> groups, bool multi)
        : input_(std::move(input)), regex_(std::move(regex)), groups_(std::move(groups)), multi_(multi)
    {
    }

    Expansion apply(RowContext& row) const override
    {
        std::string_view text;
        std::vector<std::string_view> found;
        std::vector<Value> values;
        std::size_t rows = 0;
        if (functions::read_text(row.value(input_), row.arena(), text)) {
            std::size_t at = 0;
            while (at <= text.size() && regex_.find(text, at, found)) {
                for (const std::size_t group : groups_) {
                    const bool is_there = group < found.size() && found[group].data() != nullptr;
                    values.push_back(is_there ? Value::string(found[group]) : Value());
                }
                ++rows;
                if (!multi_) {
                    break;
                }
                // An empty match moves on by a byte, so that there is an end.
                const auto end = static_cast<std::size_t>(found[0].data() + found[0].size() - text.data());
                at = found[0].empty() ? end + 1 : end;
            }
        }
        const std::span<Value> out = values_in(row.arena(), std::max(values.size(), groups_.size()));
        std::ranges::copy(values, out.begin());
        return {out.data(), std::max<std::size_t>(rows, 1)};
    }

private:
    Source input_;
    base::Regex regex_;
    std::vector<std::size_t> groups_;
    bool multi_;
};

// Splits `key=value key="quoted value" flag` into an object.
class LogfmtStep final : public ParseStep {
public:
    using ParseStep::ParseStep;

private:
    void parse(std::string_view text, std::span<Value> values, base::Arena& arena) const override
    {
        std::string json = "{";
        std::size_t at = 0;
        while (at < text.size()) {
            if (static_cast<unsigned char>(text[at]) <= ' ') {
                ++at;
                continue;
            }
            const std::size_t start = at;
            while (at < text.size() && static_cast<unsigned char>(text[at]) > ' ' && text[at] != '=') {
                ++at;
            }
            json += json.size() > 1 ? "," : "";
            base::append_json_string(json, text.substr(start, at - start));
            json += ':';
            // A word alone is a flag.
            if (at >= text.size() || text[at] != '=') {
                json += "\"true\"";
                continue;
            }
            ++at;
            base::append_json_string(json, read_value(text, at));
        }
        if (json.size() > 1) {
            json += '}';
            values[0] = Value::object(arena.copy(json));
        }
    }

    static std::string read_value(std::string_view text, std::size_t& at)
    {
        std::string value;
        if (at >= text.size() || text[at] != '"') {
            while (at < text.size() && static_cast<unsigned char>(text[at]) > ' ') {
                value.push_back(text[at++]);
            }
            return value;
        }
        for (++at; at < text.size() && text[at] != '"'; ++at) {
            if (text[at] == '\\' && at + 1 < text.size()) {
                ++at;
                value.push_back(text[at] == 'n' ? '\n' : text[at] == 't' ? '\t' : text[at]);
            } else {
                value.push_back(text[at]);
            }
        }
        ++at;
        return value;
    }
};

// Splits one line of CSV (RFC 4180) into fields by position.
class CsvStep final : public ParseStep {
public:
    using ParseStep::ParseStep;

private:
    void parse(std::string_view text, std::span<Value> values, base::Arena& arena) const override
    {
        std::size_t at = 0;
        for (Value& value : values) {
            if (at > text.size()) {
                return;
            }
            value = read_field(text, at, arena);
        }
    }

    static Value read_field(std::string_view text, std::size_t& at, base::Arena& arena)
    {
        if (at >= text.size() || text[at] != '"') {
            const std::size_t end = std::min(text.find(',', at), text.size());
            const std::string_view field = text.substr(at, end - at);
            at = end + 1;
            return Value::string(field);
        }
        std::string field;
        for (++at; at < text.size(); ++at) {
            if (text[at] == '"') {
                if (at + 1 >= text.size() || text[at + 1] != '"') {
                    break;
                }
                ++at;
            }
            field.push_back(text[at]);
        }
        at = std::min(text.find(',', at), text.size()) + 1;
        return Value::string(arena.copy(field));
    }
};

// Which groups fill the fields: the one of the same name, else the one at the same place. Without names the groups'
// own names are the fields.
std::vector<std::size_t> groups_of(const base::Regex& regex, std::vector<std::string>& names)
{
    const std::vector<std::string>& group_names = regex.group_names();
    const std::vector<std::string> wanted = names.empty() ? group_names : names;
    names.clear();
    std::vector<std::size_t> groups;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (wanted[i].empty()) {
            continue;
        }
        const auto named = std::ranges::find(group_names, wanted[i]);
        names.push_back(wanted[i]);
        groups.push_back(
            named == group_names.end() ? i + 1 : static_cast<std::size_t>(named - group_names.begin()) + 1);
    }
    return groups;
}

} // namespace

base::Result<std::vector<std::string>> add_parse(const plan::Command& command, Segment& segment)
{
    std::vector<std::string> names = command.aliases;
    TRY(auto input, input_of(command, segment));
    std::unique_ptr<Step> step;
    switch (command.parse_mode) {
    case plan::ParseMode::glob: {
        const auto stars = static_cast<std::size_t>(std::ranges::count(command.pattern, '*'));
        if (stars != names.size()) {
            return base::fail("query",
                "parse has " + std::to_string(stars) + " * in its pattern for " + std::to_string(names.size())
                    + " names");
        }
        step = std::make_unique<GlobStep>(std::move(input), command.pattern);
        break;
    }
    case plan::ParseMode::regex: {
        TRY(auto regex, base::Regex::create(command.pattern));
        std::vector<std::size_t> groups = groups_of(regex, names);
        if (names.empty()) {
            return base::fail("query", "parse makes no field: name a group, (?<name>…), or write as name");
        }
        step = std::make_unique<RegexStep>(std::move(input), std::move(regex), std::move(groups), command.multi);
        break;
    }
    case plan::ParseMode::logfmt: step = std::make_unique<LogfmtStep>(std::move(input)); break;
    case plan::ParseMode::csv: step = std::make_unique<CsvStep>(std::move(input)); break;
    }
    if (names.empty()) {
        return base::fail("query", "parse lacks the name of a field");
    }
    if (command.parse_mode == plan::ParseMode::logfmt) {
        names.resize(1);
    }
    add_named_step(segment, std::move(step), names);
    return names;
}

} // namespace trawl::query::local
