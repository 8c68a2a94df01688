#!/usr/bin/env bash
# Configures a preset (once; CMake looks for changes by itself later) and builds it.
set -euo pipefail
cd "$(dirname "$0")/.."

preset=${1:?usage: tools/build.sh PRESET [TARGET…]}
shift
log=build/$preset-configure.log
mkdir -p build
if [[ ! -f build/$preset/build.ninja ]]; then
    cmake --preset "$preset" >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
fi
ninja -C "build/$preset" "$@"
