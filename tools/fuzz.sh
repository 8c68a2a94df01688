#!/usr/bin/env bash
# Fuzzes every target of a fuzz build for some seconds each, from the committed corpus; what it finds that is new goes
# to build/fuzz-corpus, what crashes stays in the working folder and is named by libFuzzer.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=${1:?usage: tools/fuzz.sh BUILD_FOLDER SECONDS}
seconds=${2:-60}
for program in "$folder"/fuzz_*; do
    [[ -x $program && -f $program ]] || continue
    name=$(basename "$program")
    name=${name#fuzz_}
    mkdir -p "build/fuzz-corpus/$name" build/fuzz-crashes
    echo "== $name"
    "$program" -max_total_time="$seconds" -max_len=65536 -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="build/fuzz-crashes/$name-" "build/fuzz-corpus/$name" "test/fuzz/corpus/$name"
done
