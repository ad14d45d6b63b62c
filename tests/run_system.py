#!/usr/bin/env python3
"""System tests: run_system.py PROGRAM [PART OF A NAME]...

Runs each executable tests/system/*.py and *.sh in a scratch folder of its own, with SEAWALL (the
program), PROJECT_ROOT and, unless it is set, SEAWALL_TEST_DATA in its environment. Exit status 0 is
passed, 77 skipped; a closing line `N passed, N failed, N skipped` counts as it says.
"""
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CLOSING = re.compile(r"^(\d+) passed, (\d+) failed, (\d+) skipped$", re.M)
SECONDS_MAX = 600


def run_test(test, program):
    """Exit status (None: it did not end) and output. What it started ends with it."""
    with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryFile("w+b") as output:
        os.makedirs(f"{scratch}/cache", mode=0o700)
        surroundings = dict(os.environ, SEAWALL=program, PROJECT_ROOT=str(ROOT), TZ="UTC",
                            XDG_CACHE_HOME=f"{scratch}/cache", PYTHONDONTWRITEBYTECODE="1")
        surroundings.setdefault("SEAWALL_TEST_DATA", str(ROOT.parent / "shared/data"))
        process = subprocess.Popen([str(test)], cwd=scratch, env=surroundings, stdout=output,
                                   stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT,
                                   start_new_session=True)
        try:
            status = process.wait(SECONDS_MAX)
        except subprocess.TimeoutExpired:
            status = None
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
        output.seek(0)
        return status, output.read().decode(errors="replace")


def count(status, text):
    lines = CLOSING.findall(text)
    if lines:
        passed, failed, skipped = map(int, lines[-1])
        return passed, failed or int(status not in (0, 77)), skipped
    return int(status == 0), int(status not in (0, 77)), int(status == 77)


def main():
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # nohup would hand its own wish on to the program
    program = str(Path(sys.argv[1]).resolve())
    parts = sys.argv[2:] or [""]
    tests = [path for path in sorted((ROOT / "tests/system").glob("*"))
             if path.suffix in (".py", ".sh") and os.access(path, os.X_OK)
             and any(part in path.name for part in parts)]
    sums = [0, 0, 0]
    for test in tests:
        begun = time.monotonic()
        status, text = run_test(test, program)
        counts = count(status, text)
        sums = [a + b for a, b in zip(sums, counts)]
        verdict = "not ok" if counts[1] else "ok"
        print(f"{verdict} - {test.name} ({time.monotonic() - begun:.1f} s)", flush=True)
        if counts[1]:
            print(text[-8000:])
            print("# " + (f"exit status {status}" if status is not None else
                          f"no end after {SECONDS_MAX} s"))
        else:
            print("".join(f"# {row}\n" for row in text.splitlines() if "SKIP" in row), end="")
    print("{} passed, {} failed, {} skipped".format(*sums))
    return int(sums[1] > 0)


sys.exit(main())
