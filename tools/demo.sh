#!/usr/bin/env bash
# Scans the example account as a user would, and names the next commands to try.
set -euo pipefail
cd "$(dirname "$0")/.."

trawl=${1:-build/release/trawl}
echo "\$ trawl scan examples/logs"
"$trawl" scan --format table examples/logs
echo
echo "\$ trawl coverage examples/logs"
"$trawl" coverage --format table examples/logs
cat <<END

What happened, step by step, is told in examples/README.md. Next:
  $trawl scan --format html --out report.html examples/logs      # the same as a page to open in a browser
  $trawl query 'stats count(*) by @kind, @src_ip | sort @kind' examples/logs                 # one question to all kinds of logs
  $trawl query 'fields @timestamp, eventName, errorCode | filter userIdentity.userName = "support-automation" | sort @timestamp' examples/logs
  $trawl scan --lists examples/lists.yaml examples/logs             # with what the company knows of itself: less noise
  $trawl rules list                                              # what is looked for
END
