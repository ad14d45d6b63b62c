#!/usr/bin/env python3
"""Measures `seawall hunt` and says which marks are met; nothing here fails.

usage: bench/run.py [PROGRAM] [--quick] [--big] [--megabytes N] [--rounds N] [--part PART]

A speed is: whole process, one thread, pinned to one core, cache warm, best of the rounds, all cases
taken in turn within a round, on files whose sha256 is printed. "cpu" is the least processor time:
on a quiet machine it equals the seconds. "Net" is cpu without that of the same run on a file of one
event (start, loading of rules and indicators): a difference of seconds would be one of what others
use of the machine. A warm start finds rules and plan in the cache, a cold one finds the cache empty
and fills it (the rules' files are in memory either way). "A tenth of the rules" is every tenth file
by sorted path; "web rules" are those of category webserver or proxy. Indicators are a million in a
plain list.

Baselines are taken in turn with the rest: wc and grep of the access log, sha256sum of the EVTX
file, and, if Python's `evtx` module can be imported (a binding of the Rust crate), turning it into
JSON.
Two threads are compared with one in pairs, unpinned; the best pair counts, and what two processes
at once achieve says what the machine had to give. Memory is anonymous resident memory (parent and
worker together, by proportional share), sampled every 10 ms in runs of its own.

--quick   a tenth of the size in two rounds: for the shape, not for the marks
--big     memory at 4 GB, too (three files, one after the other; they are removed again)
--part    speed, threads, memory or correlation alone; repeatable

Correlations are measured over ten million matches of 100,000 keys, out of order, and what they find
is compared with what a count of its own finds (bench/matches.py).

Inputs are made once and kept in SEAWALL_BENCH (a folder seawall-bench for temporary files). Without
the shared test data (SEAWALL_TEST_DATA) events are made up and rules are Seawall's own.
"""

import argparse
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import namedtuple

import inputs

ENVIRONMENT = dict(os.environ, NO_COLOR="1")
CORE = sorted(os.sched_getaffinity(0))[-1]
BIG_MEGABYTES = 4096
MEMORY_MARK_MB = 200
MATCHES, KEYS = 10_000_000, 100_000
BUSY = 1.03  # seconds per second of processor time
EVTX, EVTX_TENTH = "EVTX, all rules", "EVTX, a tenth of the rules"
EVTX_FINDINGS = "EVTX, all rules, findings as JSON Lines"
JSON, JSON_TENTH = "JSON lines, all rules", "JSON lines, a tenth of the rules"
UNIQUE_EVTX = "EVTX without a value twice, all rules"
UNIQUE_JSON = "JSON lines without a value twice, all rules"
ACCESS, W3C = "access log, web rules", "W3C log, web rules"
HOSTILE, ONLY_HOSTILE = "EVTX, all rules, 1 M indicators", "EVTX, no rules, 1 M indicators"
LOOSE, PACKED = "the samples, all rules", "the same as tar.gz in zip, all rules"
CAT = "cat of the EVTX"
WARM, COLD = "start, all rules", "start, all rules, nothing cached"
WARM_TENTH, WARM_WEB = "start, a tenth of the rules", "start, web rules"
WARM_HOSTILE = "start, all rules, 1 M indicators"
WARM_ONLY_HOSTILE = "start, no rules, 1 M indicators"
WC, GREP = "baseline: wc -l of the access log", "baseline: grep in the access log"
SHA256 = "baseline: sha256sum of the EVTX"
CRATE = "baseline: evtx crate to JSON"
CRATE_PROGRAM = """
import sys, evtx
count = 0
for record in evtx.PyEvtxParser(sys.argv[1], number_of_threads=1).records_json():
    count += 1
print(f"{count} events")
"""

# `start` names the case to take off for the net time; `events_of` the one that counted the events;
# `fresh` is a folder to be emptied before each run
Case = namedtuple("Case", "command evidence start events_of fresh", defaults=(None, None, None))
Taken = namedtuple("Taken", "seconds cpu events")


# ---- what is measured ----


def hunt(options, rules, evidence, *more):
    """Each folder of rules has a cache of its own, so that none pushes another one out."""
    cache = options.folder / "cache" / rules.name
    cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = [options.seawall, "hunt", "--only-rules", rules, "--cache", cache]
    return [*command, *more, evidence]


def tell_inputs(paths, described):
    for path in paths:
        with open(path, "rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        print(f"{path.name}: {path.stat().st_size} bytes, sha256 {digest}")
    print(f"rules: {described}")
    if not inputs.HAS_DATA:
        print("no shared test data: made-up events")


def fill(options):
    """The inputs, and {name: Case}."""
    folder, size = options.folder, options.megabytes
    evtx = inputs.evtx(folder, size)
    lines = inputs.json_lines(options.seawall, evtx)
    unique_evtx, unique_lines = (inputs.unique(lines, kind, size) for kind in ("evtx", "jsonl"))
    access, w3c = (inputs.web_log(folder, kind, size) for kind in ("access_log", "w3c"))
    listed = inputs.indicators(folder)
    rules, tenth, web, described = inputs.rules(folder)
    samples, packed = inputs.packed_samples(folder, evtx)
    tiny, nothing, cold = folder / "tiny.jsonl", folder / "no-rules", folder / "cache/cold"
    tiny.write_text('{"EventID":1,"Channel":"Application"}\n')
    nothing.mkdir(exist_ok=True)
    tell_inputs((evtx, lines, unique_evtx, unique_lines, access, w3c, listed), described)

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
        COLD: case(rules, tiny, None, "--cache", cold)._replace(fresh=cold),
        EVTX: case(rules, evtx, WARM),
        EVTX_TENTH: case(tenth, evtx, WARM_TENTH),
        EVTX_FINDINGS: case(rules, evtx, WARM, "--output", findings),
        UNIQUE_EVTX: case(rules, unique_evtx, WARM),
        HOSTILE: case(rules, evtx, WARM_HOSTILE, *hostile),
        ONLY_HOSTILE: case(nothing, evtx, WARM_ONLY_HOSTILE, *hostile),
        CAT: Case([options.seawall, "cat", evtx], evtx, None, EVTX),
        JSON: case(rules, lines, WARM),
        JSON_TENTH: case(tenth, lines, WARM_TENTH),
        UNIQUE_JSON: case(rules, unique_lines, WARM),
        ACCESS: case(web, access, WARM_WEB),
        W3C: case(web, w3c, WARM_WEB),
        LOOSE: case(rules, samples, WARM),
        PACKED: case(rules, packed, WARM),
        WC: Case(["wc", "-l", access], access, None, ACCESS),
        GREP: Case(["grep", "-c", " 404 ", access], access, None, ACCESS),
        SHA256: Case(["sha256sum", evtx], evtx, None, EVTX),
    }
    probe = subprocess.run([sys.executable, "-c", "import evtx"], stderr=subprocess.DEVNULL)
    if probe.returncode == 0:
        cases[CRATE] = Case([sys.executable, "-c", CRATE_PROGRAM, evtx], evtx, None, EVTX)
    return cases


# ---- measuring ----


def run(command, pin=True):
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as complaints:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            env=ENVIRONMENT,
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


def peak_memory_mb(command):
    process = subprocess.Popen(
        command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
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
        self.notes = []

    def at_least(self, name, measured, mark, form="{:,.0f}"):
        self.add(name, form.format(measured), ">= " + form.format(mark), measured >= mark)

    def at_most(self, name, measured, mark, form="{:.2f}"):
        self.add(name, form.format(measured), "<= " + form.format(mark), measured <= mark)

    def add(self, name, measured, mark, met):
        self.rows.append((name, measured, mark, "met" if met else "missed"))
        print(f"{name}: {measured} ({mark}: {self.rows[-1][-1]})", flush=True)

    def print(self):
        print(f"\n{'mark':66} {'measured':>10} {'promised':>13}")
        for name, measured, mark, met in self.rows:
            print(f"{name:66} {measured:>10} {mark:>13}  {met}")
        for note in self.notes:
            print(f"({note})")


def size_of(path):
    if path.is_dir():
        return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    return path.stat().st_size


def net(best, cases, name):
    start = cases[name].start
    return max(best[name].cpu - (best[start].cpu if start else 0), 1e-3)


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


def take_in_turn(cases, options, marks):
    best = {}
    print(f"core {CORE}; best of {options.rounds}, taken in turn", flush=True)
    for _ in range(options.rounds):
        for name, case in cases.items():
            if case.fresh:
                shutil.rmtree(case.fresh, ignore_errors=True)
                case.fresh.mkdir(mode=0o700)
            taken = run(case.command)
            best[name] = Taken(*map(min, best.get(name, taken), taken))
    for cache in sorted((options.folder / "cache").iterdir()):
        if not any(cache.iterdir()):
            print(f"nothing was kept in the cache of {cache.name}: its starts are cold")
    seconds, cpu = (sum(taken[n] for taken in best.values()) for n in (0, 1))
    if seconds > BUSY * cpu:
        busy = f"the machine was busy: {seconds:.1f} s for {cpu:.1f} s of processor time"
        marks.notes.append(f"{busy}; do not use these numbers")
    return best


def measure_speeds(cases, options, marks):
    best = take_in_turn(cases, options, marks)
    print_speeds(cases, best)

    def speed(name):
        return events_of(best, cases, name) / best[name].seconds

    def net_speed(name):
        return events_of(best, cases, name) / net(best, cases, name)

    def ratio(one, other):
        return best[one].seconds / best[other].seconds

    def net_ratio(one, other):
        return net(best, cases, one) / net(best, cases, other)

    for name, mark in ((EVTX, 500_000), (JSON, 400_000), (ACCESS, 1_000_000)):
        unit = "lines/s" if name == ACCESS else "events/s"
        marks.at_least(f"{name}: {unit}", speed(name), mark)
        marks.at_least(f"{name}: {unit}, net", net_speed(name), mark)
    for kind, every, tenth in (("EVTX", EVTX, EVTX_TENTH), ("JSON lines", JSON, JSON_TENTH)):
        marks.at_most(f"{kind}, all rules / a tenth", ratio(every, tenth), 1.3)
        marks.at_most(f"{kind}, all rules / a tenth, net", net_ratio(every, tenth), 1.3)
    marks.at_most("EVTX, 1 M indicators / none, net", net_ratio(HOSTILE, EVTX), 1.1)
    marks.at_most(f"{COLD}: s", best[COLD].seconds, 1.5)
    marks.at_most(f"{WARM}: s", best[WARM].seconds, 0.03, "{:.3f}")
    if CRATE in best:
        marks.at_most("EVTX, all rules / evtx crate to JSON", ratio(EVTX, CRATE), 1)
    print(f"EVTX, 1 M indicators / none, start included: {ratio(HOSTILE, EVTX):.2f}")
    for repeating, unique in ((EVTX, UNIQUE_EVTX), (JSON, UNIQUE_JSON)):
        print(f"{unique} / as they are, per event: {speed(repeating) / speed(unique):.2f}")
    print(f"EVTX, findings as JSON Lines / on the terminal: {ratio(EVTX_FINDINGS, EVTX):.2f}")
    print(f"access log / wc -l: {ratio(ACCESS, WC):.1f}; / grep: {ratio(ACCESS, GREP):.1f}")
    print(f"sha256sum of the EVTX / hunt through it: {ratio(SHA256, EVTX):.2f}")
    print(f"packed / not packed: {ratio(PACKED, LOOSE):.2f}")


def with_threads(command, threads):
    at = command.index("--threads")
    return [*command[: at + 1], str(threads), *command[at + 2 :]]


def two_at_once(command):
    """How long two processes of one thread take that run beside each other."""
    start = time.perf_counter()
    both = [
        subprocess.Popen(
            command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(2)
    ]
    if any([process.wait() != 0 for process in both]):
        sys.exit(f"{' '.join(map(str, command))}: failed where two run at once")
    return time.perf_counter() - start


def measure_threads(cases, options, marks):
    if len(os.sched_getaffinity(0)) < 2:
        print("one processor alone: threads are not compared")
        return
    for name in (EVTX, JSON, ACCESS, W3C, PACKED):
        pairs, machine = [], 0
        for _ in range(options.rounds):
            one, two = (run(with_threads(cases[name].command, n), pin=False) for n in (1, 2))
            pairs.append((one.seconds / two.seconds, one.seconds, two.seconds))
            machine = max(machine, 2 * one.seconds / two_at_once(cases[name].command))
        speedup, one, two = max(pairs)
        text = f"{name}: two threads against one"
        if name in (EVTX, JSON, ACCESS):
            marks.at_least(text, speedup, 1.8, "{:.2f}")
        else:
            print(f"{text}: {speedup:.2f}")
        print(
            f"  the best pair of {len(pairs)}: {one:.3f} s and {two:.3f} s; "
            f"two processes at once: {machine:.2f}",
            flush=True,
        )


def measure_memory(cases, options, marks):
    rules = cases[EVTX].command[cases[EVTX].command.index("--only-rules") + 1]

    def measure(name, path):
        for threads in ("1", "2"):
            command = hunt(options, rules, path, "--threads", threads, "--output", "jsonl=-")
            text = f"peak memory, {name}, threads {threads}: MB"
            marks.at_most(text, peak_memory_mb(command), MEMORY_MARK_MB, "{:.0f}")

    for case in (EVTX, UNIQUE_EVTX, JSON, UNIQUE_JSON):
        measure(f"{case.removesuffix(', all rules')}, {options.megabytes} MB", cases[case].evidence)
    if options.big:
        evtx, lines = cases[EVTX].evidence, cases[JSON].evidence
        for name, build, *more in (
            ("EVTX", inputs.large_evtx, evtx),
            ("EVTX without a value twice", inputs.unique, lines, "evtx"),
            ("JSON lines without a value twice", inputs.unique, lines, "jsonl"),
        ):
            path = build(*more, BIG_MEGABYTES)
            measure(f"{name}, {BIG_MEGABYTES} MB", path)
            path.unlink()
    for name in (ACCESS, HOSTILE, PACKED):
        peak = peak_memory_mb(with_threads(cases[name].command, 2))
        print(f"peak memory, {name}, threads 2: {peak:.0f} MB", flush=True)


def measure_correlations(_, options, marks):
    """Speed and memory where many matches are put together, and whether the findings are right."""
    count = MATCHES // (50 if options.quick else 1)
    path, expected = inputs.failed_logons(options.folder, count, KEYS)
    tell_inputs((path,), f"one correlation each over {count} matches of {KEYS} keys")
    findings = options.folder / "correlated.jsonl"
    for name, rules in inputs.correlations(options.folder).items():
        output = f"jsonl={findings}"
        command = hunt(options, rules, path, "--threads", "1", "--output", output)
        taken = run(command)
        with open(findings, "rb") as lines:
            found = sum(1 for _ in lines)
        print(f"{name}: {taken.seconds:.1f} s, {count / taken.seconds:,.0f} matches/s")
        marks.at_most(f"peak memory, {name}: MB", peak_memory_mb(command), MEMORY_MARK_MB, "{:.0f}")
        wanted = expected[name]
        marks.add(f"findings, {name}", f"{found:,}", f"= {wanted:,}", found == wanted)
    findings.unlink()


def parse_options():
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parts = {
        "speed": measure_speeds,
        "threads": measure_threads,
        "memory": measure_memory,
        "correlation": measure_correlations,
    }
    options.add_argument("seawall", nargs="?", default=inputs.ROOT / "build/release/seawall")
    options.add_argument("--quick", action="store_true")
    options.add_argument("--big", action="store_true")
    options.add_argument("--megabytes", type=int)
    options.add_argument("--rounds", type=int)
    options.add_argument("--part", action="append", choices=parts)
    options = options.parse_args()
    options.megabytes = options.megabytes or (20 if options.quick else 200)
    options.rounds = options.rounds or (2 if options.quick else 5)
    folder = os.environ.get("SEAWALL_BENCH") or tempfile.gettempdir() + "/seawall-bench"
    options.folder = pathlib.Path(folder) / ("" if inputs.HAS_DATA else "made-up")
    options.folder.mkdir(parents=True, exist_ok=True)
    return options, [part for name, part in parts.items() if name in (options.part or parts)]


def main():
    options, parts = parse_options()
    only_correlations = parts == [measure_correlations]
    cases, marks = None if only_correlations else fill(options), Marks()
    if options.quick:
        marks.notes.append("a quick run: these are not the sizes that the marks speak of")
    if not inputs.HAS_DATA:
        marks.notes.append("made-up events, Seawall's own rules: not those that the marks speak of")
    for part in parts:
        part(cases, options, marks)
    marks.print()


main()
