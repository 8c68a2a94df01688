#!/usr/bin/env bash
# Makes the picture of the README: the HTML report of the example account in headless Chromium.
set -euo pipefail
cd "$(dirname "$0")/.."

trawl=${1:-build/release/trawl}
page=$(mktemp --suffix=.html)
trap 'rm -f "$page"' EXIT
"$trawl" scan --quiet --format html --out "$page" examples/logs
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --force-device-scale-factor=1 --window-size=1280,1400 \
    --screenshot=docs/report.png "file://$page" >/dev/null 2>&1
