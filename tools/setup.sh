#!/usr/bin/env bash
# Installs the Debian packages of one purpose, where they are missing: build, test, fuzz, lint or bench. Touches the
# network only when something is missing. Every dependency of the build (cmake/modules.cmake) is listed here.
set -euo pipefail

build=(cmake ninja-build g++ mold ccache pkg-config python3 python3-pip
    libdeflate-dev zlib1g-dev libzstd-dev libarchive-dev libxxhash-dev libssl-dev
    libsimdjson-dev nlohmann-json3-dev libyaml-cpp-dev libre2-dev
    libfmt-dev libcli11-dev libexpected-dev doctest-dev)
test=(zstd)
fuzz=(clang-19 libclang-rt-19-dev llvm-19)
lint=(clang-format-19 clang-tidy-19)
bench=(python3-venv jq)

purpose=${1:?usage: tools/setup.sh build|test|fuzz|lint|bench}
declare -n wanted=$purpose

if ! command -v dpkg-query >/dev/null; then
    echo "setup: this is no Debian system; these packages (by Debian's names) must be there: ${wanted[*]}" >&2
    exit 0
fi

missing=()
for package in "${wanted[@]}"; do
    status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
    [[ $status == installed ]] || missing+=("$package")
done
((${#missing[@]})) || exit 0

run=()
if ((EUID != 0)); then
    command -v sudo >/dev/null || {
        echo "setup: neither root nor sudo; ask an administrator for: apt-get install ${missing[*]}" >&2
        exit 1
    }
    run=(sudo)
fi
echo "setup: installing ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
install() {
    "${run[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends "${missing[@]}" </dev/null
}
# The package lists may be old or empty: they are fetched first, and an install that fails is tried once more.
"${run[@]}" apt-get update --quiet </dev/null || echo "setup: the package lists could not be fetched; going on with the old ones" >&2
install || { sleep 5; "${run[@]}" apt-get update --quiet </dev/null; install; }
