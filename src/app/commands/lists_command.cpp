#include "app/cli/answer.h"
#include "app/cli/row_printer.h"
#include "app/commands/commands.h"
#include "query/lists.h"

namespace trawl::app::commands {

using cli::ExitStatus;
using event::Value;

namespace {

std::string_view type_name(query::ListType type)
{
    switch (type) {
    case query::ListType::cidr: return "cidr";
    case query::ListType::ip: return "ip";
    case query::ListType::string: return "string";
    case query::ListType::glob: return "glob";
    case query::ListType::regex: return "regex";
    case query::ListType::number: return "number";
    }
    return "";
}

base::Result<void> print_lists(cli::RowPrinter& rows, const query::Lists& lists)
{
    TRY_VOID(rows.begin({"list", "type", "entries"}));
    for (const auto& [name, list] : lists) {
        TRY_VOID(rows.row({Value::string(name), Value::string(type_name(list.type)),
            Value::integer(static_cast<std::int64_t>(list.values.size()))}));
    }
    return rows.finish();
}

} // namespace

ExitStatus lists_check(const cli::Arguments& arguments, cli::Session& session)
{
    std::vector<base::Diagnostic> diagnostics;
    const query::Lists lists = query::read_lists(arguments.positionals().front(), diagnostics);
    session.messages.diagnostics(diagnostics);
    if (base::has_error(diagnostics)) {
        return ExitStatus::wrong;
    }
    auto answer = cli::Answer::open(arguments, session);
    if (!answer) {
        return ExitStatus::not_written;
    }
    cli::RowPrinter rows(*answer);
    const auto printed = print_lists(rows, lists);
    return printed ? answer->finish(session) : cli::output_failed(printed.error(), session);
}

} // namespace trawl::app::commands
