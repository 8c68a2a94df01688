#!/usr/bin/env python3
"""Runs the golden cases: folders below this one that hold a file `cmd`.

    test/golden/run.py [--trawl PROGRAM] [--update] [CASE_OR_FOLDER…]

A case is a folder named in words, with
  cmd                     the arguments, as a shell would split them; lines with # are comments
  input/                  what is read: copied to a scratch folder, in which the program runs
  prepare                 optional: steps that make compressed or wrapped inputs of plain ones, one a line (below)
  stdin                   optional: standard input
  expected.stdout         the output, byte for byte (default: not compared)
  expected.stdout-contains  lines, each of which must occur in the output: for what may grow, such as lists of all kinds
  expected.stderr-contains  lines, each of which must occur in standard error
  expected.exit           the exit status (default 0)
  expected.summary        JSON: members that --summary must show (objects are compared member by member)
  requires                a file that must be beside the program, else the case is left out
  expected.files/         files that must be there afterwards, byte for byte
Every case of scan, query and decode runs with -j 1 and with -j 4 (unless cmd says -j): both must give the same bytes;
and it runs with --summary, whose sums must balance.

Steps of `prepare` (paths are below the scratch folder):
  gzip|zlib|zstd|base64 FROM TO     zip TO FROM…     join TO FROM… (one after another)     cut BYTES FILE (keeps the first ones)
  subscription FROM TO              wraps a payload as CloudWatch does for Lambda: {"awslogs":{"data":base64(gzip)}}
  remove PATH

--update writes the outputs that differ and says which: read every line of them before you commit. Refused where CI is set.
"""
import argparse
import base64
import concurrent.futures
import gzip
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import zipfile
import zlib

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.dirname(HERE))
import program


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, content):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content)


def zip_archive(folder, target, names):
    os.makedirs(os.path.dirname(os.path.join(folder, target)), exist_ok=True)
    with zipfile.ZipFile(os.path.join(folder, target), "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name.split("/", 1)[1], (2026, 1, 2, 3, 4, 4)), read(os.path.join(folder, name)), zipfile.ZIP_DEFLATED)


def subscription(payload):
    return json.dumps({"awslogs": {"data": base64.b64encode(gzip.compress(payload, mtime=0)).decode()}}).encode()


TRANSFORMS = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "zlib": zlib.compress,
    "zstd": lambda data: subprocess.run(["zstd", "--quiet", "--stdout", "-"], input=data, stdout=subprocess.PIPE, check=True).stdout,
    "base64": base64.b64encode,
    "subscription": subscription,
}


def prepare(folder, steps):
    for step in steps.decode().splitlines():
        words = shlex.split(step, comments=True)
        if not words:
            continue
        path = lambda name: os.path.join(folder, name)
        if words[0] in TRANSFORMS:
            write(path(words[2]), TRANSFORMS[words[0]](read(path(words[1]))))
        elif words[0] == "zip":
            zip_archive(folder, words[1], words[2:])
        elif words[0] == "join":
            write(path(words[1]), b"".join(read(path(name)) for name in words[2:]))
        elif words[0] == "cut":
            write(path(words[2]), read(path(words[2]))[:int(words[1])])
        elif words[0] == "remove":
            shutil.rmtree(path(words[1])) if os.path.isdir(path(words[1])) else os.remove(path(words[1]))
        else:
            raise ValueError("prepare: no step is called %s" % words[0])


class Case:
    def __init__(self, folder, options):
        self.folder, self.options = folder, options
        self.name = os.path.relpath(folder, HERE)
        self.problems, self.updates = [], []

    def file(self, name):
        path = os.path.join(self.folder, name)
        return read(path) if os.path.exists(path) else None

    def arguments(self):
        lines = self.file("cmd").decode().splitlines()
        return shlex.split("\n".join(line for line in lines if not line.lstrip().startswith("#")))

    def run_once(self, arguments):
        with tempfile.TemporaryDirectory(prefix="golden-") as scratch:
            if os.path.isdir(os.path.join(self.folder, "input")):
                shutil.copytree(os.path.join(self.folder, "input"), os.path.join(scratch, "input"), symlinks=True)
            steps = self.file("prepare")
            if steps is not None:
                prepare(scratch, steps)
            summary_path = os.path.join(scratch, ".summary.json")
            reads = arguments[0] in program.READING and "--summary" not in arguments and "--help" not in arguments and "--fix" not in arguments
            more = ["--summary", summary_path] if reads else []
            result = program.run(self.options.trawl, [arguments[0], *more, *arguments[1:]], scratch, stdin=self.file("stdin"))
            result.summary = program.read_summary(summary_path) if os.path.exists(summary_path) else None
            result.files = {}
            expected = os.path.join(self.folder, "expected.files")
            for path, _, names in os.walk(expected) if os.path.isdir(expected) else ():
                for name in names:
                    relative = os.path.relpath(os.path.join(path, name), expected)
                    found = os.path.join(scratch, relative)
                    result.files[relative] = read(found) if os.path.exists(found) else None
            return result

    def compare(self, name, got, default=None):
        want = self.file(name)
        if want is None:
            want = default
        if want is None or want == got:
            return
        if self.options.update:
            write(os.path.join(self.folder, name), got)
            self.updates.append(name)
            return
        self.problems.append("%s differs\n%s" % (name, difference(want, got)))

    def members(self, want, got, path):
        for name, value in want.items():
            if isinstance(value, dict):
                self.members(value, got.get(name, {}), path + name + ".")
            elif got.get(name) != value:
                self.problems.append("--summary: %s%s is %s, not %s" % (path, name, json.dumps(got.get(name)), json.dumps(value)))

    def check(self):
        required = self.file("requires")
        if required is not None and not os.path.exists(os.path.join(os.path.dirname(self.options.trawl), required.decode().strip())):
            print("left out, for lack of %s: %s" % (required.decode().strip(), self.name))
            return self
        arguments = self.arguments()
        parallel = arguments[0] in program.READING and "-j" not in arguments and "--help" not in arguments
        result = self.run_once([arguments[0], "-j", "1", *arguments[1:]] if parallel else arguments)
        if result.timed_out:
            self.problems.append("did not end in time")
            return self
        self.compare("expected.stdout", result.out)
        self.compare("expected.exit", b"%d\n" % result.exit, default=b"0\n")
        for name, found in (("stdout", result.out.decode("utf-8", "replace")), ("stderr", result.text())):
            for line in (self.file("expected.%s-contains" % name) or b"").decode().splitlines():
                if line and line not in found:
                    self.problems.append("%s lacks: %s" % (name, line))
        for name, content in result.files.items():
            self.compare(os.path.join("expected.files", name), content if content is not None else b"(not written)\n")
        if result.summary is not None:
            wrong = program.unbalanced(result.summary)
            if wrong:
                self.problems.append("--summary: " + wrong)
        if self.file("expected.summary") is not None:
            self.members(json.loads(self.file("expected.summary")), result.summary or {}, "")
        if self.problems and result.err:
            self.problems.append("standard error was:\n" + indent(result.text()[:4000]))
        if parallel:
            again = self.run_once([arguments[0], "-j", "4", *arguments[1:]])
            for what, one, four in (("stdout", result.out, again.out), ("exit status", result.exit, again.exit), ("--summary", result.summary, again.summary), ("files", result.files, again.files)):
                if one != four:
                    self.problems.append("%s with -j 4 differs from -j 1" % what)
        return self


def indent(text):
    return "\n".join("    " + line for line in text.splitlines())


def difference(want, got):
    import difflib
    lines = difflib.unified_diff(want.decode("utf-8", "backslashreplace").splitlines(), got.decode("utf-8", "backslashreplace").splitlines(), "expected", "actual", lineterm="", n=1)
    text = list(lines)
    return indent("\n".join(text[:60] + (["… %d more lines" % (len(text) - 60)] if len(text) > 60 else []) or ["(in line ends or invisible bytes)"]))


def cases(paths):
    for start in paths:
        for path, folders, files in os.walk(os.path.abspath(start)):
            folders.sort()
            if "cmd" in files:
                folders[:] = []
                yield path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trawl", default=os.path.join(ROOT, "build/release/trawl"))
    parser.add_argument("--update", action="store_true")
    parser.add_argument("cases", nargs="*", default=[HERE])
    options = parser.parse_args()
    options.trawl = os.path.abspath(options.trawl)
    if options.update and os.environ.get("CI"):
        sys.exit("--update is refused in CI: an expected output is a claim that somebody has read")
    if not os.path.exists(options.trawl):
        sys.exit("%s is not built" % options.trawl)
    found = list(cases(options.cases))
    if not found:
        sys.exit("no case below %s" % " ".join(options.cases))

    def guarded(folder):
        case = Case(folder, options)
        try:
            return case.check()
        except Exception as error:  # A broken case must not hide the others.
            case.problems.append("the case itself is broken: %r" % error)
            return case

    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        for case in pool.map(guarded, found):
            if case.updates:
                print("updated %s: %s" % (case.name, ", ".join(case.updates)))
            if case.problems:
                failed += 1
                print("FAILED %s\n%s" % (case.name, indent("\n".join(case.problems))))
    print("golden: %d passed, %d failed" % (len(found) - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
