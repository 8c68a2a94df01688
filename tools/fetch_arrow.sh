#!/usr/bin/env bash
# Puts Apache Arrow's C++ libraries and headers into build/deps/pyarrow, from PyPI's pyarrow, unless they are there or the
# system has Arrow. Without a network the build goes on without Parquet.
set -euo pipefail
cd "$(dirname "$0")/.."

version=26.0.1
folder=build/deps/pyarrow
mark=$folder/version
[[ -f $mark && $(<"$mark") == "$version" ]] && exit 0
if [[ $(uname -m) != x86_64 ]] || ! python3 -m pip --version >/dev/null 2>&1; then
    echo "setup: Apache Arrow is fetched by pip for x86-64 alone; Parquet files will be reported, not read" >&2
    exit 0
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
echo "setup: fetching Apache Arrow $version (55 MB)" >&2
if ! python3 -m pip download --quiet --no-deps --only-binary=:all: --python-version 3.11 --platform manylinux_2_28_x86_64 \
    --dest "$scratch" "pyarrow==$version" >&2; then
    echo "setup: Apache Arrow could not be fetched; Parquet files will be reported, not read" >&2
    exit 0
fi
rm -rf "$folder"
mkdir -p "$folder"
python3 - "$scratch" "$folder" <<'END'
import glob, os, sys, zipfile
scratch, folder = sys.argv[1:]
with zipfile.ZipFile(glob.glob(os.path.join(scratch, "*.whl"))[0]) as wheel:
    for name in wheel.namelist():
        inside = name.removeprefix("pyarrow/")
        if name.endswith("/"):
            continue
        if inside.startswith(("include/arrow/", "include/parquet/", "libarrow.so.", "libparquet.so.")) and not inside.startswith("include/arrow/python"):
            path = os.path.join(folder, inside)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(wheel.read(name))
END
echo "$version" >"$mark"
