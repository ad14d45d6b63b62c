#!/usr/bin/env python3
"""Measures `seawall hunt` and prints what it measured; nothing here passes or fails.

usage: bench/run.py [--megabytes N] [--rounds N] [--seawall PROGRAM]

A speed is: whole process, pinned to one core, cache warm, best of the rounds, all cases taken in turn within a round.
Memory is anonymous resident memory (proportional share, parent and worker together), sampled in a run of its own.
"A tenth of the rules" is every tenth file by sorted path. The input is built from real samples where the shared test
data is there (SEAWALL_TEST_DATA, default ../shared/data), else by the tree's own EVTX writer. If Python's `evtx` module
can be imported (a binding of the Rust crate), turning the same file into JSON with it is taken in turn as a baseline.
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

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA = pathlib.Path(os.environ.get("SEAWALL_TEST_DATA") or ROOT / "../shared/data")
CORE = sorted(os.sched_getaffinity(0))[-1]
BASELINE = """
import sys, evtx
count = 0
for record in evtx.PyEvtxParser(sys.argv[1], number_of_threads=1).records_json():
    count += 1
print(f"{count} events")
"""


def build_input(folder, megabytes):
    path = folder / f"dense-{megabytes}.evtx"
    if path.exists():
        return path
    tool, samples = DATA / "../tools/evtx-dense", DATA / "evtx/attack-samples"
    if tool.exists() and samples.is_dir():
        command = [sys.executable, tool, path, str(megabytes), samples]
    else:
        command = [sys.executable, ROOT / "tests/tools/evtx_writer.py", "dense", path, str(megabytes)]
    print(f"building {path.name} ...", flush=True)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return path


def rule_folders(folder):
    rules = DATA / "sigma"
    if not rules.is_dir():
        rules = ROOT / "share/rules"
    tenth = folder / "tenth"
    shutil.rmtree(tenth, ignore_errors=True)
    tenth.mkdir()
    files = sorted(p for p in rules.rglob("*.yml"))
    for index, path in enumerate(files[::10]):
        shutil.copyfile(path, tenth / f"{index:05}-{path.name}")
    return rules, tenth, len(files)


def run(command, env, pin=True):
    start = time.perf_counter()
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          preexec_fn=(lambda: os.sched_setaffinity(0, {CORE})) if pin else None)
    took = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: exit status {done.returncode}\n{done.stderr.decode()}")
    found = re.search(r"([\d,]+) events?\b", done.stdout.decode())
    return took, int(found.group(1).replace(",", "")) if found else 0


def anonymous_kib(pid):
    try:
        text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (OSError, ProcessLookupError):
        return 0
    found = re.search(r"^Pss_Anon:\s+(\d+)", text, re.M)
    return int(found.group(1)) if found else 0


def children(pid):
    try:
        return [int(p) for p in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def peak_memory(command, env):
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(anonymous_kib(p) for p in [process.pid] + children(process.pid)))
        time.sleep(0.01)
    return peak / 1024


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--megabytes", type=int, default=200)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seawall", default=ROOT / "build/release/seawall")
    options = options.parse_args()

    folder = pathlib.Path(os.environ.get("SEAWALL_BENCH", tempfile.gettempdir() + "/seawall-bench"))
    folder.mkdir(parents=True, exist_ok=True)
    env = dict(os.environ, XDG_CACHE_HOME=str(folder / "cache"), NO_COLOR="1")
    (folder / "cache").mkdir(exist_ok=True)
    evtx = build_input(folder, options.megabytes)
    rules, tenth, rule_count = rule_folders(folder)
    json = evtx.with_suffix(".jsonl")
    if not json.exists() or json.stat().st_mtime < evtx.stat().st_mtime:
        with open(json, "wb") as out:
            subprocess.run([options.seawall, "cat", evtx], stdout=out, stderr=subprocess.DEVNULL, check=True)
    tiny = folder / "tiny.jsonl"
    tiny.write_text('{"EventID":1,"Channel":"Application"}\n')

    def hunt(rule_folder, evidence, *more):
        return [options.seawall, "hunt", "--only-rules", rule_folder, *more, evidence]

    findings = folder / "findings.jsonl"
    cases = {
        "EVTX, all rules": (hunt(rules, evtx), evtx),
        "EVTX, a tenth of the rules": (hunt(tenth, evtx), evtx),
        "EVTX, all rules, findings as JSON Lines": (hunt(rules, evtx, "--output", f"jsonl={findings}"), evtx),
        "JSON lines, all rules": (hunt(rules, json), json),
        "JSON lines, a tenth of the rules": (hunt(tenth, json), json),
        "cat of the EVTX": ([options.seawall, "cat", evtx], evtx),
        "load only, all rules": (hunt(rules, tiny), tiny),
        "load only, all rules, no cache": (hunt(rules, tiny, "--cache", "off"), tiny),
    }
    if subprocess.run([sys.executable, "-c", "import evtx"], stderr=subprocess.DEVNULL).returncode == 0:
        cases["baseline: evtx crate to JSON"] = ([sys.executable, "-c", BASELINE, evtx], evtx)

    print(f"{evtx.name}: {evtx.stat().st_size} bytes, sha256 {hashlib.sha256(evtx.read_bytes()).hexdigest()}")
    print(f"{json.name}: {json.stat().st_size} bytes")
    print(f"rules: {rule_count} files; core {CORE}; best of {options.rounds}, taken in turn", flush=True)
    best, events = {}, {}
    for _ in range(options.rounds):
        for name, (command, _) in cases.items():
            took, count = run(command, env)
            best[name] = min(best.get(name, took), took)
            events[name] = count
    cat_events = events["EVTX, all rules"]
    print(f"{'case':42} {'seconds':>8} {'events/s':>10} {'MB/s':>8}")
    for name, (_, evidence) in cases.items():
        count = cat_events if name.startswith("cat") else events[name]
        speed = "" if "load" in name else f"{count / best[name]:10.0f} {evidence.stat().st_size / best[name] / 1e6:8.1f}"
        print(f"{name:42} {best[name]:8.3f} {speed}")
    print(f"all rules / a tenth: EVTX {best['EVTX, all rules'] / best['EVTX, a tenth of the rules']:.2f}, "
          f"JSON {best['JSON lines, all rules'] / best['JSON lines, a tenth of the rules']:.2f}")
    if "baseline: evtx crate to JSON" in best:
        print(f"EVTX, all rules / baseline: {best['EVTX, all rules'] / best['baseline: evtx crate to JSON']:.2f}")
    for name in ("EVTX, all rules", "JSON lines, all rules"):
        for threads in ("1", "2"):
            command = cases[name][0][:-1] + ["--threads", threads, cases[name][0][-1]]
            took = min(run(command, env, pin=False)[0] for _ in range(options.rounds))
            print(f"{name}, {threads} threads: {took:.3f} s unpinned, {peak_memory(command, env):.0f} MB at the peak")


main()
