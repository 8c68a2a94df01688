#pragma once

#include "app/cli/arguments.h"
#include "app/cli/exit_status.h"
#include "app/cli/session.h"

// The commands of the command table: one file each.
namespace trawl::app::commands {

cli::ExitStatus scan(const cli::Arguments& arguments, cli::Session& session);
cli::ExitStatus query(const cli::Arguments& arguments, cli::Session& session);
cli::ExitStatus decode(const cli::Arguments& arguments, cli::Session& session);
cli::ExitStatus coverage(const cli::Arguments& arguments, cli::Session& session);
cli::ExitStatus diff(const cli::Arguments& arguments, cli::Session& session);
cli::ExitStatus kinds(const cli::Arguments& arguments, cli::Session& session);
cli::ExitStatus rules_list(const cli::Arguments& arguments, cli::Session& session);
cli::ExitStatus rules_show(const cli::Arguments& arguments, cli::Session& session);
cli::ExitStatus rules_test(const cli::Arguments& arguments, cli::Session& session);
cli::ExitStatus rules_lint(const cli::Arguments& arguments, cli::Session& session);
cli::ExitStatus lists_check(const cli::Arguments& arguments, cli::Session& session);
cli::ExitStatus completion(const cli::Arguments& arguments, cli::Session& session);
cli::ExitStatus version(const cli::Arguments& arguments, cli::Session& session);
cli::ExitStatus help(const cli::Arguments& arguments, cli::Session& session);

} // namespace trawl::app::commands
