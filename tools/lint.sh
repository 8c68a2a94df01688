#!/usr/bin/env bash
# Runs clang-tidy over the sources, or over those changed since a revision: tools/lint.sh [REVISION].
set -euo pipefail
cd "$(dirname "$0")/.."

[[ -f build/release/compile_commands.json ]] || { mkdir -p build; cmake --preset release >build/release-configure.log 2>&1; }
if (($# > 0)); then
    mapfile -t files < <(git diff --name-only --diff-filter=d "$1" -- 'src/*.cpp')
else
    mapfile -t files < <(git ls-files 'src/*.cpp')
fi
((${#files[@]})) || exit 0
printf '%s\n' "${files[@]}" | xargs -P "$(nproc)" -n 4 clang-tidy-19 -p build/release --quiet --extra-arg=-Wno-unknown-warning-option
