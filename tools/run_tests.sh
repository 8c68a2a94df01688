#!/usr/bin/env bash
# Runs the tests of a build folder; the second argument `soak` runs the long ones instead. Closes with
# `N passed, N failed`.
set -uo pipefail
cd "$(dirname "$0")/.."

folder=${1:?usage: tools/run_tests.sh BUILD_FOLDER [soak]}
labels=(--label-exclude '^soak$')
[[ ${2:-} == soak ]] && labels=(--label-regex '^soak$')
log=$folder/ctest.log

# Two at a time even on more cores: some tests measure memory, and threads are tested inside them.
ctest --test-dir "$folder" --output-on-failure --no-tests=error --parallel 2 "${labels[@]}" 2>&1 </dev/null | tee "$log"
status=${PIPESTATUS[0]}
total=$(sed -n 's/^[0-9]*% tests passed, [0-9]* tests failed out of \([0-9]*\)$/\1/p' "$log")
failed=$(sed -n 's/^[0-9]*% tests passed, \([0-9]*\) tests failed out of [0-9]*$/\1/p' "$log")
if [[ -z $total ]]; then
    echo "0 passed, 1 failed"
    exit 1
fi
echo "$((total - failed)) passed, $failed failed"
exit "$status"
