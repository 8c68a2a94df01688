"""Runs the built program for the golden and bad-input tests. Standard library only."""
import json
import os
import subprocess
import tempfile
import threading

# Members of --summary that every run must balance (docs: records == events + duplicates + filtered + rejected).
READING = ("scan", "query", "decode")


class Run:
    def __init__(self, exit_status, out, err, peak_mb, timed_out):
        self.exit, self.out, self.err, self.peak_mb, self.timed_out = exit_status, out, err, peak_mb, timed_out

    def text(self):
        return self.err.decode("utf-8", "replace")


def run(program, arguments, folder, stdin=None, stdout=None, timeout=120, environment=None, user=None):
    """Runs the program in `folder`; measures the peak memory of this one process."""
    env = {"PATH": os.environ.get("PATH", ""), "HOME": folder, "LC_ALL": "C.UTF-8", "TZ": "UTC", **(environment or {})}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"):
        if name in os.environ:
            env[name] = os.environ[name]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.TemporaryFile() as given:
        if stdin is not None:
            given.write(stdin)
            given.seek(0)
        process = subprocess.Popen([program, *arguments], cwd=folder, env=env, stdin=given if stdin is not None else subprocess.DEVNULL,
                                   stdout=out if stdout is None else stdout, stderr=err, user=user)
        late = threading.Event()
        timer = threading.Timer(timeout, lambda: (late.set(), process.kill()))
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0), err.seek(0)
        return Run(process.returncode, out.read(), err.read(), usage.ru_maxrss / 1024, late.is_set())


def unbalanced(summary):
    """What is wrong with the sums of a summary, or None."""
    accounted = sum(summary[name] for name in ("events", "duplicates", "filtered", "rejected"))
    if summary["records"] != accounted:
        return "records %d, but events + duplicates + filtered + rejected are %d" % (summary["records"], accounted)
    for member in ("records", "events", "rejected"):
        by_kind = sum(counts[member] for counts in summary["by_kind"].values())
        if by_kind > summary[member]:
            return "%s of the kinds are %d, more than %d" % (member, by_kind, summary[member])
    return None


def read_summary(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)
