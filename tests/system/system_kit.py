"""What the system tests share: a test is a function `test_...`, run in an empty folder of its own.

    from system_kit import run, run_tests, same

    def test_says_its_version():
        same(run("version").status, 0)

    run_tests(globals())

Arguments of a test file choose tests by a part of their names. A test that cannot run here raises
Skip with the reason. The program is $SEAWALL; the other variables are those of run_system.py.
"""
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

ROOT = Path(os.environ["PROJECT_ROOT"])
PROGRAM = os.environ["SEAWALL"]
DATA = Path(os.environ["SEAWALL_TEST_DATA"])
EXAMPLE = ROOT / "examples/intrusion/evidence"
SECONDS_MAX = 120
NOBODY = 65534

sys.path.insert(0, str(ROOT / "tests/tools"))
from evtx_writer import EvtxWriter, typed  # noqa: E402 (the path had to be set first)


class Skip(Exception):
    """Why this test cannot run here."""


class Run:
    """What came of one run of the program."""

    def __init__(self, status, out, err):
        self.status = status
        self.out = out
        self.err = err
        self.complaints = [row.removeprefix("seawall: ") for row in err.splitlines()
                           if row.startswith("seawall: ")]

    def __repr__(self):
        return f"status {self.status}\n--- out\n{self.out[-3000:]}\n--- err\n{self.err[-3000:]}"


def start(*arguments, environment=None, **options):
    """The program, started; `environment` is added to ours, None removes a variable."""
    surroundings = dict(os.environ)
    for name, value in (environment or {}).items():
        surroundings.pop(name, None)
        if value is not None:
            surroundings[name] = str(value)
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
               "stderr": subprocess.PIPE} | options
    return subprocess.Popen([PROGRAM, *arguments], env=surroundings, **options)


def finish(process, given=None):
    """Waits for what `start` started. Texts may hold any bytes."""
    try:
        out, err = process.communicate(given, SECONDS_MAX)
    except subprocess.TimeoutExpired:
        process.kill()
        raise AssertionError(f"no end after {SECONDS_MAX} s") from None
    return Run(process.returncode, *(text.decode(errors="surrogateescape") if text else ""
                                     for text in (out, err)))


def run(*arguments, given=None, **options):
    """Runs the program; `given` (bytes) is its standard input."""
    if given is not None:
        options["stdin"] = subprocess.PIPE
    return finish(start(*arguments, **options), given)


def findings(text):
    """The findings in JSON Lines."""
    return [json.loads(row) for row in text.splitlines()]


def hunt(*arguments, rules="rules", **options):
    """`hunt` by the rules in `rules` alone, with findings as JSON Lines on standard output."""
    return run("hunt", "--only-rules", rules, "--output", "jsonl=-", *arguments, **options)


def same(got, expected):
    assert got == expected, f"got {got!r}, not {expected!r}"


def check(condition, *shown):
    assert condition, "\n".join(map(str, shown))


def one_complaint(result, *parts):
    """Exactly one line on standard error, with all the parts in it."""
    check(len(result.complaints) == 1 and result.err.count("\n") == 1, result)
    for part in parts:
        check(part in result.complaints[0], f"no {part!r} in:", result.complaints[0])


def has_complaint(result, *parts):
    check(any(all(part in row for part in parts) for row in result.complaints),
          f"no line with {parts!r}", result)


# ---- the report ----

# What it counts of files, beside those that were read.
PASSED_OVER = {
    "unreadable": r"^  ([\d,]+) files? or folders? could not be read$",
    "aside": r"^  ([\d,]+) files? (?:was|were) set aside",
    "unknown": r"^  ([\d,]+) files? of unknown format$",
    "empty": r"^  ([\d,]+) empty files?$",
    "left out": r"^  ([\d,]+) links?, special files? or repetitions? (?:was|were) left out$",
}


def account(report):
    """{what: how many}, the files read and all that were met among them; it must add up."""
    counts = {}
    read = re.search(r"^Read +([\d,]+)(?: of ([\d,]+))? files? ", report, re.M)
    check(read, report)
    counts["read"] = int(read.group(1).replace(",", ""))
    met = int((read.group(2) or read.group(1)).replace(",", ""))
    for name, pattern in PASSED_OVER.items():
        found = re.search(pattern, report, re.M)
        if found:
            counts[name] = int(found.group(1).replace(",", ""))
    same(sum(counts.values()), met)
    return counts


# ---- evidence and rules ----

process_ids = itertools.count(4000)  # no event is the copy of another


def process_event(number=1, command="whoami", minute=0, host="ws-1.example.internal"):
    """A process creation of Sysmon as evtx_dump writes it; one event per line is a file."""
    moment = f"2026-09-14T{10 + minute // 60:02}:{minute % 60:02}:00.000000Z"
    return {"Event": {"System": {
        "Provider": {"#attributes": {"Name": "Microsoft-Windows-Sysmon"}},
        "EventID": 1, "EventRecordID": number, "Computer": host,
        "TimeCreated": {"#attributes": {"SystemTime": moment}},
        "Channel": "Microsoft-Windows-Sysmon/Operational",
    }, "EventData": {"Image": "C:\\Windows\\System32\\cmd.exe", "CommandLine": command,
                     "ProcessId": next(process_ids)}}}


def write_lines(path, events):
    """A file of JSON Lines; returns its path as text."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text("".join(json.dumps(event) + "\n" for event in events))
    return str(path)


def write_events(path, count=1, **fields):
    return write_lines(path, [process_event(number + 1, **fields) for number in range(count)])


def write_evtx(path, count, command="whoami"):
    """An event log with `count` process creations."""
    writer = EvtxWriter()
    for number in range(count):
        writer.add(provider="Microsoft-Windows-Sysmon", event_id=1,
                   channel="Microsoft-Windows-Sysmon/Operational", computer="ws-1.example.internal",
                   time=1789380000 * 10**9 + number * 10**9, record_id=number + 1,
                   data=[("Image", "C:\\Windows\\System32\\cmd.exe"), ("CommandLine", command),
                         ("ProcessId", typed("uint32", number))])
    Path(path).write_bytes(writer.bytes())
    return str(path)


RULE = """title: {title}
id: {id}
status: test
level: {level}
logsource:
    category: process_creation
    product: windows
detection:
    selection:
        CommandLine|contains: '{text}'
    condition: selection
date: 2026-11-22
"""
WHOAMI = "11111111-1111-4111-8111-111111111111"


def write_rule(path="rules/whoami.yml", text="whoami", title="Who Am I", level="medium",
               rule_id=WHOAMI):
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(RULE.format(title=title, id=rule_id, level=level, text=text))
    return str(path)


# ---- what a test may need of the system ----

def need_root(why="needs root"):
    if os.geteuid() != 0:
        raise Skip(why)


def need_program(name):
    if not shutil.which(name):
        raise Skip(f"{name} is not installed")


def need_data(path):
    if not (DATA / path).exists():
        raise Skip(f"no test data {path}")
    return DATA / path


def as_nobody():
    """Options of `run` for a user without rights: mode bits do not hold root back. The program is
    copied, for its own folder may be closed to others."""
    if os.geteuid() != 0:
        return {}
    copy = os.path.abspath("seawall-of-nobody")
    shutil.copy(PROGRAM, copy)
    os.chmod(copy, 0o755)
    return {"user": NOBODY, "group": NOBODY, "extra_groups": [], "executable": copy}


def wait_for(condition, what, seconds=30.0):
    """Waits until `condition()` answers something true, and returns that."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.002)
    raise AssertionError(f"waited {seconds} s for {what}")


def children_of(process):
    """Process ids. Of a hunt: the worker's."""
    path = f"/proc/{process.pid}/task/{process.pid}/children"
    return [int(pid) for pid in Path(path).read_text().split()]


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


# ---- the tests of one file ----

def run_one(test):
    """None, or what went wrong."""
    before = os.getcwd()
    folder = tempfile.mkdtemp(dir=before)
    os.chmod(folder, 0o755)
    os.chdir(folder)
    try:
        test()
        return None
    except Skip:
        raise
    except Exception:  # pylint: disable=broad-except
        return traceback.format_exc()
    finally:
        os.chdir(before)
        shutil.rmtree(folder, ignore_errors=True)


def run_tests(names):
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    os.umask(0o022)
    os.chmod(".", 0o755)
    for name, test in list(names.items()):
        if not name.startswith("test_") or not all(part in name for part in sys.argv[1:]):
            continue
        begun = time.monotonic()
        try:
            problem = run_one(test)
            verdict = "failed" if problem else "passed"
        except Skip as why:
            verdict, problem = "skipped", None
            print(f"{name} # SKIP {why}")
        counts[verdict] += 1
        seconds = time.monotonic() - begun
        if problem:
            print(f"not ok - {name}\n{problem}")
        elif seconds > 2:
            print(f"# {name}: {seconds:.1f} s")
    print("{passed} passed, {failed} failed, {skipped} skipped".format(**counts))
    sys.exit(counts["failed"] > 0)
