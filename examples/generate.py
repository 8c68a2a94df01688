#!/usr/bin/env python3
"""Writes the logs of the example account, examples/logs: all kinds of logs that trawl reads, under AWS's own names.

    examples/generate.py [--out FOLDER] [--ordinary]

--ordinary leaves the attack out: what remains should raise (almost) nothing. The same in every run and on every
machine, but for the bytes that gzip makes of it. The account, its people and the attack are made up; ids are those of
AWS's documentation, addresses those of RFC 5737. The story is told in README.md beside this file.
"""
import argparse
import gzip
import json
import os
import random
import sys
from datetime import datetime, timedelta, timezone

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from account.attack import Attack
from account.flows import HEADER, Flows
from account.ordinary import Ordinary
from account.records import ACCOUNT, REGION, Names, Trail
from account.services import Services

MONDAY = datetime(2026, 3, 2, tzinfo=timezone.utc)
DAYS = 5
FLOW_LOG = "fl-0123456789abcdef0"


def write_gzip(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file, gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as compressed:
        compressed.write(text.encode())


def write_plain(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)


def in_periods(items, minutes):
    """(time, item) pairs by the end of the period in which they fall."""
    periods = {}
    for time, item in items:
        elapsed = (time - MONDAY) // timedelta(minutes=minutes)
        periods.setdefault(MONDAY + (elapsed + 1) * timedelta(minutes=minutes), []).append(item)
    return sorted(periods.items())


def deliver_trail(trail, folder):
    """One object for each half hour and region; what two periods share is delivered twice now and then, as AWS does."""
    names = Names("objects")
    regions = sorted({region for _, region, _ in trail.records})
    count = 0
    for region in regions:
        records = sorted(((time, record) for time, where, record in trail.records if where == region), key=lambda pair: pair[0])
        late = []
        for end, batch in in_periods(records, 30):
            batch, late = late + batch, []
            if names.random.random() < 0.02:
                late = batch[-1:]
            name = "%s_CloudTrail_%s_%s_%s.json.gz" % (ACCOUNT, region, end.strftime("%Y%m%dT%H%MZ"), names.letters(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"))
            write_gzip(os.path.join(folder, "AWSLogs", ACCOUNT, "CloudTrail", region, end.strftime("%Y/%m/%d"), name), json.dumps({"Records": batch}, separators=(",", ":")))
            count += len(batch)
    return count


def deliver_flows(flows, folder):
    names = Names("flow objects")
    for end, lines in in_periods(sorted(flows.lines, key=lambda pair: pair[0]), 60):
        name = "%s_vpcflowlogs_%s_%s_%s_%s.log.gz" % (ACCOUNT, REGION, FLOW_LOG, end.strftime("%Y%m%dT%H%MZ"), names.hexadecimal(8))
        write_gzip(os.path.join(folder, "AWSLogs", ACCOUNT, "vpcflowlogs", REGION, end.strftime("%Y/%m/%d"), name), "\n".join([HEADER, *lines]) + "\n")
    return len(flows.lines)


def deliver_services(services, folder):
    files = services.whole_account()
    for name, text in sorted(files.items()):
        (write_gzip if name.endswith(".gz") else write_plain)(os.path.join(folder, name), text)
    return len(files)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "logs"))
    parser.add_argument("--ordinary", action="store_true")
    options = parser.parse_args()

    trail = Trail("example account")
    ordinary = Ordinary(trail, random.Random("ordinary"))
    for number in range(DAYS):
        ordinary.day(MONDAY + timedelta(days=number), number)
    flows = Flows(random.Random("flows"))
    night = MONDAY + timedelta(days=3)
    # The flow logs that are kept: the day before the attack, and on until it deletes them.
    flows.ordinary(night - timedelta(hours=12), night + timedelta(hours=3, minutes=36))
    if not options.ordinary:
        Attack(trail, random.Random("attack")).whole_story(MONDAY)
        flows.attack(night)
    services = Services(random.Random("services"), MONDAY, not options.ordinary)
    print("%d CloudTrail records, %d flow records, %d objects of other kinds" % (
        deliver_trail(trail, options.out), deliver_flows(flows, options.out), deliver_services(services, options.out)))


if __name__ == "__main__":
    main()
