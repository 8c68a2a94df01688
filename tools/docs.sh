#!/usr/bin/env bash
# Writes the pages that the program tells of itself: docs/CLI.md and docs/kinds/. The tests say when they are stale.
set -euo pipefail
cd "$(dirname "$0")/.."

trawl=${1:?usage: tools/docs.sh TRAWL}
write() { # write FILE COMMAND…
    local file=$1 page
    shift
    page=$("$@")
    printf '%s\n' "$page" >"$file"
}
write docs/CLI.md "$trawl" help --markdown
mkdir -p docs/kinds
rm -f docs/kinds/*.md
write docs/kinds/README.md "$trawl" kinds --markdown
"$trawl" kinds --format ndjson | sed 's/.*"kind":"\([a-z0-9_]*\)".*/\1/' | while read -r kind; do
    write "docs/kinds/$kind.md" "$trawl" kinds "$kind" --markdown
done
