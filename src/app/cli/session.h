#pragma once

#include "app/cli/interruption.h"
#include "app/cli/messages.h"
#include "app/cli/terminal.h"

namespace trawl::app::cli {

// What a command needs beside its arguments.
struct Session {
    Messages& messages;         // All belong to main().
    Interruption& interruption;
    Terminal terminal;
};

} // namespace trawl::app::cli
