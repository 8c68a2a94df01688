#!/usr/bin/env python3
"""The long test: a gigabyte of CloudTrail gives the same bytes for every number of threads, in bounded memory.

    test/bench/soak.py [--trawl PROGRAM] [--data FOLDER] [--megabytes 1024]
"""
import argparse
import hashlib
import os
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.dirname(HERE)]
import generate
import program

MEMORY_LIMIT_MB = 300
COMMANDS = [
    ["scan", "--format", "ndjson", "--level", "informational"],
    ["scan", "--format", "ndjson", "--matches"],
    ["query", "--format", "csv", "stats count(*) as calls, countDistinct(eventName) as names by userIdentity.arn, eventSource | sort calls desc, eventSource, userIdentity.arn"],
    ["query", "--format", "ndjson", "sort @timestamp desc, eventID | limit 1000 | fields eventID, eventName"],
    ["query", "--format", "ndjson", "filter errorCode = 'AccessDenied' | fields @timestamp, eventID"],
]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trawl", default=os.path.join(ROOT, "build/release/trawl"))
    parser.add_argument("--data", default=os.path.join(ROOT, "build/bench-data"))
    parser.add_argument("--megabytes", type=int, default=1024)
    options = parser.parse_args()
    trail, flow = generate.make(options.data, options.megabytes, max(1, options.megabytes // 16))
    failed = 0
    with tempfile.TemporaryDirectory(prefix="soak-") as scratch:
        for command in COMMANDS:
            seen = {}
            for threads in ("1", "2", "3", "8"):
                summary = os.path.join(scratch, "summary.json")
                run = program.run(os.path.abspath(options.trawl), [command[0], "-j", threads, "--summary", summary, *command[1:], trail, flow], scratch, timeout=1800)
                problems = [] if run.exit == 0 else ["exit %d: %s" % (run.exit, run.text()[-500:])]
                if run.peak_mb > MEMORY_LIMIT_MB:
                    problems.append("%d MB at its peak" % run.peak_mb)
                counts = program.read_summary(summary)
                wrong = program.unbalanced(counts)
                problems += [wrong] if wrong else []
                seen[hashlib.sha256(run.out).hexdigest() + str(counts)] = threads
                print("%s -j %s: %d bytes, %d MB%s" % (command[0], threads, len(run.out), run.peak_mb, "; FAILED: " + "; ".join(problems) if problems else ""), flush=True)
                failed += bool(problems)
            if len(seen) != 1:
                failed += 1
                print("FAILED: the output depends on the number of threads: %s" % command)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
