#include "query/language/fields.h"

#include <algorithm>
#include <array>

#include "query/language/parse.h"
#include "query/language/suggestion.h"

namespace trawl::query::language {

using plan::Command;
using plan::CommandKind;
using plan::ExpressionKind;

void for_each_field(const plan::Expression& expression, const FieldVisitor& visit)
{
    if (expression.kind == ExpressionKind::field || expression.kind == ExpressionKind::match
        || expression.kind == ExpressionKind::element) {
        visit(expression.path, expression.span);
    }
    // Fields of an element are relative to it.
    if (expression.kind == ExpressionKind::element) {
        return;
    }
    for (const plan::Expression& operand : expression.operands) {
        for_each_field(operand, visit);
    }
}

bool leads_into(const event::FieldPath& path, const NameSet& names)
{
    if (names.contains(path.text)) {
        return true;
    }
    std::string prefix;
    for (const std::string& part : path.parts) {
        prefix += prefix.empty() ? part : "." + part;
        if (names.contains(prefix)) {
            return true;
        }
    }
    return false;
}

namespace {

// What a known field says of a path: it is the field, lies in it, or holds it.
class KnownFields {
public:
    explicit KnownFields(std::span<const std::string> fields) : candidates_(fields.begin(), fields.end())
    {
        for (const std::string& field : fields) {
            names_.insert(field);
            for (std::size_t dot = field.find('.'); dot != std::string::npos; dot = field.find('.', dot + 1)) {
                names_.insert(field.substr(0, dot));
            }
        }
    }

    bool knows(const event::FieldPath& path) const
    {
        // Fields beginning with @ are the program's own and those of log groups; tags have any name.
        return path.text.starts_with('@') || leads_into(path, names_);
    }

    std::string suggestion(const event::FieldPath& path) const { return did_you_mean(path.text, candidates_); }

private:
    NameSet names_;
    std::vector<std::string_view> candidates_;
};

class FieldCheck {
public:
    explicit FieldCheck(std::span<const std::string> known) : known_(known) {}

    void command(const Command& command)
    {
        const auto visit = [this](const event::FieldPath& path, base::Span span) { field(path, span); };
        for (const auto* items : {&command.items, &command.by}) {
            for (const plan::Item& item : *items) {
                for_each_field(item.expression, visit);
                created_.insert(item.name);
            }
        }
        if (command.where) {
            for_each_field(*command.where, visit);
        }
        if (command.input) {
            for_each_field(*command.input, visit);
        }
        for (const plan::SortKey& key : command.keys) {
            for_each_field(key.expression, visit);
        }
        for (const event::FieldPath& name : command.names) {
            field(name, command.span);
        }
        created_.insert(command.aliases.begin(), command.aliases.end());
        if (command.kind == CommandKind::lookup || command.kind == CommandKind::cidrlookup) {
            for (const auto& [role, text] : command.options) {
                created_.insert(text);
            }
        }
    }

    std::vector<base::Diagnostic> take() { return std::move(diagnostics_); }

private:
    void field(const event::FieldPath& path, base::Span span)
    {
        if (known_.knows(path) || leads_into(path, created_) || !reported_.insert(path.text).second) {
            return;
        }
        std::string help = known_.suggestion(path);
        diagnostics_.push_back(
            {base::Severity::warning, "W305", "no field is known as " + path.text, std::move(help), span, {}});
    }

    KnownFields known_;
    NameSet created_;
    NameSet reported_;
    std::vector<base::Diagnostic> diagnostics_;
};

// After these the fields are no longer those of records.
bool ends_records(CommandKind kind)
{
    constexpr std::array kinds {CommandKind::stats, CommandKind::join, CommandKind::pattern, CommandKind::anomaly,
        CommandKind::diff, CommandKind::logcompare, CommandKind::appendcols, CommandKind::count_frequent,
        CommandKind::relevantfields, CommandKind::detect};
    return std::ranges::find(kinds, kind) != kinds.end();
}

} // namespace

std::vector<base::Diagnostic> check_fields(const plan::Query& query, std::span<const std::string> known_fields)
{
    FieldCheck check(known_fields);
    for (const Command& command : query.commands) {
        // The names of these have other records, or none, behind them.
        if (command.kind == CommandKind::join || command.kind == CommandKind::detect
            || command.kind == CommandKind::filldown) {
            break;
        }
        check.command(command);
        if (ends_records(command.kind)) {
            break;
        }
    }
    return check.take();
}

} // namespace trawl::query::language
