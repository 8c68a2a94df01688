#!/usr/bin/env python3
"""Holds every source file against the rules of layout that no compiler checks.

1. src/LAYERS: a module includes only itself and the modules its line names.
2. Includes are written from src/ ("base/text.h") and exist; tests may include their own folder.
3. Headers begin with `#pragma once`.
4. Heavy headers are included by the files listed here alone, and by no header.
5. The namespace is the folder, or one named after the file in it.
6. No file is longer than 800 lines (tables of data apart), and none of src/ opens a whole namespace.

Prints a line for each breach; exit status 1 when there is one.
"""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MOST_LINES = 800
# Each costs between half a second and eight seconds in every file that includes it: header → the files of src/ that
# may. A new file is one more line here, with a reason in its review. Tests may include them in any .cpp.
HEAVY = {
    "simdjson.h": [],
    "nlohmann/json.hpp": [],
    "yaml-cpp/": ["src/detect/rules/yaml_parser.cpp", "src/query/lists.cpp"],
    "CLI/": ["src/app/cli/arguments.cpp"],
    "regex": [],
    "iostream": [],
    "spdlog/": [],
}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
# Not forward declarations, which stand on one line.
NAMESPACE = re.compile(r"^namespace\s+(trawl[\w:]*)\s*\{\s*$", re.MULTILINE)


def layers():
    """Module → the modules it may include."""
    allowed = {}
    with open(os.path.join(ROOT, "src/LAYERS"), encoding="utf-8") as file:
        for line in file:
            if line.startswith("#") or not line.strip():
                continue
            module, needs = line.split(":", 1)
            unknown = [need for need in needs.split() if need not in allowed]
            if unknown:
                sys.exit("src/LAYERS: %s names %s, which no line above defines" % (module, unknown[0]))
            allowed[module] = {module, *needs.split()}
    return allowed


def sources(folder):
    for path, folders, files in os.walk(os.path.join(ROOT, folder)):
        folders.sort()
        for name in sorted(files):
            if name.endswith((".h", ".cpp")):
                yield os.path.relpath(os.path.join(path, name), ROOT)


def heavy_place(header):
    """The files that may include a heavy header, or None for another one."""
    for heavy, files in HEAVY.items():
        if header == heavy or (heavy.endswith("/") and header.startswith(heavy)):
            return files
    return None


def check_includes(path, lines, allowed):
    parts = path.split("/")
    in_source = parts[0] == "src"
    module = parts[1]
    for number, line in enumerate(lines, 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        quote, header = match.groups()
        files = heavy_place(header)
        if files is not None and path.endswith(".h"):
            yield number, "a header includes <%s>, which is slow to compile; include it in a .cpp" % header
        elif files is not None and in_source and path not in files:
            yield number, "<%s> is slow to compile; HEAVY in tools/check_layers.py lists who may include it" % header
        if quote == "<":
            continue
        if os.path.exists(os.path.join(ROOT, "src", header)):
            target = header.split("/")[0]
            if in_source and target not in allowed[module]:
                yield number, "%s may not include %s (src/LAYERS)" % (module, target)
        elif in_source or not os.path.exists(os.path.join(ROOT, os.path.dirname(path), header)):
            yield number, 'includes are written from src/: there is no "%s"' % header


def check(path, allowed):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        text = file.read()
    lines = text.splitlines()
    yield from check_includes(path, lines, allowed)
    if path.endswith(".h") and (not lines or lines[0] != "#pragma once"):
        yield 1, "a header begins with #pragma once"
    if path.startswith("src/") and not path.endswith("/main.cpp"):
        folder = os.path.dirname(path).split("/")[1:]
        # A module's deeper folders may share the namespace of a folder above them.
        fitting = {"trawl::" + "::".join(folder[:depth]) for depth in range(1, len(folder) + 1)}
        # A file may name what it is about: event/json_scan.h may use trawl::event::json.
        stem = os.path.basename(path)
        fitting |= {"%s::%s" % (name, word) for name in fitting for word in [stem.split(".")[0].split("_")[0]]}
        for name in NAMESPACE.findall(text):
            if name not in fitting:
                yield text[: text.index("namespace " + name)].count("\n") + 1, "namespace %s in folder %s" % (name, "/".join(folder))
    if len(lines) > MOST_LINES and "table of data" not in "\n".join(lines[:20]):
        yield MOST_LINES, "more than %d lines: split it" % MOST_LINES
    for number, line in enumerate(lines, 1):
        # A test is about one namespace and may open it.
        if path.startswith("src/") and re.match(r"\s*using namespace\b", line):
            yield number, "`using namespace` hides where names come from"


def main():
    allowed = layers()
    modules = {name for name in os.listdir(os.path.join(ROOT, "src")) if os.path.isdir(os.path.join(ROOT, "src", name))}
    breaches = ["src/%s: no line of src/LAYERS" % name for name in sorted(modules - set(allowed))]
    count = 0
    for path in [*sources("src"), *sources("test")]:
        if path.startswith("src/") and path.split("/")[1] not in allowed:
            continue
        count += 1
        breaches += ["%s:%d: %s" % (path, number, what) for number, what in check(path, allowed)]
    print("\n".join(breaches) if breaches else "%d files keep the layers" % count)
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
