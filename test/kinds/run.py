#!/usr/bin/env python3
"""Holds each kind of logs against what it says of itself and against all other kinds.

    test/kinds/run.py [--trawl PROGRAM] [--show]

The inputs are those of test/golden/kinds/<kind>/. For every kind of `trawl kinds`:
  pages        docs/kinds/<kind>.md is what the program prints (`make docs`), and nothing in it is blank
  goldens      there is a case whose records are events, and one in which a record is rejected
  recognition  each input, and each seed of FORMATS, is read as its own kind and no other: under its own name, under a name that says nothing, and
               from standard input; all three give the same records
  other kinds  --kind KIND reads no input of any other kind as KIND
  codes        each code of a reject, in the goldens and in src/ingest, is told in docs/diagnostics.md
  fuzz seeds   the corpus of the decoder holds records of it, and every text format of FORMATS
--show prints which records each input gives. The few inputs whose content does not tell their kind are in CANNOT_BE_TOLD.
"""
import argparse
import concurrent.futures
import importlib.util
import json
import os
import re
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.dirname(HERE))
import program

spec = importlib.util.spec_from_file_location("golden_run", os.path.join(ROOT, "test/golden/run.py"))
golden = importlib.util.module_from_spec(spec)
spec.loader.exec_module(golden)

GOLDENS = os.path.join(ROOT, "test/golden/kinds")
PAGES = os.path.join(ROOT, "docs/kinds")
SEEDS = os.path.join(ROOT, "test/fuzz/corpus/decoder")

# Inputs whose content does not tell the kind: lines whose columns somebody configured, without a header, which are read with
# --kind and --columns alone; and what only the name of the object tells, or --kind.
CANNOT_BE_TOLD = {
    "vpc_flow/columns-named-on-the-command-line/flow.log": "a flow log of a format of one's own, without its header",
    "vpc_flow/columns-named-on-the-command-line/payload.json": "the same in CloudWatch Logs: the messages stay messages",
    "cloudfront/columns-named-on-the-command-line/rt.log": "a real-time log of chosen fields: tab-separated values without names",
    "cloudfront/columns-named-on-the-command-line/with-bars.log": "a raw delivery of chosen fields with a separator of one's own",
    "cloudfront/columns-named-on-the-command-line/with-commas.log": "the same",
    "cloudwatch_logs/export-task/exports/0a1b-task/stream-1/000000.gz": "a time and the text of any program; the name 000000.gz tells",
    "cloudwatch_logs/export-task/exports/aws-logs-write-test": "no log: by this name AWS tries whether it may write",
    "vpc_flow/in-an-export-of-cloudwatch-logs/exports/0a1b-task/eni-0abc-all/000000.gz": "the same, around a flow log",
}

# --kind KIND that rightly reads inputs of other kinds as KIND, with the reason.
READS_OTHERS = {
    "cloudwatch_logs": "--kind cloudwatch_logs keeps the messages of payloads as they are",
}


# Formats that the corpus of the decoder's fuzz target must hold, each as a seed <kind>-<format> and, in little memory,
# <kind>-<format>-streamed. The seeds of cloudtrail and of flow logs with a header are older and called otherwise.
FORMATS = {
    "acm": "event certificate",
    "cloudformation": "stack-events notification custom-resource text",
    "cloudformation_stack": "stacks",
    "cloudfront": "standard without-header json real-time real-time-today",
    "cloudwatch_logs": "payload list export",
    "config": "snapshot notification compliance",
    "direct_connect": "interfaces connections",
    "ebs_snapshot": "event snapshots",
    "ec2_metadata": "document credentials mime script cloud-config powershell",
    "elastic_beanstalk": "events text engine activity",
    "elasticsearch": "slow error audit dotted",
    "elasticsearch_domain": "event status",
    "elb": "application connection health-check network classic json",
    "glue": "event crawler job job-runs",
    "guardduty": "export event cli",
    "iam": "report finding details",
    "iot": "events lorawan",
    "rds": "postgresql postgresql-csv mysql-audit mysql-slow mysql-general mysql-error sqlserver sqlserver-agent sqlserver-utf16 oracle-alert oracle-alert-xml "
           "oracle-audit oracle-audit-xml oracle-listener db2 activity event",
    "route53": "public resolver",
    "s3_access": "lines anonymous json",
    "vpc_flow": "firehose transit-gateway version-10",
    "waf": "objects",
}


class Input:
    """One file of a golden case."""

    def __init__(self, kind, case, name, content):
        self.kind, self.case, self.name, self.content = kind, case, name, content
        self.label = "%s/%s/%s" % (kind, case, name)


class Told:
    """What a run says of one input: kinds of its events, codes of its rejects, in the order of records."""

    def __init__(self):
        self.events, self.rejects = [], []

    def records(self):
        return sorted([(record, kind) for record, kind in self.events] + [(record, "reject " + code) for record, code in self.rejects])

    def short(self):
        counts = {}
        for _, what in self.records():
            counts[what] = counts.get(what, 0) + 1
        return ", ".join("%d %s" % (count, what) for what, count in counts.items()) or "nothing"


class Checks:
    def __init__(self, options):
        self.options, self.problems, self.passed = options, [], 0
        kinds = [self.ask("kinds", name, "--format", "json") for name in self.names()]
        self.kinds = {kind["kind"]: kind for kind in kinds}
        self.inputs = []

    def run(self, arguments, folder=ROOT, stdin=None):
        return program.run(self.options.trawl, arguments, folder, stdin=stdin)

    def names(self):
        lines = self.run(["kinds", "--format", "ndjson"]).out.decode().splitlines()
        return [json.loads(line)["kind"] for line in lines]

    def ask(self, *arguments):
        return json.loads(self.run(list(arguments)).out)

    def check(self, holds, text):
        if holds:
            self.passed += 1
        else:
            self.problems.append(text)

    def pages(self):
        expected = {"README.md": ["kinds", "--markdown"]}
        for kind in self.kinds:
            expected[kind + ".md"] = ["kinds", kind, "--markdown"]
        for name, arguments in expected.items():
            path = os.path.join(PAGES, name)
            written = golden.read(path) if os.path.exists(path) else b""
            self.check(written == self.run(arguments).out, "docs/kinds/%s is stale: make docs" % name)
        for name in os.listdir(PAGES):
            self.check(name in expected, "docs/kinds/%s is the page of no kind: make docs" % name)

    def facts(self):
        for kind in self.kinds.values():
            for member in ("title", "page", "places", "switch_on", "recognised_by", "fields"):
                self.check(kind[member], "%s: %s is blank" % (kind["kind"], member))
            self.check(kind["common_fields"] or "view_of" in kind, "%s: no common fields" % kind["kind"])
            names = [field["name"] for field in kind["fields"]]
            self.check(len(names) == len(set(names)), "%s: a field is there twice" % kind["kind"])
            for field in kind["fields"]:
                blank = [member for member in ("name", "type", "meaning", "page") if not field[member].strip()]
                self.check(not blank and field["meaning"].lower() != field["name"].lower() and field["page"].startswith("https://"),
                           "%s: %s has no meaning or page" % (kind["kind"], field["name"]))

    def collect(self):
        for kind in self.kinds:
            folder = os.path.join(GOLDENS, kind)
            for case in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
                required = os.path.join(folder, case, "requires")
                beside = os.path.join(os.path.dirname(self.options.trawl), golden.read(required).decode().strip()) if os.path.exists(required) else ROOT
                if os.path.exists(beside):
                    self.inputs += self.inputs_of(kind, case, os.path.join(folder, case))

        # The seeds have more formats; their first byte is not the decoder's. It is a 4 where the name of the object counts.
        for kind, formats in FORMATS.items():
            for name in formats.split():
                seed = golden.read(os.path.join(SEEDS, "%s-%s" % (kind, name)))
                self.inputs += [Input(kind, "seed", name, seed[1:])] if seed[:1] != b"4" else []

    def inputs_of(self, kind, case, folder):
        with tempfile.TemporaryDirectory(prefix="kinds-") as scratch:
            if os.path.isdir(os.path.join(folder, "input")):
                golden.shutil.copytree(os.path.join(folder, "input"), os.path.join(scratch, "input"))
            steps = os.path.join(folder, "prepare")
            if os.path.exists(steps):
                golden.prepare(scratch, golden.read(steps))
            paths = sorted(os.path.join(path, name) for path, _, names in os.walk(os.path.join(scratch, "input")) for name in names)
            return [Input(kind, case, os.path.relpath(path, os.path.join(scratch, "input")), golden.read(path)) for path in paths]

    def decode(self, folder, arguments=(), stdin=None):
        """Decodes a folder (or standard input) in one run; gives what is told of each source."""
        rejects = os.path.join(folder, ".rejects")
        result = self.run(["decode", "--keep-duplicates", "--format", "ndjson", "--rejects", rejects, *arguments, "in" if stdin is None else "-"], folder, stdin)
        told = {}
        for line in result.out.decode().splitlines():
            event = json.loads(line)
            told.setdefault(event["@source"], Told()).events.append((event["@record"], event["@kind"]))
        for line in golden.read(rejects).decode().splitlines() if os.path.exists(rejects) else ():
            reject = json.loads(line)
            told.setdefault(reject["source"], Told()).rejects.append((reject["record"], reject["code"]))
        return told

    def decode_all(self, name_of, arguments=()):
        with tempfile.TemporaryDirectory(prefix="kinds-") as scratch:
            names = {}
            for number, one in enumerate(self.inputs):
                names[number] = os.path.join("in", name_of(number, one))
                golden.write(os.path.join(scratch, names[number]), one.content)
            told = self.decode(scratch, arguments)
            return [told.get(names[number], Told()) for number in range(len(self.inputs))]

    def decode_standard_input(self, one):
        with tempfile.TemporaryDirectory(prefix="kinds-") as scratch:
            told = self.decode(scratch, stdin=one.content)
            return next(iter(told.values()), Told())

    def own(self, kind):
        return {kind, self.kinds[kind].get("view_of", kind)}

    def recognition(self):
        named = self.decode_all(lambda _, one: one.label)
        neutral = self.decode_all(lambda number, _: "%04d/object" % number)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            piped = list(pool.map(self.decode_standard_input, self.inputs))
        for one, by_name, without, from_pipe in zip(self.inputs, named, neutral, piped):
            if self.options.show:
                print("%s: %s" % (one.label, by_name.short()))
            if one.label in CANNOT_BE_TOLD:
                told = {kind for _, kind in without.events + from_pipe.events}
                self.check(told <= {"cloudwatch_logs"}, "%s: read as %s, though nothing tells its kind" % (one.label, ", ".join(sorted(told))))
                told = {kind for _, kind in by_name.events}
                self.check(told <= {"cloudwatch_logs", one.kind}, "%s: read as %s by its name" % (one.label, ", ".join(sorted(told))))
                continue
            allowed = self.own(one.kind)
            others = sorted({kind for _, kind in by_name.events} - allowed)
            self.check(not others, "%s: read as %s" % (one.label, ", ".join(others)))
            self.check(by_name.events or by_name.rejects or one.kind == "cloudtrail", "%s: gives nothing" % one.label)
            for how, told in (("under a neutral name", without), ("from standard input", from_pipe)):
                self.check(told.records() == by_name.records(), "%s: %s it gives %s, not %s" % (one.label, how, told.short(), by_name.short()))
        for kind in self.kinds:
            mine = [told for one, told in zip(self.inputs, named) if one.kind == kind and one.case != "seed"]
            self.check(any(told.events for told in mine), "%s: no golden case gives an event" % kind)
            self.check(any(told.rejects for told in mine), "%s: no golden case gives a reject" % kind)

        self.codes({code for told in named for _, code in told.rejects})

    def seeds(self):
        names = sorted(name for name in os.listdir(SEEDS) if not name.endswith("-streamed"))
        with tempfile.TemporaryDirectory(prefix="kinds-") as scratch:
            for name in names:
                # The first byte says how much memory the decoder has, and whether the object is called as an export is.
                seed = golden.read(os.path.join(SEEDS, name))
                golden.write(os.path.join(scratch, "in", name, "000000" if seed[:1] == b"4" else "seed"), seed[1:])
            told = {os.path.dirname(source): one for source, one in self.decode(scratch).items()}
        found = {kind for one in told.values() for _, kind in one.events}
        for kind in self.kinds.values():
            self.check(kind["kind"] in found or "view_of" in kind, "%s: no seed of the decoder's fuzz target holds a record of it" % kind["kind"])
        for kind, formats in FORMATS.items():
            for seed in ("%s-%s" % (kind, name) for name in formats.split()):
                there = seed in names and os.path.exists(os.path.join(SEEDS, seed + "-streamed"))
                self.check(there, "test/fuzz/corpus/decoder/%s or its -streamed is missing" % seed)
                one = told.get("in/" + seed, Told())
                self.check(one.events and not one.rejects and {found for _, found in one.events} <= self.own(kind), "the seed %s gives %s" % (seed, one.short()))

    def codes(self, seen):
        told = set(re.findall(r"\b[a-z0-9]+(?:-[a-z0-9]+)*\b", golden.read(os.path.join(ROOT, "docs/diagnostics.md")).decode().split("# Rejects:")[1]))
        for path, _, names in os.walk(os.path.join(ROOT, "src/ingest")):
            for name in names:
                text = golden.read(os.path.join(path, name)).decode() if name.endswith(".cpp") else ""
                seen |= set(re.findall(r'(?:\breject\(|base::fail\(|\bafter\(\w+(?:\.\w+)?, |fail\(error, |skip_damaged\(|error_ = \{|code_ = )"([a-z0-9-]+)"', text))
                seen |= set(re.findall(r'reject_code\(\) const override \{ return "([a-z0-9-]+)"', text))
        seen = {code + suffix for code in seen for suffix in (("columns", "number") if code.endswith("-") else ("",))}
        for code in sorted(seen):
            self.check(code in told, "docs/diagnostics.md does not tell the code %s of rejects" % code)

    def other_kinds(self):
        with tempfile.TemporaryDirectory(prefix="kinds-") as scratch:
            names = ["in/%04d/object" % number for number in range(len(self.inputs))]
            for name, one in zip(names, self.inputs):
                golden.write(os.path.join(scratch, name), one.content)
            for kind in self.kinds:
                told = self.decode(scratch, ["--kind", kind]) if kind not in READS_OTHERS else {}
                for name, one in zip(names, self.inputs):
                    allowed = one.kind == kind or kind in self.own(one.kind)
                    wrong = [record for record, found in told.get(name, Told()).events if found == kind]
                    self.check(allowed or not wrong, "%s: --kind %s reads records %s as %s" % (one.label, kind, wrong, kind))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trawl", default=os.path.join(ROOT, "build/release/trawl"))
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    options.trawl = os.path.abspath(options.trawl)
    if not os.path.exists(options.trawl):
        sys.exit("%s is not built" % options.trawl)
    checks = Checks(options)
    checks.pages()
    checks.facts()
    checks.collect()
    checks.recognition()
    checks.other_kinds()
    checks.seeds()
    for problem in checks.problems:
        print("FAILED " + problem)
    print("kinds: %d passed, %d failed" % (checks.passed, len(checks.problems)))
    return 1 if checks.problems else 0


if __name__ == "__main__":
    sys.exit(main())
