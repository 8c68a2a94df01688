#!/usr/bin/env python3
"""Holds the example account to its story: what is ordinary stays quiet, and every step of the attack is found.

    test/examples/run.py [--trawl PROGRAM] [--show]

--show prints the findings of the ordinary days.
"""
import argparse
import glob
import gzip
import itertools
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.dirname(HERE))
import program

LEVELS = ["informational", "low", "medium", "high", "critical"]
# The most findings of each level that five ordinary days may raise.
QUIET = {"critical": 0, "high": 0, "medium": 1, "low": 8}
# Step → a filter of its records, and the techniques of which one must find it, at medium or above.
STEPS = {
    "the leaked key looks around": (lambda e: who(e) == "legacy-backup" and is_denied(e), {"suspicious-api-calls", "principal-usage", "unusual-resource-access"}),
    "a user with every right": (lambda e: e["eventName"] == "AttachUserPolicy", {"principal-usage", "suspicious-api-calls"}),
    "a key for another user": (lambda e: e["eventName"] == "CreateAccessKey", {"principal-usage", "suspicious-api-calls"}),
    "a password for another user": (lambda e: e["eventName"] == "CreateLoginProfile", {"principal-usage", "suspicious-api-calls"}),
    "the trail is stopped": (lambda e: e["eventName"] == "StopLogging", {"cloudtrail-config-change"}),
    "port 22 is opened to the world": (lambda e: e["eventName"] == "AuthorizeSecurityGroupIngress" and who(e) == "support-automation", {"network-exposure"}),
    "expensive instances": (lambda e: e["eventName"] == "RunInstances" and who(e) == "support-automation", {"unusual-resource-activity", "auto-scaling-volume"}),
    "a snapshot is shared": (lambda e: e["eventName"] == "ModifySnapshotAttribute" and who(e) == "support-automation", {"unusual-resource-activity"}),
    "secrets are read": (lambda e: e["eventName"] == "GetSecretValue" and who(e) == "support-automation", {"unusual-resource-access"}),
    "a bucket is read empty": (lambda e: e["eventName"] == "GetObject" and who(e) == "support-automation", {"sensitive-s3-access", "unusual-resource-access"}),
    "the flow logs are deleted": (lambda e: e["eventName"] == "DeleteFlowLogs", {"suspicious-api-calls", "cloudtrail-config-change"}),
    "a password is guessed": (lambda e: e["eventName"] == "ConsoleLogin" and e["sourceIPAddress"] == "203.0.113.77" and who(e) == "carol", {"failed-logins"}),
    "the root account signs in": (lambda e: e["eventName"] == "ConsoleLogin" and e["userIdentity"].get("type") == "Root", {"root-activity"}),
}
# Calls that undo something must not alarm.
CLEAN_UP = {"UpdateAccessKey", "DeleteLoginProfile", "DetachUserPolicy", "RevokeSecurityGroupIngress", "StartLogging", "CreateFlowLogs"}


class Skip(Exception):
    """Why a check cannot run here."""


def who(event):
    return event["userIdentity"].get("userName")


def is_denied(event):
    return event.get("errorCode") in ("AccessDenied", "Client.UnauthorizedOperation")


def generate(folder, *more):
    subprocess.run([sys.executable, os.path.join(ROOT, "examples/generate.py"), "--out", folder, *more], check=True, stdout=subprocess.DEVNULL)


def content(folder):
    """Path below the folder → what the file holds. gzip's bytes differ between versions of zlib."""
    found = {}
    for path in glob.glob(os.path.join(folder, "**/*"), recursive=True):
        if os.path.isfile(path):
            with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
                found[os.path.relpath(path, folder)] = file.read()
    return found


def scan(options, folder, *more):
    with tempfile.TemporaryDirectory(prefix="examples-") as scratch:
        summary = os.path.join(scratch, "summary.json")
        runs = [program.run(options.trawl, ["scan", "--format", "ndjson", "--level", "informational", "-j", threads, "--summary", summary, *more, "logs"], folder) for threads in ("1", "4")]
        assert runs[0].exit == 0, "exit status %d\n%s" % (runs[0].exit, runs[0].text())
        assert runs[0].out == runs[1].out, "-j 4 differs from -j 1"
        counts = program.read_summary(summary)
    assert program.unbalanced(counts) is None and counts["rejected"] == 0 and counts["unreadable_objects"] == 0, counts
    return [json.loads(line) for line in runs[0].out.splitlines()], counts


def check_generator(options, folder):
    """The committed logs are those that the generator writes."""
    generate(os.path.join(folder, "logs"))
    made, committed = content(os.path.join(folder, "logs")), content(os.path.join(ROOT, "examples/logs"))
    assert made.keys() == committed.keys(), "other files: %s" % sorted(made.keys() ^ committed.keys())[:5]
    different = [path for path in made if made[path] != committed[path]]
    assert not different, "other content: %s" % different[:5]


def check_ordinary_days(options, folder):
    generate(os.path.join(folder, "logs"), "--ordinary")
    findings, _ = scan(options, folder)
    lines = ["%-13s %s: %s" % (f["level"], f["title"], f.get("message", f.get("principal", ""))) for f in findings]
    if options.show:
        print("\n".join(lines))
    for level, most in QUIET.items():
        count = sum(f["level"] == level for f in findings)
        assert count <= most, "%d findings of level %s, at most %d are allowed:\n%s" % (count, level, most, "\n".join(lines))


def check_attack(options, folder):
    findings, counts = scan(options, os.path.join(ROOT, "examples"))
    events = {}
    for path, data in content(os.path.join(ROOT, "examples/logs")).items():
        if "/CloudTrail/" in path:
            for event in json.loads(data)["Records"]:
                events[event["eventID"]] = event
    assert counts["by_kind"]["cloudtrail"]["events"] == len(events) and counts["duplicates"] == counts["records"] - counts["events"], counts
    alarming = [f for f in findings if LEVELS.index(f["level"]) >= 2]
    missing = []
    for step, (belongs, techniques) in STEPS.items():
        ids = {key for key, event in events.items() if belongs(event)}
        assert ids, "the story has no records of: %s" % step
        if not any(techniques & set(f.get("techniques", ())) and any(e.get("event_id") in ids for e in f["events"]) for f in alarming):
            missing.append(step)
    assert not missing, "not found: %s" % "; ".join(missing)
    for f in alarming:
        names = {events[e["event_id"]]["eventName"] for e in f["events"] if e.get("event_id") in events}
        assert not names or not names <= CLEAN_UP, "cleaning up raises %s: %s" % (f["level"], f["title"])
    flows = [f for f in alarming if any("vpcflowlogs" in e["source"] for e in f["events"])]
    assert flows, "no finding of medium or above comes from the flow logs"


def check_every_kind_is_there(options, folder):
    """The account has all kinds of logs, views of kinds included, and `coverage` shows them."""
    result = program.run(options.trawl, ["coverage", "--format", "json", "logs"], os.path.join(ROOT, "examples"))
    assert result.exit == 0, "exit status %d\n%s" % (result.exit, result.text())
    kinds = {kind["kind"]: kind for kind in json.loads(result.out)["kinds"]}
    listed = program.run(options.trawl, ["kinds", "--format", "ndjson"], folder)
    assert kinds.keys() == {json.loads(line)["kind"] for line in listed.out.splitlines()}, sorted(kinds)
    absent = sorted(name for name, kind in kinds.items() if kind["events"] == 0)
    assert not absent, "no events of %s" % ", ".join(absent)
    table = program.run(options.trawl, ["coverage", "--format", "table", "logs"], os.path.join(ROOT, "examples")).out.decode()
    assert "25 kinds of 25 present" in table, table
    assert max(map(len, table.splitlines())) <= 120, "the table is too wide"


def check_blind_correlations(options, folder):
    """A correlation that counts is blind without all of its kinds, a sequence without one of them."""
    base = "title: %s\nid: 00000000-0000-4000-8000-00000000000%d\nname: %s\nlevel: low\ntechnique: principal-usage\n"
    rules = [(base + "logsource: {product: aws, service: %s}\ndetection: {all: {'@kind': '*'}, condition: all}\n") % (name, number, name, name)
             for number, name in ((1, "cloudtrail"), (2, "vpc_flow"), (3, "waf"))]
    for number, (name, kind, parts) in enumerate((
            ("either", "event_count", "cloudtrail, vpc_flow"), ("neither", "event_count", "vpc_flow, waf"),
            ("sequence", "temporal_ordered", "cloudtrail, vpc_flow")), 4):
        condition = "condition: {gte: 2}, " if kind == "event_count" else ""
        rules.append((base + "correlation: {type: %s, rules: [%s], group-by: ['@src_ip'], %stimespan: 5m}\n") % (name, number, name, kind, parts, condition))
    with open(os.path.join(folder, "rules.yml"), "w") as file:
        file.write("---\n".join(rules))
    trails = [os.path.join(root) for root, _, _ in os.walk(os.path.join(ROOT, "examples/logs")) if root.endswith("/CloudTrail")]
    result = program.run(options.trawl, ["coverage", "--format", "json", "--rules", "rules.yml", *trails], folder)
    assert result.exit == 0, "exit status %d\n%s" % (result.exit, result.text())
    blind = {detection["title"]: detection["kind"] for detection in json.loads(result.out)["blind"]}
    assert "either" not in blind and blind.get("neither") == "vpc_flow" and blind.get("sequence") == "vpc_flow", blind


def check_noise_of_a_red_team_exercise(options, folder):
    """An hour of about thirty attacks by two users, where that corpus lies beside the checkout: findings stay readable."""
    corpus = os.path.join(os.path.dirname(ROOT), "shared/corpus/invictus/CloudTrail")
    if not os.path.isdir(corpus):
        raise Skip("the corpus is not here")
    os.symlink(corpus, os.path.join(folder, "logs"))
    findings, _ = scan(options, folder)
    counts = {level: sum(f["level"] == level for f in findings) for level in LEVELS}
    most = {"critical": 4, "high": 25, "medium": 40, "low": 50, "informational": 40}
    too_many = {level: count for level, count in counts.items() if count > most[level]}
    assert not too_many, "more findings than %s: %s" % (most, counts)
    assert counts["high"] + counts["critical"] > 0, "nothing grave is found: %s" % counts


def console_blocks(path):
    """(command, lines that follow it) of the console blocks of a page. A command goes on over indented lines."""
    with open(path, encoding="utf-8") as file:
        blocks = re.findall(r"^```console\n(.*?)^```$", file.read(), re.MULTILINE | re.DOTALL)
    for block in blocks:
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = part.splitlines()
            length = 1 + sum(1 for _ in itertools.takewhile(lambda line: line.startswith("    "), lines[1:]))
            yield "\n".join(lines[:length]), lines[length:]


def check_pages(options, folder):
    """The commands that README.md shows print what it shows; `…` stands for anything left out."""
    count = 0
    for command, shown in console_blocks(os.path.join(ROOT, "README.md")):
        arguments = shlex.split(command)
        assert arguments[0] == "trawl", command
        more = [] if "--fix" in arguments else ["--format", "table"]
        result = subprocess.run([options.trawl, arguments[1], "--no-progress", *more, *arguments[2:]], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        pattern = "".join("(.*\n)*" if line == "…" else "".join(".*" if part == "…" else re.escape(part) for part in re.split("(…)", line)) + r" *\n" for line in shown)
        actual = result.stdout.decode()
        assert re.fullmatch(pattern, actual), "README.md shows something else than\n$ %s\n%s" % (command, actual)
        count += 1
    assert count >= 5, "README.md shows %d commands" % count


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trawl", default=os.path.join(ROOT, "build/release/trawl"))
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    options.trawl = os.path.abspath(options.trawl)
    failed = 0
    for check in (check_generator, check_ordinary_days, check_attack, check_every_kind_is_there, check_blind_correlations, check_noise_of_a_red_team_exercise, check_pages):
        with tempfile.TemporaryDirectory(prefix="examples-") as folder:
            try:
                check(options, folder)
                print("passed", check.__name__.replace("_", " "))
            except Skip as why:
                print("skipped", check.__name__.replace("_", " ") + ":", why)
            except AssertionError as error:
                failed += 1
                print("FAILED", check.__name__.replace("_", " ") + ":", error)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
