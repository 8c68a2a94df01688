#!/usr/bin/env python3
"""Damaged, hostile and unlucky input: what must be said, and that the neighbours are read all the same.

    test/bad_input/run.py [--trawl PROGRAM] [--sanitized] [NAME…]

Every test makes its input, runs the program on it between two sound files, and looks at the exit status, at the
messages (which name the file), at the neighbours' records, at the sums of --summary and, where the input is large, at
the peak memory (not with --sanitized). Runs give the same bytes for -j 1 and -j 4.
"""
import argparse
import base64
import concurrent.futures
import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zlib

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.dirname(HERE))
import program

MEMORY_LIMIT_MB = 300
NOBODY = 65534
MEGABYTE = 1 << 20


class Skip(Exception):
    """Why a test cannot run here."""


def event(number, **more):
    return {"eventVersion": "1.09", "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/alice", "accountId": "111122223333", "userName": "alice"},
            "eventTime": "2026-01-02T03:%02d:%02dZ" % (number // 60 % 60, number % 60), "eventSource": "s3.amazonaws.com", "eventName": "GetObject", "awsRegion": "us-east-1",
            "sourceIPAddress": "203.0.113.9", "userAgent": "test", "requestParameters": {"key": "object-%d" % number}, "responseElements": None,
            "eventID": "00000000-0000-4000-8000-%012d" % number, "eventType": "AwsApiCall", "recipientAccountId": "111122223333", **more}


def text(value):
    return json.dumps(value, separators=(",", ":")).encode()


def records(first, count):
    return b'{"Records":[' + b",".join(text(event(n)) for n in range(first, first + count)) + b"]}"


class Bench:
    """A scratch folder with two sound neighbours, and the program."""

    NEIGHBOURS = 6  # Events of input/a.json and input/z.json.

    def __init__(self, options):
        self.options = options
        self.folder = tempfile.mkdtemp(prefix="bad-input-")
        os.chmod(self.folder, 0o755)
        self.write("a.json", records(900001, 3))
        self.write("z.json", records(900011, 3))

    def path(self, name):
        return os.path.join(self.folder, "input", name)

    def write(self, name, content):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            for piece in [content] if isinstance(content, bytes) else content:
                file.write(piece)

    def run(self, *arguments, **more):
        """Runs with --summary; checks what must hold in every run."""
        summary = os.path.join(self.folder, "summary.json")
        if os.path.exists(summary):
            os.remove(summary)
        program_path = more.pop("program_path", self.options.trawl)
        result = program.run(program_path, [*arguments, "--summary", summary], self.folder, **more)
        assert not result.timed_out, "it did not end in time"
        assert result.exit >= 0, "it was killed by signal %d\n%s" % (-result.exit, result.text())
        result.summary = program.read_summary(summary) if os.path.exists(summary) else None
        if result.summary is not None:
            wrong = program.unbalanced(result.summary)
            assert wrong is None, wrong
        result.out.decode("utf-8")  # Output is valid UTF-8 whatever came in.
        return result

    def decode(self, *more, paths=("input",), compare=True, memory=False, **options):
        result = self.run("decode", "--format", "ndjson", "-j", "1", *more, *paths, **options)
        if compare:
            other = self.run("decode", "--format", "ndjson", "-j", "4", *more, *paths, **options)
            assert (result.exit, result.out, result.summary) == (other.exit, other.out, other.summary), "-j 4 differs from -j 1"
            if memory:
                self.check_memory(other)
        if memory:
            self.check_memory(result)
        result.rows = [json.loads(line) for line in result.out.splitlines()]
        return result

    def check_memory(self, result):
        if not self.options.sanitized:
            assert result.peak_mb <= MEMORY_LIMIT_MB, "it took %d MB at its peak" % result.peak_mb

    def neighbours(self, result):
        ids = {row.get("eventID") for row in result.rows}
        for number in (900001, 900002, 900003, 900011, 900012, 900013):
            assert "00000000-0000-4000-8000-%012d" % number in ids, "event %d of a neighbour is missing" % number

    def expect(self, result, exit_status, *said, events=None, rejected=None, unreadable=None):
        message = result.text()
        assert result.exit == exit_status, "exit status is %d, not %d\n%s" % (result.exit, exit_status, message)
        for part in said:
            assert part in message, "the message lacks %r:\n%s" % (part, message)
        for name, value in (("events", events), ("rejected", rejected), ("unreadable_objects", unreadable)):
            if value is not None:
                assert result.summary[name] == value, "%s is %d, not %d: %s\n%s" % (name, result.summary[name], value, result.summary, message)

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)


# ---- damaged compression ----

def gzip_cut_in_the_middle(bench):
    whole = gzip.compress(records(1, 400), mtime=0)
    bench.write("m.json.gz", whole[:len(whole) // 2])
    result = bench.decode()
    bench.neighbours(result)
    bench.expect(result, 3, "input/m.json.gz", unreadable=1)
    # What was there before the cut is not thrown away.
    assert 50 < result.summary["events"] - bench.NEIGHBOURS < 400, result.summary


def gzip_cut_before_its_checksum(bench):
    bench.write("m.json.gz", gzip.compress(records(1, 400), mtime=0)[:-4])
    result = bench.decode()
    bench.neighbours(result)
    bench.expect(result, 3, "input/m.json.gz", unreadable=1)


def gzip_with_a_wrong_checksum(bench):
    whole = bytearray(gzip.compress(records(1, 3), mtime=0))
    whole[-6] ^= 0xFF
    bench.write("m.json.gz", bytes(whole))
    result = bench.decode()
    bench.neighbours(result)
    bench.expect(result, 3, "input/m.json.gz", unreadable=1)


def gzip_with_damaged_bytes(bench):
    whole = bytearray(gzip.compress(records(1, 400), mtime=0))
    whole[len(whole) // 2:len(whole) // 2 + 8] = b"\xff" * 8
    bench.write("m.json.gz", bytes(whole))
    result = bench.decode()
    bench.neighbours(result)
    bench.expect(result, 3, "input/m.json.gz")


def gzip_of_two_bytes(bench):
    bench.write("m.json.gz", b"\x1f\x8b")
    result = bench.decode()
    bench.neighbours(result)
    bench.expect(result, 3, "input/m.json.gz", events=bench.NEIGHBOURS)


def no_gzip_under_a_gz_name(bench):
    bench.write("m.json.gz", b"This is the error page of a proxy, saved under the wrong name.\n" * 3)
    result = bench.decode()
    bench.neighbours(result)
    bench.expect(result, 3, "input/m.json.gz", events=bench.NEIGHBOURS)


def binary_rubbish_under_a_gz_name(bench):
    bench.write("m.json.gz", bytes(zlib.crc32(b"%d" % n) & 0xFF for n in range(5000)))
    result = bench.decode()
    bench.neighbours(result)
    bench.expect(result, 3, "input/m.json.gz", events=bench.NEIGHBOURS)


def rubbish_behind_a_gzip_member(bench):
    bench.write("m.json.gz", gzip.compress(records(1, 3), mtime=0) + b"trailing rubbish")
    result = bench.decode()
    bench.neighbours(result)
    bench.expect(result, 3, "input/m.json.gz", events=bench.NEIGHBOURS + 3)


def zeros_behind_a_gzip_member_are_padding(bench):
    """Copies on block devices and tape pad with zeros; gzip(1) lets them pass."""
    bench.write("m.json.gz", gzip.compress(records(1, 3), mtime=0) + b"\0" * 512)
    result = bench.decode()
    bench.neighbours(result)
    assert result.summary["events"] == bench.NEIGHBOURS + 3, result.summary


def zstd_cut_in_the_middle(bench):
    if not shutil.which("zstd"):
        raise Skip("zstd is not installed")
    whole = subprocess.run(["zstd", "-q", "-c"], input=records(1, 400), stdout=subprocess.PIPE, check=True).stdout
    bench.write("m.json.zst", whole[:len(whole) // 2])
    result = bench.decode()
    bench.neighbours(result)
    bench.expect(result, 3, "input/m.json.zst", unreadable=1)


def zip_cut_in_the_middle(bench):
    import io
    import zipfile
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("one.json", records(1, 400))
    bench.write("m.zip", buffer.getvalue()[:len(buffer.getvalue()) // 2])
    result = bench.decode()
    bench.neighbours(result)
    bench.expect(result, 3, "input/m.zip", unreadable=1)


# ---- damaged JSON ----

def json_cut_in_the_middle(bench):
    bench.write("m.json", records(1, 40)[:-700])
    result = bench.decode()
    bench.neighbours(result)
    bench.expect(result, 3, "input/m.json")
    assert 35 <= result.summary["events"] - bench.NEIGHBOURS < 40, result.summary


def json_cut_between_two_records(bench):
    bench.write("m.json", records(1, 4)[:-2])
    result = bench.decode()
    bench.neighbours(result)
    bench.expect(result, 3, "input/m.json", events=bench.NEIGHBOURS + 4)


def a_damaged_record_among_others(bench):
    """Each reject names file and record; the records on both sides are read."""
    bench.write("m.json", b'{"Records":[' + text(event(1)) + b',{"eventVersion":"1.09","eventName":GetObject},' + text(event(2)) + b"]}")
    result = bench.decode("--rejects", "rejects.ndjson", compare=False)
    bench.neighbours(result)
    bench.expect(result, 3, "input/m.json", events=bench.NEIGHBOURS + 2, rejected=1)
    with open(os.path.join(bench.folder, "rejects.ndjson"), encoding="utf-8") as file:
        rejects = [json.loads(line) for line in file]
    assert len(rejects) == 1, rejects
    assert (rejects[0]["source"], rejects[0]["record"]) == ("input/m.json", 2), rejects
    assert rejects[0]["code"] and rejects[0]["reason"] and "GetObject" in rejects[0]["raw"], rejects


def damaged_lines_among_others(bench):
    bench.write("m.json", text(event(1)) + b"\n{\"eventVersion\":\n" + b"}{\n" + text(event(2)) + b"\nnot json\n" + text(event(3)) + b"\n")
    result = bench.decode()
    bench.neighbours(result)
    bench.expect(result, 3, "input/m.json")
    assert {"00000000-0000-4000-8000-%012d" % n for n in (1, 3)} <= {row.get("eventID") for row in result.rows}, result.out


def records_that_is_no_list(bench):
    for number, value in enumerate((b"5", b'"text"', b"null", b'{"eventName":"x"}', b"true")):
        bench.write("m%d.json" % number, b'{"Records":' + value + b"}")
    result = bench.decode()
    bench.neighbours(result)
    assert result.summary["events"] == bench.NEIGHBOURS, result.summary
    bench.expect(result, 3, *("input/m%d.json" % n for n in (0, 1, 3, 4)))


def records_of_other_values(bench):
    """Each is a reject but the empty list, which holds no record."""
    bench.write("m.json", b'{"Records":[1,"two",null,[],{},' + text(event(1)) + b",true]}")
    result = bench.decode()
    bench.neighbours(result)
    bench.expect(result, 3, "input/m.json", events=bench.NEIGHBOURS + 1, rejected=5)


def invalid_utf8(bench):
    bench.write("m.json", records(1, 1).replace(b'"userAgent":"test"', b'"userAgent":"caf\xe9 \xff\xfe \xed\xa0\x80 \xc3"'))
    result = bench.decode()
    bench.neighbours(result)
    bench.expect(result, 0, events=bench.NEIGHBOURS + 1)
    agent = [row["userAgent"] for row in result.rows if row["eventID"].endswith("000001") and not row["eventID"].endswith("900001")][0]
    assert agent.startswith("caf\ufffd ") and agent.endswith("\ufffd"), agent


def lone_surrogates(bench):
    bench.write("m.json", records(1, 1).replace(b'"userAgent":"test"', b'"userAgent":"a\\ud800b \\udc00 \\ud83d\\ude00 \\ud83d"'))
    result = bench.decode()
    bench.neighbours(result)
    bench.expect(result, 0, events=bench.NEIGHBOURS + 1)
    agent = [row["userAgent"] for row in result.rows if row["eventID"] == "00000000-0000-4000-8000-000000000001"][0]
    assert agent == "a\ufffdb \ufffd \U0001F600 \ufffd", ascii(agent)


def numbers_beyond_64_bits(bench):
    number = b"123456789012345678901234567890"
    bench.write("m.json", records(1, 1).replace(b'"userAgent":"test"', b'"userAgent":%s,"x":-0.0,"y":1e400,"z":9223372036854775808' % number))
    result = bench.decode()
    bench.neighbours(result)
    bench.expect(result, 0, events=bench.NEIGHBOURS + 1)
    assert b'"userAgent":' + number in result.out, "numbers are printed as written"
    assert b'"y":1e400' in result.out and b'"z":9223372036854775808' in result.out and b'"x":-0.0' in result.out, "numbers are printed as written"


def a_hundred_thousand_nested_brackets(bench):
    deep = b"[" * 100_000 + b"]" * 100_000
    bench.write("m1.json", deep)
    bench.write("m2.json", b'{"Records":[' + text(event(1))[:-1] + b',"deep":' + deep + b"}," + text(event(2)) + b"]}")
    bench.write("m3.json", b'{"a":' * 100_000 + b"1" + b"}" * 100_000)
    bench.write("m4.json", b"[" * 100_000)
    result = bench.decode()
    bench.neighbours(result)
    bench.expect(result, 3, "input/m1.json", "input/m2.json", "input/m3.json", "input/m4.json")
    assert "00000000-0000-4000-8000-000000000002" in {row.get("eventID") for row in result.rows}, "the record behind the deep one is read"
    for command in (("scan", "--format", "ndjson"), ("query", "--format", "ndjson", "search deep")):
        bench.expect(bench.run(*command, "input"), 3, "input/m1.json", "input/m4.json")  # Nobody looks into m2's deep value.


def null_bytes(bench):
    bench.write("m1.json", b"\0" * 1000)
    bench.write("m2.json", records(1, 1).replace(b"test", b"a\\u0000b"))
    result = bench.decode()
    bench.neighbours(result)
    bench.expect(result, 3, "input/m1.json")
    assert b'"userAgent":"a\\u0000b"' in result.out, result.out


def a_key_twice(bench):
    bench.write("m.json", records(1, 1).replace(b'"userAgent":"test"', b'"userAgent":"first","userAgent":"second"'))
    result = bench.run("query", "--format", "ndjson", 'filter userAgent = "first" | stats count(*) as n', "input")
    bench.expect(result, 0)
    assert result.out == b'{"n":1}\n', result.out


def times_that_are_none(bench):
    bench.write("m.json", b'{"Records":[' + b",".join(text(event(n, eventTime=value)) for n, value in enumerate(("yesterday", "2026-13-45T99:99:99Z", 5, "", {"a": 1}), 1)) + b"]}")
    result = bench.decode()
    bench.neighbours(result)
    bench.expect(result, 0, "warning", events=bench.NEIGHBOURS + 5)
    assert not any("@timestamp" in row for row in result.rows if row["eventID"] < "00000000-0000-4000-8000-000000000100"), "no @timestamp is made up"


# ---- envelopes ----

def too_many_envelopes(bench):
    value = event(1)
    for _ in range(40):
        value = {"Type": "Notification", "MessageId": "m", "TopicArn": "arn:aws:sns:us-east-1:111122223333:t", "Message": json.dumps(value) if _ < 12 else value, "Timestamp": "2026-01-02T03:04:05Z"}
    bench.write("m.json", text(value))
    result = bench.decode()
    bench.neighbours(result)
    bench.expect(result, 3, "input/m.json", events=bench.NEIGHBOURS)


def broken_payloads(bench):
    good = gzip.compress(b"{", mtime=0)
    for number, data in enumerate((b"!!!no base64!!!", base64.b64encode(b"no gzip"), base64.b64encode(good[:10]), base64.b64encode(good), b"")):
        bench.write("m%d.json" % number, b'{"awslogs":{"data":"' + data + b'"}}')
    result = bench.decode()
    bench.neighbours(result)
    bench.expect(result, 3, *("input/m%d.json" % n for n in range(4)), events=bench.NEIGHBOURS)


# ---- large ----

def repeated(piece, megabytes):
    block = piece * (MEGABYTE // len(piece))
    return (block for _ in range(megabytes))


def compressed(pieces):
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    for piece in pieces:
        yield packer.compress(piece)
    yield packer.flush()


def gzip_bomb_of_zeros(bench):
    bench.write("m.json.gz", compressed(repeated(b"\0", 1500)))
    result = bench.decode(memory=True)
    bench.neighbours(result)
    bench.expect(result, 3, "input/m.json.gz", events=bench.NEIGHBOURS)


def gzip_bomb_in_one_string(bench):
    def pieces():
        yield b'{"Records":[' + text(event(1))[:-1] + b',"bomb":"'
        yield from repeated(b"a", 1000)
        yield b'"},' + text(event(2)) + b"]}"
    bench.write("m.json.gz", compressed(pieces()))
    result = bench.decode(memory=True)
    bench.neighbours(result)
    bench.expect(result, 3, "input/m.json.gz")
    assert result.summary["rejected"] >= 1, result.summary


def gzip_bomb_in_a_payload(bench):
    packed = b"".join(compressed(repeated(b" ", 700)))
    bench.write("m.json", b'{"awslogs":{"data":"' + base64.b64encode(packed) + b'"}}')
    result = bench.decode(memory=True)
    bench.neighbours(result)
    assert result.summary["events"] == bench.NEIGHBOURS, result.summary


def zstd_bomb(bench):
    if not shutil.which("zstd"):
        raise Skip("zstd is not installed")
    bench.write("plain", repeated(b"\0", 500))
    subprocess.run(["zstd", "-q", "--long=31", "--rm", bench.path("plain"), "-o", bench.path("m.json.zst")], check=True)
    result = bench.decode(memory=True)
    bench.neighbours(result)
    bench.expect(result, 3, "input/m.json.zst", events=bench.NEIGHBOURS)


def many_millions_of_small_records_in_little_gzip(bench):
    """700 MB of the same record in 4 MB of gzip: copies, and no more memory than for few."""
    record = text(event(1)) + b","
    def pieces():
        yield b'{"Records":['
        yield from repeated(record, 300)
        yield text(event(2)) + b"]}"
    bench.write("m.json.gz", compressed(pieces()))
    result = bench.run("query", "--format", "ndjson", "stats count(*) as n", "input")
    bench.expect(result, 0, events=bench.NEIGHBOURS + 2)
    bench.check_memory(result)


def record_of_50_megabytes(bench):
    def pieces():
        yield b'{"Records":[' + text(event(1)) + b"," + text(event(2))[:-1] + b',"long":"'
        yield from repeated(b"0123456789abcdef", 50)
        yield b'"},' + text(event(3)) + b"]}"
    bench.write("m.json.gz", compressed(pieces()))
    bench.write("m.json", pieces())
    for command in (("query", "--format", "ndjson", "--keep-duplicates", "stats count(*) as n"), ("scan", "--format", "ndjson"), ("query", "--format", "ndjson", "search 89abcdef0123 | stats count(*) as n")):
        for threads in ("1", "2"):
            result = bench.run(*command, "-j", threads, "input")
            bench.expect(result, 0, rejected=0)
            bench.check_memory(result)
    assert result.out == b'{"n":1}\n', result.out  # One is a copy of the other.
    result = bench.run("decode", "--format", "ndjson", "-j", "2", "--out", "out.ndjson", "input")
    bench.expect(result, 0, events=bench.NEIGHBOURS + 3)
    bench.check_memory(result)
    assert os.path.getsize(os.path.join(bench.folder, "out.ndjson")) > 50 * MEGABYTE


def line_of_50_megabytes(bench):
    """As a JSON line, as a line that is no JSON, and in a file of flow logs."""
    header = b"version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status\n"
    flow = b"2 111122223333 eni-0a1b2c3d 203.0.113.9 10.0.0.5 44321 22 6 20 4249 1418530010 1418530070 ACCEPT OK\n"
    bench.write("m1.json", [text(event(1)) + b"\n" + text(event(2))[:-1] + b',"long":"', *repeated(b"x", 50), b'"}\n' + text(event(3)) + b"\n"])
    bench.write("m2.json", [text(event(4)) + b"\n", *repeated(b"y", 50), b"\n" + text(event(5)) + b"\n"])
    bench.write("m3.log", [header + flow, *repeated(b"z", 50), b"\n" + flow])
    result = bench.run("query", "--format", "ndjson", "stats count(*) as n by @kind | sort @kind", "input")
    bench.check_memory(result)
    bench.expect(result, 3, "input/m2.json", "input/m3.log", events=bench.NEIGHBOURS + 5 + 2)
    assert result.out == b'{"@kind":"cloudtrail","n":%d}\n{"@kind":"vpc_flow","n":2}\n' % (bench.NEIGHBOURS + 5), result.out


# ---- the file system ----

def empty_files(bench):
    bench.write("m1.json", b"")
    bench.write("m2.json.gz", gzip.compress(b"", mtime=0))
    bench.write("m3.json.gz", b"")
    result = bench.decode()
    bench.neighbours(result)
    bench.expect(result, 0, events=bench.NEIGHBOURS, rejected=0, unreadable=0)
    assert result.summary["objects"] == 5, result.summary


def file_without_permission(bench):
    user, path = None, bench.options.trawl
    if os.geteuid() == 0:
        # Root may read everything: another user runs a copy of the program, as an installed one would be run.
        user = NOBODY
        path = os.path.join(bench.folder, "trawl")
        shutil.copy(bench.options.trawl, path)
        os.chmod(path, 0o755)
        os.chmod(bench.folder, 0o777)
    bench.write("m.json", records(1, 3))
    bench.write("closed/x.json", records(11, 3))
    os.chmod(bench.path("m.json"), 0)
    os.chmod(bench.path("closed"), 0)
    try:
        result = bench.decode(compare=False, user=user, program_path=path)
        bench.neighbours(result)
        bench.expect(result, 3, "input/m.json", "input/closed", "ermission", events=bench.NEIGHBOURS, unreadable=2)
        named = program.run(path, ["decode", "--format", "ndjson", "input/a.json", "input/m.json"], bench.folder, user=user)
        assert named.exit == 2 and "input/m.json" in named.text(), "a path named on the command line: exit %d\n%s" % (named.exit, named.text())
    finally:
        os.chmod(bench.path("closed"), 0o755)


def loops_of_links(bench):
    os.makedirs(bench.path("d/e"))
    os.symlink("..", bench.path("d/e/up"))
    os.symlink("self", bench.path("d/self"))
    os.symlink("two", bench.path("d/one"))
    os.symlink("one", bench.path("d/two"))
    result = bench.decode()
    bench.neighbours(result)
    bench.expect(result, 3, "input/d/e/up", "input/d/self", "input/d/one", events=bench.NEIGHBOURS)


def dangling_link(bench):
    """Also what a file looks like that vanishes between the listing of its folder and its turn."""
    os.symlink("nowhere.json", bench.path("m.json"))
    result = bench.decode()
    bench.neighbours(result)
    bench.expect(result, 3, "input/m.json", events=bench.NEIGHBOURS, unreadable=1)


def names_that_are_no_text(bench):
    name = os.fsencode(bench.path("")) + b"m\xff\n\x1b[31m.json"
    with open(name, "wb") as file:
        file.write(records(1, 2)[:-5])
    result = bench.decode()
    bench.neighbours(result)
    assert result.exit == 3, result.exit
    assert "\x1b[31m" not in result.text(), "control characters of a name reach the terminal"


def a_pipe_in_a_folder(bench):
    """Opening it would wait for ever."""
    os.mkfifo(bench.path("m.json"))
    result = bench.decode()
    bench.neighbours(result)
    assert result.exit in (0, 3), result.exit


def while_something_happens(bench, action, *arguments):
    """Runs a query while `action` is repeated in a thread."""
    stop = threading.Event()

    def loop():
        while not stop.is_set():
            action()
    thread = threading.Thread(target=loop)
    thread.start()
    try:
        return bench.run(*arguments)
    finally:
        stop.set()
        thread.join()


def file_that_grows(bench):
    bench.write("m.json", b"".join(text(event(n)) + b"\n" for n in range(1, 20_000)))
    line = text(event(50_000)) + b"\n"

    def grow():
        with open(bench.path("m.json"), "ab") as file:
            file.write(line)
        time.sleep(0.0005)
    result = while_something_happens(bench, grow, "query", "--format", "ndjson", "stats count(*) as n", "input")
    assert result.exit in (0, 3), result.text()  # 3 where the last line was half written.
    assert result.summary["events"] >= 19_999 + bench.NEIGHBOURS, result.summary


def file_that_is_cut_while_it_is_read(bench):
    content = b"".join(text(event(n)) + b"\n" for n in range(1, 40_000))
    for delay in (0.001, 0.01, 0.03):
        bench.write("m.json", content)

        def cut():
            time.sleep(delay)
            os.truncate(bench.path("m.json"), 1000)
        result = while_something_happens(bench, cut, "query", "--format", "ndjson", "stats count(*) as n", "input")
        assert result.exit in (0, 3), result.text()
        assert result.summary["events"] >= bench.NEIGHBOURS, result.summary


def files_that_vanish(bench):
    for number in range(300):
        bench.write("m%03d.json" % number, records(1 + 10 * number, 10))
    left = ["m%03d.json" % number for number in range(299, 99, -1)]

    def remove():
        if left:
            os.remove(bench.path(left.pop(0)))
    result = while_something_happens(bench, remove, "query", "--format", "ndjson", "stats count(*) as n", "input")
    gone = result.summary["unreadable_objects"]
    assert result.exit == (3 if gone else 0), (result.exit, gone)
    assert result.summary["events"] >= 1000 + bench.NEIGHBOURS, result.summary
    # Nothing in between: a file was read whole, was named as gone, or was never listed.
    assert result.summary["events"] % 10 == bench.NEIGHBOURS % 10, result.summary


# ---- output ----

def full_disk_under_the_output_file(bench):
    if os.geteuid() != 0:
        raise Skip("a small file system can only be mounted by root")
    disk = os.path.join(bench.folder, "disk")
    os.mkdir(disk)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], stderr=subprocess.DEVNULL).returncode == 0
    if not mounted:
        raise Skip("a small file system cannot be mounted here")
    try:
        with open(os.path.join(disk, "out.ndjson"), "w") as file:
            file.write("what was there before\n")
        bench.write("m.json", records(1, 1000))
        for command in (("decode", "--format", "ndjson"), ("query", "--format", "csv", "fields eventID, @message")):
            result = program.run(bench.options.trawl, [*command, "--out", "disk/out.ndjson", "input"], bench.folder)
            assert result.exit == 4, "exit status is %d, not 4\n%s" % (result.exit, result.text())
            assert "disk/out.ndjson" in result.text(), result.text()
            assert sorted(os.listdir(disk)) == ["out.ndjson"], "left behind: %s" % os.listdir(disk)
            with open(os.path.join(disk, "out.ndjson")) as file:
                assert file.read() == "what was there before\n", "the old file was damaged"
    finally:
        subprocess.run(["umount", disk], check=False)


def full_disk_under_standard_output(bench):
    bench.write("m.json", records(1, 1000))
    for command in (("decode", "--format", "ndjson", "input"), ("query", "--format", "json", "fields eventID", "input"), ("kinds",), ("rules", "list")):
        with open("/dev/full", "wb") as full:
            result = program.run(bench.options.trawl, list(command), bench.folder, stdout=full)
        assert result.exit == 4, "%s: exit status is %d, not 4\n%s" % (command[0], result.exit, result.text())


def output_into_a_missing_folder(bench):
    result = program.run(bench.options.trawl, ["decode", "--out", "none/out.ndjson", "input"], bench.folder)
    assert result.exit == 4 and "none/out.ndjson" in result.text(), (result.exit, result.text())


def closed_pipe(bench):
    bench.write("m.json", records(1, 5000))
    for command in (["decode", "--format", "ndjson"], ["query", "--format", "csv", "fields eventID, @message"], ["query", "--format", "ndjson", "sort @timestamp desc"]):
        reader, writer = os.pipe()
        process = subprocess.Popen([bench.options.trawl, *command, "input"], cwd=bench.folder, stdin=subprocess.DEVNULL, stdout=writer, stderr=subprocess.PIPE)
        os.close(writer)
        os.read(reader, 100)
        os.close(reader)
        _, err = process.communicate(timeout=60)
        assert process.returncode == 0, "exit status is %d, not 0\n%s" % (process.returncode, err.decode())
        assert b"ipe" not in err and b"error" not in err, err.decode()


def interrupt(bench):
    process = subprocess.Popen([bench.options.trawl, "decode", "--format", "ndjson", "-"], cwd=bench.folder, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    process.stdin.write(text(event(1)) + b"\n")
    process.stdin.flush()
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        raise AssertionError("Ctrl-C does not end a program that waits for input")
    finally:
        process.stdin.close()
        process.stderr.close()
    assert process.returncode == 130, "exit status is %d, not 130" % process.returncode


TESTS = [value for value in list(globals().values()) if callable(value) and getattr(value, "__code__", None) and value.__code__.co_varnames[:1] == ("bench",) and value.__code__.co_argcount == 1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trawl", default=os.path.join(ROOT, "build/release/trawl"))
    parser.add_argument("--sanitized", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    options.trawl = os.path.abspath(options.trawl)
    unknown = set(options.names) - {test.__name__ for test in TESTS}
    if unknown:
        sys.exit("no test is called %s" % ", ".join(sorted(unknown)))

    def attempt(test):
        bench = Bench(options)
        try:
            test(bench)
            return "passed", ""
        except Skip as why:
            return "skipped", str(why)
        except Exception as error:
            return "FAILED", "%s%s" % ("" if isinstance(error, AssertionError) else type(error).__name__ + ": ", error)
        finally:
            bench.close()

    counts = {"passed": 0, "FAILED": 0, "skipped": 0}
    chosen = [test for test in TESTS if not options.names or test.__name__ in options.names]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for test, (outcome, why) in zip(chosen, pool.map(attempt, chosen)):
            counts[outcome] += 1
            print("%s %s" % (outcome, test.__name__.replace("_", " ")) + ("\n    " + why.replace("\n", "\n    ") if why else ""))
    print("bad_input: %(passed)d passed, %(FAILED)d failed, %(skipped)d skipped" % counts)
    return 1 if counts["FAILED"] else 0


if __name__ == "__main__":
    sys.exit(main())
