#!/usr/bin/env python3
"""Measures `seawall hunt` and says which marks are met; nothing here fails.

usage: bench/run.py [PROGRAM] [--quick] [--megabytes N] [--rounds N] [--part speed|threads|memory]

A speed is: whole process, one thread, pinned to one core, cache warm, best of the rounds, all cases
taken in turn within a round, on files whose sha256 is printed. "Net" is without what the same run
takes on a file of one event (start, loading of rules and indicators). "cpu" is the processor time
of that best run: where others use the machine it says more than seconds do. Memory is anonymous
resident memory (proportional share, parent and worker together), sampled in runs of its own. "A
tenth of the rules" is every tenth file by sorted path; "web rules" are those of category webserver
or proxy. Indicators are a million in a plain list. If Python's `evtx` module can be imported (a
binding of the Rust crate), turning the same file into JSON with it is taken in turn as a baseline,
as are wc and grep for access logs. Two cores are compared with one in pairs, unpinned; the best
pair counts. --quick is a tenth of the size in two rounds: for the shape, not for the marks.
"""

import argparse
import hashlib
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
from collections import namedtuple

import inputs

CORE = sorted(os.sched_getaffinity(0))[-1]
LARGE_MEGABYTES = 4096
MEMORY_MARK_MB = 200
EVTX, EVTX_TENTH = "EVTX, all rules", "EVTX, a tenth of the rules"
EVTX_FINDINGS = "EVTX, all rules, findings as JSON Lines"
JSON, JSON_TENTH = "JSON lines, all rules", "JSON lines, a tenth of the rules"
UNIQUE = "JSON lines without a value twice, all rules"
ACCESS, W3C = "access log, web rules", "W3C log, web rules"
HOSTILE, ONLY_HOSTILE = "EVTX, all rules, 1 M indicators", "EVTX, no rules, 1 M indicators"
LOOSE, PACKED = "the samples, all rules", "the same as tar.gz in zip, all rules"
CAT = "cat of the EVTX"
WARM, COLD = "start, all rules", "start, all rules, nothing cached"
WARM_TENTH, WARM_WEB = "start, a tenth of the rules", "start, web rules"
WARM_HOSTILE = "start, all rules, 1 M indicators"
WARM_ONLY_HOSTILE = "start, no rules, 1 M indicators"
WC, GREP = "baseline: wc -l of the access log", "baseline: grep in the access log"
CRATE = "baseline: evtx crate to JSON"
CRATE_PROGRAM = """
import sys, evtx
count = 0
for record in evtx.PyEvtxParser(sys.argv[1], number_of_threads=1).records_json():
    count += 1
print(f"{count} events")
"""

# `start` names the case to take off for the net time; `events_of` the one that counted the events
Case = namedtuple("Case", "command evidence start events_of", defaults=(None, None))
Taken = namedtuple("Taken", "seconds cpu events")


# ---- what is measured ----


def hunt(options, rules, evidence, *more):
    return [options.seawall, "hunt", "--only-rules", rules, *more, evidence]


def fill(folder, options, env):
    """The inputs, and {name: Case}."""
    evtx = inputs.evtx(folder, options.megabytes)
    lines = inputs.json_lines(options.seawall, evtx, env)
    unique = inputs.unique_json_lines(lines)
    access = inputs.web_log(folder, "access_log", options.megabytes)
    w3c = inputs.web_log(folder, "w3c", options.megabytes)
    listed = inputs.indicators(folder)
    rules, tenth, web, described = inputs.rules(folder)
    samples, packed = inputs.packed_samples(folder, evtx)
    tiny, nothing = folder / "tiny.jsonl", folder / "no-rules"
    tiny.write_text('{"EventID":1,"Channel":"Application"}\n')
    nothing.mkdir(exist_ok=True)
    for path in (evtx, lines, unique, access, w3c, listed):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        print(f"{path.name}: {path.stat().st_size} bytes, sha256 {digest}")
    print(f"rules: {described}")

    def case(rule_folder, evidence, start, *more):
        command = hunt(options, rule_folder, evidence, "--threads", "1", *more)
        return Case(command, evidence, start)

    findings, hostile = f"jsonl={folder / 'findings.jsonl'}", ("--indicators", listed)
    cases = {
        WARM: case(rules, tiny, None),
        WARM_TENTH: case(tenth, tiny, None),
        WARM_WEB: case(web, tiny, None),
        WARM_HOSTILE: case(rules, tiny, None, *hostile),
        WARM_ONLY_HOSTILE: case(nothing, tiny, None, *hostile),
        COLD: case(rules, tiny, None, "--cache", "off"),
        EVTX: case(rules, evtx, WARM),
        EVTX_TENTH: case(tenth, evtx, WARM_TENTH),
        EVTX_FINDINGS: case(rules, evtx, WARM, "--output", findings),
        HOSTILE: case(rules, evtx, WARM_HOSTILE, *hostile),
        ONLY_HOSTILE: case(nothing, evtx, WARM_ONLY_HOSTILE, *hostile),
        CAT: Case([options.seawall, "cat", evtx], evtx, None, EVTX),
        JSON: case(rules, lines, WARM),
        JSON_TENTH: case(tenth, lines, WARM_TENTH),
        UNIQUE: case(rules, unique, WARM),
        ACCESS: case(web, access, WARM_WEB),
        W3C: case(web, w3c, WARM_WEB),
        LOOSE: case(rules, samples, WARM),
        PACKED: case(rules, packed, WARM),
        WC: Case(["wc", "-l", access], access, None, ACCESS),
        GREP: Case(["grep", "-c", " 404 ", access], access, None, ACCESS),
    }
    probe = subprocess.run([sys.executable, "-c", "import evtx"], stderr=subprocess.DEVNULL)
    if probe.returncode == 0:
        cases[CRATE] = Case([sys.executable, "-c", CRATE_PROGRAM, evtx], evtx, None, EVTX)
    return cases


# ---- measuring ----


def run(command, env, pin=True):
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as complaints:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            env=env,
            stdout=out,
            stderr=complaints,
            preexec_fn=(lambda: os.sched_setaffinity(0, {CORE})) if pin else None,
        )
        _, status, used = os.wait4(process.pid, 0)
        took = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        complaints.seek(0)
        if process.returncode != 0:
            said = complaints.read().decode()
            sys.exit(f"{' '.join(map(str, command))}: exit status {process.returncode}\n{said}")
        found = re.search(r"([\d,]+) events?\b", out.read(1 << 20).decode(errors="replace"))
    events = int(found.group(1).replace(",", "")) if found else 0
    return Taken(took, used.ru_utime + used.ru_stime, events)


def anonymous_kib(pid):
    try:
        text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (OSError, ProcessLookupError):
        return 0
    found = re.search(r"^Pss_Anon:\s+(\d+)", text, re.M)
    return int(found.group(1)) if found else 0


def children(pid):
    try:
        listed = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return [int(child) for child in listed.split()]
    except OSError:
        return []


def peak_memory_mb(command, env):
    process = subprocess.Popen(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(anonymous_kib(p) for p in [process.pid] + children(process.pid)))
        time.sleep(0.01)
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: exit status {process.returncode}")
    return peak / 1024


# ---- marks ----


class Marks:
    """Numbers that something was promised of."""

    def __init__(self):
        self.rows = []

    def at_least(self, name, measured, mark, form="{:,.0f}"):
        self.add(name, form.format(measured), ">= " + form.format(mark), measured >= mark)

    def at_most(self, name, measured, mark, form="{:.2f}"):
        self.add(name, form.format(measured), "<= " + form.format(mark), measured <= mark)

    def add(self, name, measured, mark, met):
        self.rows.append((name, measured, mark, "met" if met else "MISSED"))
        print(f"{name}: {measured} ({mark}: {self.rows[-1][-1]})", flush=True)

    def print(self, quick):
        print(f"\n{'mark':62} {'measured':>10} {'promised':>13}")
        for name, measured, mark, met in self.rows:
            print(f"{name:62} {measured:>10} {mark:>13}  {met}")
        if quick:
            print("(of a quick run: these are not the sizes that the marks speak of)")


def size_of(path):
    if path.is_dir():
        return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    return path.stat().st_size


def net(best, cases, name):
    start = cases[name].start
    return best[name].seconds - (best[start].seconds if start else 0)


def events_of(best, cases, name):
    return best[cases[name].events_of or name].events


def print_speeds(cases, best):
    print(f"{'case':44} {'seconds':>8} {'cpu':>7} {'events/s':>10} {'net':>10} {'MB/s':>7}")
    for name, case in cases.items():
        row = f"{name:44} {best[name].seconds:8.3f} {best[name].cpu:7.3f}"
        if not name.startswith("start"):
            events = events_of(best, cases, name)
            row += f" {events / best[name].seconds:10,.0f}"
            row += f" {events / net(best, cases, name):10,.0f}"
            row += f" {size_of(case.evidence) / best[name].seconds / 1e6:7.1f}"
        print(row)


def measure_speeds(cases, options, env, marks):
    best = {}
    print(f"core {CORE}; best of {options.rounds}, taken in turn", flush=True)
    for _ in range(options.rounds):
        for name, case in cases.items():
            taken = run(case.command, env)
            best[name] = min(best.get(name, taken), taken)
    print_speeds(cases, best)

    def speed(name):
        return events_of(best, cases, name) / best[name].seconds

    def ratio(one, other):
        return best[one].seconds / best[other].seconds

    def net_ratio(one, other):
        return net(best, cases, one) / net(best, cases, other)

    marks.at_least(f"{EVTX}: events/s", speed(EVTX), 500_000)
    marks.at_least(f"{JSON}: events/s", speed(JSON), 400_000)
    marks.at_least(f"{ACCESS}: lines/s", speed(ACCESS), 1_000_000)
    marks.at_most("EVTX, all rules / a tenth", ratio(EVTX, EVTX_TENTH), 1.3)
    marks.at_most("EVTX, all rules / a tenth, net", net_ratio(EVTX, EVTX_TENTH), 1.3)
    marks.at_most("JSON lines, all rules / a tenth", ratio(JSON, JSON_TENTH), 1.3)
    marks.at_most("JSON lines, all rules / a tenth, net", net_ratio(JSON, JSON_TENTH), 1.3)
    marks.at_most("EVTX, 1 M indicators / none, net", net_ratio(HOSTILE, EVTX), 1.1)
    marks.at_most(f"{COLD}: s", best[COLD].seconds, 1.5)
    marks.at_most(f"{WARM}: s", best[WARM].seconds, 0.03, "{:.3f}")
    if CRATE in best:
        marks.at_most("EVTX, all rules / evtx crate to JSON", ratio(EVTX, CRATE), 1)
    print(f"JSON lines without a value twice / as they are: {ratio(UNIQUE, JSON):.2f}")
    print(f"EVTX, findings as JSON Lines / on the terminal: {ratio(EVTX_FINDINGS, EVTX):.2f}")
    print(f"access log / wc -l: {ratio(ACCESS, WC):.1f}; / grep: {ratio(ACCESS, GREP):.1f}")
    print(f"packed / not packed: {ratio(PACKED, LOOSE):.2f}")


def with_threads(command, threads):
    at = command.index("--threads")
    return [*command[: at + 1], str(threads), *command[at + 2 :]]


def measure_threads(cases, options, env, marks):
    if len(os.sched_getaffinity(0)) < 2:
        print("one processor alone: threads are not compared")
        return
    for name in (EVTX, JSON, ACCESS, W3C, PACKED):
        pairs = []
        for _ in range(options.rounds):
            one, two = (
                run(with_threads(cases[name].command, n), env, pin=False).seconds for n in (1, 2)
            )
            pairs.append((one / two, one, two))
        speedup, one, two = max(pairs)
        text = f"{name}: two cores / one"
        if name in (EVTX, JSON, ACCESS):
            marks.at_least(text, speedup, 1.8, "{:.2f}")
        else:
            print(f"{text}: {speedup:.2f}")
        print(f"  the best pair of {len(pairs)}: {one:.3f} s and {two:.3f} s", flush=True)


def measure_memory(cases, options, env, marks):
    rules = cases[EVTX].command[cases[EVTX].command.index("--only-rules") + 1]
    large = 10 * options.megabytes if options.quick else LARGE_MEGABYTES
    evidence = [
        (f"EVTX, {options.megabytes} MB", cases[EVTX].evidence),
        (f"EVTX, {large} MB", inputs.large_evtx(cases[EVTX].evidence, large)),
        (f"JSON lines, {options.megabytes} MB", cases[JSON].evidence),
        (
            f"JSON lines without a value twice, {large} MB",
            inputs.large_json_lines(cases[UNIQUE].evidence, large),
        ),
    ]
    for name, path in evidence:
        for threads in ("1", "2"):
            command = hunt(options, rules, path, "--threads", threads, "--output", "jsonl=-")
            peak = peak_memory_mb(command, env)
            text = f"peak memory, {name}, threads {threads}: MB"
            marks.at_most(text, peak, MEMORY_MARK_MB, "{:.0f}")
    for name in (ACCESS, HOSTILE, PACKED):
        peak = peak_memory_mb(with_threads(cases[name].command, 2), env)
        print(f"peak memory, {name}, threads 2: {peak:.0f} MB", flush=True)


def parse_options():
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parts = {"speed": measure_speeds, "threads": measure_threads, "memory": measure_memory}
    options.add_argument("seawall", nargs="?", default=inputs.ROOT / "build/release/seawall")
    options.add_argument("--quick", action="store_true")
    options.add_argument("--megabytes", type=int)
    options.add_argument("--rounds", type=int)
    options.add_argument("--part", action="append", choices=parts)
    options = options.parse_args()
    options.megabytes = options.megabytes or (20 if options.quick else 200)
    options.rounds = options.rounds or (2 if options.quick else 5)
    return options, [part for name, part in parts.items() if name in (options.part or parts)]


def main():
    options, parts = parse_options()
    folder = pathlib.Path(os.environ.get("SEAWALL_BENCH", tempfile.gettempdir() + "/seawall-bench"))
    (folder / "cache").mkdir(mode=0o700, parents=True, exist_ok=True)
    env = dict(os.environ, XDG_CACHE_HOME=str(folder / "cache"), NO_COLOR="1")
    cases, marks = fill(folder, options, env), Marks()
    for part in parts:
        part(cases, options, env, marks)
    marks.print(options.quick)


main()
