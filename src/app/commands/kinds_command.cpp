#include <algorithm>

#include "app/cli/answer.h"
#include "app/cli/row_printer.h"
#include "app/commands/commands.h"
#include "app/commands/kind_page.h"
#include "ingest/kinds/log_kind.h"

namespace trawl::app::commands {

using cli::ExitStatus;
using event::Value;

namespace {

base::Result<void> print_kinds(cli::RowPrinter& rows)
{
    TRY_VOID(rows.begin({"number", "kind", "title", "fields", "page"}));
    for (const ingest::LogKind* kind : kinds_by_number()) {
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

// Rows of fields in NDJSON and CSV; all that is known of the kind as JSON and as a page for people.
base::Result<void> print_kind(cli::Answer& answer, const ingest::LogKind& kind)
{
    if (answer.format() == "json") {
        return answer.output().write(kind_json(kind));
    }
    if (answer.format() == "table") {
        const deliver::TableStyle& style = answer.style();
        return answer.output().write(
            kind_text(kind, style.colours == deliver::Colours::on, style.wide ? 0 : style.width));
    }
    cli::RowPrinter rows(answer);
    return print_fields(rows, kind);
}

} // namespace

ExitStatus kinds(const cli::Arguments& arguments, cli::Session& session)
{
    auto answer = cli::Answer::open(arguments, session);
    if (!answer) {
        return ExitStatus::not_written;
    }
    const bool markdown = arguments.has("markdown");
    base::Result<void> printed;
    if (arguments.positionals().empty()) {
        cli::RowPrinter rows(*answer);
        printed = markdown ? answer->output().write(kinds_markdown()) : print_kinds(rows);
    } else {
        const auto& table = ingest::kind_table();
        const auto found
            = std::ranges::find(table, std::string_view(arguments.positionals().front()), &ingest::LogKind::id);
        const ingest::LogKind& kind = **found; // It is one of the choices.
        printed = markdown ? answer->output().write(kind_markdown(kind)) : print_kind(*answer, kind);
    }
    return printed ? answer->finish(session) : cli::output_failed(printed.error(), session);
}

} // namespace trawl::app::commands
