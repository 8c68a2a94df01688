#include <algorithm>

#include "app/cli/answer.h"
#include "app/cli/row_printer.h"
#include "app/commands/commands.h"
#include "ingest/kinds/log_kind.h"

namespace trawl::app::commands {

using cli::ExitStatus;
using event::Value;

namespace {

base::Result<void> print_kinds(cli::RowPrinter& rows)
{
    std::vector<const ingest::LogKind*> kinds = ingest::kind_table();
    std::ranges::stable_sort(kinds, {}, &ingest::LogKind::number);
    TRY_VOID(rows.begin({"number", "kind", "title", "fields", "page"}));
    for (const ingest::LogKind* kind : kinds) {
        TRY_VOID(rows.row({Value::integer(kind->number), Value::string(kind->id), Value::string(kind->title),
            Value::integer(static_cast<std::int64_t>(kind->fields.size() + kind->derived.size())),
            Value::string(kind->page)}));
    }
    return rows.finish();
}

base::Result<void> print_fields(cli::RowPrinter& rows, const ingest::LogKind& kind)
{
    TRY_VOID(rows.begin({"name", "type", "meaning", "also", "page"}));
    for (const ingest::DerivedField& field : kind.derived) {
        TRY_VOID(rows.row({Value::string(field.name), Value::string(field.type), Value::string(field.meaning), Value(),
            Value::string(kind.page)}));
    }
    for (const ingest::FieldDescription& field : kind.fields) {
        TRY_VOID(rows.row({Value::string(field.name), Value::string(field.type), Value::string(field.meaning),
            field.also.empty() ? Value() : Value::string(field.also),
            Value::string(field.page.empty() ? kind.page : field.page)}));
    }
    return rows.finish();
}

} // namespace

ExitStatus kinds(const cli::Arguments& arguments, cli::Session& session)
{
    auto answer = cli::Answer::open(arguments, session);
    if (!answer) {
        return ExitStatus::not_written;
    }
    cli::RowPrinter rows(*answer);
    base::Result<void> printed;
    if (arguments.positionals().empty()) {
        printed = print_kinds(rows);
    } else {
        const auto& table = ingest::kind_table();
        const auto found
            = std::ranges::find(table, std::string_view(arguments.positionals().front()), &ingest::LogKind::id);
        printed = print_fields(rows, **found); // It is one of the choices.
    }
    return printed ? answer->finish(session) : cli::output_failed(printed.error(), session);
}

} // namespace trawl::app::commands
