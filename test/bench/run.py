#!/usr/bin/env python3
"""Measures trawl beside other programs on the same data, in one run: `make bench`.

Each program runs several times, in turn with the others, so that a busy moment of the machine meets all of them; the
best time of each counts. Times are given as multiples of libdeflate's decompression alone on the same number of
threads. Answers are compared. Nothing here fails because of a time: the ratios are printed beside what they should be.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)
import generate

LISTS = "lists:\n  InternalIPRange: {type: cidr, values: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16]}\n"
# The article's first query as a filter: every match, not those of the newest hundred events.
QUERY = """fields @timestamp, userIdentity.arn, eventName, sourceIPAddress, errorMessage
| search ( userIdentity.type="Root"
OR ( userIdentity.type="IAMUser" AND eventName="PutBucketAcl" AND errorMessage="AccessDenied" )
OR ( userIdentity.type="AssumedRole" AND eventName="PutObject" AND sourceIPAddress != "InternalIPRange" ) )
"""
# Kinds of lines: a filter on two columns.
FILTERS = {
    "vpc_flow": "filter action = 'REJECT' and dstPort = 22 | fields @timestamp, srcAddr, dstAddr",
    "s3_access": "filter operation = 'REST.DELETE.OBJECT' and httpstatus = 403 | fields @timestamp, remoteip, key",
    "elb": "filter elb_status_code = 500 and request_verb = 'POST' | fields @timestamp, client_ip, request_url",
    "cloudfront": "filter `sc-status` = 403 and `cs-method` = 'POST' | fields @timestamp, `c-ip`, `cs-uri-stem`",
}
SQL = r"""
SELECT r.eventTime, r.userIdentity.arn, r.eventName, r.sourceIPAddress, r.errorMessage FROM (
  SELECT unnest(Records) AS r FROM read_json('{folder}/**/*.json.gz', format='auto', records='true', maximum_object_size=67108864,
    columns={{Records: 'STRUCT(eventTime VARCHAR, eventName VARCHAR, sourceIPAddress VARCHAR, errorMessage VARCHAR, userIdentity STRUCT("type" VARCHAR, arn VARCHAR))[]'}}))
WHERE r.userIdentity.type = 'Root'
   OR (r.userIdentity.type = 'IAMUser' AND lower(r.eventName) = 'putbucketacl' AND lower(r.errorMessage) = 'accessdenied')
   OR (r.userIdentity.type = 'AssumedRole' AND lower(r.eventName) = 'putobject' AND regexp_matches(r.sourceIPAddress, '^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$')
       AND NOT regexp_matches(r.sourceIPAddress, '^(10\.|192\.168\.|172\.(1[6-9]|2[0-9]|3[01])\.)'))
"""
DUCKDB = """
import duckdb, sys
connection = duckdb.connect()
connection.execute("SET threads = %d" % int(sys.argv[1]))
connection.execute("SET enable_progress_bar = false")
print(len(connection.execute(open(sys.argv[2]).read()).fetchall()))
"""
JQ = r"""
.Records[] | select(.userIdentity.type == "Root"
  or (.userIdentity.type == "IAMUser" and (.eventName | ascii_downcase) == "putbucketacl" and ((.errorMessage // "") | ascii_downcase) == "accessdenied")
  or (.userIdentity.type == "AssumedRole" and (.eventName | ascii_downcase) == "putobject" and (.sourceIPAddress | test("^[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+$"))
      and (.sourceIPAddress | test("^(10\\.|192\\.168\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.)") | not)))
| [.eventTime, .userIdentity.arn, .eventName, .sourceIPAddress, .errorMessage]
"""


class Program:
    def __init__(self, name, command, *, base=None, target=None, answer=None, rounds=None):
        """`base` names the program whose time is 1; `answer` makes the answer of the output."""
        self.name, self.command, self.base, self.target, self.make_answer, self.rounds = name, command, base, target, answer, rounds
        self.best = self.peak_mb = self.answer = None
        self.failed = None

    def run(self):
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            begin = time.perf_counter()
            process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
            _, status, usage = os.wait4(process.pid, 0)
            elapsed = time.perf_counter() - begin
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode != 0:
                err.seek(0)
                self.failed = "exit %d: %s" % (process.returncode, err.read().decode("utf-8", "replace").strip()[-300:])
                return
            if self.make_answer and self.answer is None:
                out.seek(0)
                self.answer = self.make_answer(out)
        self.best = elapsed if self.best is None else min(self.best, elapsed)
        self.peak_mb = max(self.peak_mb or 0, usage.ru_maxrss / 1024)


def line_count(file):
    return sum(1 for _ in file)


def number(file):
    return int(file.read())


def duckdb_python():
    """A Python with DuckDB, in build/bench-venv; None where it cannot be had."""
    folder = os.path.join(ROOT, "build/bench-venv")
    python = os.path.join(folder, "bin/python")
    if not os.path.exists(os.path.join(folder, "installed")):
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
        if subprocess.run([sys.executable, "-m", "venv", folder], **quiet).returncode or subprocess.run([python, "-m", "pip", "install", "--quiet", "duckdb"], **quiet).returncode:
            return None
        open(os.path.join(folder, "installed"), "w").close()
    return python


def many_rules(count):
    """Rules of several shapes, for the start-up."""
    documents = []
    for n in range(count):
        documents.append("""title: Rule %d
id: 00000000-0000-4000-8000-%012d
level: low
logsource: {product: aws, service: cloudtrail}
detection:
  selection: {eventSource: service%d.amazonaws.com, eventName: [CreateThing%d, "DeleteThing%d*"], "requestParameters.name|contains": [alpha, beta%d]}
  denied: {"errorCode|endswith": [AccessDenied, UnauthorizedOperation]}
  outside: {"sourceIPAddress|cidr": [10.0.0.0/8, 192.168.0.0/16]}
  condition: selection and not denied and not outside
""" % (n, n, n % 40, n, n, n))
    return "---\n".join(documents)


def interleave(programs, rounds):
    for turn in range(rounds):
        for program in programs:
            if program.failed is None and turn < (program.rounds or rounds):
                program.run()


def table(rows):
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for position, row in enumerate(rows):
        print("  ".join(cell.ljust(width) if column in (0, len(row) - 1) else cell.rjust(width) for column, (cell, width) in enumerate(zip(row, widths))).rstrip())
        if position == 0:
            print("  ".join("-" * width for width in widths))


def report(programs):
    by_name = {program.name: program for program in programs}
    rows = [("program", "seconds", "times the base", "peak MB", "base, target")]
    for program in programs:
        if program.failed:
            rows.append((program.name, "-", "-", "-", program.failed.splitlines()[-1][:80] if program.failed else ""))
            continue
        base = by_name.get(program.base)
        ratio = "%.2f" % (program.best / base.best) if base and base.best and program.best else ""
        rows.append((program.name, "%.3f" % program.best, ratio, "%.0f" % program.peak_mb, ", ".join(x for x in (program.base, program.target) if x)))
    table(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trawl", default=os.path.join(ROOT, "build/release/trawl"))
    parser.add_argument("--programs", default=os.path.join(ROOT, "build/release"), help="where bench_inflate_only was built")
    parser.add_argument("--data", default=os.path.join(ROOT, "build/bench-data"))
    parser.add_argument("--megabytes", type=int, default=1024)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="without DuckDB and jq")
    options = parser.parse_args()
    trawl = os.path.abspath(options.trawl)
    inflate = os.path.join(options.programs, "bench_inflate_only")
    folders = generate.make(options.data, options.megabytes, max(1, options.megabytes // 4))
    trail, flow = folders["cloudtrail"], folders["vpc_flow"]

    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        def file(name, content):
            path = os.path.join(scratch, name)
            with open(path, "w") as out:
                out.write(content)
            return path
        lists, query, sql, duck, jq = file("lists.yaml", LISTS), file("first.query", QUERY), file("first.sql", SQL.format(folder=trail)), file("duck.py", DUCKDB), file("first.jq", JQ)
        rules, empty = file("rules.yml", many_rules(200)), os.path.join(scratch, "empty")
        os.mkdir(empty)
        quiet = ["--no-progress", "--format", "ndjson"]

        def scan(threads, folder, *more):
            return [trawl, "scan", *quiet, "-j", str(threads), *more, folder]

        def search(threads, folder):
            return [trawl, "query", *quiet, "-j", str(threads), "--keep-duplicates", "--lists", lists, "-f", query, folder]
        alone1, alone2 = "libdeflate alone, 1 thread", "libdeflate alone, 2 threads"
        one = "trawl scan -j 1, whole pack"
        programs = [
            Program(alone1, [inflate, trail, "1"]),
            Program(one, scan(1, trail), base=alone1, target="at most 1.8", answer=line_count),
            Program("trawl query -j 1, first query as a filter", search(1, trail), base=alone1, target="at most 1.5", answer=line_count),
            Program(alone2, [inflate, trail, "2"]),
            Program("trawl scan -j 2, whole pack", scan(2, trail), base=one, target="at most 0.56 (1.8 times as fast)", answer=line_count),
            Program("trawl query -j 2, first query as a filter", search(2, trail), base=alone2, target="at most 1.5", answer=line_count),
        ]
        peers = []
        if not options.quick:
            python = duckdb_python()
            if python:
                peers = [Program("DuckDB read_json, 1 thread", [python, duck, "1", sql], base=alone1, answer=number, rounds=2), Program("DuckDB read_json, 2 threads", [python, duck, "2", sql], base=alone2, answer=number, rounds=2)]
            else:
                print("DuckDB could not be installed: left out", file=sys.stderr)
            if shutil.which("jq"):
                peers.append(Program("zcat | jq", ["bash", "-o", "pipefail", "-c", "find '%s' -name '*.gz' -print0 | sort -z | xargs -0 zcat | jq -c -f '%s'" % (trail, jq)], base=alone1, answer=line_count, rounds=1))
        flows = []
        for kind, text in FILTERS.items():
            flows.append(Program("libdeflate alone, %s" % kind, [inflate, folders[kind], "1"]))
            flows.append(Program("trawl query -j 1, two columns of %s" % kind, [trawl, "query", *quiet, "-j", "1", text, folders[kind]], base="libdeflate alone, %s" % kind, target="at most 1.8"))
        flows += [
            Program("trawl query -j 1, bytes by address", [trawl, "query", *quiet, "-j", "1", "filter action = 'ACCEPT' | stats sum(bytes) as total by dstAddr | sort total desc | limit 10", flow], base="libdeflate alone, vpc_flow"),
            Program("trawl scan -j 1, flow logs", scan(1, flow), base="libdeflate alone, vpc_flow"),
        ]
        starts = [
            Program("start-up, built-in pack, nothing to read", scan(1, empty), target="under 0.050 s", rounds=20),
            Program("start-up, 200 more rules", scan(1, empty, "--rules", rules), rounds=20),
            Program("start-up, 200 rules alone", scan(1, empty, "--no-builtin", "--rules", rules), target="under 0.050 s", rounds=20),
        ]
        for program in programs[:1]:  # Fills the page cache.
            program.run()
            program.best = None
        interleave(programs, options.rounds)
        interleave(peers, options.rounds)
        interleave(flows, options.rounds)
        interleave(starts, 20)

        everything = programs + peers + flows + starts
        size = sum(os.path.getsize(os.path.join(path, name)) for path, _, names in os.walk(trail) for name in names)
        count = sum(len(names) for _, _, names in os.walk(trail))
        print("CloudTrail: %d files, %.0f MB compressed, %d MB plain; %d cores; best of %d, interleaved\n" % (count, size / 1e6, options.megabytes, os.cpu_count(), options.rounds))
        report(everything)
        answers = {program.name: program.answer for program in programs + peers if "scan" not in program.name and program.answer is not None and program.make_answer}
        same = len(set(answers.values())) == 1
        print("\nrows of the first query: %s" % ("%d in every program" % next(iter(answers.values())) if same else "NOT THE SAME: %s" % json.dumps(answers)))
        findings = {program.answer for program in programs if "scan" in program.name}
        print("findings of the scans: %s" % ", ".join(str(answer) for answer in sorted(findings, key=str)))
        wrong = [program.name for program in everything if program.failed and program not in peers]
        # A program that fails or another answer is an error; a time never is.
        return 1 if wrong or not same or len(findings) != 1 else 0


if __name__ == "__main__":
    sys.exit(main())
